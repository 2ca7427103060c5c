// Ends sockets whose token ended, a minute after having said so. One timer for all of them: the nearest moment.
import type { Clock } from '../clock.ts'
import type { HiloServer, HiloSocket } from './socket-types.ts'

const WARN_MS = 60_000

export interface Expiry {
  /** This socket has a new token. */
  watch(socket: HiloSocket): void
  close(): void
}

function nextMoment({ data }: HiloSocket): number {
  return data.warned ? data.caller.expiresAt : data.caller.expiresAt - WARN_MS
}

export function createExpiry(io: HiloServer, clock: Clock): Expiry {
  let timer: { at: number; cancel: () => void } | null = null

  function wakeAt(at: number): void {
    if (timer && timer.at <= at) return
    timer?.cancel()
    timer = { at, cancel: clock.after(Math.max(0, at - clock.now()), look) }
  }

  function look(): void {
    timer = null
    const now = clock.now()
    let next = Number.POSITIVE_INFINITY
    for (const socket of io.sockets.sockets.values()) {
      const { data } = socket
      if (data.caller.expiresAt <= now) {
        socket.disconnect(true)
        continue
      }
      if (!data.warned && nextMoment(socket) <= now) {
        data.warned = true
        socket.emit('auth:expiring', { at: new Date(data.caller.expiresAt).toISOString() })
      }
      next = Math.min(next, nextMoment(socket))
    }
    if (next < Number.POSITIVE_INFINITY) wakeAt(next)
  }

  return {
    watch(socket) {
      socket.data.warned = false
      wakeAt(nextMoment(socket))
    },
    close() {
      timer?.cancel()
      timer = null
    },
  }
}
