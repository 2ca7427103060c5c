// What will go for a record, and when, as agents see it: shown in the record's own zone, moved, taken out, put back, sent now; and
// what a colleague changed is seen.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PlanItem } from '../../shared/automations.ts'
import { until } from '../support/until.ts'
import { inspect } from './axe.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

const DAY = 24 * 3600_000
const zone = 'Europe/Madrid'
let world: World
let ana: AgentPage
let plan: () => Promise<PlanItem[]>

const itemOf = async (name: string) => (await plan()).find(({ automation }) => automation === name)
const row = (text: string) => ana.panel.locator('.plan-item', { hasText: text })
/** Day and hour as fields hold them there. */
const fieldsOf = (at: number) => new Date(at).toLocaleString('sv-SE', { timeZone: zone }).split(' ')
const sent = () => world.hilo.simulator.ledger().accepted.map(({ body }) => body)

beforeAll(async () => {
  world = await startWorld()
  const { boss } = world
  for (const name of ['recordar', 'avisar', 'cobrar']) {
    await boss.call('PUT', `/api/templates/${name}`, { language: 'es', body: `Texto de ${name} para {{titulo}}.` })
    const at = { relativeTo: 'startsAt', offset: name === 'recordar' ? '-P1D' : '-PT2H' }
    await boss.call('PUT', `/api/automations/${name}`, { at, template: name, channels: ['sms'] })
  }
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia, { timezone: zone })
  plan = async () => (await boss.call<{ items: PlanItem[] }>('GET', '/api/coordinations/ev-1/plan')).body.items
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html: recordButton('ev-1', sofia) })
})
afterAll(() => world.close())

test('the plan of a record is shown in its zone; by the keyboard alone one is taken out, put back, moved and sent', async () => {
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  const calendar = ana.panel.getByRole('button', { name: 'Lo que va a salir' })
  await calendar.focus()
  await ana.page.keyboard.press('Enter')
  await row('Texto de recordar para Casamiento Herrera–Paz.').waitFor()
  await ana.panel.getByText('Horas de Madrid').waitFor()
  const dueAt = Date.parse((await itemOf('recordar'))?.dueAt ?? '')
  const [, hour = ''] = fieldsOf(dueAt)
  expect(await row('recordar').locator('time').textContent()).toContain(hour.slice(0, 5))
  expect(await inspect(ana, 'plan')).toEqual([])

  const press = async (text: string, name: string) => {
    await row(text).getByRole('button', { name }).focus()
    await ana.page.keyboard.press('Enter')
  }
  await press('avisar', 'No enviar')
  await row('Alguien del equipo lo quitó.').waitFor()
  expect((await itemOf('avisar'))?.decided).toBe('skip')
  // The button that was pressed is gone, the focus is not.
  expect(await row('avisar').evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)).toBe(true)
  await press('avisar', 'Volver a lo planeado')
  await row('avisar').getByRole('button', { name: 'No enviar' }).waitFor()
  expect((await itemOf('avisar'))?.decided).toBeNull()

  await press('recordar', 'Cambiar la hora')
  const to = dueAt + DAY / 2
  const [day = '', time = ''] = fieldsOf(to)
  await row('recordar').getByLabel('Día', { exact: true }).fill(day)
  await row('recordar').getByLabel('Hora', { exact: true }).fill(time.slice(0, 5))
  await ana.page.keyboard.press('Enter')
  await row('recordar').getByText('Hora cambiada').waitFor()
  expect(Math.abs(Date.parse((await itemOf('recordar'))?.dueAt ?? '') - to)).toBeLessThan(60_000)

  await press('cobrar', 'Enviar ahora')
  expect(await inspect(ana, 'plan')).toEqual([])
  // Another width gave the focus to the panel.
  await row('cobrar').getByRole('button', { name: 'Enviar', exact: true }).focus()
  await ana.page.keyboard.press('Escape')
  expect(sent()).toEqual([])
  await press('cobrar', 'Enviar ahora')
  await ana.page.keyboard.press('Enter')
  await row('Se envió a mano.').waitFor()
  await until(() => sent().length === 1)
  expect(sent()[0]).toContain('Texto de cobrar')
  expect(await row('cobrar').getByRole('button').count()).toBe(0)
})

test('what a colleague changes is seen; one that is over is said to be, and Escape leads back to the thread', async () => {
  const { boss } = world
  await boss.call('POST', '/api/coordinations/ev-1/plan', { key: (await itemOf('avisar'))?.key, action: 'skip' })
  await row('avisar').getByText('Alguien del equipo lo quitó.').waitFor()
  await boss.call('DELETE', '/api/automations/recordar')
  await row('recordar').waitFor({ state: 'detached' })
  await ana.page.keyboard.press('Escape')
  await ana.panel.locator('.rec').waitFor()
  expect(ana.complaints).toEqual([])
})
