// A slash in the empty field looks for a template: typing finds, arrows and Enter choose, Escape leaves the text as it is.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

const listOf = (page: Page) => page.getByRole('listbox', { name: 'Plantillas' })
const namesIn = (page: Page) => listOf(page).locator('b .cut').allTextContents()
const chosenIn = (page: Page) => listOf(page).locator('[aria-selected="true"] b .cut').textContent()

async function type(page: Page, text: string): Promise<void> {
  await page.locator('textarea').focus()
  await page.keyboard.type(text)
}

test('typing finds by name first and by body too, whatever the accents and the case; the focus stays in the field', async () => {
  const page = await show('templates-english')
  await type(page, '/')
  await until(async () => (await namesIn(page)).length === 5)
  await page.keyboard.type('MENÚ')
  await until(async () => (await namesIn(page)).join() === 'Recordar la prueba de menu')
  await page.locator('textarea').fill('/')
  await page.keyboard.type('cuota')
  await until(async () => (await namesIn(page)).join() === 'Avisar vencimiento de cuota')
  await page.locator('textarea').fill('/')
  // In the name of one, in the body of another that stands before it.
  await page.keyboard.type('agora')
  await until(async () => (await namesIn(page)).join() === 'Retomar la charla')
  expect(await page.locator('textarea').evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)).toBe(true)
})

test('arrows go round and Enter takes the chosen one to its form; the words that looked for it are gone', async () => {
  const page = await show('templates-english')
  await type(page, '/')
  await until(async () => (await chosenIn(page)) === 'Greeting · inglés')
  await page.keyboard.press('ArrowDown')
  await until(async () => (await chosenIn(page)) === 'Retomar la charla')
  const id = await listOf(page).locator('[aria-selected="true"]').getAttribute('id')
  expect(await page.locator('textarea').getAttribute('aria-activedescendant')).toBe(id)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await until(async () => (await chosenIn(page)) === 'Promo de verano')
  // It cannot go: its reason stands there, and Enter does nothing.
  expect(await listOf(page).locator('[aria-selected="true"]').textContent()).toContain('WhatsApp todavía no la aprobó')
  await page.keyboard.press('Enter')
  expect(await listOf(page).isVisible()).toBe(true)
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('group', { name: 'Vista previa' }).waitFor()
  await page.getByRole('button', { name: 'Cancelar' }).click()
  await page.locator('.tplist').waitFor()
  await page.locator('.formhead .ib').click()
  expect(await page.locator('textarea').inputValue()).toBe('')
  expect(await page.locator('textarea').getAttribute('aria-activedescendant')).toBeNull()
  expect(await calls('send')).toEqual([])
})

test('the mouse chooses, and the field keeps the focus until then', async () => {
  const page = await show('templates-english')
  await type(page, '/')
  await listOf(page)
    .getByRole('option', { name: /Promo de verano/ })
    .click({ force: true })
  expect(await page.locator('textarea').evaluate((one) => (one.getRootNode() as ShadowRoot).activeElement === one)).toBe(true)
  await listOf(page)
    .getByRole('option', { name: /Retomar la charla/ })
    .click()
  await page.getByRole('group', { name: 'Vista previa' }).waitFor()
})

test('what only looks for a template is never sent by Enter; after Escape it is a text, and goes', async () => {
  const page = await show('templates-english')
  await type(page, '/nada de esto')
  const list = page.locator('.slash')
  await list.getByText('Nada con “nada de esto”').waitFor()
  await page.keyboard.press('Enter')
  expect(await calls('send')).toEqual([])
  await page.keyboard.press('Escape')
  await until(async () => (await list.count()) === 0)
  // It stays closed while one goes on writing.
  await page.keyboard.type(' y más')
  expect(await list.count()).toBe(0)
  await page.keyboard.press('Enter')
  await until(async () => (await calls('send')).length === 1)
  expect((await calls('send'))[0]?.[1]).toEqual({ text: '/nada de esto y más' })
})

test.each([
  ['after other words', async (page: Page) => type(page, 'y/o')],
  ['pasted with more', async (page: Page) => page.locator('textarea').fill('/home')],
  [
    'put before what is there',
    async (page: Page) => {
      await type(page, 'hola')
      await page.keyboard.press('Home')
      await page.keyboard.type('/')
    },
  ],
])('a slash %s is a slash', async (_, write) => {
  const page = await show('templates-english')
  await write(page)
  const text = await page.locator('textarea').inputValue()
  await page.keyboard.press('Enter')
  await until(async () => (await calls('send')).length === 1)
  expect((await calls('send'))[0]?.[1]).toEqual({ text })
})

test('a new line makes it a text', async () => {
  const page = await show('templates-english')
  await type(page, '/')
  await listOf(page).waitFor()
  await page.keyboard.press('Shift+Enter')
  await until(async () => (await page.locator('.slash').count()) === 0)
})
