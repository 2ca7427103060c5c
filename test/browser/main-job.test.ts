// The main job, end to end: a client writes on a phone, two agents see it in a host's page, one answers, the client reads.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { unreadOn, shownMessages } from './shown.ts'
import { type AgentPage, lucia, martin, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
let beto: AgentPage
let phone: Page
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin) + recordButton('ev-3', lucia)

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.record('ev-3', 'Egresados Normal 4', lucia)
  world.signIn('ana', { name: 'Ana Díaz' })
  world.signIn('beto', { name: 'Beto Paz' })
  ;[ana, beto] = await Promise.all([world.open('ana', { html }), world.open('beto', { html })])
  phone = await world.browser.newPage({ locale: 'es-AR' })
  phone.setDefaultTimeout(20_000)
  await phone.goto(world.phoneUrl)
})
afterAll(() => world.close())

const badge = ({ page }: AgentPage, id: string) => page.locator(`hilo-badge[coordination="${id}"] .badge`)
const openRecord = ({ page }: AgentPage, id: string) => page.getByRole('button', { name: `WhatsApp ${id}` }).click()
const shows = (agent: AgentPage, id: string, unread: number) =>
  until(async () => (await unreadOn(badge(agent, id))) === unread && (await unreadOn(agent.launcher)) === unread, {
    what: `${unread} unread`,
  })
const tick = (agent: AgentPage, text: string, status: string) =>
  until(async () => (await shownMessages(agent.log)).some((one) => one.text === text && one.status === status), {
    what: `"${text}" ${status}`,
  })
async function write(text: string): Promise<void> {
  await phone.getByRole('textbox', { name: 'Mensaje' }).fill(text)
  await phone.keyboard.press('Enter')
}

test('a client writes: badge and launcher rise for both agents at once', async () => {
  await write('Hola, ¿a qué hora llega el fotógrafo?')
  await Promise.all([shows(ana, 'ev-1', 1), shows(beto, 'ev-1', 1)])
  expect(await ana.launcher.getAttribute('aria-label')).toBe('Abrir mensajes, 1 sin leer')
  expect([await unreadOn(badge(ana, 'ev-2')), await badge(ana, 'ev-2').isVisible()]).toEqual([0, false])
})

test('an agent opens it by the record’s button and reads: it clears for her, not for her colleague', async () => {
  await openRecord(ana, 'ev-1')
  await ana.log.getByText('Hola, ¿a qué hora llega el fotógrafo?').waitFor()
  await ana.panel.getByText('Casamiento Herrera–Paz').waitFor()
  await ana.panel.locator('.rec .clock', { hasText: '23 h' }).waitFor()
  await shows(ana, 'ev-1', 0)
  expect(await unreadOn(badge(beto, 'ev-1'))).toBe(1)
})

test('she answers with the keyboard: the phone shows it, ticks go sent, delivered, read, and it clears for all', async () => {
  const sofiasPhone = world.hilo.simulator.phone(sofia.phone)
  sofiasPhone.set({ phoneOff: true })
  await until(() => ana.text.evaluate((field) => field.getRootNode() instanceof ShadowRoot && field.matches(':focus')), {
    what: 'focus in the text',
  })
  await ana.page.keyboard.type('A las 18:30, en la entrada principal.')
  await ana.page.keyboard.press('Enter')
  await tick(ana, 'A las 18:30, en la entrada principal.', 'sent')
  await shows(beto, 'ev-1', 0)

  // Looking at somebody else's chat, the client gets it and has not read it.
  await phone.getByRole('button', { name: /Martín Quiroga/ }).click()
  sofiasPhone.set({ phoneOff: false })
  await tick(ana, 'A las 18:30, en la entrada principal.', 'delivered')
  await phone.getByRole('button', { name: /Sofía Herrera/ }).click()
  await phone.getByRole('log').getByText('A las 18:30, en la entrada principal.').waitFor()
  await tick(ana, 'A las 18:30, en la entrada principal.', 'read')
  await ana.log.locator('.under', { hasText: 'Leído' }).waitFor()
  expect(await ana.text.inputValue()).toBe('')
  expect(await unreadOn(ana.launcher)).toBe(0)
})

