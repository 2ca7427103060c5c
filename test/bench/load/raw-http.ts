// HTTP by hand over kept connections: a load that costs a tenth of what an HTTP client would, so that the server is the
// slower side. Reads just enough of an answer to know its status and where it ends.
import { connect } from 'node:net'

export interface RawConnection {
  /** One request at a time; answers the status. */
  send(request: Buffer): Promise<number>
  close(): void
}

const HEAD_END = Buffer.from('\r\n\r\n')

/** The name of the host is no part of what is measured: one request serves every server. */
export function formPost(path: string, body: string, headers: Record<string, string>): Buffer {
  const lines = [
    `POST ${path} HTTP/1.1`,
    'host: bench',
    'content-type: application/x-www-form-urlencoded; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`)
}

export async function openConnection(origin: string): Promise<RawConnection> {
  const { hostname, port } = new URL(origin)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  let pending: { resolve(status: number): void; reject(error: Error): void } | null = null
  let held: Buffer = Buffer.alloc(0)
  socket.on('error', (error) => pending?.reject(error))
  socket.on('close', () => pending?.reject(new Error('The server closed the connection.')))
  socket.on('data', (bytes: Buffer) => {
    held = held.length === 0 ? bytes : Buffer.concat([held, bytes])
    const headEnd = held.indexOf(HEAD_END)
    if (headEnd < 0) return
    const head = held.toString('latin1', 0, headEnd)
    const status = Number(head.slice(9, 12))
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
    if (length === undefined && status !== 204 && status !== 304) {
      pending?.reject(new Error('An answer without a length.'))
      return
    }
    const end = headEnd + HEAD_END.length + Number(length ?? 0)
    if (held.length < end) return
    held = held.subarray(end)
    const { resolve } = pending ?? { resolve: () => {} }
    pending = null
    resolve(status)
  })
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject }
        socket.write(request)
      }),
    close() {
      // Whoever waits gave up: that nothing came in time is said there.
      pending = null
      socket.destroy()
    },
  }
}
