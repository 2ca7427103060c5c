// A template written here, on its way to WhatsApp: checked, made, submitted, decided; twice at once, and after a crash on the way.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Template } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Submission } from '../../server/store/records.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })
const clock = createManualClock()
let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo({ clock, simulator: { timing: { sentAfterMs: 5, deliveredAfterMs: 10, approvedAfterMs: 8_000 } } })
})
afterAll(() => hilo.close())
beforeEach(() => hilo.simulator.faults.clear())

type Answer = { template: Template } & Problem
const boss = () => hilo.agent({ sub: 'boss', role: 'supervisor' })
const wanted = {
  language: 'es',
  category: 'UTILITY',
  body: 'Hola {{nombre}}, te esperamos el {{dia}} en el salón.',
  samples: { nombre: 'Ana', dia: 'lunes' },
}
const submit = (name: string, over: object = {}, by = boss()) =>
  by.call<Answer>('POST', `/api/templates/${name}/submit`, { ...wanted, ...over })
const kept = async (name: string) => (await boss().call<Template>('GET', `/api/templates/${name}`)).body
const made = (name: string) => hilo.simulator.contents.all().filter((one) => one.friendlyName === name)
const becomes = (name: string, status: string) =>
  until(
    async () => {
      await clock.advance(4_000)
      const now = await kept(name)
      return now.status === status && now
    },
    { what: `${name} ${status}`, timeoutMs: 30_000 },
  )