test('a colleague who has it open sees her type, the answer and its ticks live', async () => {
  await openRecord(beto, 'ev-1')
  await tick(beto, 'A las 18:30, en la entrada principal.', 'read')
  await write('¿Y el salón desde cuándo está abierto?')
  await beto.log.getByText('¿Y el salón desde cuándo está abierto?').waitFor()
  await ana.log.getByText('¿Y el salón desde cuándo está abierto?').waitFor()
  await ana.text.pressSequentially('Desde las 17.')
  await beto.panel.getByText('Ana está respondiendo').waitFor()
  await ana.page.keyboard.press('Enter')
  await tick(beto, 'Desde las 17.', 'read')
  expect(await beto.log.locator('.m', { hasText: 'Desde las 17.' }).locator('.by').textContent()).toBe('Ana Díaz')
  await beto.panel.getByText('Ana está respondiendo').waitFor({ state: 'detached' })
  await shows(beto, 'ev-1', 0)
  expect(await shownMessages(beto.log)).toEqual(await shownMessages(ana.log))
})

test('a note stays with the team', async () => {
  await ana.panel.getByRole('button', { name: 'Nota interna' }).click()
  await ana.page.keyboard.type('Pidió descuento')
  await ana.page.keyboard.press('Enter')
  await beto.log.locator('.notecard', { hasText: 'Pidió descuento' }).waitFor()
  expect(
    world.hilo.simulator
      .phone(sofia.phone)
      .messages()
      .map(({ body }) => body),
  ).not.toContain('Pidió descuento')
})

test('a template opens the conversation with a client who never wrote; what the record knows is filled in', async () => {
  await openRecord(ana, 'ev-2')
  await ana.panel.getByText('Empezá la conversación').waitFor()
  await ana.panel.getByRole('button', { name: /Appointment reminder/ }).click()
  const date = ana.panel.getByRole('textbox', { name: 'Date' })
  await date.waitFor()
  const [day, hour] = [await date.inputValue(), await ana.panel.getByRole('textbox', { name: 'Time' }).inputValue()]
  expect([day, hour]).toEqual([expect.stringMatching(/\d/), expect.stringMatching(/^\d\d:\d\d$/)])
  await ana.panel.getByRole('button', { name: 'Enviar plantilla' }).click()
  const text = `Your appointment is coming up on ${day} at ${hour}. If you need to change it, please reply back and let us know.`
  await tick(ana, text, 'delivered')
  await phone.getByRole('button', { name: /Martín Quiroga/ }).click()
  await phone.getByRole('log').getByText(text).waitFor()

  await write('Dale, nos vemos')
  await ana.log.getByText('Dale, nos vemos').waitFor()
  // He wrote: now one may write freely.
  await ana.text.waitFor()
  await ana.panel.locator('.rec .clock', { hasText: /^2[34] h$/ }).waitFor()
  await shows(beto, 'ev-2', 1)
})

test('a failed message says why, and trying again delivers it once', async () => {
  const luciasPhone = world.hilo.simulator.phone(lucia.phone)
  await luciasPhone.write('¿Tienen lugar en diciembre?')
  await openRecord(ana, 'ev-3')
  await ana.log.getByText('¿Tienen lugar en diciembre?').waitFor()
  luciasPhone.set({ failWith: 63018 })
  await ana.text.fill('Sí, el sábado 12.')
  await ana.page.keyboard.press('Enter')
  const card = ana.log.locator('.card.failed')
  await card.waitFor()
  expect(await card.textContent()).toMatch(/No se entregó\. Llegamos al límite de WhatsApp\.\s+63018/)
  await tick(ana, 'Sí, el sábado 12.', 'failed')

  luciasPhone.set({ failWith: null })
  await card.getByRole('button', { name: 'Reintentar' }).click()
  await tick(ana, 'Sí, el sábado 12.', 'delivered')
  await until(async () => (await card.getByRole('button').count()) === 0, { what: 'nothing left to do' })
  expect((await shownMessages(ana.log)).map(({ text, status }) => [text, status])).toEqual([
    ['¿Tienen lugar en diciembre?', null],
    ['Sí, el sábado 12.', 'failed'],
    ['Sí, el sábado 12.', 'delivered'],
  ])
  expect(luciasPhone.messages().filter(({ body, status }) => body === 'Sí, el sábado 12.' && status === 'delivered')).toHaveLength(1)
})

test('a draft survives a reload, and is of its conversation only', async () => {
  await openRecord(ana, 'ev-1')
  await ana.text.fill('Te confirmo mañana')
  await until(() => ana.page.evaluate(() => Object.values(localStorage).includes('Te confirmo mañana')), { what: 'the draft kept' })
  await ana.page.reload()
  await openRecord(ana, 'ev-3')
  await ana.log.getByText('¿Tienen lugar en diciembre?').waitFor()
  expect(await ana.text.inputValue()).toBe('')
  await openRecord(ana, 'ev-1')
  await ana.log.getByText('Desde las 17.').waitFor()
  expect(await ana.text.inputValue()).toBe('Te confirmo mañana')
})

test('neither page complained', () => {
  expect([...ana.complaints, ...beto.complaints]).toEqual([])
})
