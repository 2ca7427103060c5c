// Page translators put FONT elements where texts are, as Chrome's and Google's do: names, times and numbers stay as they are, and
// what is written anew is seen.
import type { Page } from 'playwright-core'
import { beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { ev1, martin, recordButton, sofia, useDesk } from './support.ts'

const html = recordButton('ev-1', sofia)
const desk = useDesk([ev1])
beforeAll(async () => void (await desk.world.hilo.simulator.phone(martin.phone).write('Buenas')))

/** Translates every text of the widget, as a translator does it: but what may not be translated. `moved`: the text goes into the FONT. */
function translate(page: Page, moved = false): Promise<number> {
  return page.evaluate((moved) => {
    const roots = [...document.querySelectorAll('hilo-chat, hilo-badge')].flatMap((host) => host.shadowRoot ?? [])
    let count = 0
    for (const root of roots) {
      const texts: Text[] = []
      const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) texts.push(walker.currentNode as Text)
      for (const text of texts) {
        const parent = text.parentElement
        if (!parent || text.data.trim() === '' || parent.closest('[translate="no"], font, style, textarea')) continue
        const outer = document.createElement('font')
        const inner = document.createElement('font')
        outer.append(inner)
        const translated = `«${text.data}»`
        if (moved) {
          text.before(outer)
          inner.append(text)
          text.data = translated
        } else {
          inner.append(translated)
          text.replaceWith(outer)
        }
        count++
      }
    }
    return count
  }, moved)
}
const fonts = (page: Page) =>
  page.evaluate(
    () => [...document.querySelectorAll('hilo-chat')].map((host) => host.shadowRoot?.querySelectorAll('font').length ?? 0)[0] ?? 0,
  )

test.each([
  ['put in the place of the texts', false],
  ['that take the texts with them', true],
])('with translations %s the inbox and a thread go on, and nothing throws', async (_, moved) => {
  const agent = await desk.open({ html })
  const { page, panel, log, launcher } = agent
  await launcher.click()
  await panel.getByRole('tab', { name: 'Todas' }).click()
  const row = panel.getByRole('option', { name: sofia.name })
  await row.waitFor()
  const before = await Promise.all([row.locator('.name').textContent(), row.locator('.time').textContent()])
  expect(await translate(page, moved)).toBeGreaterThan(5)
  expect(
    await Promise.all([row.locator('.name').textContent(), row.locator('.time').textContent()]),
    'no word of a name or a time',
  ).toEqual(before)

  const text = `¿Hay lugar para ${moved ? 'diez' : 'doce'}?`
  await desk.world.hilo.simulator.phone(sofia.phone).write(text)
  await until(async () => (await row.textContent())?.includes(text) === true, { what: 'the new preview' })
  expect(await row.locator('.l3').textContent(), 'the old one is gone, its translation too').not.toMatch(/«/)

  await row.click()
  await log.getByText(text).waitFor()
  await translate(page, moved)
  await agent.text.fill('Sí, hay')
  await page.keyboard.press('Enter')
  await log.locator('.m', { hasText: 'Sí, hay' }).locator('.tick.delivered').waitFor()
  await panel.getByRole('button', { name: 'Volver' }).click()
  await row.waitFor()
  await launcher.click()
  await until(async () => (await launcher.getAttribute('aria-expanded')) === 'false')
})

test('shown as it was written again, every text is there, once', async () => {
  const agent = await desk.open({ html })
  const { page, panel, launcher } = agent
  await launcher.click()
  await panel.getByRole('tab', { name: 'Todas' }).click()
  await panel.getByRole('option', { name: sofia.name }).waitFor()
  const written = await panel.textContent()
  await translate(page)
  await until(async () => (await panel.textContent()) !== written)
  await page.evaluate(() => {
    for (const font of document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('font') ?? []) font.remove()
  })
  await until(async () => (await fonts(page)) === 0)
  expect(await panel.textContent()).toBe(written)
})

test('the numbers of launcher and badges are not translated, and go on', async () => {
  const agent = await desk.open({ html })
  const { page, launcher } = agent
  const badge = page.locator('hilo-badge .badge').first()
  await translate(page)
  const number = Number(await badge.getAttribute('data-n'))
  await desk.world.hilo.simulator.phone(sofia.phone).write('¿Y?')
  await until(async () => (await badge.textContent()) === String(number + 1))
  expect(await launcher.textContent()).toMatch(/^\d+\+?$/)
})
