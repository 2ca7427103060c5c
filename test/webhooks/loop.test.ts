// The loop that tells the host, with time that the test moves: what a crash loses is found, what fails comes again, one at a time.
import { expect, test } from 'vitest'
import { createWebhooks } from '../../server/webhooks/create-webhooks.ts'
import { saveWebhook } from '../../server/webhooks/save-webhook.ts'
import { readConfig } from '../../server/config.ts'
import type { Parts } from '../../server/parts.ts'
import { ownParts } from '../outbox/own-parts.ts'
import { inbound } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'
import { startReceiver } from './receiver.ts'

const own = useSqliteFile()
const MINUTE = 60_000

async function world() {
  const host = await startReceiver()
  const { parts: some, clock, store } = await ownParts(own)
  const config = readConfig({ DEMO: '1', ALLOWED_ORIGINS: host.origin })
  const parts: Parts = { ...some, config, newId, mediaUrl: () => '' }
  const save = (url = host.origin, name = 'crm') =>
    saveWebhook(parts, 'default', name, { url, events: ['message.received'], authors: null, enabled: true })
  /** Written, and told to nobody. */
  const write = async (createdAt = clock.now()) => {
    const received = await store.receive(inbound('default', newId(), { createdAt }), () => ({ coordinationId: null, hintId: null }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    return received
  }
  const waiting = () => store.waitingDeliveries('default', 'crm', 50)
  const log = async () => (await store.deliveries('default', 'crm', { cursor: null, limit: 50 })).items
  /** Moves time until it is so. */
  const pass = (what: string, look: () => Promise<boolean> | boolean, step = 500) =>
    until(
      async () => {
        await clock.advance(step)
        return look()
      },
      { what },
    )
  return { host, parts, clock, store, save, write, waiting, log, pass }
}

test('what was written and never told, since the process was killed, is found when one starts, once', async () => {
  const { host, parts, save, write, log, pass } = await world()
  await save()
  await write()
  await write()
  for (let round = 0; round < 3; round++) {
    const loop = createWebhooks(parts, 'one')
    loop.start()
    await pass('both are told', () => host.told.length >= 2)
    await pass('both are noted', async () => (await log()).every(({ state }) => state === 'delivered'))
    await loop.close(0)
  }
  expect(host.told).toHaveLength(2)
  await host.close()
})

test('what this process hears of is told at once, and the kept place moves on behind it', async () => {
  const { host, parts, clock, store, save, write, log, pass } = await world()
  await save()
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('it listens', async () => (await store.takeLease('default', 'webhooks', 'other', 1)) === null)
  const place = async () => (await store.setting('default', 'webhookCursor', 'cursor'))?.value.cursor
  const before = await place()
  const { changes } = await write()
  loop.hear('default', changes)
  await until(() => host.told.length === 1)
  await until(async () => (await log())[0]?.state === 'delivered')
  await pass('the place moved', async () => (await place()) !== before)
  expect(clock.waiting()).toBeGreaterThan(0)
  await loop.close(0)
  expect(host.told).toHaveLength(1)
  await host.close()
})

test('what the host does not take comes again after five seconds, then after minutes, under its id', async () => {
  const { host, parts, clock, save, write, waiting, pass } = await world()
  await save()
  await write()
  host.answer((response) => void response.writeHead(host.told.length < 3 ? 503 : 200).end())
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('it is tried', () => host.told.length === 1)
  const [first] = await until(async () => {
    const found = await waiting()
    return found[0]?.attempts === 1 ? found : null
  })
  expect((first?.dueAt ?? 0) - clock.now()).toBeGreaterThan(3000)
  await pass('it is tried again', () => host.told.length === 2)
  await pass('it comes after five minutes', () => host.told.length === 3, MINUTE)
  await pass('it is at its end', async () => (await waiting()).length === 0)
  expect(new Set(host.told.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
  const times = host.told.map(({ headers }) => Number(headers['webhook-timestamp']))
  expect((times[2] ?? 0) - (times[1] ?? 0)).toBeGreaterThanOrEqual(300)
  await loop.close(0)
  await host.close()
})

test('a host that hangs is given up after fifteen seconds, and holds no more than six at a time', async () => {
  const { host, parts, save, write, log, pass } = await world()
  await save()
  for (let one = 0; one < 9; one++) await write()
  host.answer(() => undefined)
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('it has six', () => host.told.length === 6, 100)
  expect(host.told).toHaveLength(6)
  await pass('the others come', () => host.told.length === 9, 1000)
  expect((await log()).find(({ attempts }) => attempts > 0)?.answer).toMatchObject({
    status: null,
    detail: expect.stringContaining('15 s'),
  })
  let isClosed = false
  void loop.close(0).then(() => (isClosed = true))
  await pass('it stops without them', () => isClosed)
  await host.close()
})

test('two processes tell one host once; where the first is gone, the second goes on', async () => {
  const { host, parts, clock, save, write, log, pass } = await world()
  await save()
  const [first, second] = [createWebhooks(parts, 'one'), createWebhooks(parts, 'two')]
  first.start()
  await clock.advance(10)
  second.start()
  const { changes } = await write()
  for (const loop of [first, second]) loop.hear('default', changes)
  await pass('it is told', () => host.told.length > 0)
  await pass('it is noted', async () => (await log()).every(({ state }) => state === 'delivered'))
  await first.close(0)
  const closedAt = clock.now()
  await write()
  await pass('the second tells', () => host.told.length === 2)
  // It is given back, and not waited for until it ends.
  expect(clock.now() - closedAt).toBeLessThan(6_000)
  await second.close(0)
  expect((await log()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  await host.close()
})

test('a second webhook takes nothing from the first: what was written and not told yet is found for it', async () => {
  const { host, parts, clock, save, write, pass } = await world()
  await save()
  await write()
  await clock.advance(1000)
  await save(`${host.origin}/other`, 'other')
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('the first is told', () => host.told.some(({ path }) => path === '/'))
  await loop.close(0)
  expect(host.told.map(({ path }) => path)).toEqual(['/'])
  await host.close()
})

test('what could not be kept is kept as soon as it can be', async () => {
  const { host, parts, store, save, write, pass } = await world()
  await save()
  let fails = 0
  const addDeliveries: typeof store.addDeliveries = async (...given) => {
    if (fails-- > 0) throw new Error('the disk is full')
    return store.addDeliveries(...given)
  }
  const loop = createWebhooks({ ...parts, store: { ...store, addDeliveries } }, 'one')
  loop.start()
  await pass('it listens', async () => (await store.takeLease('default', 'webhooks', 'other', 1)) === null)
  const { changes } = await write()
  fails = 2
  loop.hear('default', changes)
  await pass('it is told', () => host.told.length === 1)
  expect(fails).toBeLessThan(0)
  await loop.close(0)
  await host.close()
})

test('an event whose thing is no more is noted as failed, and not tried for days', async () => {
  const { host, parts, clock, store, save, log, pass } = await world()
  await save()
  const about = { kind: 'message', id: newId() } as const
  await store.addDeliveries(
    'default',
    [{ id: newId(), webhook: 'crm', key: 'k', type: 'message.received', about, at: clock.now() }],
    clock.now(),
  )
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('it is noted', async () => (await log())[0]?.state === 'failed')
  expect((await log())[0]).toMatchObject({ dueAt: null, answer: { status: null, detail: expect.stringContaining('no more') } })
  expect(host.told).toEqual([])
  await loop.close(0)
  await host.close()
})

test('the log forgets what is a month old', async () => {
  const { host, parts, clock, save, write, log, pass } = await world()
  await save()
  await write()
  const loop = createWebhooks(parts, 'one')
  loop.start()
  await pass('it is noted', async () => (await log())[0]?.state === 'delivered')
  clock.sleep(29 * 24 * 60 * MINUTE)
  await write()
  await clock.advance(2000)
  expect(await log()).not.toEqual([])
  clock.sleep(2 * 24 * 60 * MINUTE)
  await pass('it is forgotten', async () => (await log()).every(({ createdAt }) => createdAt > clock.now() - 30 * 24 * 60 * MINUTE))
  await loop.close(0)
  await host.close()
})

test('without a webhook nothing is asked of the store each second; one that is saved here is told at once, one of elsewhere soon', async () => {
  const { host, parts, clock, store, save, write, pass } = await world()
  let asked = 0
  const settings: typeof store.settings = (...given) => {
    asked++
    return store.settings(...given)
  }
  const loop = createWebhooks({ ...parts, store: { ...store, settings } }, 'one')
  parts.webhooks = { changed: loop.changed }
  loop.start()
  for (let second = 0; second < 60; second++) await clock.advance(1000)
  expect(asked).toBeLessThan(8)
  await save()
  await write()
  await pass('it is told', () => host.told.length === 1, 100)
  await loop.close(0)
  await host.close()
})
