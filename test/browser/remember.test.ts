// The panel stays where it was put, over a page change and a reload of the host: per tab, where the host asks for it.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { ev1, ev2, martin, useDesk } from './support.ts'

const desk = useDesk([ev1, ev2])

const tag = { attributes: 'data-locale="es" data-remember' }
const isOpen = (page: import('playwright-core').Page) => page.locator('hilo-chat .panel').isVisible()

test('a reload opens the same thread at the same place, without taking the focus from the page', async () => {
  const { page, launcher, panel, text } = await desk.open({ ...tag, html: '<input id="mine" autofocus>' })
  const { id } = await desk.world.hilo.conversation(martin.phone)
  for (let n = 0; n < 30; n++) await desk.world.hilo.simulator.phone(martin.phone).write(`Línea ${n}\nque sigue`)
  await page.evaluate((conversationId) => void window.Hilo.open({ conversationId }), id)
  const log = panel.getByRole('log')
  await panel.getByText('Línea 29').waitFor()
  await text.fill('A medio escribir')
  await log.evaluate((box) => box.scrollTo(0, box.scrollHeight - box.clientHeight - 400))
  await page.reload()
  await page.locator('#mine').focus()
  await panel.getByText('Línea 29').waitFor()
  expect(await text.inputValue()).toBe('A medio escribir')
  await until(async () => Math.abs((await log.evaluate((box) => box.scrollHeight - box.clientHeight - box.scrollTop)) - 400) < 60)
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('mine')
  await panel.getByRole('button', { name: 'Cerrar' }).click()
  await page.reload()
  await launcher.waitFor()
  expect(await isOpen(page), 'closed before: closed after').toBe(false)
})

test('not in another tab, not for another agent, not where the host did not ask, and a storage that is forbidden hurts nobody', async () => {
  const first = await desk.open(tag)
  await first.launcher.click()
  await first.panel.waitFor()
  const other = await desk.open(tag)
  expect(await isOpen(other.page)).toBe(false)
  // As if another agent had signed in meanwhile.
  await first.page.addInitScript(() => {
    const kept = sessionStorage.getItem('hilo:place')
    if (kept) sessionStorage.setItem('hilo:place', JSON.stringify({ ...JSON.parse(kept), agent: 'beto' }))
  })
  await first.page.reload()
  await first.launcher.waitFor()
  expect(await isOpen(first.page)).toBe(false)
  const unasked = await desk.open({})
  await unasked.launcher.click()
  await unasked.panel.waitFor()
  await unasked.page.reload()
  await unasked.launcher.waitFor()
  expect(await isOpen(unasked.page)).toBe(false)
  const forbidden = await desk.open({
    ...tag,
    before: `Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('no', 'SecurityError') } })`,
  })
  await forbidden.launcher.click()
  await forbidden.panel.waitFor()
  await forbidden.page.reload()
  await forbidden.launcher.waitFor()
  expect(await isOpen(forbidden.page)).toBe(false)
})
