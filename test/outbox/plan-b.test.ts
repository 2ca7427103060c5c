// A planned text with a plan B, from the call to Twilio: which step leaves, by what is so in the moment in which it comes due.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { HOUR } from '../support/builders.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { startWithClient } from '../support/start-with-client.ts'

vi.setConfig({ testTimeout: 120_000 })

const phone = '+5491133330041'
const planB = { template: { name: 'appointment_reminder', variables: { date: '12/3', time: '9:00' } }, sms: true }
const DUE = 25 * HOUR
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
})
afterEach(() => hilo.close())

const at = (ms: number) => new Date(clock.now() + ms).toISOString()
const sent = () => hilo.simulator.ledger().accepted.map((one) => [one.channel, one.body])
const call = (body: object) =>
  hilo
    .agent()
    .call<{ message: Message } & Problem>('POST', '/api/messages', { conversationId, text: 'Te espero', sendAt: at(DUE), ...body })
const change = (id: string, body: object) => hilo.agent().call<{ message: Message } & Problem>('PATCH', `/api/messages/${id}`, body)

async function planned(body: object = { planB }): Promise<Message> {
  const answer = await call(body)
  expect(answer.status, answer.text).toBe(202)
  return answer.body.message
}
async function cameDue(id: string, ms = DUE): Promise<Message> {
  clock.sleep(ms)
  await clock.advance(0)
  const due = await hilo.messageWhen(id, (message) => message.status !== 'scheduled')
  await clock.advance(2_000)
  return due
}
/** The organization has these templates no more. */
async function dropTemplates(): Promise<void> {
  const { store } = hilo.server.parts
  for (const { name } of (await store.templates('default', {}, { cursor: null, limit: 100 })).items)
    await store.deleteTemplates('default', name, null)
}

