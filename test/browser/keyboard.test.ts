// With the keyboard alone, with a page at 200 %, and without motion.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, martin, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: AgentPage
const html = `<p><label>Buscar <input></label></p>${recordButton('ev-1', sofia)}${recordButton('ev-2', martin)}`

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.hilo.simulator.phone(martin.phone).write('Hola, ¿siguen teniendo lugar?')
  await world.hilo.simulator.phone(sofia.phone).write('Hola, ¿a qué hora llega el fotógrafo?')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

/** The element with the focus, also inside of the widget: its label, else its text. */
const focused = ({ page }: AgentPage) =>
  page.evaluate(() => {
    let at = document.activeElement
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement
    return at?.getAttribute('aria-label') ?? at?.textContent ?? ''
  })
const focusOn = (agent: AgentPage, what: string | RegExp) =>
  until(async () => new RegExp(what).test(await focused(agent)), { what: `focus on ${what}` }).catch(async () => {
    expect(await focused(agent)).toMatch(what)
  })

test('the main job: in by the host’s button, answer, back to the list, another thread, out to where one came from', async () => {
  ana = await world.open('ana', { html })
  const { page } = ana
  const press = (key: string) => page.keyboard.press(key)
  await page.getByLabel('Buscar').focus()
  await press('Tab')
  await focusOn(ana, 'WhatsApp ev-1')
  await press('Enter')
  await focusOn(ana, 'Escribí un mensaje')
  await page.keyboard.type('A las 18:30.')
  await press('Shift+Enter')
  await page.keyboard.type('En la entrada.')
  await press('Enter')
  await ana.log.locator('.m', { hasText: 'A las 18:30.' }).locator('.tick.delivered').waitFor()
  expect((await world.hilo.messages((await world.hilo.conversation(sofia.phone)).id)).at(-1)?.text).toBe('A las 18:30.\nEn la entrada.')

  // The transcript is one stop before the text; arrows go from message to message.
  await press('Shift+Tab')
  await focusOn(ana, 'Mensajes con Sofía Herrera')
  await press('ArrowUp')
  await focusOn(ana, 'En la entrada.')
  await press('ArrowUp')
  await focusOn(ana, 'fotógrafo')
  await press('End')
  await focusOn(ana, 'En la entrada.')
  // Tab goes through the buttons of the message that one stands on.
  await ana.log.getByRole('button', { name: 'Responder' }).waitFor()
  await press('Tab')
  await focusOn(ana, 'Responder')
  await press('Tab')
  await focusOn(ana, 'Mover a otro lado')
  await press('Tab')
  await focusOn(ana, 'Escribí un mensaje')

  // First the menu, then the thread, then the panel.
  await ana.panel.getByRole('button', { name: 'Más acciones' }).focus()
  await press('Enter')
  await ana.panel.getByRole('menu').waitFor()
  await focusOn(ana, 'Cerrar conversación')
  await press('Escape')
  await focusOn(ana, 'Más acciones')
  await press('Escape')
  await ana.panel.getByRole('searchbox').waitFor()
  await ana.panel.getByRole('listbox').focus()
  await press('Home')
  await press('ArrowDown')
  await press('Enter')
  await ana.log.getByText('Hola, ¿siguen teniendo lugar?').waitFor()
  await focusOn(ana, 'Escribí un mensaje')
  // In the text Alt is for letters.
  await press('Shift+Tab')
  await press('Alt+n')
  await focusOn(ana, 'Escribí una nota para el equipo')
  await press('Escape')
  await focusOn(ana, 'Escribí un mensaje')
  await press('Escape')
  await ana.panel.getByRole('searchbox').waitFor()
  await press('Escape')
  await ana.panel.waitFor({ state: 'detached' })
  await focusOn(ana, 'WhatsApp ev-1')
  expect(ana.complaints).toEqual([])
})

