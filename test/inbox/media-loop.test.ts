// Fetches over the end of a process: another one goes on, and a file that ends every process that reads it is given up.
import { expect, test } from 'vitest'
import type { MediaSide } from '../../server/inbox/fetch-item.ts'
import { createMediaLoop } from '../../server/inbox/media-loop.ts'
import type { Parts } from '../../server/parts.ts'
import type { Store } from '../../server/store/store.ts'
import { inbound } from '../support/builders.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { ownParts } from '../outbox/own-parts.ts'

const own = useSqliteFile()
const source = { sourceUrl: 'https://api.twilio.com/1', contentType: 'image/png' }
const kept = { outcome: 'kept', hash: 'a'.repeat(64), size: 9, contentType: 'image/png', filename: null } as const

async function world() {
  const { parts, clock, store } = await ownParts(own)
  const received = await store.receive(inbound('default', newId(), { type: 'media', media: [source], createdAt: clock.now() }), () => ({
    coordinationId: null,
    hintId: null,
  }))
  if (received.outcome !== 'created') throw new Error(received.outcome)
  const { id } = received.message
  const item = async () => (await store.messageMedia(id))?.items[0]
  return { parts, clock, store, item }
}

/** A process that ends as by SIGKILL: no timer of it runs any more, and nothing of it is written. */
function process(parts: Parts, clock: ManualClock, holder: string, fetch: MediaSide['fetch']) {
  let dead = false
  const never = () => new Promise<never>(() => {})
  const store = new Proxy(parts.store, {
    get: (target, name: keyof Store) => (dead ? never : Reflect.get(target, name)),
  })
  const ownClock = { ...clock, after: (ms: number, task: () => void) => clock.after(ms, () => dead || task()) }
  const loop = createMediaLoop({ ...parts, store, clock: ownClock } as Parts, { fetch, read: async () => null }, holder)
  loop.start()
  return {
    loop,
    kill() {
      dead = true
    },
  }
}

async function passUntil(clock: ManualClock, so: () => Promise<boolean>, limitMs: number): Promise<number> {
  for (let passed = 0; passed <= limitMs; passed += 250) {
    if (await so()) return passed
    await clock.advance(250)
  }
  throw new Error(`not within ${limitMs} ms`)
}

test('killed in the middle of a fetch, another process has it within ten seconds, and it is kept once', async () => {
  const { parts, clock, item } = await world()
  const fetched: string[] = []
  const fetchBy = (who: string, outcome: () => Promise<typeof kept>): MediaSide['fetch'] => {
    return () => {
      fetched.push(who)
      return outcome()
    }
  }
  const first = process(
    parts,
    clock,
    'first',
    fetchBy('first', () => new Promise(() => {})),
  )
  await passUntil(clock, async () => fetched.length > 0, 5_000)
  const second = process(
    parts,
    clock,
    'second',
    fetchBy('second', async () => kept),
  )
  await clock.advance(12_000)
  expect(fetched, 'while the first is there').toEqual(['first'])
  first.kill()
  await passUntil(clock, async () => (await item())?.state === 'ready', 10_000)
  expect(fetched).toEqual(['first', 'second'])
  await clock.advance(20_000)
  expect(fetched).toEqual(['first', 'second'])
  expect(await item()).toMatchObject({ state: 'ready', hash: kept.hash, nextTryAt: null })
  await second.loop.close(0)
})

test('a file that ends every process that reads it is given up after three', async () => {
  const { parts, clock, item } = await world()
  let fetches = 0
  for (const holder of ['first', 'second', 'third']) {
    const before = fetches
    const doomed = process(parts, clock, holder, () => {
      fetches++
      return new Promise(() => {})
    })
    await passUntil(clock, async () => fetches > before, 15_000)
    doomed.kill()
  }
  const fourth = process(parts, clock, 'fourth', async () => {
    fetches++
    return kept
  })
  await passUntil(clock, async () => (await item())?.state === 'failed', 15_000)
  expect(fetches).toBe(3)
  expect(await item()).toMatchObject({ state: 'failed', attempts: 3, nextTryAt: null })
  await fourth.loop.close(0)
})
