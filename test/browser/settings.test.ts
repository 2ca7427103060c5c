// What an agent switches in the settings holds for what is sent next, in this browser and in the others.
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
const html = recordButton('ev-1', sofia)

beforeAll(async () => {
  world = await startWorld({ undoSend: true })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia, { data: { saldo: '$ 960.000' } })
  await world.hilo.simulator.phone(sofia.phone).write('¿Cuánto falta?')
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html })
})
afterAll(() => world.close())
beforeEach(async () => {
  const { id } = await world.hilo.conversation(sofia.phone)
  await world.boss.call('PATCH', `/api/conversations/${id}`, { assigneeId: null })
})

const arrived = () => world.hilo.simulator.ledger().accepted.map((one) => one.body)
const record = (agent: AgentPage) => agent.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
const assignee = async () => (await world.hilo.conversation(sofia.phone)).assignee?.id ?? null
async function turn(name: string, on: boolean): Promise<void> {
  const back = ana.panel.getByRole('button', { name: 'Volver', exact: true })
  if (!(await ana.panel.isVisible())) await ana.launcher.click()
  if (await back.isVisible()) await back.click()
  await ana.panel.getByRole('button', { name: 'Avisos' }).click()
  const choice = ana.panel.getByRole('switch', { name })
  if ((await choice.getAttribute('aria-checked')) !== String(on)) await choice.click()
  await until(async () => (await choice.getAttribute('aria-checked')) === String(on))
}
async function says(agent: AgentPage, text: string): Promise<void> {
  await record(agent)
  await agent.text.fill(text)
  await agent.text.press('Enter')
}
const bubble = (agent: AgentPage, text: string) => agent.log.locator('.m.out', { hasText: text })
/** Of that agent's next page, on another computer. */
async function elsewhere(): Promise<AgentPage> {
  return await world.open('ana', { html })
}

test('undo send, on from the start, is offered; turned off the message goes at once, also from another browser', async () => {
  await says(ana, 'Ya te digo')
  await bubble(ana, 'Ya te digo').getByRole('button', { name: 'Deshacer' }).click()
  await until(async () => (await ana.text.inputValue()) === 'Ya te digo')
  await ana.text.fill('')
  await turn('Deshacer envíos', false)
  await says(ana, 'Te paso el total')
  await bubble(ana, 'Te paso el total').locator('.tick.delivered').waitFor()
  expect(await ana.log.getByRole('button', { name: 'Deshacer' }).count()).toBe(0)
  const other = await elsewhere()
  await says(other, 'Y el saldo')
  await bubble(other, 'Y el saldo').locator('.tick.delivered').waitFor()
  expect(await other.log.getByRole('button', { name: 'Deshacer' }).count()).toBe(0)
  expect(other.complaints).toEqual([])
  await other.close()
  expect(arrived()).toEqual(['Te paso el total', 'Y el saldo'])
})

test('who answers what is nobody’s has it, and has not once that is turned off', async () => {
  await says(ana, 'Es mía')
  await until(async () => (await assignee()) === 'ana')
  await world.boss.call('PATCH', `/api/conversations/${(await world.hilo.conversation(sofia.phone)).id}`, { assigneeId: null })
  await turn('Asignarme lo que respondo', false)
  await says(ana, 'Es de quien sea')
  await bubble(ana, 'Es de quien sea').locator('.tick.delivered').waitFor()
  expect(await assignee()).toBeNull()
})

test('an amount that the record denies is held, and goes as it is once the check is turned off', async () => {
  await record(ana)
  // Asked for as one begins to write; nobody writes a sentence and sends it in the same moment.
  const asked = ana.page.waitForResponse((answer) => answer.url().endsWith('/api/coordinations/ev-1'))
  await ana.text.fill('El saldo es $ 980.000')
  await (await asked).finished()
  await ana.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await ana.text.press('Enter')
  const held = ana.panel.getByRole('alert').filter({ hasText: '960.000' })
  await held.waitFor()
  await ana.text.fill('')
  await turn('Revisar datos', false)
  await says(ana, 'El saldo es $ 980.000')
  await bubble(ana, 'El saldo es $ 980.000').locator('.tick.delivered').waitFor()
  expect(ana.complaints).toEqual([])
})

test('a setting that could not be saved says so and stands as it was', async () => {
  await ana.page.route('**/api/me/settings', (route) => route.abort())
  const back = ana.panel.getByRole('button', { name: 'Volver', exact: true })
  if (await back.isVisible()) await back.click()
  await ana.panel.getByRole('button', { name: 'Avisos' }).click()
  const choice = ana.panel.getByRole('switch', { name: 'Revisar datos' })
  await choice.click()
  await ana.panel.getByText('No se pudo guardar. Probá de nuevo.').waitFor()
  await until(async () => (await choice.getAttribute('aria-checked')) === 'false')
  await ana.page.unroute('**/api/me/settings')
})
