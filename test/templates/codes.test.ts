// One-time codes by a template of WhatsApp's own: made, approved, sent ahead of all else, and forgotten.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Message, Template } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { passUntil } from '../support/pass-time.ts'

vi.setConfig({ testTimeout: 60_000 })
const MINUTE = 60_000
const phone = '+5491133330078'
const clock = createManualClock()
let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo({ clock, simulator: { timing: { sentAfterMs: 5, deliveredAfterMs: 10, approvedAfterMs: 1_000 } } })
})
afterAll(() => hilo.close())

const wanted = {
  language: 'es',
  category: 'AUTHENTICATION',
  body: '{{codigo}}',
  samples: { codigo: '918273' },
  code: { expiresInMinutes: 5 },
}
const submit = (name: string, over: object = {}) =>
  hilo
    .agent({ sub: 'boss', role: 'supervisor' })
    .call<{ template: Template } & Problem>('POST', `/api/templates/${name}/submit`, { ...wanted, ...over })
const kept = async (name: string) => (await hilo.agent().call<Template>('GET', `/api/templates/${name}`)).body
const send = (codigo: string, over: object = {}) =>
  hilo.agent().call<{ message: Message } & Problem>('POST', '/api/messages', {
    ...{ channel: 'whatsapp', to: phone, template: { name: 'codigo', variables: { codigo } } },
    ...over,
  })
const becomes = async (id: string, so: (message: Message) => boolean) => {
  await passUntil(clock, async () => so(await hilo.message(id)), MINUTE, 500)
  return hilo.message(id)
}

test('it is made as WhatsApp has it: its words are WhatsApp’s, ours are the minutes, the warning and the button', async () => {
  const { status, body } = await submit('codigo')
  expect([status, body.template]).toMatchObject([
    202,
    {
      ...{ type: 'authentication', category: 'AUTHENTICATION', variables: ['codigo'], approved: false },
      body: 'Tu código de verificación es {{codigo}}. Por tu seguridad, no lo compartas.\nEste código caduca en 5 minutos.',
    },
  ])
  expect(hilo.simulator.contents.all().filter((one) => one.friendlyName === 'codigo')).toMatchObject([
    {
      variables: { 1: '918273' },
      approval: { category: 'AUTHENTICATION' },
      types: {
        'whatsapp/authentication': {
          ...{ add_security_recommendation: true, code_expiration_minutes: 5 },
          actions: [{ type: 'COPY_CODE', copy_code_text: 'Copiar código' }],
        },
      },
    },
  ])
  expect((await submit('otro', { body: 'Tu código es {{codigo}}' })).body.issues).toMatchObject([{ path: 'body', rule: 'code_alone' }])
})

test('before it is approved it never goes, also while the client’s window is open', async () => {
  await hilo.simulator.phone(phone).write('hola')
  const { status, body } = await send('111111')
  expect([status, body.code]).toEqual([422, 'template_not_approved'])
})

test('approved it goes, is good for its minutes, and says nothing any more once it is delivered', async () => {
  await passUntil(clock, async () => (await kept('codigo')).approved, MINUTE, 1_000)
  const { status, body } = await send('918273')
  expect(status).toBe(202)
  const { message } = body
  expect(message).toMatchObject({ sensitive: true, template: { category: 'AUTHENTICATION' } })
  expect(Date.parse(message.expiresAt ?? '') - Date.parse(message.createdAt)).toBe(5 * MINUTE)
  const gone = await becomes(message.id, ({ status, text }) => status === 'delivered' && text === '')
  expect(JSON.stringify(gone)).not.toContain('918273')
  expect(hilo.simulator.ledger().accepted.at(-1)).toMatchObject({ variables: { 1: '918273' } })
})

test('whoever asks for it keeps the text, or has another time', async () => {
  const { body } = await send('222222', { sensitive: false, expiresIn: 60 })
  expect(body.message.sensitive).toBe(false)
  expect(Date.parse(body.message.expiresAt ?? '') - Date.parse(body.message.createdAt)).toBe(MINUTE)
  expect((await becomes(body.message.id, ({ status }) => status === 'delivered')).text).toContain('222222')
})

test.each(['https://x.example.com', 'tu código 1', '1234567890123456', '12🎉'])('%s is no code, and does not go', async (codigo) => {
  const { status, body } = await send(codigo)
  expect([status, body.code, body.issues?.map(({ path }) => path)]).toEqual([
    ...[422, 'template_variables_missing', ['template.variables.codigo']],
  ])
})
