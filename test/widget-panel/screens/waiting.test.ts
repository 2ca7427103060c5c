// Nobody waits unseen: what waits without a record, how it is filed and moved, and who is to be answered.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()
const moves = async () => (await calls('http')).filter(([, path]) => path === '/api/messages/move').map(([, , body]) => body)

test('a record’s thread says how much its client wrote without a record and since when; one press brings what nobody answered', async () => {
  const page = await show('unfiled-strip')
  const strip = page.locator('.strip.unfiled')
  await strip.getByText('Sofía escribió 2 mensajes sin coordinación · hace 47').waitFor()
  await page.getByRole('button', { name: 'Traerlos acá' }).click()
  await until(async () => (await moves()).length > 0)
  expect(await moves()).toEqual([{ ids: ['l1', 'l2'], coordinationId: 'ev-1042' }])
  await page.evaluate(() => {
    panel.client.unfiledNow.value = { count: 0, since: null }
  })
  await strip.waitFor({ state: 'detached' })
})

test('one press on “Ver” shows them where they are', async () => {
  const page = await show('unfiled-strip')
  await page.getByRole('button', { name: 'Ver', exact: true }).click()
  await until(async () => (await calls('openThread')).length > 0 || (await calls('closeThread')).length > 0)
})

test('an agent who may not see them is told how many, and asks for their filing, once', async () => {
  const page = await show('unfiled-strip-limited')
  await page.getByText('Sofía escribió 1 mensaje sin coordinación · hace 12').waitFor()
  expect(await page.getByRole('button', { name: /^(Ver|Traer)/ }).count()).toBe(0)
  await page.getByRole('button', { name: 'Pedir que lo asocien' }).click()
  await page.getByText('Pedido: quien puede verlos lo va a leer.').waitFor()
  expect(await calls('http')).toContainEqual(['POST', '/api/coordinations/ev-1042/ask-filing', {}])
  expect(await page.getByRole('button', { name: /^Pedir/ }).count()).toBe(0)
})

test('an unfiled conversation offers its client’s own records by title, that of the page first; one press moves it there', async () => {
  const page = await show('record-chips')
  await page.evaluate(() => panel.handle.setContext({ coordinationId: 'ev-1061' }))
  const chips = page.locator('.rec.chips')
  const offered = async () => (await chips.locator('.btn').allTextContents()).map((text) => text.replace(/ · .*/, ''))
  await until(async () => (await offered())[0] === '¿Civil Herrera–Paz?')
  expect(await offered()).toEqual(['¿Civil Herrera–Paz?', '¿Cumpleaños de 50?', '¿Casamiento Herrera–Paz'])
  expect(await chips.textContent(), 'no raw id').not.toContain('ev-')
  await chips.getByRole('button', { name: '¿Civil' }).click()
  await until(async () => (await moves()).length > 0)
  expect(await moves()).toEqual([{ conversationId: 'unknown', coordinationId: 'ev-1061' }])
})

test('messages are chosen by a press or with Space, and moved together by the keyboard alone', async () => {
  const page = await show('moving')
  const bar = page.locator('.movebar')
  await bar.getByText('1 mensaje elegido').waitFor()
  await page.locator('.transcript').focus()
  await page.keyboard.press('End')
  await page.keyboard.press(' ')
  await bar.getByText('2 mensajes elegidos').waitFor()
  expect(await page.locator('[data-chosen]').count()).toBe(2)
  await page.getByRole('button', { name: 'Bautismo de Julia' }).focus()
  await page.keyboard.press('Enter')
  await until(async () => (await moves()).length > 0)
  const [moved] = (await moves()) as { ids: string[]; coordinationId: string }[]
  expect([moved?.ids.length, moved?.coordinationId]).toEqual([2, 'ev-1060'])
  await page.locator('textarea').waitFor()
  expect(await page.locator('[data-chosen]').count()).toBe(0)
})

test('both threads say who moved how many from or to where, once for one move, with what undoes it', async () => {
  const page = await show('moved-here')
  const line = page.locator('.event')
  await line.getByText('Beto movió 2 mensajes desde lo que está sin coordinación').waitFor()
  expect(await line.count()).toBe(1)
  await line.getByRole('button', { name: 'Deshacer' }).click()
  await line.getByRole('button', { name: 'Deshacer' }).waitFor({ state: 'detached' })
  expect(await calls('http')).toContainEqual(['POST', '/api/messages/move/undo', { undoId: 'u-1' }])
})

test('what undoes a move is no tab stop of its own, though it comes later, and undone the keys stay among the messages', async () => {
  const page = await show('moved-here')
  const undo = page.getByRole('button', { name: 'Deshacer' })
  await until(async () => (await undo.evaluate((one: HTMLElement) => one.tabIndex)) === -1)
  await page.locator('.transcript').focus()
  const isAt = (what: string) =>
    page.evaluate((selector) => !!document.querySelector('hilo-chat')?.shadowRoot?.activeElement?.matches(selector), what)
  await page.keyboard.press('Home')
  for (let n = 0; n < 20 && !(await isAt('.event')); n++) await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await undo.waitFor({ state: 'detached' })
  expect(await isAt('.transcript')).toBe(true)
})

test('the first tab is who is to be answered, who waits longest on top; one key puts a row away, another brings it back', async () => {
  const page = await show('inbox')
  const first = page.getByRole('tab').first()
  expect(await first.textContent()).toBe('Responder4')
  await first.click()
  expect((await calls('setFilter')).at(-1)).toEqual([{ status: 'open', awaiting: true, sort: 'waiting' }])
  await page.locator('.list').focus()
  await page.keyboard.press('Home')
  const rows = await page.locator('.row').evaluateAll((all) => all.map((one) => one.id.slice(4)))
  await page.keyboard.press('e')
  await page.keyboard.press('u')
  expect(await calls('update')).toEqual([
    [rows[0], { answered: true }],
    [rows[1], { answered: false }],
  ])
})

test('a message that needs no answer is put away from its thread’s menu, which names the key', async () => {
  const page = await show('thread')
  await page.getByRole('button', { name: 'Más acciones' }).click()
  await page.getByRole('menuitem', { name: /^No necesita respuesta/ }).click()
  expect(await calls('update')).toEqual([['sofia', { answered: true }]])
})
