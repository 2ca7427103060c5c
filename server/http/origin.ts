// Which pages may call: those of ALLOWED_ORIGINS and our own. Scheme and port count; `null` is nobody's origin.
import type { Config } from '../config.ts'

/** Whether a request with this `Origin` header may go on; one without is judged by its token alone. */
export type OriginRule = (origin: string | undefined) => boolean

export function createOriginRule(config: Pick<Config, 'allowedOrigins' | 'publicUrl' | 'demo'>): OriginRule {
  const own = new URL(config.publicUrl)
  const allowed = new Set([...config.allowedOrigins, own.origin])
  // In demo mode people open whichever name of their own machine they are used to.
  if (config.demo) for (const name of ['localhost', '127.0.0.1', '[::1]']) allowed.add(`http://${name}${own.port ? `:${own.port}` : ''}`)
  return (origin) => origin === undefined || allowed.has(origin)
}
