// Tags: seen in the list and in the thread, and a way to all that has one.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('a row shows the first tag and how many more there are', async () => {
  const page = await show('inbox-tags')
  expect(await page.locator('#row-sofia .tag').allTextContents()).toEqual(['vip', '+2'])
  expect(await page.locator('#row-sofia .tag').last().getAttribute('title')).toBe('celíacos, seña pendiente')
  expect(await page.locator('#row-martin .tag').count()).toBe(0)
})

test('a tag in the thread leads to all that has it; the filters say so, and one press shows all again', async () => {
  const page = await show('thread-tags')
  await page.getByRole('button', { name: 'vip' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Más: vip' }).waitFor()
  expect((await calls('setFilter')).at(-1)).toEqual([{ tag: 'vip', automated: true }])
  await until(async () => (await page.locator('.row .name').allTextContents()).join() === 'Sofía Herrera')
  await page.getByRole('tab', { name: 'Todas' }).click()
  await until(async () => (await page.locator('.row').count()) > 5)
})

test('the menu of filters holds the tags of what is listed', async () => {
  const page = await show('inbox-tags')
  await page.getByRole('button', { name: 'Más' }).click()
  await page.getByRole('menuitem', { name: 'vip' }).waitFor()
  expect((await page.getByRole('menuitem').allTextContents()).slice(-3)).toEqual(['celíacos', 'seña pendiente', 'vip'])
  await page.getByRole('menuitem', { name: 'vip' }).click()
  await until(async () => (await page.locator('.row .name').allTextContents()).sort().join() === 'Jorge Pedraza,Sofía Herrera')
})
