// How entered messages reach Twilio: once, in order, one at a time on a line, and every way a send can end.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Sender } from '../../shared/events.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { pass, passUntil } from '../support/pass-time.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
let serial = 0
const newPhone = () => `+549112300${String(1000 + ++serial)}`

beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())

/** A client who wrote, so that the window is open. */
async function client() {
  const phone = newPhone()
  await hilo.simulator.phone(phone).write('hola')
  return { phone, conversation: await hilo.conversation(phone) }
}
const acceptedOf = (phone: string) => hilo.simulator.ledger().accepted.filter((one) => one.to === phone)

describe('the outbox', () => {
  test('sends an answer once, and its ticks come back with their times', async () => {
    const { phone, conversation } = await client()
    hilo.simulator.phone(phone).set({ readAfterMs: 10 })
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'Sí, ¡claro! 😀' })
    expect(sent).toMatchObject({ direction: 'outbound', seq: 2, text: 'Sí, ¡claro! 😀' })
    const read = await hilo.messageWhen(sent.id, (message) => message.status === 'read')
    expect(read).toMatchObject({ twilioSid: expect.stringMatching(/^SM/), error: null, delay: null })
    for (const time of [read.sentAt, read.deliveredAt, read.readAt])
      expect(Date.parse(time ?? '')).toBeGreaterThan(Date.parse(read.createdAt) - 1)
    expect(acceptedOf(phone)).toHaveLength(1)
    expect(acceptedOf(phone)[0]?.statusCallback).toBe(`https://inbox.example.com/webhooks/twilio/status/${sent.id}`)
  })

  test('O9: the same clientMessageId, many at once, is one message and one call', async () => {
    const { phone, conversation } = await client()
    const ana = hilo.agent()
    const body = { conversationId: conversation.id, text: 'una vez', clientMessageId: 'once' }
    const replies = await Promise.all(
      Array.from({ length: 12 }, () => ana.call<{ message: { id: string } }>('POST', '/api/messages', body)),
    )
    expect(new Set(replies.map((reply) => reply.body.message.id)).size).toBe(1)
    expect(replies.filter((reply) => reply.status === 202)).toHaveLength(1)
    const id = replies[0]?.body.message.id ?? ''
    await hilo.messageWhen(id, (message) => message.status === 'delivered')
    expect(acceptedOf(phone)).toHaveLength(1)
  })

  test('a repeat that could not go any more gets the first, also where that one was entered only after the repeat had looked', async () => {
    const { phone, conversation } = await client()
    const ana = hilo.agent()
    const body = { conversationId: conversation.id, text: 'una vez', clientMessageId: `beside-${phone}` }
    const first = await ana.call<{ message: { id: string } }>('POST', '/api/messages', body)
    await hilo.simulator.phone(phone).write('STOP')
    await until(async () => (await hilo.conversation(phone)).optedOut)
    const { store } = hilo.server.parts
    const find = vi.spyOn(store, 'findByKey').mockResolvedValueOnce(null)
    const again = await ana.call<{ message: { id: string } }>('POST', '/api/messages', body)
    const other = await ana.call('POST', '/api/messages', { ...body, clientMessageId: `late-${phone}` })
    find.mockRestore()
    expect([first.status, again.status, other.status]).toEqual([202, 200, 409])
    expect(again.body.message.id).toBe(first.body.message.id)
  })

  test('keeps the order of a line over two records, behind a 429', async () => {
    const { phone } = await client()
    const host = hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
    for (const id of [`x-${phone}`, `y-${phone}`])
      await host.call('PUT', `/api/coordinations/${encodeURIComponent(id)}`, { title: id, contact: { name: 'C', phone } })
    hilo.simulator.phone(phone).set({ rateLimit: 'alternate' })
    const texts: string[] = []
    for (let i = 0; i < 6; i++) {
      texts.push(`n${i}`)
      await hilo.agent().send({ channel: 'whatsapp', to: phone, coordinationId: `${i % 2 ? 'x' : 'y'}-${phone}`, text: `n${i}` })
    }
    await until(() => acceptedOf(phone).length === 6, { timeoutMs: 20_000 })
    expect(acceptedOf(phone).map((one) => one.body)).toEqual(texts)
  })

  test('O3, S4: a refusal fails the message with the reason, and the line goes on', async () => {
    const { phone, conversation } = await client()
    hilo.simulator.phone(phone).set({ refuseWith: 21614 })
    const refused = await hilo.agent().send({ conversationId: conversation.id, text: 'no llega' })
    const failed = await hilo.messageWhen(refused.id, (message) => message.status === 'failed')
    expect(failed.error).toMatchObject({ code: 21614, reason: 'invalid_number', action: 'fix_number' })
    hilo.simulator.phone(phone).set({ refuseWith: null })
    const next = await hilo.agent().send({ conversationId: conversation.id, text: 'esta sí' })
    await hilo.messageWhen(next.id, (message) => message.status === 'delivered')
  })

  test('S11: a failed message is retried as a new one, once, and a late callback touches the first only', async () => {
    const { phone, conversation } = await client()
    hilo.simulator.phone(phone).set({ failWith: 30003 })
    const first = await hilo.agent().send({ conversationId: conversation.id, text: 'de nuevo' })
    await hilo.messageWhen(first.id, (message) => message.status === 'failed')
    hilo.simulator.phone(phone).set({ failWith: null })
    const [a, b] = await Promise.all(
      [1, 2].map(() => hilo.agent().call<{ message: { id: string; retryOf: string } }>('POST', `/api/messages/${first.id}/retry`)),
    )
    expect([a?.status, b?.status]).toEqual([202, 202])
    expect(a?.body.message.id).toBe(b?.body.message.id)
    expect(a?.body.message.retryOf).toBe(first.id)
    await hilo.messageWhen(a?.body.message.id ?? '', (message) => message.status === 'delivered')
    expect(acceptedOf(phone)).toHaveLength(2)
    expect((await hilo.message(first.id)).status).toBe('failed')
    const again = await hilo.agent().call<{ code: string }>('POST', `/api/messages/${a?.body.message.id}/retry`)
    expect([again.status, again.body.code]).toEqual([409, 'not_retryable'])
  })

  test('O5: a template opens a conversation, with content and variables and without a body', async () => {
    const phone = newPhone()
    const closed = await hilo
      .agent()
      .call<{ code: string; templates: string[] }>('POST', '/api/messages', { channel: 'whatsapp', to: phone, text: 'hola' })
    expect([closed.status, closed.body.code]).toEqual([409, 'window_closed'])
    const [name] = closed.body.templates
    const missing = await hilo.agent().call<{ code: string; issues: unknown[] }>('POST', '/api/messages', {
      channel: 'whatsapp',
      to: phone,
      template: { name, variables: { date: ' ' } },
    })
    expect([missing.status, missing.body.code, missing.body.issues.length]).toEqual([422, 'template_variables_missing', 2])
    const list = await hilo
      .agent()
      .call<{ items: unknown[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}&automated=true`)
    expect(list.body.items).toEqual([])
    const sent = await hilo
      .agent()
      .send({ channel: 'whatsapp', to: phone, template: { name, variables: { date: 'mañana', time: '10:30' } } })
    await hilo.messageWhen(sent.id, (message) => message.status === 'delivered')
    expect(acceptedOf(phone)[0]).toMatchObject({ contentSid: expect.stringMatching(/^HX/), variables: { 1: 'mañana', 2: '10:30' } })
  })

  test('O6: an unknown template is refused, nothing is sent', async () => {
    const { phone, conversation } = await client()
    const reply = await hilo
      .agent()
      .call<{ code: string; detail: string }>('POST', '/api/messages', { conversationId: conversation.id, template: { name: 'nope' } })
    expect([reply.status, reply.body.code]).toEqual([422, 'template_not_approved'])
    expect(reply.body.detail).toContain('Template not found')
    expect(acceptedOf(phone)).toHaveLength(0)
  })

  test('O1: a note never leaves the server', async () => {
    const { phone, conversation } = await client()
    const note = await hilo.agent().send({ conversationId: conversation.id, note: 'ojo con el saldo' })
    expect(note).toMatchObject({ direction: 'internal', type: 'note', seq: 2, twilioSid: null })
    const sent = await hilo.agent().send({ conversationId: conversation.id, text: 'después' })
    await hilo.messageWhen(sent.id, (message) => message.status === 'delivered')
    expect(acceptedOf(phone).map((one) => one.body)).toEqual(['después'])
  })

  test('wait: sent answers with the SID, or with the error', async () => {
    const [good, bad] = [await client(), await client()]
    hilo.simulator.phone(bad.phone).set({ refuseWith: 21211 })
    const say = (id: string) => hilo.agent().send({ conversationId: id, text: 'x', wait: 'sent' })
    expect(await say(good.conversation.id)).toMatchObject({ twilioSid: acceptedOf(good.phone)[0]?.sid ?? expect.stringMatching(/^SM/) })
    expect(await say(bad.conversation.id)).toMatchObject({ status: 'failed', error: { code: 21211, action: 'fix_number' } })
  })

  test('the hourly limit of a contact holds, exactly, also when all come at once', async () => {
    const few = await startHilo({ env: { SEND_LIMIT_PER_CONTACT_HOUR: '5' } })
    try {
      await few.simulator.phone('+5491155550001').write('hola')
      const conversation = await few.conversation('+5491155550001')
      const replies = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          few.agent().call<{ code?: string }>('POST', '/api/messages', { conversationId: conversation.id, text: `${i}` }),
        ),
      )
      expect(replies.filter((reply) => reply.status === 202)).toHaveLength(5)
      const refused = replies.find((reply) => reply.status === 429)
      expect(refused?.body.code).toBe('limit_reached')
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(3500)
    } finally {
      await few.close()
    }
  })

  /** Sends a text that ends as told, and answers with what each channel's state is then. */
  async function channelAfter(conversationId: string, end: 'failed' | 'delivered') {
    const sent = await hilo.agent().send({ conversationId, text: 'x' })
    const ended = await hilo.messageWhen(sent.id, (message) => message.status === end)
    const status = await hilo.agent().call<{ channels: Sender[] }>('GET', '/api/status')
    const channel = ended.channel
    return { error: ended.error, state: status.body.channels.find((one) => one.channel === channel) }
  }

  test('S21: 20003 marks the channel and agents are warned; sends are tried all the same, and a success clears it', async () => {
    const { phone, conversation } = await client()
    const ana = await hilo.agent().connect()
    const told: boolean[] = []
    ana.socket.on('channels', (channels: Sender[]) => told.push(channels.find((one) => one.channel === 'whatsapp')?.ready ?? false))
    hilo.simulator.phone(phone).set({ refuseWith: 20003 })
    const { error, state } = await channelAfter(conversation.id, 'failed')
    expect(error).toMatchObject({ code: 20003, reason: 'account' })
    expect(state).toMatchObject({ ready: false, reason: expect.stringContaining('20003') })
    hilo.simulator.phone(phone).set({ refuseWith: null })
    expect((await channelAfter(conversation.id, 'delivered')).state).toMatchObject({ ready: true, reason: null })
    await until(() => told.length === 2)
    expect(told).toEqual([false, true])
    ana.close()
  })

  test('21608, 21408: what Twilio refuses of one client says nothing of the channel', async () => {
    const { phone, conversation } = await client()
    for (const code of [21608, 21408]) {
      hilo.simulator.phone(phone).set({ refuseWith: code })
      const { error, state } = await channelAfter(conversation.id, 'failed')
      expect(error).toMatchObject({ code, reason: 'account' })
      expect(state).toMatchObject({ ready: true })
    }
  })

  test('S21: 63001 in a callback marks the channel until something arrives, not only until something is taken', async () => {
    const { phone, conversation } = await client()
    hilo.simulator.phone(phone).set({ failWith: 63001 })
    expect((await channelAfter(conversation.id, 'failed')).state).toMatchObject({ ready: false })
    expect((await channelAfter(conversation.id, 'failed')).state).toMatchObject({ ready: false })
    hilo.simulator.phone(phone).set({ failWith: null })
    expect((await channelAfter(conversation.id, 'delivered')).state).toMatchObject({ ready: true })
  })
})

describe('what changed between entering and sending', () => {
  const hour = 3_600_000
  /** A client wrote a day ago, less ten minutes; a message is held up by a rate limit while it changes. */
  async function heldUp(change: (held: TestHilo, phone: string) => Promise<void> | void, over: Record<string, unknown> = {}) {
    const clock = createManualClock()
    const held = await startHilo({ clock })
    try {
      const phone = newPhone()
      await held.simulator.phone(phone).write('hola')
      const { id: conversationId } = await held.conversation(phone)
      clock.sleep(24 * hour - 10 * 60_000)
      held.simulator.phone(phone).set({ refuseWith: 20429 })
      const { id } = await held.agent().send({ conversationId, text: 'hola', ...over })
      await passUntil(clock, async () => (await held.message(id)).delay !== null, 60_000, 500)
      await pass(clock, 7 * 60_000, 10_000)
      await change(held, phone)
      await pass(clock, 2.5 * 60_000, 10_000)
      held.simulator.phone(phone).set({ refuseWith: null })
      const asked = held.simulator.ledger().refused.length
      await passUntil(clock, async () => ['failed', 'delivered'].includes((await held.message(id)).status), 600_000, 1_000)
      const { status, error } = await held.message(id)
      const { accepted, refused } = held.simulator.ledger()
      return { status, reason: error?.reason ?? null, sent: accepted.length, askedSince: refused.length - asked }
    } finally {
      await held.close()
    }
  }
  const never = { status: 'failed', sent: 0, askedSince: 0 }

  test('the window closed: it fails without being sent', async () => {
    expect(await heldUp(() => {})).toEqual({ ...never, reason: 'window' })
  }, 60_000)

  test('the client wrote again: it goes', async () => {
    const wrote = (held: TestHilo, phone: string) =>
      held.simulator
        .phone(phone)
        .write('¿siguen ahí?')
        .then(() => {})
    expect(await heldUp(wrote)).toEqual({ status: 'delivered', reason: null, sent: 1, askedSince: 0 })
  }, 60_000)

  test('its own time is over: it fails without being sent', async () => {
    const wrote = (held: TestHilo, phone: string) =>
      held.simulator
        .phone(phone)
        .write('¿siguen ahí?')
        .then(() => {})
    expect(await heldUp(wrote, { expiresIn: 300 })).toEqual({ ...never, reason: 'expired' })
  }, 60_000)

  test('its sender is no longer configured: it fails without being sent', async () => {
    const gone = async (held: TestHilo, phone: string) => {
      await held.simulator.phone(phone).write('¿siguen ahí?')
      held.server.parts.organizationOf('default').senders.find = () => null
    }
    expect(await heldUp(gone)).toEqual({ ...never, reason: 'sender' })
  }, 60_000)
})
