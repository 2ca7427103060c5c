// Reads the store's feed for what other processes wrote, and for what this one wrote without hearing that it did. Alone, it
// only looks whether it still is. On a store that no two processes can share it does nothing at all.
import type { Parts } from '../parts.ts'
import { whatWasFound } from '../rules/what-was-found.ts'
import type { Feed, Processes } from '../store/records.ts'
import { tellFound } from '../tell.ts'
import type { Known } from './known.ts'
import { hearNews, type News, noteNews } from './news.ts'

const EVERY_MS = 500
/** However often somebody says "look". */
const LEAST_MS = 50
const BEAT_EVERY_MS = 5_000
/** Who is there is looked at by whoever reads anyway. */
const LOOK_EVERY_MS = 2_000
const BEAT_MS = 20_000
/** Others are reckoned with after they were last seen. */
const LINGER_MS = 10_000
/** A process that was stopped for a while writes before it says that it is there again. */
const BEFORE_MS = 5_000
/** The longest that a write may take whose answer was lost, and that its repeat may be told nothing of. */
const DOUBT_MS = 40_000

export interface FeedReader {
  start(): Promise<void>
  /** Something changed: reads at once. */
  look(): void
  /** Whether another process was there at the last look. */
  othersAreThere(): boolean
  /** A write of ours may have been done without an answer. */
  doubt(): void
  close(): Promise<void>
}

type FeedParts = Pick<Parts, 'store' | 'clock' | 'log' | 'publish' | 'dispatch' | 'organizations'>

/** `lost`: more changed than can be told; whoever listens begins anew. */
export function createFeedReader(
  parts: FeedParts,
  { id, known, lost }: { id: string; known: Known; lost: (orgId: string) => void },
): FeedReader {
  const { store, clock, log } = parts
  const cursors = new Map<string, string>()
  /** Places of the last moments in which nobody else was there, the oldest first. */
  let trail: { at: number; cursor: string }[] = []
  let othersAreThere = false
  let readUntil = 0
  let beatAt = 0
  let lookAt = 0
  let reading = false
  let again = false
  let failed = false
  let closed = false
  let endedAt = 0
  let cancel: (() => void) | null = null
  let ended: () => void = () => {}

  function arm(ms: number): void {
    cancel?.()
    cancel = closed ? null : clock.after(ms, () => void run())
  }

  async function run(): Promise<void> {
    cancel = null
    reading = true
    again = false
    const begunAt = clock.elapsed()
    try {
      await read()
      if (failed) log.info('What other processes write is read again')
      failed = false
    } catch (error) {
      if (!failed) log.warn({ err: error }, 'What other processes write could not be read; trying again')
      failed = true
    }
    reading = false
    endedAt = clock.elapsed()
    ended()
    // Counted from its beginning: what a reading takes does not come on top of the wait for the next one.
    arm(again ? LEAST_MS : Math.max(LEAST_MS, EVERY_MS - (endedAt - begunAt)))
  }

  async function read(): Promise<void> {
    if (clock.elapsed() >= beatAt) {
      await store.beat(id, BEAT_MS)
      beatAt = clock.elapsed() + BEAT_EVERY_MS
    }
    const here = await lookAround()
    if (closed) return
    const now = clock.elapsed()
    for (const { id: orgId } of parts.organizations) {
      const since = cursors.get(orgId)
      if (since !== undefined && now < readUntil) await readSince(orgId, since)
      else if (here) cursors.set(orgId, here.cursor)
    }
    if (now < readUntil) trail = []
    else if (here) trail = [...trail.filter(({ at }) => now - at < DOUBT_MS), { at: now, cursor: here.cursor }]
  }

  /** To a moment in which nobody else was there. */
  function goBackTo(moment: { cursor: string } | undefined): void {
    if (moment) for (const { id: orgId } of parts.organizations) cursors.set(orgId, moment.cursor)
    trail = []
  }

  /** Null: not now. */
  async function lookAround(): Promise<Processes | null> {
    if (clock.elapsed() < Math.min(readUntil, lookAt)) return null
    const here = await store.processes()
    lookAt = clock.elapsed() + LOOK_EVERY_MS
    othersAreThere = here?.ids.some((one) => one !== id) ?? false
    if (!othersAreThere) return here
    readUntil = Math.max(readUntil, lookAt - LOOK_EVERY_MS + LINGER_MS)
    const before = clock.elapsed() - BEFORE_MS
    goBackTo(trail.findLast(({ at }) => at <= before) ?? trail[0])
    return here
  }

  async function readSince(orgId: string, since: string): Promise<void> {
    const feed = await store.changesSince(orgId, since, known.isNews)
    // A doubt that arose meanwhile has put it further back.
    if (cursors.get(orgId) === since) cursors.set(orgId, feed.cursor)
    if (closed) return
    if (feed.full) {
      log.warn({ orgId }, 'Too much changed to be told: sockets are ended, and catch up as they come again')
      lost(orgId)
    } else hear(orgId, feed)
  }

  function hear(orgId: string, feed: Feed): void {
    // Another may have told it while the feed was read.
    const { isNews } = known
    const found = whatWasFound(orgId, { ...feed, messages: feed.messages.filter(({ message }) => isNews(message.id, message.rev)) })
    for (const changes of found.told) for (const { id, rev } of [...changes.conversations, ...changes.messages]) known.note(id, rev)
    for (const { key } of feed.left) known.note(key, 1)
    tellFound(parts, found)
    const news: News[] = [
      ...feed.reads.map(({ agentId, ...cursor }) => ({ kind: 'cursor', orgId, agentId, cursor }) as const),
      ...feed.coordinations.map((coordination) => ({ kind: 'coordination', orgId, coordination }) as const),
      ...(feed.templates === null ? [] : [{ kind: 'templates', orgId, changes: feed.templates } as const]),
      ...feed.agents.flatMap(({ id: agentId, settings, presence }) => [
        { kind: 'settings', orgId, agentId, settings: { ...settings, presence } } as const,
        { kind: 'agent', orgId, agentId } as const,
      ]),
    ]
    for (const one of news) {
      noteNews(known, one)
      hearNews(parts, one)
    }
  }

  return {
    async start() {
      await read()
      arm(EVERY_MS)
    },
    look() {
      if (reading) again = true
      else if (!closed) arm(Math.max(0, endedAt + LEAST_MS - clock.elapsed()))
    },
    othersAreThere: () => othersAreThere,
    doubt() {
      readUntil = clock.elapsed() + DOUBT_MS
      goBackTo(trail[0])
    },
    async close() {
      if (closed) return
      closed = true
      cancel?.()
      if (reading)
        await new Promise<void>((resolve) => {
          ended = resolve
        })
      await store.beat(id, 0).catch(() => undefined)
    },
  }
}
