// One-time codes: ahead of everything on other lines, never late, and forgotten once nobody needs them.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { Line } from '../../server/outbox/lines.ts'
import { createSenderQueue } from '../../server/outbox/sender-queue.ts'
import type { Lane } from '../../server/store/records.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import type { TestHilo } from '../support/hilo.ts'
import { pass, passUntil } from '../support/pass-time.ts'
import { startWithClient } from '../support/start-with-client.ts'

const phone = '+5491133330077'
const MINUTE = 60_000
const code = { text: 'Su código es 918273', sensitive: true }
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeAll(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
})
afterAll(() => hilo.close())

const send = (over: object = {}) => hilo.agent().send({ conversationId, ...code, ...over })
const until = async (id: string, so: (message: Message) => boolean, limitMs = MINUTE) => {
  await passUntil(clock, async () => so(await hilo.message(id)), limitMs, limitMs > MINUTE ? 10_000 : 500)
  return hilo.message(id)
}
const retry = (id: string) => hilo.agent().call<{ message: Message; code?: string }>('POST', `/api/messages/${id}/retry`)
const accepted = () => hilo.simulator.ledger().accepted.length
async function refused(over: object = {}): Promise<Message> {
  hilo.simulator.phone(phone).set({ refuseWith: 21612 })
  const { id } = await send(over)
  const failed = await until(id, ({ status }) => status === 'failed')
  hilo.simulator.phone(phone).set({ refuseWith: null })
  return failed
}

test('a code goes before what waits on other lines for machines, and before what came after it', async () => {
  const own = createManualClock()
  const went: string[] = []
  const queue = createSenderQueue(1, own, {
    after: own.after,
    mayGo: () => true,
    go: async ({ lineId }) => void went.push(lineId),
  })
  const line = (lineId: string, lane: Lane): Line => ({
    ...{ orgId: 'default', lineId, channel: 'sms', sender: '+1', lane, cost: 1, state: 'ready', again: false, released: false },
    ...{ cancelTimer: null, setbacks: 0, look: null },
  })
  for (const n of [1, 2, 3]) queue.push(line(`campaign ${n}`, 2))
  queue.push(line('reminder', 1))
  queue.push(line('code', 0))
  queue.push(line('answer', 0))
  queue.pump()
  await own.advance(20_000)
  expect(went).toEqual(['code', 'answer', 'reminder', 'campaign 1', 'campaign 2', 'campaign 3'])
})

test('it says nothing any more once it is delivered', async () => {
  const { id } = await send()
  await until(id, (one) => one.status === 'delivered' && one.text === '')
})

test('refused, it can be sent again while it is good, and for no longer', async () => {
  const failed = await refused({ expiresIn: 600 })
  expect(failed).toMatchObject({ text: code.text, sensitive: true })
  const again = await retry(failed.id)
  expect(again.body.message).toMatchObject({ retryOf: failed.id, sensitive: true, text: code.text })
  const late = Date.parse(again.body.message.expiresAt ?? '') - Date.parse(failed.expiresAt ?? '')
  expect(late, 'the time of the first goes on').toBe(0)
  await until(again.body.message.id, (one) => one.status === 'delivered' && one.text === '')
  await until(failed.id, ({ text }) => text === '', 11 * MINUTE)
  expect(clock.now()).toBeGreaterThanOrEqual(Date.parse(failed.expiresAt ?? ''))
})

test('refused, and good for ever, it is forgotten after a quarter of an hour', async () => {
  const { id, failedAt } = await refused()
  await pass(clock, 14 * MINUTE, 10_000)
  expect((await hilo.message(id)).text).toBe(code.text)
  await until(id, ({ text }) => text === '', 3 * MINUTE)
  expect(clock.now() - Date.parse(failedAt ?? '')).toBeGreaterThanOrEqual(15 * MINUTE)
  expect((await retry(id)).body.code).toBe('not_retryable')
})

test('its time over, it is never sent: not by a retry, nor after the server was away when it was due', async () => {
  const words = await refused({ sensitive: false, expiresIn: 60 })
  await pass(clock, MINUTE, 10_000)
  const before = accepted()
  expect(await retry(words.id)).toMatchObject({ status: 409, body: { code: 'not_retryable' } })
  const sendAt = new Date(clock.now() + 2 * MINUTE).toISOString()
  const { id } = await send({ sendAt, expiresIn: 60 })
  // As a machine that sleeps: nothing runs.
  clock.sleep(10 * MINUTE)
  const ended = await until(id, ({ status }) => status === 'failed')
  expect(ended).toMatchObject({ text: '', error: { reason: 'expired' } })
  expect(accepted()).toBe(before)
})

test('taken back before it went, it says nothing any more', async () => {
  const { id } = await send({ sendAt: new Date(clock.now() + 60 * MINUTE).toISOString() })
  expect((await hilo.agent().call('POST', `/api/messages/${id}/cancel`)).status).toBe(200)
  expect(await hilo.message(id)).toMatchObject({ status: 'canceled', text: '' })
})

test('killed between the receipt and the erasing, it is erased all the same', async () => {
  const { id } = await refused()
  const { message } = (await hilo.server.parts.store.changeMessage('default', id, () => ({ status: 'delivered' }))) ?? {}
  expect(message?.text).toBe(code.text)
  await until(id, ({ text }) => text === '', 2 * MINUTE)
})
