// Runs beside the calls: flushing what this process appended, soon and together; taking `echo` marks off; and the
// sweep, which completes what a killed process left. By the wall clock: it decides nothing, it only hurries.
import { completeLeft } from './complete-left.ts'
import type { Database } from './database.ts'
import { flush, hasPending, releaseCopied } from './flush.ts'
import { mergeHeldStale } from './status.ts'

const FLUSH_MS = 20
/** Copied messages are taken off by the next message, where it comes soon: each write of a conversation costs as much. */
const RELEASE_MS = 1_500
const SWEEP_MS = 2_000
/** Left to whoever began it. */
const STALE_MS = 5_000

export function createUpkeep(active: boolean) {
  let db: Database | null = null
  let flushing: Promise<void> | null = null
  let sweeping: Promise<void> | null = null
  let flushTimer: NodeJS.Timeout | null = null
  let sweepTimer: NodeJS.Timeout | null = null
  let releaseTimer: NodeJS.Timeout | null = null
  let releasing: Promise<void> | null = null
  let stopped = false
  let callbacksAfter = ''
  const toFlush = new Set<string>()
  const shown = new Map<string, number>()

  function soon(): void {
    if (!active || stopped || !db || flushTimer || flushing) return
    flushTimer = setTimeout(() => {
      flushTimer = null
      // A failure here is made good by the sweep, or by whoever reads.
      flushing = flushAll()
        .catch(() => undefined)
        .finally(() => {
          flushing = null
          if (toFlush.size > 0 || shown.size > 0) soon()
        })
    }, FLUSH_MS)
    flushTimer.unref()
  }

  async function flushAll(): Promise<void> {
    if (!db) return
    const ids = [...toFlush].slice(0, 200)
    for (const id of ids) toFlush.delete(id)
    if (ids.length > 0) {
      const docs = await db.conversations.find({ _id: { $in: ids }, ...hasPending }, { batchSize: ids.length + 1 }).toArray()
      await flush(db, docs, { leave: true })
      releaseLater()
    }
    const marks = [...shown].slice(0, 500)
    for (const [id] of marks) shown.delete(id)
    if (marks.length > 0)
      await db.messages.bulkWrite(
        marks.map(([_id, rev]) => ({ updateOne: { filter: { _id, rev }, update: { $unset: { echo: '' } } } })),
        { ordered: false },
      )
  }

  /** Those that were left on their conversations before this wait began. */
  function releaseLater(): void {
    if (stopped || !db || releaseTimer || releasing) return
    const left = [...db.copied]
    releaseTimer = setTimeout(() => {
      releaseTimer = null
      releasing = (db ? releaseCopied(db, left) : Promise.resolve())
        .catch(() => undefined)
        .finally(() => {
          releasing = null
          if (db && db.copied.size > 0) releaseLater()
        })
    }, RELEASE_MS)
    releaseTimer.unref()
  }

  async function sweep(staleMs: number): Promise<void> {
    if (!db) return
    const now = await db.now()
    await completeLeft(db, { pending: new Date(now - staleMs), tasks: new Date(now - STALE_MS) })
    callbacksAfter = await mergeHeldStale(db, callbacksAfter, staleMs)
  }

  function sweepLater(): void {
    if (stopped) return
    sweepTimer = setTimeout(() => {
      sweeping = sweep(STALE_MS)
        .catch(() => undefined)
        .finally(() => {
          sweeping = null
          sweepLater()
        })
    }, SWEEP_MS)
    sweepTimer.unref()
  }

  return {
    flushSoon(conversationId: string): void {
      if (!active) return
      toFlush.add(conversationId)
      soon()
    },
    previewed(messageId: string, rev: number): void {
      if (!active) return
      shown.set(messageId, rev)
      soon()
    },
    async start(database: Database): Promise<void> {
      db = database
      await sweep(0)
      sweepLater()
    },
    async stop(): Promise<void> {
      if (sweepTimer) clearTimeout(sweepTimer)
      if (flushTimer) clearTimeout(flushTimer)
      if (releaseTimer) clearTimeout(releaseTimer)
      stopped = true
      await flushing
      await releasing
      await sweeping
      while (active && (toFlush.size > 0 || shown.size > 0)) {
        const left = toFlush.size + shown.size
        await flushAll().catch(() => undefined)
        if (toFlush.size + shown.size >= left) break
      }
      if (db) await releaseCopied(db, [...db.copied]).catch(() => undefined)
    },
  }
}
