// Closed, snoozed and assigned against a real server: it is said, the next who waits opens, and what was done is undone.
import { beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { listen } from './ever-learned.ts'
import { type AgentPage, ev1, ev2, lucia, useDesk } from './support.ts'

const ev3 = { id: 'ev-3', title: 'Cumpleaños de Lucía', client: lucia }
// The browser itself writes that a message which went could not be taken back.
const desk = useDesk([ev1, ev2, ev3], /409 \(Conflict\)/)
let ana: AgentPage
let told: () => Promise<string>

const of = ({ client }: typeof ev1) => desk.world.hilo.conversation(client.phone)
const done = () => ana.panel.locator('.strip.done')
const undo = () => done().getByRole('button', { name: 'Deshacer' })
const at = (name: string) => ana.panel.getByRole('heading', { name }).waitFor()
async function choose(action: string | RegExp): Promise<void> {
  await ana.panel.getByRole('button', { name: 'Más acciones' }).click()
  await ana.panel.getByRole('menuitem', { name: action }).click()
}

/** All three wait, in their order, and she stands in the first one's thread. */
beforeEach(async () => {
  for (const one of [ev1, ev2, ev3]) {
    const { id } = await of(one)
    await desk.world.boss.call('PATCH', `/api/conversations/${id}`, { status: 'open', answered: true, assigneeId: null })
    await desk.world.hilo.simulator.phone(one.client.phone).write('¿Me confirmás?')
    await until(async () => (await of(one)).awaitingReplySince !== null)
  }
  ana = await desk.open({ prepare: (page) => (told = listen(page)) })
  const { id } = await of(ev1)
  await ana.page.evaluate((conversationId) => void window.Hilo.open({ conversationId }), id)
  await ana.log.getByText('¿Me confirmás?').first().waitFor()
})

test('closed, the next who waits opens; Undo leads back, and the client waits as before', async () => {
  const before = (await of(ev1)).awaitingReplySince
  await choose('Cerrar conversación')
  await at('Martín Quiroga')
  expect(await of(ev1)).toMatchObject({ status: 'closed', awaitingReplySince: null })
  await undo().click()
  await at('Sofía Herrera')
  await done().waitFor({ state: 'detached' })
  expect(await of(ev1)).toMatchObject({ status: 'open', awaitingReplySince: before })
})

test('snoozed until tomorrow its line says until when and brings it back; meanwhile the next one stands open', async () => {
  await choose(/^Posponer/)
  await ana.panel.getByRole('button', { name: /^Mañana/ }).click()
  await done().getByText('Pospuesta hasta mañana 09:00').waitFor()
  await at('Martín Quiroga')
  const { id, status } = await of(ev1)
  expect(status).toBe('snoozed')
  await ana.page.evaluate((conversationId) => void window.Hilo.open({ conversationId }), id)
  await at('Sofía Herrera')
  const line = ana.panel.locator('.strip:not(.done)', { hasText: 'Pospuesta hasta mañana 09:00' })
  await line.getByRole('button', { name: 'Traer de vuelta' }).click()
  await line.waitFor({ state: 'detached' })
  expect(await of(ev1)).toMatchObject({ status: 'open', snoozedUntil: null })
})

test('an undo pressed after its eight seconds says so, and the conversation stays closed', async () => {
  await choose('Cerrar conversación')
  await undo().waitFor()
  // As after a sleep of the computer: the hour has gone on, the timer has not.
  await ana.page.evaluate(() => {
    const later = Date.now() + 9_000
    Date.now = () => later
  })
  await undo().click()
  await done().getByText('Ya pasó el tiempo para deshacerlo.').waitFor()
  expect((await of(ev1)).status).toBe('closed')
})

test('what a colleague changed before the undo stays as the colleague has it', async () => {
  await choose('Cerrar conversación')
  await undo().waitFor()
  const { id } = await of(ev1)
  await desk.world.boss.call('PATCH', `/api/conversations/${id}`, { status: 'open' })
  await desk.world.boss.call('PATCH', `/api/conversations/${id}`, { status: 'snoozed', snoozedUntil: '2099-01-01T09:00:00Z' })
  await until(async () => (await told()).includes('2099-01-01'))
  await undo().click()
  await done().getByText('Cambió mientras tanto: queda como está.').waitFor()
  expect((await of(ev1)).status).toBe('snoozed')
})

test('assigned to a colleague it is said by name, and undone it is nobody’s again', async () => {
  const host = desk.world.hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
  await host.call('PUT', '/api/agents', [{ id: 'boss', name: 'Sol Paz' }])
  await ana.panel.getByRole('button', { name: 'Asignar', exact: true }).click()
  await ana.panel.getByRole('menuitem', { name: 'Asignar a Sol Paz' }).click()
  await done().getByText('Ahora es de Sol Paz').waitFor()
  expect((await of(ev1)).assignee).toMatchObject({ id: 'boss' })
  await undo().click()
  await done().waitFor({ state: 'detached' })
  expect((await of(ev1)).assignee).toBeNull()
})

test('Control Enter sends, closes, and opens the next; Undo says that the message has gone out, and opens it again', async () => {
  await ana.text.fill('Confirmado')
  await ana.text.press('Control+Enter')
  await at('Martín Quiroga')
  const { id } = await of(ev1)
  await until(async () => (await desk.world.hilo.messages(id)).at(-1)?.status === 'delivered')
  expect(await of(ev1)).toMatchObject({ status: 'closed', awaitingReplySince: null })
  await undo().click()
  await done().getByText('El mensaje ya salió; la conversación quedó abierta.').waitFor()
  expect(await of(ev1)).toMatchObject({ status: 'open', awaitingReplySince: null })
})
