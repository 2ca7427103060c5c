import { createSocket } from 'node:dgram'
import { createServer } from 'node:net'

// Below the ports that systems give to outgoing connections (32768 and up on Linux, 49152 elsewhere): one of those may be
// any other program's by the time the server starts, or starts again.
const lowest = 10_000
const count = 10_000
// `fetch` and browsers refuse this one, whatever listens there: https://fetch.spec.whatwg.org/#port-blocking
const refused = 10_080

/**
 * A port for a server that starts later, or again: nobody listens there, and no other test is given it before this process
 * ends. This process holds the UDP port of that number as the mark that it is taken.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count)
    if (port !== refused && (await mark(port)) && (await isFree(port))) return port
  }
}

function mark(port: number): Promise<boolean> {
  const socket = createSocket('udp4').unref()
  return new Promise((resolve) => {
    socket.once('error', () => resolve(false))
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => resolve(true))
  })
}

function isFree(port: number): Promise<boolean> {
  const server = createServer()
  return new Promise((resolve) => {
    server.once('error', () => resolve(false))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
