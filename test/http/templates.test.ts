// Templates over the API: read by agents, changed by supervisors and the host; and what becomes of a send that uses one.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Template } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { TemplateEventKind } from '../../server/simulator/contents.ts'
import type { TemplateInput } from '../../server/store/records.ts'
import type { TestHilo } from '../support/hilo.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { startWithClient } from '../support/start-with-client.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const phone = '+5491133350002'
const sid = (n: number) => `HX${String(n).padStart(32, '0')}`
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
})
afterEach(() => hilo.close())

const boss = () => hilo.agent({ sub: 'boss', role: 'supervisor' })
const put = (name: string, body: object, by = boss()) => by.call<{ template: Template } & Problem>('PUT', `/api/templates/${name}`, body)
const list = async (query = '') =>
  (await hilo.agent().call<{ items: Template[]; nextCursor: string | null }>('GET', `/api/templates${query}`)).body
const names = async (query = '') => (await list(query)).items.map(({ name, language }) => `${name} ${language}`)
const change = (name: string, over: Partial<TemplateInput>, language = 'en') =>
  hilo.server.parts.store.changeTemplate('default', { name, language }, (before) => before && { ...before, ...over }, clock.now())
/** As Twilio has it from now on, too: its list is read again meanwhile. */
const changeThere = (kind: TemplateEventKind, value: string) =>
  hilo.simulator.contents.change('HXb5b62575e6e4ff6129ad7c8efe1f983e', kind, value)
const reminder = { name: 'appointment_reminder', variables: { date: '5/12', time: '9:00' } }
const send = (body: object) =>
  hilo.agent().call<{ message: { id: string } } & Problem>('POST', '/api/messages', { conversationId, ...body })
const left = () => hilo.simulator.ledger().accepted.length + hilo.simulator.ledger().refused.length

