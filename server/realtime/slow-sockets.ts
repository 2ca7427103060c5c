// Backpressure: a socket that does not read is dropped rather than kept in memory. It reconnects and resyncs by itself.
import type { Logger } from 'pino'
import type { HiloServer, HiloSocket } from './socket-types.ts'

const MAX_PACKETS = 500
const MAX_BYTES = 1_000_000
/** Broadcasts between two looks at all sockets: a look costs a thousandth of a broadcast. */
const LOOK_EVERY = 16

/** What engine.io's types leave out of a connection. */
interface Connection {
  writeBuffer: { data?: unknown }[]
  transport: { socket?: { bufferedAmount: number; terminate(): void } }
}

function isSlow(socket: HiloSocket): boolean {
  const conn = socket.conn as unknown as Connection
  const waiting = conn.writeBuffer.length
  if (waiting > MAX_PACKETS) return true
  const buffered = conn.transport.socket?.bufferedAmount ?? 0
  if (waiting === 0 && buffered <= MAX_BYTES) return false
  let bytes = buffered
  for (const packet of conn.writeBuffer) bytes += typeof packet.data === 'string' ? packet.data.length : 0
  return bytes > MAX_BYTES
}

/** Drops it when too much waits for it; answers whether it did. */
export function dropIfSlow(socket: HiloSocket, log: Logger): boolean {
  if (!isSlow(socket)) return false
  const conn = socket.conn as unknown as Connection
  log.info({ packets: conn.writeBuffer.length }, 'A socket does not read what it is sent; it was dropped and will resync')
  // Not close(): the closing handshake would wait behind all that is buffered.
  if (conn.transport.socket) conn.transport.socket.terminate()
  else socket.conn.close(true)
  return true
}

/** Looks at all sockets once in a while; to be called with each broadcast. */
export function createSlowWatch(io: HiloServer, log: Logger): () => void {
  let broadcasts = 0
  return () => {
    if (++broadcasts % LOOK_EVERY !== 0) return
    for (const socket of io.sockets.sockets.values()) dropIfSlow(socket, log)
  }
}
