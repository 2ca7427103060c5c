// The plain routes, by phone number.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { type Served, serve } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const PHONE = '+5491144500950'

it('do the whole of the old app: receive, count, list, read, answer', async () => {
  await hilo.receive(PHONE, 'buenas')
  expect((await hilo.call('GET', '/api/whatsapp/unread-count')).body).toEqual({ unread: 1 })
  const sent = await hilo.call<{ message: Message; conversation: OwnConversation }>('POST', '/api/whatsapp/send', {
    body: { to: '9 11 4450-0950', message: 'hola, ¿cómo estás?' },
  })
  expect(sent.status).toBe(202)
  expect(sent.body.message).toMatchObject({ channel: 'whatsapp', text: 'hola, ¿cómo estás?' })
  const list = await hilo.call<{ items: OwnConversation[] }>('GET', '/api/whatsapp/conversations')
  expect(list.body.items).toMatchObject([{ channel: 'whatsapp', contact: { phone: PHONE } }])
  for (const phone of [PHONE, encodeURIComponent(PHONE), '91144500950', 'whatsapp:+5491144500950']) {
    const thread = await hilo.call<{ items: Message[]; hasMore: boolean }>('GET', `/api/whatsapp/conversations/${phone}/messages`)
    expect(thread.body.items.map(({ text }) => text)).toEqual(['buenas', 'hola, ¿cómo estás?'])
    expect(thread.body.hasMore).toBe(false)
  }
  expect((await hilo.call('GET', '/api/whatsapp/unread-count')).body).toEqual({ unread: 0 })
})

it('take Twilio’s webhook at the old address', async () => {
  const answer = await hilo.webhook('/api/whatsapp/webhook', {
    MessageSid: `SM${'a'.repeat(32)}`,
    AccountSid: `AC${'0'.repeat(31)}1`,
    From: `whatsapp:${PHONE}`,
    To: 'whatsapp:+14155238886',
    Body: 'por la puerta de antes',
  })
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/xml/)])
  expect(answer.text).toContain('<Response/>')
  expect((await hilo.call('GET', '/api/whatsapp/unread-count')).body).toEqual({ unread: 1 })
})

it('count what is on WhatsApp alone, as they list it', async () => {
  const before = (await hilo.call<{ unread: number }>('GET', '/api/whatsapp/unread-count')).body.unread
  const { total } = (await hilo.call<{ total: number }>('GET', '/api/unread')).body
  await hilo.simulator.phone('+5491144500951').write('por SMS', { channel: 'sms' })
  await hilo.receive('+5491144500952', 'por WhatsApp')
  expect((await hilo.call('GET', '/api/unread')).body).toMatchObject({ total: total + 2 })
  expect((await hilo.call('GET', '/api/whatsapp/unread-count')).body).toEqual({ unread: before + 1 })
})

it('send once, however often they are asked with the same clientMessageId', async () => {
  const body = { to: '+5491144500952', message: 'una vez', clientMessageId: 'w-1' }
  const [first, again] = [
    await hilo.call<{ message: Message }>('POST', '/api/whatsapp/send', { body }),
    await hilo.call<{ message: Message }>('POST', '/api/whatsapp/send', { body }),
  ]
  expect([first?.status, again?.status]).toEqual([202, 200])
  expect(again?.body.message.id).toBe(first?.body.message.id)
})

it('ask for a text and a number', async () => {
  expect((await hilo.call('POST', '/api/whatsapp/send', { body: { to: PHONE } })).status).toBe(422)
  expect((await hilo.call('POST', '/api/whatsapp/send', { body: { to: 'x', message: 'y' } })).body.code).toBe('invalid_phone')
})
