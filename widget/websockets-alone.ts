// For the build: parts of Socket.IO's client that stay out, as the widget opens WebSockets alone and gives a whole address.
import type { Plugin } from 'vite'

/** Each changes its file, or the build stops: the library is another one then. */
const cuts: [file: string, cut: (code: string) => string][] = [
  // What looks for a manager by address; the widget makes its own.
  ['socket.io-client/build/esm/index.js', () => `export { Manager } from './manager.js'`],
  [
    'engine.io-client/build/esm/transports/index.js',
    () => `import { WS } from './websocket.js'\nexport const transports = { websocket: WS }`,
  ],
  ['engine.io-client/build/esm/transports/polling-xhr.js', () => 'export const XHR = undefined'],
  // For browsers without URL.
  [
    'engine.io-client/build/esm/contrib/parseuri.js',
    () => `export function parse(address) {
      const { protocol, hostname, port } = new URL(address)
      return { protocol: protocol.slice(0, -1), host: hostname.replace(/[[\\]]/g, ''), port }
    }`,
  ],
  // Listeners on the host's window that would outlive `destroy()`; the link itself listens for `offline`.
  ['engine.io-client/build/esm/socket.js', (code) => code.replace('typeof addEventListener === "function"', 'false')],
  // From one transport to a better one.
  ['engine.io-client/build/esm/socket.js', (code) => code.replace(/(\n {4}_probe\(name\) \{)[\s\S]*?(\n {4}\}\n)/, '$1$2')],
  // Of attachments: our events are JSON alone.
  ['socket.io-parser/build/esm/is-binary.js', () => 'export const isBinary = () => false, hasBinary = isBinary'],
  [
    'socket.io-parser/build/esm/binary.js',
    () => `export function deconstructPacket() { throw new Error('No attachments.') }\nexport const reconstructPacket = deconstructPacket`,
  ],
  // What polling carries as text.
  ['engine.io-parser/build/esm/contrib/base64-arraybuffer.js', () => 'export const decode = () => new ArrayBuffer(0)'],
]

export function webSocketsAlone(): Plugin {
  const missing = new Set(cuts)
  return {
    name: 'hilo-websockets-alone',
    transform(code, id) {
      const file = id.split('/node_modules/').at(-1)
      let left = code
      for (const one of cuts) {
        const before = left
        if (one[0] === file) left = one[1](left)
        if (left !== before) missing.delete(one)
      }
      return left === code ? null : left
    },
    buildEnd(error) {
      if (!error && missing.size > 0)
        throw new Error(`Socket.IO's client is built otherwise now: ${[...missing].map(([file]) => file).join(', ')}.`)
    },
  }
}