describe('templates', () => {
  test('are read by every agent, and changed by supervisors and the host’s services alone', async () => {
    const body = { language: 'es', body: 'Hola {{nombre}}.' }
    for (const [method, path, sent] of [
      ['PUT', '/api/templates/saludo', body],
      ['DELETE', '/api/templates/appointment_reminder', undefined],
    ] as const)
      expect(await hilo.agent().call(method, path, sent)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await names()).toEqual(['appointment_reminder en', 'order_delivery en'])
    expect((await put('saludo', body)).status).toBe(201)
    expect((await put('saludo', { ...body, body: 'Buenas, {{nombre}}.' }, hilo.agent({ role: 'service' }))).status).toBe(200)
    expect((await hilo.agent().call<Template>('GET', '/api/templates/saludo')).body).toMatchObject({
      ...{ body: 'Buenas, {{nombre}}.', variables: ['nombre'], approved: false, inWindow: true, status: 'unsubmitted', whatsapp: null },
    })
    expect((await boss().call('DELETE', '/api/templates/saludo')).status).toBe(204)
    for (const method of ['GET', 'DELETE']) expect((await boss().call(method, '/api/templates/saludo')).status).toBe(404)
  })

  test('are listed in pages, by language and by words', async () => {
    for (const [name, language] of [
      ['aviso', 'pt-BR'],
      ['aviso', 'es'],
      ['zona', 'es_AR'],
    ] as const)
      await put(name, { language, body: `Mañana en ${name}.` })
    expect(await names('?language=es')).toEqual(['aviso es', 'zona es_AR'])
    expect(await names('?q=manana%20zona')).toEqual(['zona es_AR'])
    const first = await list('?limit=3')
    expect(first.items).toHaveLength(3)
    expect(await names(`?limit=3&cursor=${first.nextCursor}`)).toEqual(['order_delivery en', 'zona es_AR'])
    const of = async (language: string) =>
      (await hilo.agent().call<Template>('GET', `/api/templates/aviso?language=${language}`)).body.language
    expect([await of('pt_BR'), await of('es')]).toEqual(['pt_BR', 'es'])
    await boss().call('DELETE', '/api/templates/aviso?language=pt-BR')
    expect(await names('?q=aviso')).toEqual(['aviso es'])
  })

  test('are refused with every fault named: of the values, of the content, of the language', async () => {
    const faults = async (body: object) => (await put('x', body)).body.issues?.map((one) => one.path)
    const good = { language: 'es', body: 'Hola {{nombre}}, {{hora}}.' }
    expect(await faults({ ...good, language: 'español de acá' })).toEqual(['language'])
    expect(await faults({ ...good, body: ' \n ' })).toEqual(['body'])
    expect(await faults({ ...good, whatsapp: { contentSid: 'HX1', variables: [] } })).toEqual(['whatsapp.contentSid'])
    expect(await faults({ ...good, defaults: { nombre: 'dos\nlíneas', hora: ' ' } })).toEqual(['defaults.nombre', 'defaults.hora'])
    expect(await faults({ ...good, whatsapp: { contentSid: sid(1), variables: ['nombre', 'lugar'] } })).toEqual([
      'whatsapp.variables.1',
      'whatsapp.variables',
    ])
    expect((await put('x'.repeat(200), good)).status).toBe(422)
    expect((await put('x', { ...good, approved: true })).status, 'approval is WhatsApp’s').toBe(422)
  })

  test('with a content of Twilio are as WhatsApp has it; of one that Twilio does not know nothing is approved', async () => {
    const body = { language: 'es', body: 'Hola {{nombre}}, te escribimos de {{negocio}}.' }
    const of = async (contentSid: string) =>
      (await put('saludo', { ...body, whatsapp: { contentSid, variables: ['nombre', 'negocio'] } })).body.template
    expect(await of('HX5a1d0000000000000000000000000001')).toMatchObject({
      approved: true,
      status: 'approved',
      category: 'UTILITY',
      type: 'text',
    })
    expect(await of(sid(77))).toMatchObject({ approved: false, inWindow: true, status: 'unsubmitted', category: null })
  })

  test('are told to every connected agent as they change, without what they say', async () => {
    const live = await hilo.agent().connect()
    const told: unknown[][] = []
    live.socket.on('templates', (...args: unknown[]) => told.push(args))
    await put('saludo', { language: 'es', body: 'Hola.' })
    await until(
      async () => {
        await clock.advance(500)
        return told.length > 0
      },
      { what: 'the news' },
    )
    await put('saludo', { language: 'es', body: 'Hola.' })
    await clock.advance(1_000)
    await live.ask('sync', { since: null })
    expect(told).toEqual([[]])
    live.close()
  })
})

