// Plan B as an agent sees it: what is planned past the window says its steps, and afterwards which one went, and why.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { type AgentPage, lucia, martin, type Person, recordButton, sofia, startWorld, type World } from './support.ts'

const HOUR = 3600_000
const clock = createManualClock()
const people: [record: string, Person][] = [
  ['ev-1', sofia],
  ['ev-2', martin],
  ['ev-3', lucia],
]
let world: World
let ana: AgentPage
let dueAt: number

beforeAll(async () => {
  world = await startWorld({ clock })
  for (const [id, person] of people) {
    await world.record(id, `Turno de ${person.name}`, person)
    await world.hilo.simulator.phone(person.phone).write('¿Me recordás el turno?')
    await until(async () => (await world.hilo.conversation(person.phone)).inboundCount === 1)
  }
  // Four hours of the window are left.
  clock.sleep(20 * HOUR)
  dueAt = Math.floor((clock.now() + 6 * HOUR) / 60_000) * 60_000
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html: people.map(([id, person]) => recordButton(id, person)).join('') })
})
afterAll(() => world.close())

const sent = (person: Person) =>
  world.hilo.simulator
    .ledger()
    .accepted.filter((one) => one.to === person.phone)
    .map((one) => one.channel)
const steps = () => ana.log.locator('.planb-steps li')

/** Day and hour as the organization's clock shows them. */
async function fieldsOf(at: number): Promise<[day: string, hour: string]> {
  const { timezone } = world.hilo.server.parts.organizationOf('default').settings
  const [day = '', hour = ''] = new Date(at).toLocaleString('sv-SE', { timeZone: timezone }).split(' ')
  return [day, hour.slice(0, 5)]
}

async function open(id: string, person: Person): Promise<void> {
  await ana.page.getByRole('button', { name: `WhatsApp ${id}` }).click()
  await ana.panel.locator('.thead', { hasText: person.name }).waitFor()
}

/** The text, for when the window is closed: the template, else SMS. */
async function plan(id: string, person: Person): Promise<void> {
  await open(id, person)
  await ana.text.fill(`Te espero, ${person.name}`)
  await ana.panel.getByRole('button', { name: 'Programar' }).click()
  const menu = ana.panel.getByRole('dialog', { name: 'Programar' })
  const [day, hour] = await fieldsOf(dueAt)
  await menu.getByLabel('Día', { exact: true }).fill(day)
  await menu.getByLabel('Hora', { exact: true }).fill(hour)
  await menu.getByRole('button', { name: 'Elegir plan B' }).click()
  await menu.getByLabel('Plantilla', { exact: true }).selectOption('appointment_reminder')
  await menu.getByLabel('Date').fill('5/12')
  await menu.getByLabel('Time').fill('9:00')
  await menu.getByLabel('SMS con el mismo texto').check()
  await menu.getByRole('button', { name: 'Programar' }).click()
  await until(async () => (await steps().count()) === 3, { what: 'the three steps' })
}

test('planned past the window, the bubble lists three steps; come due, it says which one went, and nothing goes twice', async () => {
  for (const [id, person] of people) await plan(id, person)
  await until(async () => (await steps().locator('xpath=self::*[@aria-current]').allTextContents()).join().includes('la plantilla'))

  // The first client writes again before.
  clock.sleep(5 * HOUR)
  await world.hilo.simulator.phone(sofia.phone).write('¿Seguimos para el sábado?')
  await until(async () => (await world.hilo.conversation(sofia.phone)).inboundCount === 2)
  // A token is good for a day.
  const boss = world.hilo.agent({ sub: 'boss', role: 'supervisor' })
  const planned = await boss.call<{ items: { id: string; text: string }[] }>('GET', '/api/messages?status=scheduled')
  // The third one's goes an hour later, when the template is no more.
  const third = planned.body.items.find((one) => one.text.includes(lucia.name))
  await boss.call('PATCH', `/api/messages/${third?.id}`, { sendAt: new Date(dueAt + HOUR).toISOString() })
  clock.sleep(HOUR + 60_000)
  await clock.advance(60_000)
  await until(() => sent(sofia).length + sent(martin).length === 2, { what: 'two that came due' })
  const { store } = world.hilo.server.parts
  for (const { name } of (await store.templates('default', {}, { cursor: null, limit: 100 })).items)
    await store.deleteTemplates('default', name, null)
  clock.sleep(HOUR)
  await clock.advance(60_000)
  await until(() => sent(lucia).length === 1, { what: 'the third' })

  // Her thread is still open, where it was planned.
  const bySms = 'Salió por SMS: la ventana estaba cerrada y la plantilla ya no se podía enviar.'
  await ana.log.getByText(bySms).waitFor()
  await ana.log.getByRole('button', { name: 'Ver el SMS' }).click()
  await ana.panel.locator('.thead', { hasText: 'SMS' }).waitFor()
  await ana.log
    .locator('.m.out', { hasText: `Te espero, ${lucia.name}` })
    .getByText(bySms)
    .waitFor()
  await open('ev-1', sofia)
  await ana.log.getByText('Salió el texto: la ventana estaba abierta.').waitFor()
  await open('ev-2', martin)
  await ana.log.getByText(`Salió la plantilla porque la ventana estaba cerrada. En lugar de: “Te espero, ${martin.name}”`).waitFor()
  await ana.log.getByText('Your appointment is coming up on 5/12 at 9:00').waitFor()
  expect([sent(sofia), sent(martin), sent(lucia)]).toEqual([['whatsapp'], ['whatsapp'], ['sms']])
  expect(ana.complaints).toEqual([])
})
