// The rules that come with Hilo: listed switched off, switched on as they were read, each with a text that WhatsApp would take.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Automation, AutomationInput } from '../../shared/automations.ts'
import type { Message } from '../../shared/model.ts'
import { templateFaults } from '../../shared/template-faults.ts'
import { templateSubmission } from '../../shared/template-requests.ts'
import { placeholders } from '../../shared/templates.ts'
import { builtIn, builtInTemplates } from '../../server/automations/built-in.ts'
import type { TemplateInput } from '../../server/store/records.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'

let hilo: TestHilo
let host: TestAgent
beforeAll(async () => {
  hilo = await startHilo()
  host = hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
})
afterAll(() => hilo?.close())

const faultsOf = ({ name, language, body }: TemplateInput) => {
  const samples = Object.fromEntries(placeholders(body).map((one) => [one, 'x']))
  return templateFaults(name, templateSubmission.parse({ language, category: 'UTILITY', body, samples }))
}
const asSaved = ({ name: _, builtIn: __, updatedAt: ___, rev: ____, ...rule }: Automation): AutomationInput => rule

describe('automations that come with Hilo', () => {
  test('are listed switched off, and nothing of them is kept', async () => {
    const { body } = await host.call<{ items: Automation[] }>('GET', '/api/automations')
    const shown = body.items.map(({ name, enabled, rev, updatedAt }) => [name, enabled, rev, updatedAt])
    expect(shown).toEqual([...builtIn.keys()].toSorted().map((name) => [name, false, 0, null]))
    const { body: one } = await host.call<Automation>('GET', '/api/automations/loan_approved')
    expect(one).toMatchObject({ builtIn: true, on: 'loan.approved' })
    expect((await host.call('DELETE', '/api/automations/loan_approved')).status).toBe(404)
    expect(await hilo.server.parts.store.settings('default', 'automation')).toEqual([])
  })

  test.each([...builtIn.keys()])('%s can be submitted to WhatsApp as it stands, in three languages', (name) => {
    const texts = builtInTemplates(name)
    expect(texts.map(({ language }) => language)).toEqual(['es', 'en', 'pt'])
    for (const one of texts) expect(faultsOf(one), one.body).toEqual([])
  })

  test('switched on as it was read, with its texts: a payment is confirmed with the amount that the event says', async () => {
    const phone = '+5491144500123'
    const record = { title: 'Préstamo 12', contact: { name: 'Ana Suárez', phone }, data: { amount: '900' } }
    await host.call('PUT', '/api/coordinations/pay-1', record)
    await hilo.simulator.phone(phone).write('hola')
    const path = '/api/automations/payment_received'
    const rule = (await host.call<Automation>('GET', path)).body
    const saved = await host.call<{ automation: Automation }>('PUT', path, { ...asSaved(rule), enabled: true })
    expect([saved.status, saved.body.automation.builtIn, saved.body.automation.enabled]).toEqual([201, undefined, true])
    const texts = await hilo.server.parts.store.templatesNamed('default', 'payment_received')
    expect(texts.map(({ language }) => language)).toEqual(['en', 'es', 'pt'])
    const event = { type: 'payment.received', data: { amount: '$ 1.500' } }
    const told = await host.call<{ messages: Message[] }>('POST', '/api/coordinations/pay-1/events', event)
    expect(told.body.messages.map(({ text }) => text)).toEqual(['Hola Ana, recibimos tu pago de $ 1.500 de Préstamo 12. ¡Gracias!'])
    const sent = await hilo.messageWhen(told.body.messages[0]?.id ?? '', (one) => one.status === 'delivered')
    expect(sent).toMatchObject({ channel: 'whatsapp', author: { type: 'automation', id: 'payment_received' } })
  })
})
