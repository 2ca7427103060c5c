// Headers that tell browsers what our own pages may do. The widget in a host's page is under the host's policy.
import helmet from 'helmet'
import type { Config } from '../config.ts'

export function securityHeaders(config: Pick<Config, 'publicUrl'>) {
  const { protocol, host } = new URL(config.publicUrl)
  const secure = protocol === 'https:'
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'media-src': ["'self'"],
        // Not every browser takes 'self' for WebSockets.
        'connect-src': ["'self'", `${secure ? 'wss' : 'ws'}://${host}`],
        'manifest-src': ["'self'"],
        'base-uri': ["'none'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'self'"],
      },
    },
    strictTransportSecurity: secure,
    xPoweredBy: false,
  })
}
