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
  const save = (url = host.origin) =>
    saveWebhook(parts, 'default', 'crm', { url, events: ['message.received'], authors: null, enabled: true })
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
  await write()
  await pass('the second tells', () => host.told.length === 2)
  await second.close(0)
  expect((await log()).map(({ state }) => state)).toEqual(['delivered', 'delivered'])
  await host.close()
})
