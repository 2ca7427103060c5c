// A browser whose storage is full or forbidden: what one writes lives as long as the page, and nothing breaks.
import { expect, test } from 'vitest'
import { ev1, ev2, recordButton, sofia, useDesk } from './support.ts'

const desk = useDesk([ev1, ev2])
const full = `Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }`
const forbidden = `for (const name of ['localStorage', 'sessionStorage'])
  Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } })`

test.each([
  ['full', full],
  ['forbidden', forbidden],
])('where it is %s a draft waits in its thread and its row while the page lives, and goes', async (_, before) => {
  const ana = await desk.open({ html: recordButton('ev-1', sofia), attributes: 'data-remember', before })
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await ana.text.fill('A medio escribir')
  await ana.panel.getByRole('button', { name: 'Volver', exact: true }).click()
  await ana.panel.getByRole('tab', { name: /^Todas/ }).click()
  await ana.panel.getByRole('option', { name: /Borrador: A medio escribir/ }).click()
  await ana.text.waitFor()
  expect(await ana.text.inputValue()).toBe('A medio escribir')
  await ana.text.press('Enter')
  await ana.log.locator('.m.out', { hasText: 'A medio escribir' }).last().locator('.tick.delivered').waitFor()
  expect(await ana.text.inputValue()).toBe('')
})