describe('a template that is submitted', () => {
  test('is made with numbers in place of names and their samples, and is followed until WhatsApp approves it', async () => {
    const first = await submit('espera', { defaults: { dia: 'lunes' } })
    expect([first.status, first.body.template]).toMatchObject([
      202,
      { status: 'received', approved: false, category: 'UTILITY', type: 'text', variables: ['nombre', 'dia'], defaults: { dia: 'lunes' } },
    ])
    expect(made('espera')).toMatchObject([
      {
        ...{ language: 'es', variables: { 1: 'Ana', 2: 'lunes' }, approval: { name: 'espera', category: 'UTILITY' } },
        types: { 'twilio/text': { body: 'Hola {{1}}, te esperamos el {{2}} en el salón.' } },
      },
    ])
    expect(await becomes('espera', 'approved')).toMatchObject({
      approved: true,
      body: wanted.body,
      whatsapp: { variables: ['nombre', 'dia'] },
    })
    expect(await submit('espera', { defaults: { dia: 'lunes' } })).toMatchObject({
      status: 200,
      body: { template: { status: 'approved' } },
    })
    const changed = await submit('espera', { body: 'Hola {{nombre}}, ya no te esperamos el {{dia}}, perdón.' })
    expect([changed.status, changed.body.detail]).toEqual([409, expect.stringContaining('approved')])
    expect(made('espera')).toHaveLength(1)
  })

  test('with buttons, a header and a file is of the kind that Twilio has for it', async () => {
    const replies = [
      { type: 'reply', text: 'Sí', payload: 'yes' },
      { type: 'reply', text: 'No' },
    ]
    const links = [
      { type: 'url', text: 'Ver', url: 'https://x.example.com/{{id}}' },
      { type: 'phone', text: 'Llamar', phone: '+5491133350001' },
    ]
    const samples = { ...wanted.samples, id: '7' }
    const body = 'Hola {{1}}, te esperamos el {{2}} en el salón.'
    for (const [name, over, types] of [
      [
        'preg',
        { buttons: replies },
        {
          'twilio/quick-reply': {
            body,
            actions: [
              { type: 'QUICK_REPLY', title: 'Sí', id: 'yes' },
              { type: 'QUICK_REPLY', title: 'No', id: 'No' },
            ],
          },
        },
      ],
      [
        'enlace',
        { buttons: links, samples },
        {
          'twilio/call-to-action': {
            body,
            actions: [
              { type: 'URL', title: 'Ver', url: 'https://x.example.com/{{3}}' },
              { type: 'PHONE_NUMBER', title: 'Llamar', phone: '+5491133350001' },
            ],
          },
        },
      ],
      ['foto', { media: 'https://x.example.com/a.jpg' }, { 'twilio/media': { body, media: ['https://x.example.com/a.jpg'] } }],
      [
        'tarjeta',
        { header: 'Aviso', footer: 'Ágora', buttons: [...replies, ...links.slice(1)] },
        { 'whatsapp/card': { header_text: 'Aviso', body, footer: 'Ágora' } },
      ],
    ] as const) {
      expect((await submit(name, over)).status, name).toBe(202)
      expect(made(name)[0]?.types, name).toMatchObject(types)
    }
    expect(await kept('tarjeta')).toMatchObject({ type: 'card', body: `Aviso\n${wanted.body}\nÁgora`, inWindow: false })
  })

  test('that WhatsApp would refuse is refused first, each breach in the house’s words, and nothing is asked of Twilio', async () => {
    const before = hilo.simulator.contents.all().length
    const { status, body } = await submit('Mal', { body: '{{nombre}} ven', samples: {}, buttons: [{ type: 'reply', text: 'Sí 🎉' }] })
    expect([status, body.code]).toEqual([422, 'validation_failed'])
    expect(body.issues).toEqual([
      { path: 'name', rule: 'name_signs', message: 'WhatsApp acepta en el nombre minúsculas sin acento, números y _.' },
      { path: 'body', rule: 'variable_first', message: 'El texto empieza con una variable. Poné una palabra antes.' },
      { path: 'body', rule: 'words_few', message: 'Hay pocas palabras para tantas variables: al menos 3.' },
      { path: 'buttons.0.text', rule: 'button_signs', message: expect.stringContaining('emojis') },
      { path: 'samples.nombre', rule: 'sample_missing', message: expect.stringContaining('ejemplo') },
    ])
    expect((await submit('espera', { category: 'SPAM' })).status).toBe(422)
    expect((await submit('otra', {}, hilo.agent())).status).toBe(403)
    expect(hilo.simulator.contents.all()).toHaveLength(before)
  })

  test('and rejected says WhatsApp’s reason, though no event came, and goes again under another name there', async () => {
    hilo.simulator.faults.set({ templatesRejected: true, lostTemplateEvents: 1 })
    await submit('cuota')
    const rejected = await becomes('cuota', 'rejected')
    expect(rejected).toMatchObject({ approved: false, rejection: expect.stringContaining('category') })
    hilo.simulator.faults.set({ templatesRejected: false })
    const again = await submit('cuota')
    expect([again.status, again.body.template.status, again.body.template.rejection]).toEqual([202, 'received', null])
    expect(made('cuota').map(({ approval }) => approval?.name)).toEqual(['cuota', 'cuota_2'])
    expect(await becomes('cuota', 'approved')).toMatchObject({ approved: true })
  })

  test('twice at once is submitted once; with other words the second has to wait', async () => {
    const answers = await Promise.all([
      submit('doble'),
      submit('doble'),
      submit('doble', { body: 'Otro texto para {{nombre}} el {{dia}} en casa, gracias.' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([202, 200, 409])
    expect(made('doble')).toHaveLength(1)
  })

  test('that Twilio refuses says so, stays as a text of ours, and can be asked for again', async () => {
    const taken = hilo.simulator.contents.create({ friendlyName: 'x', language: 'es', variables: {}, types: {} })
    if ('refused' in taken) throw new Error('The hundred are not used up.')
    hilo.simulator.contents.submit(taken, 'tomado', 'UTILITY')
    const refused = await submit('tomado')
    expect([refused.status, refused.body.detail]).toEqual([422, expect.stringContaining('there already')])
    expect(await kept('tomado')).toMatchObject({ status: 'unsubmitted', rejection: expect.stringContaining('there already') })
    expect(await submit('tomado')).toMatchObject({ status: 202, body: { template: { status: 'received', rejection: null } } })
  })
})

describe('a submission that a crash cut off', () => {
  /** As who was killed left it. */
  const leftAt = async (name: string, step: Submission['step'], contentSid: string | null) => {
    const { store } = hilo.server.parts
    await submit(name)
    const [whole] = await store.templatesNamed('default', name)
    if (!whole?.submission) throw new Error('It was submitted.')
    const submission = { ...whole.submission, step }
    const whatsapp = contentSid === null ? null : { contentSid, variables: ['nombre', 'dia'] }
    await store.changeTemplate(
      'default',
      whole,
      (before) => before && { ...before, status: 'unsubmitted', whatsapp, submission },
      clock.now(),
    )
  }
  const forget = (name: string) => {
    for (const one of made(name)) one.approval = null
  }

  test('after the content was made goes on with that content, by itself', async () => {
    await leftAt('corte_a', 'content', null)
    forget('corte_a')
    await becomes('corte_a', 'approved')
    expect(made('corte_a')).toHaveLength(1)
  })

  test('after WhatsApp was asked does not ask again', async () => {
    await leftAt('corte_b', 'approval', made('corte_b')[0]?.sid ?? '')
    const [one] = made('corte_b')
    await hilo.server.parts.store.changeTemplate(
      'default',
      { name: 'corte_b', language: 'es' },
      (before) => before && { ...before, whatsapp: { contentSid: one?.sid ?? '', variables: ['nombre', 'dia'] } },
      clock.now(),
    )
    expect(await submit('corte_b')).toMatchObject({ status: 200, body: { template: { status: 'received' } } })
    expect(made('corte_b')).toHaveLength(1)
  })

  test('whose content was deleted meanwhile makes it anew', async () => {
    await leftAt('corte_c', 'approval', 'HX00000000000000000000000000000000')
    for (const one of made('corte_c')) hilo.simulator.contents.remove(one.sid)
    clock.sleep(31 * 24 * 3_600_000)
    expect(await submit('corte_c')).toMatchObject({ status: 200, body: { template: { status: 'received' } } })
    expect(made('corte_c')).toHaveLength(1)
  })
})
