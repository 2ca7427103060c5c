// Nobody waits unseen, by the keyboard alone: filing, moving with Undo, answering, putting away, marking as unread, closing and
// snoozing, from the list on. Nothing here is clicked, and the focus is never set by the test.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { type AgentPage, lucia, martin, paula, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
const clients = [sofia, martin, lucia, paula]

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-1-b', 'Prueba de menú', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.record('ev-3', 'Cumpleaños de Lucía', lucia)
  await world.record('ev-4', 'Bautismo Sosa', paula)
  for (const one of clients) {
    await world.hilo.simulator.phone(one.phone).write(`Hola, soy ${one.name}`)
    await until(async () => (await waiting()).includes(one.name))
  }
  world.signIn('ana', { name: 'Ana Díaz' })
  ana = await world.open('ana', { html: recordButton('ev-1', sofia) })
})
afterAll(() => world.close())

const all = async (): Promise<OwnConversation[]> => {
  const { body } = await world.boss.call<{ items: OwnConversation[] }>('GET', '/api/conversations?awaiting=true&sort=waiting')
  return body.items
}
const waiting = async () => (await all()).map(({ contact }) => contact.name)
const press = (key: string) => ana.page.keyboard.press(key)
/** What has the focus, also inside of the widget: its label, else its text. */
const focused = () =>
  ana.page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    const row = at?.querySelector(`[id="${at.getAttribute('aria-activedescendant')}"] .name`)?.textContent
    return row ?? at?.getAttribute('aria-label') ?? at?.textContent ?? ''
  })
const on = (what: RegExp) =>
  until(async () => what.test(await focused()), { what: `focus on ${what}` }).catch(async () => expect(await focused()).toMatch(what))
/** By this key alone, to what is named so. */
async function go(key: string, what: RegExp): Promise<void> {
  for (let n = 0; n < 25; n++) {
    if (what.test(await focused())) return
    await press(key)
  }
  expect(await focused()).toMatch(what)
}
const at = (name: string) => ana.panel.getByRole('heading', { name }).waitFor()

test('in, to the one who waits longest, who is filed at her record; moved back by Undo, filed again', async () => {
  await go('Tab', /mensajes|Mensajes/)
  await press('Enter')
  await on(/Buscar/)
  await go('Tab', /Sofía Herrera/)
  await press('Enter')
  await at('Sofía Herrera')
  await on(/Escribí un mensaje/)
  await go('Shift+Tab', /¿Casamiento Herrera–Paz/)
  await press('Enter')
  const undo = ana.log.getByRole('button', { name: 'Deshacer' })
  await undo.waitFor()
  await until(async () => (await all())[0]?.coordinationId === 'ev-1')
  await on(/Escribí un mensaje/)
  await press('Shift+Tab')
  await on(/Mensajes con Sofía/)
  await go('ArrowUp', /Ana movió/)
  await press('Tab')
  await on(/Deshacer/)
  await press('Enter')
  await until(async () => (await all())[0]?.coordinationId === null)
  await undo.waitFor({ state: 'detached' })
})

test('filed for good, answered, and back in the list the next one is where the keys are', async () => {
  // The undo led nowhere: it is said in this thread, and the chips of the other are one key away.
  await press('Escape')
  await ana.panel.getByRole('option').nth(3).waitFor()
  await go('Tab', /Sofía Herrera/)
  await press('Enter')
  await go('Shift+Tab', /¿Prueba de menú/)
  await press('Enter')
  await until(async () => (await all())[0]?.coordinationId === 'ev-1-b')
  await on(/Escribí un mensaje/)
  await ana.page.keyboard.type('Sí, el jueves')
  await press('Enter')
  await ana.log.locator('.m.out', { hasText: 'Sí, el jueves' }).locator('.tick.delivered').waitFor()
  expect(await waiting()).toEqual([martin.name, lucia.name, paula.name])
  await press('Escape')
  await ana.panel.getByRole('option').nth(2).waitFor()
})

test('put away and marked as unread, in the list and in the thread', async () => {
  await go('Tab', /Martín Quiroga|Lucía Ferrari|Paula Sosa/)
  await press('Home')
  await on(/Martín Quiroga/)
  await press('e')
  await until(async () => !(await waiting()).includes(martin.name))
  // Its row went, and the keys stand on the next one.
  await on(/Lucía Ferrari/)
  await press('Enter')
  await at('Lucía Ferrari')
  await on(/Escribí un mensaje/)
  await go('Shift+Tab', /Mensajes con Lucía/)
  await press('e')
  await until(async () => !(await waiting()).includes(lucia.name))
  await press('u')
  await until(async () => (await waiting()).includes(lucia.name))
})

test('closed with Undo, snoozed, brought back', async () => {
  await go('Shift+Tab', /Más acciones/)
  await press('Enter')
  await on(/Cerrar conversación/)
  // What undoes it puts back what the widget knew: that she waits again has to have come to it.
  await ana.panel.getByRole('menuitem', { name: /^No necesita respuesta/ }).waitFor()
  await press('Enter')
  await at('Paula Sosa')
  await until(async () => !(await waiting()).includes(lucia.name))
  await on(/Escribí un mensaje/)
  await press('Control+z')
  await at('Lucía Ferrari')
  await until(async () => (await waiting()).includes(lucia.name))

  await go('Shift+Tab', /Más acciones/)
  await press('Enter')
  await go('ArrowDown', /^Posponer/)
  await press('Enter')
  await go('Tab', /^Mañana/)
  await press('Enter')
  await at('Paula Sosa')
  const snoozed = async () => (await world.hilo.conversation(lucia.phone)).status === 'snoozed'
  await until(snoozed)
  await press('Escape')
  await ana.panel.getByRole('option').first().waitFor()
  await go('Shift+Tab', /^(Responder|Todas)/)
  await press('End')
  await go('ArrowLeft', /^Más/)
  await press('Enter')
  await go('ArrowDown', /^Pospuestas/)
  await press('Enter')
  await go('Tab', /Lucía Ferrari/)
  await press('Enter')
  await at('Lucía Ferrari')
  await go('Shift+Tab', /Traer de vuelta/)
  await press('Enter')
  await until(async () => !(await snoozed()))
  expect(await waiting()).toEqual([lucia.name, paula.name])
  expect(ana.complaints).toEqual([])
})
