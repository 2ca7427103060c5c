// The console's templates: where each stands, writing one with WhatsApp's rules told on the way, submitting it, and its state followed.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Locator } from 'playwright-core'
import type { Template } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []

async function open(at: string, locale = 'en'): Promise<ConsolePage> {
  const one = await world.open({ at, context: { locale } })
  opened.push(one)
  return one
}
const field = ({ page }: ConsolePage, name: string): Locator => page.getByRole('textbox', { name, exact: true })
/** Where the keyboard is. */
const standsIn = ({ page }: ConsolePage, id: string) => page.waitForFunction((wanted) => document.activeElement?.id === wanted, id)
const body = ({ page }: ConsolePage): Locator => page.getByRole('textbox', { name: 'Text', exact: true })

beforeAll(async () => {
  world = await startConsole({ simulator: { timing: { sentAfterMs: 5, deliveredAfterMs: 10, approvedAfterMs: 50 } } })
})
afterAll(() => world.close())
afterEach(async () => {
  world.hilo.simulator.faults.clear()
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

test('one is written, seen as on the phone, submitted, and followed until WhatsApp approves it', async () => {
  const form = await open('/templates/new')
  await field(form, 'Name').fill('Turno Mañana')
  expect(await field(form, 'Name').inputValue()).toBe('turno_manana')
  await body(form).fill('Hola {{nombre}}, te esperamos *mañana* en el salón.')
  await field(form, '{{nombre}}').or(form.page.getByLabel('Sample of nombre')).first().fill('Ana')
  await form.page.getByRole('radio', { name: 'A header' }).check()
  await field(form, 'Header').fill('Tu turno')
  await field(form, 'Footer · optional').fill('Salón Herrera')
  await form.page.getByRole('button', { name: 'Answer', exact: true }).click()
  await standsIn(form, 'template-buttons_0_text')
  await form.page.keyboard.type('Confirmo')
  await form.page.getByRole('button', { name: 'Link', exact: true }).click()
  await standsIn(form, 'template-buttons_1_text')
  await form.page.keyboard.type('Cómo llegar')
  await field(form, 'Address').fill('https://salon.example.com/mapa')
  const preview = form.page.getByRole('region', { name: 'As the client sees it' })
  await preview.getByText('Hola Ana, te esperamos mañana en el salón.').waitFor()
  for (const text of ['Tu turno', 'Salón Herrera', 'Confirmo', 'Cómo llegar']) await preview.getByText(text, { exact: true }).waitFor()
  expect(await preview.locator('b', { hasText: 'mañana' }).count()).toBe(1)
  await form.page.getByText('It keeps WhatsApp’s rules.').waitFor()
  expect(await inspect(form, 'template, written')).toEqual([])
  await form.page.getByRole('button', { name: 'Submit to WhatsApp' }).click()
  await form.page.waitForURL(/#\/templates\/turno_manana\/en/)
  await form.page.getByText('Approved').waitFor()
  expect(await inspect(form, 'template, approved')).toEqual([])
  const kept = world.hilo.simulator.contents.all().find((one) => one.friendlyName === 'turno_manana')
  expect(kept?.types).toMatchObject({
    'whatsapp/card': { body: 'Hola {{1}}, te esperamos *mañana* en el salón.', header_text: 'Tu turno', footer: 'Salón Herrera' },
  })
})

test('what WhatsApp would refuse is told while one writes, and goes with what mends it', async () => {
  const form = await open('/templates/new')
  await body(form).fill('{{nombre}} te espera')
  await form.page.getByText('The text begins with a variable. Put a word before it.').waitFor()
  expect(await body(form).getAttribute('aria-invalid')).toBe('true')
  await body(form).fill('Hola, {{nombre}} te espera')
  await form.page.getByText('The text begins with a variable. Put a word before it.').waitFor({ state: 'detached' })
  await body(form).fill('a'.repeat(1025))
  await form.page.getByText('The text is too long: it may have 1024 characters.').waitFor()
  await form.page.getByText('1025 of 1024').waitFor()
})

test('it is not asked for before it is right: what is missing is named, and one stands there', async () => {
  const form = await open('/templates/new')
  await body(form).fill('Hola {{nombre}}, te esperamos en el salón.')
  await form.page.getByRole('button', { name: 'Submit to WhatsApp' }).click()
  await form.page.getByText('Give a sample: WhatsApp looks at the template with it.').waitFor()
  await standsIn(form, 'template-name')
  expect(await inspect(form, 'template, with faults')).toEqual([])
  expect(world.hilo.simulator.contents.all().some((one) => one.friendlyName === '')).toBe(false)
})

test('what was written is there after a reload', async () => {
  const form = await open('/templates/new')
  await field(form, 'Name').fill('aviso_de_pago')
  await body(form).fill('Tu pago llegó. ¡Gracias!')
  await form.page.reload()
  await form.page.waitForFunction(() => document.querySelector<HTMLInputElement>('#template-name')?.value === 'aviso_de_pago')
  expect(await body(form).inputValue()).toBe('Tu pago llegó. ¡Gracias!')
})

test('a code has one variable alone, and WhatsApp’s words', async () => {
  const form = await open('/templates/new')
  await form.page.getByRole('radio', { name: /^Code/ }).check()
  await body(form).fill('{{codigo}}')
  await form.page.getByLabel('Sample of codigo').fill('918273')
  await form.page.getByText('918273 is your verification code.').waitFor()
  expect(await form.page.getByRole('button', { name: 'Answer', exact: true }).count()).toBe(0)
})

test('the list says where each stands and why; a rejected one is the start of the next', async () => {
  world.hilo.simulator.faults.set({ templatesRejected: true })
  const { status } = await world.boss.call('POST', '/api/templates/promo_dura/submit', {
    language: 'es',
    category: 'MARKETING',
    body: 'Comprá ya y ahorrá muchísimo este mes.',
  })
  expect(status).toBe(202)
  await until(async () => (await world.boss.call<Template>('GET', '/api/templates/promo_dura')).body.status === 'rejected')
  const list = await open('/templates', 'en')
  const row = list.page.locator('tbody tr', { hasText: 'promo_dura' })
  await row.waitFor()
  await row.getByText('Rejected').waitFor()
  await list.page.getByRole('button', { name: 'Read from Twilio' }).click()
  await list.page.getByText('Read from Twilio:').waitFor()
  expect(await inspect(list, 'templates')).toEqual([])
  await row.getByRole('link', { name: 'promo_dura' }).click()
  await list.page.getByText('Why it was rejected').waitFor()
  await list.page.getByRole('link', { name: 'Use as a start' }).click()
  await list.page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('#template-body')?.value.startsWith('Comprá ya'))
  expect(await list.page.getByRole('radio', { name: /^Marketing/ }).isChecked()).toBe(true)
})

test('one is deleted after a question', async () => {
  await world.boss.call('PUT', '/api/templates/de_paso', { language: 'es', body: 'Hola.' })
  const view = await open('/templates/de_paso/es')
  await view.page.getByRole('button', { name: 'Delete' }).click()
  const dialog = view.page.getByRole('dialog', { name: 'Delete “de_paso” in es?' })
  await dialog.getByRole('button', { name: 'Delete' }).click()
  await view.page.waitForURL(/#\/templates$/)
  expect((await world.boss.call('GET', '/api/templates/de_paso?language=es')).status).toBe(404)
})
