// When the feed is read, and from where on: with a store that says what it was asked, and a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Publish } from '../../server/parts.ts'
import { createKnown } from '../../server/processes/known.ts'
import { createFeedReader, type FeedReader } from '../../server/processes/read-feed.ts'
import { emptyFeed, readKey, readRev } from '../../server/store/news-keys.ts'
import type { Feed, IsNews, Processes } from '../../server/store/records.ts'
import { captureLog } from '../support/captured-log.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const org = 'org-1'
let clock: ManualClock
let ids: string[]
let asked: (string | null)[]
let lost: string[]
let fails: boolean
/** How long a reading takes. */
let takesMs: number
let feeds: Partial<Feed>[]
let told: string[]
let reader: FeedReader

beforeEach(async () => {
  clock = createManualClock()
  ids = ['me']
  asked = []
  lost = []
  fails = false
  takesMs = 0
  feeds = []
  told = []
  const store = {
    beat: async () => undefined,
    processes: async (): Promise<Processes> => {
      if (fails) throw new Error('away')
      return { ids, cursor: `at ${clock.elapsed()}` }
    },
    async changesSince(_orgId: string, since: string | null, isNews: IsNews): Promise<Feed> {
      if (fails) throw new Error('away')
      asked.push(since)
      if (takesMs > 0) await new Promise<void>((resolve) => clock.after(takesMs, resolve))
      const { reads = [], ...feed } = feeds.shift() ?? {}
      const news = reads.filter((one) => isNews(readKey(one), readRev(one)))
      return { ...emptyFeed(`read ${clock.elapsed()}`), ...feed, reads: news }
    },
  }
  const publish = { changes() {}, cursor: (_org: string, agentId: string) => told.push(agentId) } as unknown as Publish
  const parts = {
    store,
    clock,
    publish,
    log: captureLog().log,
    organizations: [{ id: org }],
    dispatch: { wake() {}, release() {}, settle() {}, schedule() {} },
  } as unknown as Parameters<typeof createFeedReader>[0]
  reader = createFeedReader(parts, { id: 'me', known: createKnown(clock), lost: (orgId) => lost.push(orgId) })
  await reader.start()
})
afterEach(() => reader.close())

describe('the feed is read', () => {
  test('by a process that is not alone, every half second, from five seconds before it was seen not to be', async () => {
    await clock.advance(20_000)
    expect(asked).toEqual([])
    ids = ['me', 'other']
    await clock.advance(1_000)
    expect(asked).toEqual(['at 15500', 'read 20500'])
  })
  test('every half second from beginning to beginning, however long a reading takes, but never without a pause', async () => {
    ids = ['me', 'other']
    takesMs = 200
    await clock.advance(500)
    await clock.advance(5_000)
    const short = asked.length
    takesMs = 700
    await clock.advance(7_500)
    const long = asked.length - short
    // Ends what is being read.
    takesMs = 0
    await clock.advance(1_000)
    expect([short, long]).toEqual([11, 10])
  })
  test('for ten seconds after the other one was last seen, and no longer', async () => {
    ids = ['me', 'other']
    await clock.advance(500)
    ids = ['me']
    await clock.advance(9_500)
    const count = asked.length
    expect(count).toBe(20)
    await clock.advance(5_000)
    expect(asked).toHaveLength(count)
  })
  test('at once when told to look, but not more than every 50 ms', async () => {
    ids = ['me', 'other']
    await clock.advance(500)
    for (let index = 0; index < 20; index++) {
      reader.look()
      await clock.advance(10)
    }
    expect(asked).toHaveLength(5)
  })
  test('after a write that may have been done unheard, from before it began on', async () => {
    await clock.advance(60_000)
    expect(asked).toEqual([])
    reader.doubt()
    await clock.advance(500)
    expect(asked).toHaveLength(1)
    expect(Number(asked[0]?.slice('at '.length))).toBeLessThanOrEqual(60_000 - 28_000)
    await clock.advance(60_000)
    const count = asked.length
    await clock.advance(10_000)
    expect(asked).toHaveLength(count)
  })
  test('again from the same place after it could not be', async () => {
    ids = ['me', 'other']
    await clock.advance(1_000)
    fails = true
    await clock.advance(2_000)
    fails = false
    await clock.advance(500)
    expect(asked.at(-1)).toBe('read 1000')
  })
  test('where more changed than can be told, sockets are to come again', async () => {
    ids = ['me', 'other']
    await clock.advance(500)
    feeds = [{ full: true }]
    await clock.advance(500)
    expect(lost).toEqual([org])
  })
  test('a read cursor is told, and as news again only where it rose', async () => {
    ids = ['me', 'other']
    const read = (readSeq: number) => ({ reads: [{ agentId: `ana ${readSeq}`, conversationId: 'k', readCount: 1, readSeq }] })
    const same = { reads: [{ agentId: 'ana', conversationId: 'k', readCount: 1, readSeq: 4 }] }
    feeds = [same, same, read(5)]
    await clock.advance(1_500)
    expect(told).toEqual(['ana', 'ana 5'])
  })
})
