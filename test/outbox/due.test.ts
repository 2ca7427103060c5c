// Messages and time: scheduled ones, the window, and a line that waits; with a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { startWithClient } from '../support/start-with-client.ts'
import { until } from '../support/until.ts'

// Minutes pass in steps, and each step waits for real requests; hours are jumped over.
vi.setConfig({ testTimeout: 120_000 })

const phone = '+5491133330001'
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
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

  test('what a process planned that is no more is entered by another one, at most a minute late', async () => {
    // It is in the store, and nobody here was told.
    hilo.server.parts.dispatch.schedule = () => {}
    const { id } = await hilo.agent().send({ conversationId, text: 'huérfano', sendAt: new Date(clock.now() + 5_000).toISOString() })
    const entered = await passUntil(id, (message) => message.status !== 'scheduled', 70_000, 1_000)
    expect(entered.seq).toBe(2)
  })

  test('undoFor: it goes by itself after the seconds, and taken back before never', async () => {
    const kept = await hilo.agent().send({ conversationId, text: 'sale', undoFor: 5 })
    const undone = await hilo.agent().send({ conversationId, text: 'no sale', undoFor: 5 })
    expect([kept.status, kept.seq, Date.parse(kept.dueAt ?? '') - Date.parse(kept.createdAt)]).toEqual(['scheduled', null, 5_000])
    await hilo.agent().call('POST', `/api/messages/${undone.id}/cancel`)
    await clock.advance(4_000)
    expect((await hilo.message(kept.id)).status).toBe('scheduled')
    await passUntil(kept.id, (one) => one.twilioSid !== null, 5_000)
    await clock.advance(10_000)
    expect(accepted().map((one) => one.body)).toEqual(['sale'])
  })

  test('undoFor: what the client writes while it is held stays unanswered', async () => {
    const held = await hilo.agent().send({ conversationId, text: 'Sí, a las 9', undoFor: 5 })
    await clock.advance(2_000)
    await hilo.simulator.phone(phone).write('¿y el domingo?')
    const before = await until(async () => {
      const now = await hilo.conversation(phone)
      return now.inboundCount === 2 && now
    })
    await passUntil(held.id, (one) => one.seq !== null, 10_000)
    const after = await hilo.conversation(phone)
    expect(after).toMatchObject({ answeredCount: 1, unread: 1, lastSeq: 3 })
    const thread = await hilo.agent().call<{ items: Message[] }>('GET', `/api/conversations/${before.id}/messages`)
    expect(after.awaitingReplySince).toBe(thread.body.items.find((one) => one.text === '¿y el domingo?')?.createdAt)
  })

  test('undoFor: it opens what was closed when it is written, and what is closed after it stays closed', async () => {
    const status = (to: string) => hilo.agent().call('PATCH', `/api/conversations/${conversationId}`, { status: to })
    await status('closed')
    const held = await hilo.agent().send({ conversationId, text: 'Te confirmo', undoFor: 5 })
    expect((await hilo.conversation(phone)).status).toBe('open')
    await status('closed')
    await passUntil(held.id, (one) => one.seq !== null, 10_000)
    expect((await hilo.conversation(phone)).status).toBe('closed')
  })

  test('undoFor: refused where the window closes before it would go', async () => {
    clock.sleep(24 * 3600_000 - 2 * 60_000 - 3_000)
    const send = (more: object) => hilo.agent().call<{ code?: string }>('POST', '/api/messages', { conversationId, text: 'justo', ...more })
    expect((await send({ undoFor: 5 })).body.code).toBe('window_closed')
    expect((await send({})).status).toBe(202)
  })

  test('the limit of the contact is checked when they come due: what is too much is entered as failed', async () => {
    await hilo.close()
    hilo = await startHilo({ clock, env: { SEND_LIMIT_PER_CONTACT_HOUR: '3' } })
    const to = { channel: 'sms', to: '+5491133330002' }
    const later = (seconds: number) => new Date(clock.now() + seconds * 1000).toISOString()
    const planned = []
    for (const seconds of [1, 2, 3]) planned.push(await hilo.agent().send({ ...to, text: `en ${seconds}`, sendAt: later(seconds) }))
    await hilo.agent().send({ ...to, text: 'ahora' })
    await clock.advance(3_000)
    const ends = []
    for (const { id } of planned) ends.push(await hilo.messageWhen(id, (message) => message.status !== 'scheduled'))
    expect(ends.map((one) => one.error?.reason ?? null)).toEqual([null, null, 'rate'])
  })

  test('the window closed before the time came: entered as failed, so that its author sees it', async () => {
    const late = await hilo.agent().send({ conversationId, text: 'tarde', sendAt: new Date(clock.now() + 25 * 3600_000).toISOString() })
    clock.sleep(25 * 3600_000)
    const failed = await passUntil(late.id, (one) => one.status === 'failed', 60_000, 1_000)
    expect(failed).toMatchObject({ seq: 2, error: { reason: 'window', action: 'send_template' } })
    expect(accepted()).toHaveLength(0)
  })

  test('O10: 24 h less two minutes after the last inbound, free text is refused', async () => {
    clock.sleep(24 * 3600_000 - 2 * 60_000 - 1_000)
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
