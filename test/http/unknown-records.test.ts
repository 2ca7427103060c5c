// Records that the host never saved, and sends that say two things.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Coordination, Message, OwnConversation } from '../../shared/model.ts'
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

const host = tokenOf({ sub: 'host', name: 'Host', role: 'service' })
const newPhone = () => `+54911445008${10 + serial++}`
const recordOf = (id: string) => hilo.call<Coordination>('GET', `/api/coordinations/${id}`)
async function written() {
  const phone = newPhone()
  await hilo.receive(phone, 'hola')
  const { items } = (await hilo.call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)).body
  const conversation = items[0] as OwnConversation
  return { phone, conversation, messageId: conversation.lastMessage?.id ?? '' }
}

it('a send to a conversation and another record, channel or sender is refused, and nothing is sent', async () => {
  const { conversation } = await written()
  const filed = await hilo.call<Written>('POST', '/api/messages', {
    body: { channel: 'sms', to: newPhone(), note: 'x', coordinationId: 'ev-own' },
  })
  const send = (id: string, more: object) => hilo.call('POST', '/api/messages', { body: { conversationId: id, note: 'uno', ...more } })
  for (const [id, more, path] of [
    [conversation.id, { coordinationId: 'ev-x' }, 'coordinationId'],
    [filed.body.conversation.id, { coordinationId: 'ev-x' }, 'coordinationId'],
    [conversation.id, { channel: 'sms' }, 'channel'],
  ] as const) {
    const refused = await send(id, more)
    expect(refused.body).toMatchObject({ status: 422, code: 'validation_failed', issues: [{ path }] })
  }
  expect((await send(filed.body.conversation.id, { coordinationId: 'ev-own', channel: 'sms' })).status).toBe(202)
  const thread = await hilo.call<{ items: Message[] }>('GET', `/api/conversations/${conversation.id}/messages`)
  expect(thread.body.items).toHaveLength(1)
})

it('filing or moving to a record that nobody ever named is 404 and changes nothing', async () => {
  const { conversation, messageId } = await written()
  const file = await hilo.call('PATCH', `/api/conversations/${conversation.id}`, { body: { coordinationId: 'ev-slip', status: 'closed' } })
  const move = await hilo.call('POST', '/api/messages/move', { body: { ids: [messageId], coordinationId: 'ev-slip' } })
  expect([file.status, file.body.code, move.status, move.body.code]).toEqual([404, 'not_found', 404, 'not_found'])
  expect((await recordOf('ev-slip')).status).toBe(404)
  expect((await hilo.call<OwnConversation>('GET', `/api/conversations/${conversation.id}`)).body).toMatchObject({
    coordinationId: null,
    status: 'open',
    lastSeq: 1,
  })
})

it('opening a thread for one names it by the title that is given, until the host saves it', async () => {
  const open = (id: string, more: object) =>
    hilo.call<{ conversation: OwnConversation }>('POST', '/api/conversations', {
      body: { channel: 'sms', to: newPhone(), coordinationId: id, ...more },
    })
  expect((await open('ev-titled', { title: '15 de <b>Valentina</b>' })).body.conversation.coordination?.title).toBe(
    '15 de <b>Valentina</b>',
  )
  expect((await open('ev-untitled', {})).body.conversation.coordination?.title).toBe('ev-untitled')
  expect((await recordOf('ev-titled')).body).toMatchObject({ title: '15 de <b>Valentina</b>', provisional: true })
  // Another button names it otherwise: what is there stays.
  expect((await open('ev-titled', { title: 'Otro' })).body.conversation.coordination?.title).toBe('15 de <b>Valentina</b>')
  expect((await open('ev-long', { title: 'x'.repeat(201) })).status).toBe(422)
})

it('the host’s own token files and moves to one, and makes it provisional', async () => {
  const one = await written()
  const filed = await hilo.call('PATCH', `/api/conversations/${one.conversation.id}`, { token: host, body: { coordinationId: 'ev-filed' } })
  expect(filed.body).toMatchObject({ conversation: { coordinationId: 'ev-filed', coordination: { title: 'ev-filed', status: 'active' } } })
  expect((await recordOf('ev-filed')).body).toMatchObject({ provisional: true, contact: { phone: one.phone } })
  const two = await written()
  const moved = await hilo.call('POST', '/api/messages/move', { token: host, body: { ids: [two.messageId], coordinationId: 'ev-moved' } })
  expect([moved.status, (await recordOf('ev-moved')).body.provisional]).toEqual([200, true])
})

it('a send to one and a button make it provisional, until the host saves it: 201, once', async () => {
  const sent = { channel: 'sms', to: newPhone(), name: 'Sofía', note: 'uno', coordinationId: 'ev-sent' }
  expect((await hilo.call<Written>('POST', '/api/messages', { body: sent })).body.conversation.coordination).toMatchObject({
    id: 'ev-sent',
  })
  const opened = { channel: 'whatsapp', to: newPhone(), coordinationId: 'ev-opened' }
  expect((await hilo.call('POST', '/api/conversations', { body: opened })).status).toBe(200)
  expect((await recordOf('ev-opened')).body).toMatchObject({ provisional: true, contact: { phone: opened.to } })
  expect((await recordOf('ev-sent')).body).toMatchObject({
    provisional: true,
    title: 'ev-sent',
    contact: { name: 'Sofía', phone: sent.to },
  })
  const saved = { title: 'Boda', contact: { name: 'Sofía Herrera', phone: sent.to } }
  const save = () => hilo.call<{ coordination: Coordination }>('PUT', '/api/coordinations/ev-sent', { token: host, body: saved })
  const [first, second] = [await save(), await save()]
  expect([first.status, second.status]).toEqual([201, 200])
  expect(first.body.coordination.provisional).toBeUndefined()
  expect(
    (await hilo.call<Written>('POST', '/api/messages', { body: { ...sent, note: 'dos' } })).body.conversation.coordination?.title,
  ).toBe('Boda')
  expect((await recordOf('ev-sent')).body).toMatchObject({ title: 'Boda' })
  expect((await recordOf('ev-sent')).body.provisional).toBeUndefined()
})

it('a send that is refused makes none', async () => {
  const refused = await hilo.call('POST', '/api/messages', {
    body: { channel: 'whatsapp', to: newPhone(), text: 'x', coordinationId: 'ev-none' },
  })
  expect([refused.body.code, (await recordOf('ev-none')).status]).toEqual(['window_closed', 404])
})
