// The SMS that goes by itself where WhatsApp does not reach a client.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyStatus } from '../../server/outbox/apply-status.ts'
import { failureOf } from '../../server/twilio/errors.ts'
import type { Automation } from '../../shared/automations.ts'
import type { Message } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
let ana: TestAgent
beforeAll(async () => {
  hilo = await startHilo()
  ana = hilo.agent()
  await hilo.agent({ sub: 'boss', role: 'supervisor' }).call('PATCH', '/api/organization', { fallback: { service: true } })
})
afterAll(() => hilo.close())

async function fails(phone: string, how: Parameters<ReturnType<TestHilo['simulator']['phone']>['set']>[0], text: string): Promise<Message> {
  await hilo.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  hilo.simulator.phone(phone).set(how)
  await until(
    async () => (await ana.call<{ items: object[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)).body.items.length > 0,
  )
  const message = await ana.send({ channel: 'whatsapp', to: phone, text, clientMessageId: `c-${phone}` })
  return hilo.messageWhen(message.id, (one) => one.status === 'failed' || one.status === 'delivered')
}
const smsTo = async (phone: string): Promise<Message[]> =>
  (await ana.call<{ items: Message[] }>('GET', '/api/messages?channel=sms&direction=outbound&limit=100')).body.items.filter(
    (one) => one.text === `a ${phone}`,
  )

test.each([
  ['by its answer', '+5491144509001', { refuseWith: 63024 }, 63024],
  ['by a later report', '+5491144509002', { notOnWhatsApp: true }, 63003],
])('goes once where WhatsApp says %s that it does not reach the client, linked both ways', async (_, phone, how, code) => {
  const failed = await fails(phone, how, `a ${phone}`)
  expect(failed).toMatchObject({ status: 'failed', error: { code } })
  const shown = await hilo.messageWhen(failed.id, (one) => one.planB?.taken !== undefined)
  const [sms, ...more] = await smsTo(phone)
  expect(more).toEqual([])
  expect(sms).toMatchObject({ channel: 'sms', fallbackOf: failed.id, planB: { byPolicy: true, taken: { because: ['not_on_whatsapp'] } } })
  expect(shown).toMatchObject({ putAway: true, planB: { byPolicy: true, taken: { step: 'sms', messageId: sms?.id } } })
  await hilo.messageWhen(sms?.id ?? '', (one) => one.status === ('notOnWhatsApp' in how ? 'delivered' : 'failed'))

  // Twilio says it again, and so does whoever wrote it.
  const { parts } = hilo.server
  const report = { orgId: 'default', messageId: failed.id, twilioSid: failed.twilioSid ?? 'SM1', status: 'failed' } as const
  for (let times = 0; times < 3; times++) await applyStatus(parts, { ...report, failure: failureOf(63024, null), at: Date.now() })
  const again = await ana.call('POST', '/api/messages', {
    ...{ conversationId: failed.conversationId, text: `a ${phone}`, clientMessageId: `c-${phone}` },
  })
  expect(again.status).toBe(200)
  expect(await smsTo(phone)).toHaveLength(1)
})

test('of an automation’s message goes where its rule’s purpose may', async () => {
  const host = hilo.agent({ sub: 'host', role: 'service' })
  // At any time of the day that the tests run.
  await host.call('PATCH', '/api/organization', { calendars: { reminder: { hours: null } } })
  const path = '/api/automations/payment_received'
  const { name: _, builtIn: __, updatedAt: ___, rev: ____, ...rule } = (await host.call<Automation>('GET', path)).body
  const sentTo = async (phone: string, purpose: Automation['purpose']) => {
    await host.call('PUT', path, { ...rule, purpose, channels: ['whatsapp'], enabled: true })
    await hilo.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
    hilo.simulator.phone(phone).set({ refuseWith: 63024 })
    await hilo.conversation(phone)
    const id = `pay-${phone.slice(-4)}`
    const record = { title: `a ${phone}`, contact: { name: 'Ana Suárez', phone }, data: {} }
    await host.call('PUT', `/api/coordinations/${id}`, record)
    const event = { type: 'payment.received', data: { amount: '$ 1.500' } }
    const told = await host.call<{ messages: Message[] }>('POST', `/api/coordinations/${id}/events`, event)
    const failed = await hilo.messageWhen(told.body.messages[0]?.id ?? '', (one) => one.status === 'failed')
    const sms = (await ana.call<{ items: Message[] }>('GET', '/api/messages?channel=sms&direction=outbound&limit=100')).body.items
    return sms.filter(({ fallbackOf }) => fallbackOf === failed.id)
  }
  const [sms, ...more] = await sentTo('+5491144509010', 'service')
  expect(more).toEqual([])
  expect(sms).toMatchObject({ author: { type: 'automation', id: 'payment_received' }, planB: { byPolicy: true } })
  expect(await sentTo('+5491144509011', 'reminder')).toEqual([])
})

test('does not go to who wants no SMS, nor where another reason stands in the way, nor once it is switched off', async () => {
  const out = '+5491144509003'
  const host = hilo.agent({ sub: 'host', role: 'service' })
  await host.call('POST', '/api/opt-outs', { channel: 'sms', to: out, source: 'host' })
  const none = [
    await fails(out, { refuseWith: 63024 }, `a ${out}`),
    await fails('+5491144509004', { refuseWith: 63014 }, 'a +5491144509004'),
  ]
  await host.call('PATCH', '/api/organization', { fallback: { service: false } })
  none.push(await fails('+5491144509005', { refuseWith: 63024 }, 'a +5491144509005'))
  await host.call('PATCH', '/api/organization', { fallback: { service: true } })
  for (const { id } of none) expect((await hilo.message(id)).planB).toBeUndefined()
  for (const phone of [out, '+5491144509004', '+5491144509005']) expect(await smsTo(phone)).toEqual([])
})

test('a process that dies before the failure is written down sends no second one', async () => {
  const phone = '+5491144509006'
  await hilo.simulator.phone(phone).write('hola', { channel: 'whatsapp' })
  hilo.simulator.phone(phone).set({ phoneOff: true })
  const { store } = hilo.server.parts
  const conversation = await hilo.conversation(phone)
  const message = await ana.send({ conversationId: conversation.id, text: `a ${phone}`, wait: 'sent' })
  const { applyStatus: written } = store
  store.applyStatus = () => Promise.reject(new Error('killed'))
  const report = { orgId: 'default', messageId: message.id, twilioSid: message.twilioSid ?? '', status: 'failed' } as const
  const told = { ...report, failure: failureOf(63024, null), at: Date.now() }
  await expect(applyStatus(hilo.server.parts, told)).rejects.toThrow('killed')
  store.applyStatus = written
  await applyStatus(hilo.server.parts, told)
  await until(async () => (await smsTo(phone)).length > 0)
  expect(await smsTo(phone)).toHaveLength(1)
})
