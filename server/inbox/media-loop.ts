// Fetches what clients send beside words, each thing on its own: the message is stored and shown first. One process does it at a
// time; where it is killed, another, or itself when it starts again, finds what is still due.
import { createLease, type Lease } from '../lease.ts'
import type { Parts } from '../parts.ts'
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
const LEASE_MS = 9_000
const RENEW_MS = 3_000
/** What another process left when it was killed is noticed within this. */
const LOOK_MS = 3_000
const RETRY_MS = 1_000
const LEAST_MS = 20

export function createMediaLoop(parts: Parts, media: MediaSide, holder: string): MediaLoop {
  const { store, clock, log } = parts
  const running = new Map<string, Promise<void>>()
  const leases = new Map<string, { lease: Lease; heldUntil: number }>()
  let looking: Promise<void> | null = null
  let again = false
  let closed = false
  let failed = false
  let cancel: (() => void) | null = null

  function arm(ms: number): void {
    cancel?.()
    cancel = closed ? null : clock.after(ms, wake)
  }

  function wake(): void {
    if (closed) return
    if (looking) again = true
    else
      looking = look().finally(() => {
        looking = null
        if (again) wake()
      })
  }

  async function look(): Promise<void> {
    again = false
    try {
      const nextMs = await startDue()
      if (failed) log.info('What clients sent is fetched again')
      failed = false
      arm(nextMs)
    } catch (error) {
      if (!failed) log.warn({ err: error }, 'What clients sent could not be looked for; trying again')
      failed = true
      arm(RETRY_MS)
    }
  }

  /** In how many ms to look again. */
  async function startDue(): Promise<number> {
    const now = clock.now()
    const waiting = await store.mediaToFetch(MOST + running.size)
    let elsewhere = false
    for (const message of waiting) {
      // One after another: what a client sends together is shown in its order.
      const item = message.items.find(({ nextTryAt }) => nextTryAt !== null && nextTryAt <= now)
      if (closed || item === undefined || running.size >= MOST || running.has(message.message.id)) continue
      if (!(await holds(message.orgId))) elsewhere = true
      else if (!closed) begin(message.message.id, fetchItem(parts, media, message, item))
    }
    for (const orgId of [...leases.keys()]) await (running.size > 0 ? holds(orgId) : giveBack(orgId))
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
        wake()
      })
    running.set(messageId, done)
  }

  /** Whether this process fetches for that organization. */
  async function holds(orgId: string): Promise<boolean> {
    const mine = leases.get(orgId) ?? { lease: createLease(store, { orgId, name: 'media', holder, ttlMs: LEASE_MS }), heldUntil: -1 }
    if (clock.elapsed() < mine.heldUntil) return true
    leases.set(orgId, mine)
    const granted = await mine.lease.hold()
    mine.heldUntil = granted === null ? -1 : clock.elapsed() + RENEW_MS
    return granted !== null
  }

  async function giveBack(orgId: string): Promise<void> {
    const mine = leases.get(orgId)
    leases.delete(orgId)
    await mine?.lease.giveBack()
  }

  return {
    start: wake,
    wake,
    async close(withinMs) {
      if (closed) return
      closed = true
      cancel?.()
      await looking
      let stop: (() => void) | undefined
      const late = new Promise<void>((resolve) => {
        stop = clock.after(withinMs, resolve)
      })
      await Promise.race([Promise.all(running.values()), late])
      stop?.()
      for (const orgId of [...leases.keys()]) await giveBack(orgId).catch(() => undefined)
    },
  }
}
