// Searches: people and records by name, keys that go through what was found, and no second conversation beside one.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('a search finds records that have no conversation yet, and of messages only those that say it', async () => {
  const page = await show('search-records')
  const records = page.locator('.hit', { hasText: 'Marta Herrera' })
  await records.waitFor()
  expect(await records.locator('b').allTextContents(), 'the other has a row above').toEqual(['Cena Herrera'])
  expect(await records.locator('mark').allTextContents()).toEqual(['Herrera', 'Herrera'])
  expect(await page.locator('.hit .said').allTextContents(), 'a person’s name lists not all of her messages').toEqual([
    'Marta Herrera',
    'La señora Herrera llega a las 9',
  ])
  await records.click()
  await until(async () => (await calls('find')).length === 1)
  expect((await calls('find'))[0]).toEqual([{ coordinationId: 'ev-7' }])
})

test('down goes from the field into what was found and on, Enter opens the first', async () => {
  const page = await show('search-records')
  await page.locator('.hit').first().waitFor()
  const field = page.locator('.head [type="search"]')
  const now = () => page.evaluate(() => document.querySelector('hilo-chat')?.shadowRoot?.activeElement?.className)
  await field.focus()
  await page.keyboard.press('ArrowDown')
  expect(await now()).toBe('list')
  await page.locator('.hit').first().focus()
  await page.keyboard.press('ArrowDown')
  expect(await now()).toBe('hit')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  expect(await now()).toBe('list')
  await field.focus()
  await page.keyboard.press('Enter')
  await until(async () => (await calls('openThread')).length === 1)
  expect((await calls('openThread'))[0]).toEqual(['sofia'])
})

test('"New message" finds people and records; who has a conversation is led to it, who has none fills the form', async () => {
  let page = await show('search-records')
  await page.evaluate(() => {
    const [first] = panel.client.all.peek()
    panel.client.http = (
      (http) => (method: string, path: string, body?: object) =>
        path.includes('contactId=contact-sofia') ? Promise.resolve({ ok: true, items: [first] }) : http(method as 'GET', path, body)
    )(panel.client.http) as typeof panel.client.http
  })
  await page.getByRole('button', { name: 'Mensaje nuevo' }).click()
  const who = page.getByPlaceholder('Buscar persona o coordinación')
  await who.fill('herrera')
  await page.getByText('ya hay una conversación').waitFor()
  expect(await page.locator('.who-search .option mark').count()).toBe(4)
  await page.locator('.who-search .option', { hasText: 'Marta' }).first().click()
  expect((await page.locator('input[type="tel"]').inputValue()).replace(/\s/g, '')).toBe('+5491150001111')
  await who.focus()
  await page.keyboard.press('Enter')
  await until(async () => (await calls('openThread')).length === 1)
  expect((await calls('openThread'))[0]).toEqual(['sofia'])
  expect(await calls('find')).toEqual([])
  page = await show('search-records')
  await page.getByRole('button', { name: 'Mensaje nuevo' }).click()
  await page.getByPlaceholder('Buscar persona o coordinación').fill('cena')
  await page.locator('.who-search .option', { hasText: 'Cena Herrera' }).click()
  await until(async () => (await calls('find')).length === 1)
  expect((await calls('find'))[0]).toEqual([{ coordinationId: 'ev-7' }])
})