describe('a send by template', () => {
  test('takes the client’s language by the number, the one that is asked for, and no other', async () => {
    for (const language of ['es', 'en']) await put('saludo', { language, body: `${language} {{nombre}}` })
    const sent = async (template: object) => (await send({ template: { name: 'saludo', ...template } })).body
    const { message } = await sent({ variables: { nombre: 'Ana' } })
    expect(await hilo.message(message.id)).toMatchObject({ text: 'es Ana', template: { language: 'es' } })
    expect(await hilo.message((await sent({ language: 'en', variables: { nombre: 'Ana' } })).message.id)).toMatchObject({ text: 'en Ana' })
    expect(await sent({ language: 'fr', variables: { nombre: 'Ana' } })).toMatchObject({ code: 'template_not_approved' })
  })

  test('fills what was not given from the record, the client, the agent and its defaults, and the same key again is the same message', async () => {
    await boss().call('PUT', '/api/coordinations/ev-7', {
      ...{ title: 'Boda', contact: { name: 'Sofía Herrera', phone }, startsAt: '2026-12-05T21:30:00Z', timezone: 'America/Lima' },
      data: { Monto: 480, lugar: '' },
    })
    await put('cuota', {
      ...{ language: 'es', body: '{{agente}}: {{monto}} el {{fecha}} a las {{hora}} en {{lugar}} {{fin}}' },
      defaults: { lugar: 'el salón', monto: '1' },
    })
    await hilo.agent().call('PATCH', `/api/conversations/${conversationId}`, { coordinationId: 'ev-7' })
    const asked = { clientMessageId: 'k-1', template: { name: 'cuota', variables: { fin: 'dos\nlíneas' } } }
    const first = await send(asked)
    expect(await hilo.message(first.body.message.id)).toMatchObject({
      text: 'Ana: 480 el sábado, 5 de diciembre a las 16:30 en el salón dos líneas',
      template: { filled: ['agente', 'monto', 'fecha', 'hora', 'lugar'] },
    })
    expect((await send(asked)).body.message.id).toBe(first.body.message.id)
    expect((await send({ ...asked, template: { name: 'cuota', variables: { fin: 'otro' } } })).status).toBe(409)
    expect(await send({ template: { name: 'cuota' } })).toMatchObject({
      status: 422,
      body: { code: 'template_variables_missing', issues: [{ path: 'template.variables.fin' }] },
    })
  })

  test('is refused at the door with the reason where WhatsApp has it paused, rejected or gone', async () => {
    for (const [over, why] of [
      [{ status: 'paused' }, 'paused'],
      [{ status: 'rejected', rejection: 'INVALID_FORMAT' }, 'INVALID_FORMAT'],
      [{ status: 'approved', rejection: null, gone: true }, 'does not have it any more'],
    ] as const) {
      await change('appointment_reminder', over)
      const refused = await send({ template: reminder })
      expect([refused.status, refused.body.code]).toEqual([422, 'template_not_approved'])
      expect(refused.body.detail).toContain(why)
    }
    expect(left()).toBe(0)
  })

  test('of one that is not approved yet goes while the client’s window is open, and not after it', async () => {
    await change('appointment_reminder', { status: 'pending' })
    expect((await send({ template: reminder })).status).toBe(202)
    clock.sleep(24 * 3600_000)
    const refused = await send({ template: reminder })
    expect(refused.body).toMatchObject({ code: 'template_not_approved', detail: expect.stringContaining('pending') })
  })

  test('that entered before its template lost approval fails right before the request, and says why', async () => {
    const { body } = await send({ template: reminder, sendAt: new Date(clock.now() + 60_000).toISOString() })
    changeThere('status_update', 'disabled')
    await change('appointment_reminder', { status: 'disabled' })
    clock.sleep(61_000)
    const failed = await until(
      async () => {
        await clock.advance(500)
        const now = await hilo.message(body.message.id)
        return now.status === 'failed' && now
      },
      { what: 'the failure' },
    )
    expect(failed.error).toMatchObject({
      code: null,
      reason: 'template',
      action: 'send_template',
      message: expect.stringContaining('disabled'),
    })
    expect(left()).toBe(0)
  })

  test('sends the content and its values alone, and keeps the category of the moment in which it went', async () => {
    const { body } = await send({ template: reminder, sendAt: new Date(clock.now() + 60_000).toISOString() })
    expect(await hilo.message(body.message.id)).toMatchObject({ template: { category: 'UTILITY' } })
    changeThere('category_update', 'marketing')
    await change('appointment_reminder', { category: 'MARKETING' })
    clock.sleep(61_000)
    const sent = await until(
      async () => {
        await clock.advance(500)
        const now = await hilo.message(body.message.id)
        return now.twilioSid !== null && now
      },
      { what: 'the send' },
    )
    expect(sent.template).toMatchObject({ category: 'MARKETING' })
    expect(hilo.simulator.ledger().accepted[0]).toMatchObject({
      contentSid: 'HXb5b62575e6e4ff6129ad7c8efe1f983e',
      variables: { 1: '5/12', 2: '9:00' },
    })
  })
})
