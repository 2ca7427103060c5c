// Fetches what clients send beside words, each thing on its own: the message is stored and shown first. One process does it at a
// time; where it is killed, another, or itself when it starts again, finds what is still due.
import { createLeases } from '../lease.ts'
import { createLookLoop } from '../look-loop.ts'
import type { Parts } from '../parts.ts'
import { isDue } from '../rules/media.ts'
import { fetchItem, type MediaSide } from './fetch-item.ts'

export interface MediaLoop {
  start(): void
  /** Something came in, or is to be fetched again. Returns at once. */
  wake(): void
  /** Begins nothing more, and waits that long for what is under way. */
  close(withinMs: number): Promise<void>
}

/** Fetches at a time. */
const MOST = 6
/** What another process left when it was killed is noticed within this. */
const LOOK_MS = 3_000
const RETRY_MS = 1_000
const LEAST_MS = 20

export function createMediaLoop(parts: Parts, media: MediaSide, holder: string): MediaLoop {
  const { store, clock, log } = parts
  const running = new Map<string, Promise<void>>()
  const leases = createLeases(parts, { name: 'media', holder })
  const loop = createLookLoop(parts, {
    look: startDue,
    says: { failed: 'What clients sent could not be looked for; trying again', again: 'What clients sent is fetched again' },
  })

  /** In how many ms to look again. */
  async function startDue(): Promise<number> {
    const now = clock.now()
    const waiting = await store.mediaToFetch(MOST + running.size)
    let elsewhere = false
    for (const message of waiting) {
      // One after another: what a client sends together is shown in its order.
      const item = message.items.find((one) => isDue(one, now))
      if (loop.closed() || item === undefined || running.size >= MOST || running.has(message.message.id)) continue
      if (!(await leases.holds(message.orgId))) elsewhere = true
      else if (!loop.closed()) begin(message.message.id, fetchItem(parts, media, message, item))
    }
    for (const orgId of leases.asked()) await (running.size > 0 ? leases.holds(orgId) : leases.giveBack(orgId))
    if (elsewhere) return RETRY_MS
    const later = waiting.flatMap(({ items }) => items.map(({ nextTryAt }) => nextTryAt ?? 0)).filter((at) => at > now)
    return Math.max(LEAST_MS, Math.min(LOOK_MS, ...later.map((at) => at - now)))
  }

  function begin(messageId: string, work: Promise<void>): void {
    const done = work
      .catch((error: unknown) => {
        log.warn({ err: error }, 'What became of something that a client sent could not be written down; trying again')
      })
      .finally(() => {
        running.delete(messageId)
        loop.wake()
      })
    running.set(messageId, done)
  }

  return {
    start: loop.wake,
    wake: loop.wake,
    async close(withinMs) {
      if (loop.closed()) return
      await loop.close()
      let stop: (() => void) | undefined
      const late = new Promise<void>((resolve) => {
        stop = clock.after(withinMs, resolve)
      })
      await Promise.race([Promise.all(running.values()), late])
      stop?.()
      await leases.giveBackAll()
    },
  }
}
