// Old messages are erased at night, by the organization's own number of days: what they said and came with, and nothing else of them.
import { expect, test } from 'vitest'
import { createRetentionLoop } from '../../server/retention/retention-loop.ts'
import type { Message } from '../../shared/model.ts'
import { ownParts } from '../outbox/own-parts.ts'
import { HOUR, inbound, MORNING, person } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'

const own = useSqliteFile()
const DAY = 24 * HOUR
/** Of who wrote first. */
const HELLO = '¿A qué hora llega el fotógrafo?'
const all = { orgId: 'default', agentId: 'a', scope: null }

async function world(retentionDays: number) {
  const w = await ownParts(own, {}, MORNING)
  const { store, clock, parts } = w
  const organization = parts.organizationOf('default')
  const keep = (days: number) => {
    organization.settings = { ...organization.settings, retentionDays: days }
  }
  keep(retentionDays)
  const write = async (text: string) => {
    const received = await store.receive(inbound('default', newId(), { text, from: person(3), createdAt: clock.now() }), () => ({
      ...{ coordinationId: null, hintId: null },
    }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    return received.message.id
  }
  const loop = createRetentionLoop(parts, newId())
  loop.start()
  /** Until the night after that is over. */
  const nights = async (days: number) => {
    clock.sleep(days * DAY)
    await until(async () => {
      await clock.advance(1_000)
      const kept = await store.setting('default', 'retention', 'own')
      return Number(kept?.value.ranAt ?? 0) > clock.now() - 20 * HOUR
    })
  }
  const texts = async () => {
    const page = await store.messageLog(all, {}, { cursor: null, limit: 500 })
    return page.items.map(({ text, erased }: Message) => (erased ? '-' : text)).toReversed()
  }
  await until(async () => (await store.setting('default', 'retention', 'own')) !== null)
  return { ...w, loop, write, nights, texts, keep }
}

test('what is older than the days is erased, what is younger stays; counts and order are as before', async () => {
  const w = await world(10)
  const first = await w.write('uno')
  await w.nights(5)
  await w.write('dos')
  const before = await w.store.message(all, first)
  expect(await w.texts()).toEqual([HELLO, 'uno', 'dos'])
  await w.nights(6)
  expect(await w.texts()).toEqual(['-', '-', 'dos'])
  const after = await w.store.message(all, first)
  expect(after).toMatchObject({ seq: before?.seq, createdAt: before?.createdAt, status: 'received', text: '', erased: true })
  const [thread] = (await w.store.conversations(all, { sort: 'activity' }, { cursor: null, limit: 5 })).items
  expect(thread?.inboundCount).toBeGreaterThan(0)
  await w.nights(6)
  expect(await w.texts()).toEqual(['-', '-', '-'])
  await w.loop.close()
})

test('all is kept where no days are set; set later, or made fewer, the next night erases', async () => {
  const w = await world(0)
  await w.write('uno')
  await w.nights(40)
  expect(await w.texts()).toEqual([HELLO, 'uno'])
  w.keep(60)
  await w.nights(1)
  expect(await w.texts()).toEqual([HELLO, 'uno'])
  w.keep(30)
  await w.nights(1)
  expect(await w.texts()).toEqual(['-', '-'])
  await w.loop.close()
})

test('hundreds are erased a few at a time, and a process that stops in between is gone on from', async () => {
  const w = await world(3)
  for (let n = 0; n < 180; n++) await w.write(`m ${n}`)
  const { store } = w
  let changed = 0
  const changeMessage: typeof store.changeMessage = (...given) => {
    changed++
    // It is told to stop in the middle of its first night.
    if (changed === 60) void w.loop.close()
    return store.changeMessage(...given)
  }
  w.parts.store = { ...store, changeMessage }
  w.clock.sleep(4 * DAY)
  await until(async () => {
    await w.clock.advance(1_000)
    return changed >= 60
  })
  await w.loop.close()
  expect((await w.texts()).some((text) => text !== '-')).toBe(true)
  w.parts.store = store
  const again = createRetentionLoop(w.parts, newId())
  again.start()
  await w.nights(0)
  expect(new Set((await w.store.messageLog(all, {}, { cursor: null, limit: 500 })).items.map(({ erased }) => erased))).toEqual(
    new Set([true]),
  )
  await again.close()
})
