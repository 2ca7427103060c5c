// What happens when Twilio's answer never comes (invariant 3), with a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

// Minutes and hours pass in steps, and each step waits for real requests.
vi.setConfig({ testTimeout: 120_000 })

const phone = '+5491133330001'
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  clock = createManualClock()
  hilo = await startHilo({ clock })
  // The webhook is posted by real sockets while the simulator's own steps wait for the clock.
  await hilo.simulator.phone(phone).write('hola')
  conversationId = (await hilo.conversation(phone)).id
})
afterEach(() => hilo.close())

const accepted = () => hilo.simulator.ledger().accepted
const send = (text = 'hola') => hilo.agent().send({ conversationId, text })
/** Moves time a little at a time until the message is as wanted: requests in between take real time. */
async function passUntil(id: string, wanted: (message: Message) => boolean, limitMs: number, stepMs = 500): Promise<Message> {
  for (let passed = 0; ; passed += stepMs) {
    const message = await hilo.message(id)
    if (wanted(message)) return message
    if (passed > limitMs) throw new Error(`still ${message.status} after ${passed} ms`)
    await clock.advance(stepMs)
    await new Promise((resume) => setTimeout(resume, 5))
  }
}
const unconfirmed = (id: string) => hilo.messageWhen(id, (message) => message.status === 'unconfirmed')

describe('an answer that never came', () => {
  test('accepted, answer lost, callbacks lost: found in the list at the first look, sent once', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    expect(accepted()).toHaveLength(1)
    const found = await passUntil(message.id, (one) => one.twilioSid !== null, 4_000)
    expect(found.twilioSid).toBe(accepted()[0]?.sid)
    expect(accepted()).toHaveLength(1)
  })

  test('accepted, answer lost: the status callback settles it by the id in its path', async () => {
    hilo.simulator.faults.set({ answerLost: 1 })
    const message = await send()
    await unconfirmed(message.id)
    const settled = await passUntil(message.id, (one) => one.status === 'delivered', 2_500, 50)
    expect(settled.twilioSid).toBe(accepted()[0]?.sid)
  })

  test('answered 500 after accepting: the same', async () => {
    hilo.simulator.faults.set({ acceptThen500: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    await passUntil(message.id, (one) => one.twilioSid !== null, 4_000)
    expect(accepted()).toHaveLength(1)
  })

  test('the list shows it late: found at the look after', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1, listDelayMs: 10_000 })
    const message = await send()
    await unconfirmed(message.id)
    await passUntil(message.id, (one) => one.twilioSid !== null, 16_000)
    expect(accepted()).toHaveLength(1)
  })

  test('never accepted: sent again once after 60 s, and not before', async () => {
    hilo.simulator.faults.set({ reset: 1 })
    const message = await send()
    await unconfirmed(message.id)
    hilo.simulator.faults.set({ reset: 0 })
    for (let i = 0; i < 58; i++) {
      await clock.advance(1_000)
      await new Promise((resume) => setTimeout(resume, 2))
    }
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    expect(accepted()).toHaveLength(0)
    const sent = await passUntil(message.id, (one) => one.twilioSid !== null, 5_000)
    expect(sent.twilioSid).toBe(accepted()[0]?.sid)
    expect(accepted()).toHaveLength(1)
  })

  test('while it is unconfirmed its line waits, another does not, and afterwards the order is kept', async () => {
    hilo.simulator.phone(phone).set({ answerLost: 1, lostCallbacks: 1 })
    const first = await send('uno')
    await unconfirmed(first.id)
    hilo.simulator.phone(phone).set({ answerLost: 0, lostCallbacks: 0 })
    const second = await send('dos')
    await hilo.simulator.phone('+5491133330002').write('hola')
    const other = await hilo.conversation('+5491133330002')
    const elsewhere = await hilo.agent().send({ conversationId: other.id, text: 'otra línea' })
    await hilo.messageWhen(elsewhere.id, (one) => one.twilioSid !== null)
    expect((await hilo.message(second.id)).status).toBe('queued')
    await passUntil(second.id, (one) => one.twilioSid !== null, 6_000)
    expect(
      accepted()
        .filter((one) => one.to === phone)
        .map((one) => one.body),
    ).toEqual(['uno', 'dos'])
  })

  test('unconfirmed a second time: the agent is asked; sending again is a new message, the old one fails unsettled', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const message = await send()
    await unconfirmed(message.id)
    for (let i = 0; i < 150; i++) {
      await clock.advance(1_000)
      await new Promise((resume) => setTimeout(resume, 2))
    }
    expect((await hilo.message(message.id)).status).toBe('unconfirmed')
    hilo.simulator.phone(phone).set({ reset: 0 })
    const retried = await hilo.agent().call<{ message: Message }>('POST', `/api/messages/${message.id}/retry`)
    expect(retried.status).toBe(202)
    expect(await hilo.message(message.id)).toMatchObject({ status: 'failed', error: { reason: 'unsettled' } })
    await passUntil(retried.body.message.id, (one) => one.twilioSid !== null, 5_000)
    expect(accepted()).toHaveLength(1)
  })

  test('15 minutes after the first claim it fails unsettled, and its line goes on', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const message = await send('uno')
    await unconfirmed(message.id)
    const next = await send('dos')
    const failed = await passUntil(message.id, (one) => one.status === 'failed', 17 * 60_000, 5_000)
    expect(failed.error?.reason).toBe('unsettled')
    hilo.simulator.phone(phone).set({ reset: 0 })
    await passUntil(next.id, (one) => one.twilioSid !== null, 70_000, 1_000)
  })

  test('its own time is over before it is sent again: failed, expired', async () => {
    hilo.simulator.phone(phone).set({ reset: 1 })
    const message = await hilo.agent().send({ conversationId, text: 'código 1234', expiresIn: 30 })
    await unconfirmed(message.id)
    hilo.simulator.phone(phone).set({ reset: 0 })
    const failed = await passUntil(message.id, (one) => one.status === 'failed', 70_000, 1_000)
    expect(failed.error?.reason).toBe('expired')
    expect(accepted()).toHaveLength(0)
  })

  test('the same text twice: each finds its own', async () => {
    hilo.simulator.phone(phone).set({ answerLost: 1, lostCallbacks: 1 })
    const [first, second] = [await send('igual'), await send('igual')]
    await passUntil(second.id, (one) => one.twilioSid !== null, 15_000)
    const sids = [(await hilo.message(first.id)).twilioSid, (await hilo.message(second.id)).twilioSid]
    expect(sids).toEqual(accepted().map((one) => one.sid))
  })

  test('a restart in the middle: settled from the list, sent once', async () => {
    hilo.simulator.faults.set({ answerLost: 1, lostCallbacks: 1 })
    const message = await send()
    await unconfirmed(message.id)
    hilo.simulator.faults.set({ answerLost: 0, lostCallbacks: 0 })
    await hilo.restart()
    await passUntil(message.id, (one) => one.twilioSid !== null, 10_000)
    expect(accepted()).toHaveLength(1)
  })
})