describe('a planned text with a plan B', () => {
  test('goes as it is where the window is open when it comes due', async () => {
    const { id } = await planned()
    clock.sleep(2 * HOUR)
    await hilo.simulator.phone(phone).write('¿y mañana?')
    const due = await cameDue(id, DUE - 2 * HOUR)
    expect(due).toMatchObject({ type: 'text', planB: { ...planB, taken: { step: 'text', because: [] } } })
    expect(sent()).toEqual([['whatsapp', 'Te espero']])
  })

  test('goes as the template, with the values of the plan, where it is closed', async () => {
    const { id } = await planned()
    const due = await cameDue(id)
    const text = 'Your appointment is coming up on 12/3 at 9:00. If you need to change it, please reply back and let us know.'
    expect(due).toMatchObject({
      type: 'template',
      text,
      template: planB.template,
      planB: { text: 'Te espero', taken: { step: 'template' } },
    })
    expect(sent()).toEqual([['whatsapp', text]])
  })

  test('goes by SMS, once, where the template cannot be sent any more', async () => {
    const { id } = await planned()
    await dropTemplates()
    const due = await cameDue(id)
    expect(due).toMatchObject({ status: 'canceled', planB: { taken: { step: 'sms', because: ['window', 'template'] } } })
    const sms = await hilo.message(due.planB?.taken?.messageId ?? '')
    expect(sms).toMatchObject({ channel: 'sms', text: 'Te espero', fallbackOf: id, conversationId: due.planB?.taken?.conversationId })
    expect(sent()).toEqual([['sms', 'Te espero']])
  })

  test('a template that promotes does not go to who wants no promotions: the SMS is next', async () => {
    const host = hilo.agent({ sub: 'host', role: 'service' })
    hilo.simulator.faults.set({ templatesMarketing: true })
    await clock.advance(10_000)
    await host.call('POST', '/api/templates/sync')
    const template = await host.call<{ category: string }>('GET', `/api/templates/${planB.template.name}?language=en`)
    expect(template.body.category).toBe('MARKETING')
    await host.call('POST', '/api/opt-outs', { channel: 'whatsapp', to: phone, scope: 'marketing', source: 'host' })
    const { id } = await planned()
    expect(await cameDue(id)).toMatchObject({ planB: { taken: { step: 'sms', because: ['window', 'template'] } } })
    expect(sent()).toEqual([['sms', 'Te espero']])
  })

  test('fails with the reason where no step can go', async () => {
    const { id } = await planned({ planB: { template: planB.template } })
    await dropTemplates()
    expect(await cameDue(id)).toMatchObject({ status: 'failed', error: { reason: 'window' }, planB: { sms: false } })
    expect(sent()).toEqual([])
  })

  test('is decided at once where its time has come already', async () => {
    const { id } = await planned({ planB, sendAt: at(-HOUR) })
    await clock.advance(0)
    const due = await hilo.messageWhen(id, (message) => message.status !== 'scheduled')
    expect(due.planB?.taken?.step).toBe('text')
  })

  test('is the same message for a repeat, also after the template went in its place', async () => {
    const body = { planB, sendAt: at(DUE), clientMessageId: 'plan-1' }
    const { id } = await planned(body)
    expect((await call(body)).body.message.id).toBe(id)
    await cameDue(id)
    const again = await call(body)
    expect([again.status, again.body.message.id]).toEqual([200, id])
    expect((await call({ ...body, planB: { sms: true } })).body.code, 'another plan B').toBe('conflict')
    expect((await call({ ...body, text: 'Otra cosa' })).body.code).toBe('conflict')
  })

  test('keeps its plan B when it is changed, unless that is changed or taken off', async () => {
    const { id } = await planned()
    const { message } = (await change(id, { text: 'Te espero a las 10' })).body
    expect(message.planB).toEqual({ ...planB, template: { ...planB.template, language: 'en' } })
    expect((await change(id, { planB: { sms: true } })).body.message.planB).toEqual({ sms: true })
    expect((await change(id, { planB: null })).body.message).not.toHaveProperty('planB')
    await change(id, { planB })
    const asTemplate = await change(id, { template: planB.template })
    expect(asTemplate.body.message, 'a template needs none').not.toHaveProperty('planB')
    expect(await change(id, { planB })).toMatchObject({ status: 422, body: { issues: [{ path: 'planB' }] } })
  })

  test.each<[what: string, body: object, code: string, path: string]>([
    ['nothing in it', { planB: {} }, 'validation_failed', 'planB'],
    ['only no SMS', { planB: { sms: false } }, 'validation_failed', 'planB'],
    ['SMS as a word', { planB: { sms: 'yes' } }, 'validation_failed', 'planB.sms'],
    ['a send at once', { planB, sendAt: undefined }, 'validation_failed', 'planB'],
    ['a template', { planB, text: undefined, template: planB.template }, 'validation_failed', 'planB'],
    ['a note', { planB, text: undefined, note: 'x', sendAt: undefined }, 'validation_failed', 'planB'],
    ['SMS as the channel', { planB, conversationId: undefined, channel: 'sms', to: phone }, 'validation_failed', 'planB'],
    ['an unknown template', { planB: { template: { name: 'none' } } }, 'template_not_approved', ''],
    [
      'a value that is missing',
      { planB: { template: { name: 'appointment_reminder', variables: { date: '12/3' } } } },
      'template_variables_missing',
      'planB.template.variables.time',
    ],
  ])('is refused with %s, and says where', async (_what, body, code, path) => {
    const answer = await call(body)
    expect([answer.body.code, answer.body.issues?.map((one) => one.path).includes(path) ?? path === '']).toEqual([code, true])
  })
})

test('without a number for SMS a plan B by SMS is refused', async () => {
  await hilo.close()
  hilo = await startHilo({ clock, env: { TWILIO_PHONE_NUMBER: '' } })
  await hilo.simulator.phone(phone).write('hola')
  conversationId = (await hilo.conversation(phone)).id
  expect((await call({ planB })).body.code).toBe('no_sender')
  expect((await call({ planB: { template: planB.template } })).status).toBe(202)
})