test('another record’s button takes the keys to its text while the panel is open; a field that one types in keeps them', async () => {
  const again = await world.open('ana', { html })
  const { page, panel } = again
  const button = (id: string) => page.getByRole('button', { name: `WhatsApp ${id}` })
  await button('ev-1').click()
  await focusOn(again, 'Escribí un mensaje')
  await button('ev-2').click()
  await panel.getByRole('heading', { name: 'Martín Quiroga' }).waitFor()
  await focusOn(again, 'Escribí un mensaje')
  await page.keyboard.press('Escape')
  await panel.getByRole('searchbox').waitFor()
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  await focusOn(again, 'WhatsApp ev-2')

  await button('ev-2').click()
  await focusOn(again, 'Escribí un mensaje')
  await page.getByLabel('Buscar', { exact: true }).first().focus()
  await page.evaluate(() =>
    (window as unknown as { Hilo: { open(target: object): Promise<unknown> } }).Hilo.open({ coordinationId: 'ev-1' }),
  )
  await panel.getByRole('heading', { name: 'Sofía Herrera' }).waitFor()
  await page.keyboard.type('Paz')
  expect(await page.locator('p > label > input').inputValue()).toBe('Paz')
  expect(again.complaints).toEqual([])
  await again.close()
})

test('while a message arrives, the focus stays where it is', async () => {
  const { page } = ana
  await page.getByRole('button', { name: 'WhatsApp ev-2' }).click()
  await focusOn(ana, 'Escribí un mensaje')
  await page.keyboard.type('Sí, tene')
  await world.hilo.simulator.phone(martin.phone).write('¿Hola?')
  await ana.log.getByText('¿Hola?').waitFor()
  await page.keyboard.type('mos')
  expect([await focused(ana), await ana.text.inputValue()]).toEqual(['Escribí un mensaje', 'Sí, tenemos'])
  // Said once to a screen reader, by a region that was there before.
  await until(async () => (await ana.panel.locator('[aria-live="polite"]').textContent())?.includes('¿Hola?'), { what: 'the announcement' })
  await ana.text.fill('')
})

test('at 200 %: all of it is in sight and usable', async () => {
  const { page } = ana
  await page.setViewportSize({ width: 640, height: 360 })
  const inside = async (selector: string) => {
    const box = await ana.panel.locator(selector).first().boundingBox()
    return box !== null && box.x >= 0 && box.y >= 0 && box.x + box.width <= 640 && box.y + box.height <= 360
  }
  await until(async () => (await inside('.thead')) && (await inside('.composer')) && (await inside('.transcript')), {
    what: 'all in sight',
  })
  expect((await ana.log.boundingBox())?.height ?? 0).toBeGreaterThan(60)
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/zoom.png` })
  const [panel, launcher] = [await ana.panel.boundingBox(), await ana.launcher.boundingBox()]
  if (!panel || !launcher) throw new Error('Something is not shown.')
  const apart = panel.x + panel.width <= launcher.x || launcher.x + launcher.width <= panel.x || panel.y + panel.height <= launcher.y
  expect(apart).toBe(true)
  await ana.text.fill('Uno\nDos\nTres\nCuatro\nCinco\nSeis')
  expect((await ana.text.boundingBox())?.height ?? 999).toBeLessThan(90)
  expect(await inside('.send')).toBe(true)
  await page.keyboard.press('Enter')
  await ana.log.locator('.m', { hasText: 'Cinco' }).locator('.tick.delivered').waitFor()
  await page.setViewportSize({ width: 1280, height: 800 })
})

test('moves only for those who did not ask for stillness', async () => {
  const moves = async (reducedMotion: 'reduce' | 'no-preference') => {
    await ana.page.emulateMedia({ reducedMotion })
    await ana.page.keyboard.press('Escape')
    await ana.page.keyboard.press('Escape')
    await ana.panel.waitFor({ state: 'detached' })
    await ana.page.evaluate(() => {
      const root = document.querySelector('hilo-chat')?.shadowRoot
      const counted = window as unknown as { moved: number }
      counted.moved = 0
      for (const name of ['animationstart', 'transitionrun']) root?.addEventListener(name, () => counted.moved++)
    })
    await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await ana.log.locator('.bubble').first().waitFor()
    await world.hilo.simulator.phone(sofia.phone).write(`con ${reducedMotion}`)
    await ana.log.getByText(`con ${reducedMotion}`).waitFor()
    return await ana.page.evaluate(() => (window as unknown as { moved: number }).moved)
  }
  expect(await moves('reduce')).toBe(0)
  expect(await moves('no-preference')).toBeGreaterThan(0)
})