describe('time', () => {
  test('sendAt: entered when it is due, with the next seq; X14 canceled before: never', async () => {
    const at = (ms: number) => new Date(clock.now() + ms).toISOString()
    const ana = hilo.agent()
    const soon = await ana.send({ conversationId, text: 'en un minuto', sendAt: at(60_000) })
    const never = await ana.send({ conversationId, text: 'nunca', sendAt: at(60_000) })
    expect([soon.status, soon.seq]).toEqual(['scheduled', null])
    const canceled = await ana.call<{ message: Message }>('POST', `/api/messages/${never.id}/cancel`)
    expect(canceled.body.message.status).toBe('canceled')
    await send('ahora')
    const entered = await passUntil(soon.id, (one) => one.twilioSid !== null, 70_000, 1_000)
    expect(entered.seq).toBe(3)
    expect(Date.parse(entered.dueAt ?? '')).toBeLessThanOrEqual(clock.now())
    expect(accepted().map((one) => one.body)).toEqual(['ahora', 'en un minuto'])
  })

  test('the window closed before the time came: entered as failed, so that its author sees it', async () => {
    const late = await hilo.agent().send({ conversationId, text: 'tarde', sendAt: new Date(clock.now() + 25 * 3600_000).toISOString() })
    const failed = await passUntil(late.id, (one) => one.status === 'failed', 26 * 3600_000, 10 * 60_000)
    expect(failed).toMatchObject({ seq: 2, error: { reason: 'window', action: 'send_template' } })
    expect(accepted()).toHaveLength(0)
  })

  test('O10: 24 h less two minutes after the last inbound, free text is refused', async () => {
    await clock.advance(24 * 3600_000 - 2 * 60_000 - 1_000)
    await send('a tiempo')
    await clock.advance(2_000)
    const reply = await hilo.agent().call<{ code: string }>('POST', '/api/messages', { conversationId, text: 'tarde' })
    expect([reply.status, reply.body.code]).toEqual([409, 'window_closed'])
    expect((await hilo.conversation(phone)).window.open).toBe(false)
  })

  test('two seconds behind another message, the agent is told why it waits', async () => {
    hilo.simulator.phone(phone).set({ answerLost: 1, lostCallbacks: 1, listDelayMs: 10_000 })
    const first = await send('uno')
    await unconfirmed(first.id)
    const second = await send('dos')
    await passUntil(second.id, (one) => one.delay?.reason === 'order', 5_000)
    await until(async () => (await hilo.message(second.id)).status === 'queued')
  })
})
