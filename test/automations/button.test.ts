// A client presses a button: an event of the record, once, in its thread and told to the host.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { type Served, serve, tokenOf } from '../http/serve.ts'

let hilo: Served
const phone = '+5491155530001'
const token = tokenOf({ role: 'service', sub: 'host' })
beforeAll(async () => {
  hilo = await serve()
  await hilo.call('PUT', '/api/coordinations/ev-1', { token, body: { title: 'Boda', contact: { name: 'Sofía', phone } } })
  await hilo.simulator.phone(phone).write('hola')
})
afterAll(() => hilo.close())

const events = async () => {
  const { body } = await hilo.call<{ items: Message[] }>('GET', '/api/coordinations/ev-1/messages?limit=100')
  return body.items.filter(({ type }) => type === 'event').map(({ event, author }) => ({ event, by: author.type }))
}

test('one event of the record, also pressed twice or told twice by Twilio; another button, and it again, are events', async () => {
  const body = { channel: 'whatsapp', to: phone, coordinationId: 'ev-1', text: '¿Confirmás?', wait: 'sent' }
  const { twilioSid } = (await hilo.call<{ message: Message }>('POST', '/api/messages', { body })).body.message
  const press = (payload: string, MessageSid: string) =>
    hilo.receive(phone, payload, {
      ...{ MessageSid, SmsSid: MessageSid, SmsMessageSid: MessageSid, ButtonPayload: payload, ButtonText: 'Sí', MessageType: 'button' },
      OriginalRepliedMessageSid: twilioSid ?? '',
    })
  const sid = (n: number) => `SM${String(n).padStart(32, '0')}`
  await press('confirm', sid(1))
  await press('confirm', sid(1))
  await press('confirm', sid(2))
  const confirmed = { event: { name: 'record', type: 'confirm', data: { text: 'Sí' } }, by: 'contact' }
  expect(await events()).toEqual([confirmed])
  await press('reschedule', sid(3))
  await press('coordination.canceled', sid(4))
  await press('anything else, for the host alone', sid(5))
  await press('confirm', sid(6))
  expect((await events()).map(({ event }) => event && 'type' in event && event.type)).toEqual(['confirm', 'reschedule', 'confirm'])
})
