// Twilio's list of contents, read over the API: what it joins, what it leaves alone, who may ask.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Template, TemplateCounts } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { type SimulatorContent, simulatorContents } from '../../server/simulator/content.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })
const clock = createManualClock()
let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo({ clock })
})
afterAll(() => hilo.close())

const boss = () => hilo.agent({ sub: 'boss', role: 'supervisor' })
const sync = async () => (await boss().call<TemplateCounts & Problem>('POST', '/api/templates/sync')).body
const kept = async (name: string) => (await boss().call<Template>('GET', `/api/templates/${name}`)).body
const put = (name: string, body: object) => boss().call('PUT', `/api/templates/${name}`, body)
const sid = (n: number) => `HX${String(n).padStart(32, '0')}`
const content = (n: number, over: Partial<SimulatorContent> = {}): SimulatorContent => ({
  ...{ sid: sid(n), friendlyName: `aviso_${n}`, language: 'es_AR', body: 'Hola {{1}}, te esperamos.', variables: { 1: 'Ana' } },
  ...over,
})
/** Longer than a content may need to be listed. */
const later = () => clock.sleep(61_000)

describe('a reading of Twilio’s list', () => {
  test('takes over what is there, page after page, once; again it changes nothing', async () => {
    for (let n = 1; n <= 1_100; n++) hilo.simulator.contents.add(content(n))
    // Two of the simulator's are ours by another name already.
    const fresh = simulatorContents.length - 2 + 1_100
    expect(await sync()).toEqual({ created: fresh, changed: 0, gone: 0, unchanged: 2 })
    expect(await kept('aviso_1100')).toMatchObject({
      ...{ language: 'es_AR', body: 'Hola {{1}}, te esperamos.', variables: ['1'], type: 'text', status: 'approved', category: 'UTILITY' },
      ...{ whatsapp: { contentSid: sid(1100), variables: ['1'] }, defaults: {}, gone: false, approved: true },
    })
    expect((await boss().call('GET', '/api/templates/sample_order_delivery')).status, 'no twin of ours').toBe(404)
    expect(await sync()).toEqual({ created: 0, changed: 0, gone: 0, unchanged: fresh + 2 })
    expect((await boss().call<{ templates: object }>('GET', '/api/status')).body.templates).toEqual({
      ...{ readAt: new Date(clock.now()).toISOString(), fault: null },
    })
  })

  test('knows each kind by its text, its buttons and the variables of its addresses', async () => {
    const make = (friendlyName: string, types: Record<string, object>) =>
      hilo.simulator.contents.create({ friendlyName, language: 'pt-BR', variables: {}, types: types as never })
    make('foto', { 'twilio/media': { media: ['https://x.example.com/{{2}}'], body: 'Oi {{1}}!' } })
    make('botoes', {
      'twilio/quick-reply': { body: 'Vem?', actions: [{ title: 'Sim' }, { title: 'Não' }] },
      'twilio/text': { body: 'Vem?' },
    })
    make('link', {
      'twilio/call-to-action': { body: 'Veja', actions: [{ type: 'URL', title: 'Abrir', url: 'https://x.example.com/{{1}}' }] },
    })
    make('cartao', { 'whatsapp/card': { header_text: 'Aviso', body: 'Texto', footer: 'Ágora' } })
    make('lista', { 'twilio/list-picker': { body: 'Qual?', button: 'Ver', items: [] } })
    make('outro', { 'twilio/catalog': { body: 'Novo' } })
    expect(await sync()).toMatchObject({ created: 6, changed: 0 })
    const told = async (name: string) => {
      const { type, body, variables, status, inWindow, language } = await kept(name)
      return { type, body, variables, status, inWindow, language }
    }
    const base = { variables: [], status: 'unsubmitted', inWindow: true, language: 'pt_BR' }
    expect(await told('foto')).toEqual({ ...base, type: 'media', body: 'Oi {{1}}!', variables: ['1', '2'] })
    expect(await told('botoes')).toEqual({ ...base, type: 'quick-reply', body: 'Vem?' })
    expect(await told('link')).toEqual({ ...base, type: 'call-to-action', body: 'Veja', variables: ['1'], inWindow: false })
    expect(await told('cartao')).toEqual({ ...base, type: 'card', body: 'Aviso\nTexto\nÁgora', inWindow: false })
    expect(await told('lista')).toEqual({ ...base, type: 'list-picker', body: 'Qual?' })
    expect(await told('outro')).toEqual({ ...base, type: 'other', body: 'Novo', inWindow: false })
  })

  test('brings the state of ours and leaves their text, and those of a name that Twilio has too', async () => {
    hilo.simulator.contents.add(content(2001, { friendlyName: 'cuota' }))
    hilo.simulator.contents.add(content(2002, { friendlyName: 'nuestra' }))
    await put('pago', { language: 'es', body: 'Hola {{nombre}}.', whatsapp: { contentSid: sid(2001), variables: ['nombre'] } })
    await put('nuestra', { language: 'es_AR', body: 'Un texto nuestro.' })
    hilo.simulator.contents.change(sid(2001), 'status_update', 'paused')
    expect(await sync()).toMatchObject({ created: 0 })
    expect(await kept('pago')).toMatchObject({ body: 'Hola {{nombre}}.', status: 'paused', approved: false })
    expect(await kept('nuestra')).toMatchObject({ body: 'Un texto nuestro.', whatsapp: null })
  })

  test('says of what Twilio deleted that it is gone, once it had the time to be listed, and takes it back when it is there again', async () => {
    hilo.simulator.contents.remove(sid(7))
    hilo.simulator.contents.remove(sid(2001))
    later()
    expect(await sync()).toMatchObject({ created: 0, gone: 2 })
    for (const name of ['aviso_7', 'pago']) expect(await kept(name)).toMatchObject({ gone: true, approved: false, inWindow: false })
    expect(await kept('appointment_reminder')).toMatchObject({ gone: false })
    hilo.simulator.contents.add(content(7))
    expect(await sync()).toMatchObject({ created: 0, changed: 1, gone: 0 })
    expect(await kept('aviso_7')).toMatchObject({ gone: false, approved: true })
  })

  test('does not take everybody’s sandbox templates for gone, which no account lists', async () => {
    const everybodys = 'HX350d429d32e64a552466cafecbe95f3c'
    hilo.simulator.contents.remove(everybodys)
    later()
    expect(await sync()).toMatchObject({ gone: 0 })
    expect(await kept('order_delivery')).toMatchObject({ gone: false, approved: true })
  })

  test('is for supervisors and the host’s services', async () => {
    expect((await hilo.agent().call('POST', '/api/templates/sync')).status).toBe(403)
    expect((await hilo.agent({ role: 'service' }).call('POST', '/api/templates/sync')).status).toBe(200)
  })

  test('that Twilio refuses is said to the caller, in the log and in the status, and changes nothing', async () => {
    hilo.simulator.faults.set({ readError500: 1 })
    const refused = await boss().call<Problem>('POST', '/api/templates/sync')
    hilo.simulator.faults.set({ readError500: 0 })
    expect(refused).toMatchObject({ status: 503, body: { code: 'unavailable', detail: expect.stringContaining('HTTP 500') } })
    expect((await boss().call<{ templates: object }>('GET', '/api/status')).body.templates).toMatchObject({
      fault: expect.stringContaining('HTTP 500'),
    })
    expect(hilo.log()).toContain('Templates could not be read from Twilio')
    await sync()
    expect((await boss().call<{ templates: object }>('GET', '/api/status')).body.templates).toMatchObject({ fault: null })
  })

  test('comes by itself soon after an event of a content that is not known here', async () => {
    hilo.simulator.contents.add(content(3001))
    hilo.simulator.contents.change(sid(3001), 'status_update', 'rejected')
    const found = await until(
      async () => {
        await clock.advance(10_000)
        const { items } = (await boss().call<{ items: Template[] }>('GET', '/api/templates?q=3001')).body
        return items[0]
      },
      { what: 'the new one', timeoutMs: 30_000 },
    )
    expect(found).toMatchObject({ name: 'aviso_3001', status: 'rejected' })
  })
})
