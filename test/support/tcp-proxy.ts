// A cable that a test can cut: TCP from a port of ours to another one. It can refuse, end every connection, or hold every
// byte back and let them go later, or be slow.
import net from 'node:net'
import { freePort } from './free-port.ts'

export interface TcpProxy {
  port: number
  /** New connections are refused and open ones ended, until `mend`. */
  refuse(): Promise<void>
  /** Ends every connection; new ones pass. */
  cut(): void
  /** Nothing passes in either direction, and nobody is told, until `mend`. */
  freeze(): void
  /** Each byte comes so much later, in both directions, until `mend`. */
  slow(ms: number): void
  mend(): Promise<void>
  close(): Promise<void>
}

export async function createTcpProxy(targetPort: number, targetHost = '127.0.0.1'): Promise<TcpProxy> {
  const sockets = new Set<net.Socket>()
  let frozen = false
  let delayMs = 0

  const join = (from: net.Socket, to: net.Socket) => {
    sockets.add(from)
    const late: Buffer[] = []
    const pass = (chunk: Buffer) => {
      if (!to.destroyed && !to.write(chunk)) from.pause()
    }
    from.on('data', (chunk) => {
      if (delayMs === 0 && late.length === 0) return pass(chunk)
      // By a queue: a later one must not overtake where the delay ends.
      late.push(chunk)
      setTimeout(() => late.splice(0, 1).forEach(pass), delayMs)
    })
    to.on('drain', () => {
      if (!frozen) from.resume()
    })
    from.on('end', () => to.end())
    from.on('error', () => to.destroy())
    from.on('close', () => {
      sockets.delete(from)
      to.destroy()
    })
    if (frozen) from.pause()
  }
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ port: targetPort, host: targetHost, allowHalfOpen: true })
    near.setNoDelay(true)
    far.setNoDelay(true)
    join(near, far)
    join(far, near)
  })
  const port = await freePort()
  const listen = () =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, '127.0.0.1', resolve)
    })
  const cut = () => {
    for (const socket of sockets) socket.destroy()
  }
  const refuse = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      cut()
    })
  await listen()

  return {
    port,
    cut,
    async refuse() {
      if (server.listening) await refuse()
    },
    freeze() {
      frozen = true
      for (const socket of sockets) socket.pause()
    },
    slow(ms) {
      delayMs = ms
    },
    async mend() {
      frozen = false
      delayMs = 0
      for (const socket of sockets) socket.resume()
      if (!server.listening) await listen()
    },
    async close() {
      if (server.listening) await refuse()
    },
  }
}
