// Backpressure: a socket that does not read is dropped rather than kept in memory. It reconnects and resyncs by itself.
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import type { HiloServer, HiloSocket } from './socket-types.ts'

const MAX_PACKETS = 500
const MAX_BYTES = 1_000_000
/** A burst may pass the limits for so long; a socket that reads empties its buffer much sooner. */
const PATIENCE_MS = 1000
/** This many times the limits is too much at once. */
const HARD = 4
/** Broadcasts between two looks at all sockets: a look costs a thousandth of a broadcast. */
const LOOK_EVERY = 16

/** A connection of engine.io, with what its types leave out. */
interface Connection {
  writeBuffer: { data?: unknown }[]
  transport: { socket?: { bufferedAmount: number; terminate(): void } }
}

/** How full its buffer is, in multiples of what is allowed. */
function fullness({ writeBuffer, transport }: Connection): number {
  let bytes = transport.socket?.bufferedAmount ?? 0
  for (const packet of writeBuffer) bytes += typeof packet.data === 'string' ? packet.data.length : 0
  return Math.max(bytes / MAX_BYTES, writeBuffer.length / MAX_PACKETS)
}

export interface SlowSockets {
  /** Drops this one when too much waits for it. */
  look(socket: HiloSocket): void
  /** To be called with each broadcast: looks at all of them once in a while. */
  broadcasted(): void
}

export function createSlowSockets(io: HiloServer, { clock, log }: { clock: Clock; log: Logger }): SlowSockets {
  let broadcasts = 0

  function look(socket: HiloSocket): void {
    const conn = socket.conn as unknown as Connection
    const full = fullness(conn)
    if (full <= 1) {
      socket.data.fullSince = null
      return
    }
    socket.data.fullSince ??= clock.elapsed()
    if (full < HARD && clock.elapsed() - socket.data.fullSince < PATIENCE_MS) return
    log.info({ packets: conn.writeBuffer.length }, 'A socket does not read what it is sent; it was dropped and will resync')
    // Not close(): the closing handshake would wait behind all that is buffered.
    if (conn.transport.socket) conn.transport.socket.terminate()
    else socket.conn.close(true)
  }

  return {
    look,
    broadcasted() {
      if (++broadcasts % LOOK_EVERY === 0) for (const socket of io.sockets.sockets.values()) look(socket)
    },
  }
}
