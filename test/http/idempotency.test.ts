// A clientMessageId, or the header Idempotency-Key, that is used again.
import { io } from 'socket.io-client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { type Served, serve, tokenOf } from './serve.ts'

interface Written {
  message: Message
  conversation: OwnConversation
}
let hilo: Served
let serial = 0
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const newPhone = () => `+54911445007${10 + serial++}`
const send = (body: Record<string, unknown>, headers: Record<string, string> = {}, token = tokenOf()) =>
  hilo.call<Written & Problem>('POST', '/api/messages', { body, headers, token })
const sms = (over: Record<string, unknown> = {}) => ({
  channel: 'sms',
  to: newPhone(),
  text: 'uno',
  clientMessageId: `k-${serial}`,
  ...over,
})
const inAnHour = () => new Date(Date.now() + 3600_000).toISOString()

describe('a key that is used again', () => {
  const kinds: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ['text', {}, { text: 'dos' }],
    ['scheduled text', { sendAt: inAnHour() }, { text: 'dos', sendAt: inAnHour() }],
    ['note', { text: undefined, note: 'uno' }, { text: undefined, note: 'dos' }],
    ['note, for a text', { text: undefined, note: 'uno' }, { note: undefined, text: 'uno' }],
    ['recipient', {}, { to: '+5491144500799' }],
    ['record', { coordinationId: 'ev-k1' }, { coordinationId: 'ev-k2' }],
    ['record, for none', {}, { coordinationId: 'ev-k1' }],
    ['channel', { note: 'uno', text: undefined }, { note: 'uno', text: undefined, channel: 'whatsapp' }],
  ]
  it.each(kinds)('for the same %s is the first message; for another it is 409, with the first in it', async (_kind, own, other) => {
    const body = sms(own)
    const first = await send(body)
    expect(first.status).toBe(202)
    const again = await send(body)
    expect([again.status, again.body.message.id]).toEqual([200, first.body.message.id])
    const conflict = await send({ ...body, ...other })
    expect(conflict.headers.get('content-type')).toMatch(/^application\/problem\+json/)
    expect(conflict.body).toMatchObject({
      status: 409,
      code: 'conflict',
      message: { id: first.body.message.id, seq: first.body.message.seq },
    })
    expect((await send(body)).body.message.id).toBe(first.body.message.id)
  })

  it('compares the values of a template, and what is answered', async () => {
    const phone = newPhone()
    await hilo.receive(phone, 'uno')
    await hilo.receive(phone, 'dos')
    const { items } = (await hilo.call<{ items: Message[] }>('GET', '/api/messages?direction=inbound&limit=2')).body
    const template = { name: 'appointment_reminder', variables: { date: '5/12', time: '21:30' } }
    for (const [own, other] of [
      [{ template }, { template: { ...template, variables: { date: '6/12', time: '21:30' } } }],
      [
        { text: 'sí', replyToId: items[0]?.id },
        { text: 'sí', replyToId: items[1]?.id },
      ],
    ] as const) {
      const body = { conversationId: items[0]?.conversationId, clientMessageId: `t-${serial++}` }
      const first = await send({ ...body, ...own })
      expect([first.status, (await send({ ...body, ...own })).status]).toEqual([202, 200])
      expect((await send({ ...body, ...other })).body).toMatchObject({ code: 'conflict', message: { id: first.body.message.id } })
    }
  })

  it('is the first message also where that was filed or moved since', async () => {
    const host = tokenOf({ sub: 'host', role: 'service' })
    const body = sms({ coordinationId: 'ev-from' })
    const first = (await send(body)).body
    const to = { ids: [first.message.id], coordinationId: 'ev-to' }
    await hilo.call('GET', `/api/messages/${first.message.id}`)
    const id = first.message.id
    for (let n = 0; n < 500 && (await hilo.call<Message>('GET', `/api/messages/${id}`)).body.twilioSid === null; n++);
    expect((await hilo.call('POST', '/api/messages/move', { token: host, body: to })).status).toBe(200)
    expect([(await send(body)).status, (await send(body)).body.message.coordinationId]).toEqual([200, 'ev-to'])
    const byId = { conversationId: first.conversation.id, text: 'uno', clientMessageId: body.clientMessageId }
    expect((await send(byId)).body.message.id).toBe(id)
  })

  it('answers 404 where the token’s scope no longer holds the first', async () => {
    const body = sms({ coordinationId: 'ev-scope' })
    expect((await send(body)).status).toBe(202)
    for (const text of ['uno', 'dos']) {
      const answer = await send({ ...body, text }, {}, tokenOf({ coordinations: ['ev-other'] }))
      expect([answer.status, answer.body.message]).toEqual([404, undefined])
    }
  })

  it('may have the name Idempotency-Key on HTTP, in quotes or plain', async () => {
    const { clientMessageId, ...body } = sms()
    const first = await send(body, { 'idempotency-key': clientMessageId })
    expect([first.status, first.body.message.clientMessageId]).toEqual([202, clientMessageId])
    expect((await send(body, { 'idempotency-key': `"${clientMessageId}"` })).body.message.id).toBe(first.body.message.id)
    expect((await send({ ...body, clientMessageId })).status).toBe(200)
    expect((await send({ ...body, text: 'dos' }, { 'idempotency-key': clientMessageId })).body.code).toBe('conflict')
    const both = await send({ ...body, clientMessageId }, { 'idempotency-key': 'another' })
    expect([both.status, both.body.issues?.[0]?.path]).toEqual([422, 'clientMessageId'])
    for (const key of ['', 'x'.repeat(65)]) expect((await send(body, { 'idempotency-key': key })).status, key).toBe(422)
    const plain = { to: newPhone(), message: 'uno' }
    await hilo.receive(plain.to, 'hola')
    const call = () => hilo.call<Written>('POST', '/api/whatsapp/send', { body: plain, headers: { 'idempotency-key': 'plain' } })
    expect([(await call()).status, (await call()).status]).toEqual([202, 200])
  })

  it('is the same on sockets', async () => {
    const socket = io(hilo.url, { auth: { token: tokenOf() }, transports: ['websocket'], forceNew: true, reconnection: false })
    try {
      await new Promise((ready) => socket.once('ready', ready))
      const body = sms()
      const first = (await socket.emitWithAck('message:send', body)) as { ok: true } & Written
      expect(await socket.emitWithAck('message:send', body)).toMatchObject({ ok: true, message: { id: first.message.id } })
      expect(await socket.emitWithAck('message:send', { ...body, text: 'dos' })).toMatchObject({
        ok: false,
        error: { code: 'conflict', message: { id: first.message.id, text: 'uno' } },
      })
    } finally {
      socket.close()
    }
  })

  it('of twenty at once with two contents: the ones are answered the first message, the others the conflict', async () => {
    const body = sms()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => send({ ...body, text: n % 2 === 0 ? 'uno' : 'dos' })))
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(10)
    expect(new Set(answers.map((one) => one.body.message.id)).size).toBe(1)
  })
})
