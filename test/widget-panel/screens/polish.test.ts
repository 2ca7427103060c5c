// Details that one notices only where they are wrong: rings, holes, marks, counts that disagree, and what a small screen leaves out.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('the list opens with who waits for an answer', async () => {
  const page = await show('inbox')
  await until(async () => (await page.locator('[aria-selected=true][role=tab]').textContent())?.startsWith('Responder'))
  expect((await calls('setFilter')).at(-1)).toEqual([{ status: 'open', awaiting: true, sort: 'waiting' }])
  expect(await page.locator('.row').count()).toBe(await page.locator('.row .wait').count())
})

test('the list opens with all where nobody waits, and does not go there by itself once somebody was answered', async () => {
  const page = await show('inbox-nobody-waits')
  await until(async () => (await page.locator('[aria-selected=true][role=tab]').textContent())?.startsWith('Todas'))
  await until(async () => (await page.locator('.row').count()) > 5)
  const waiting = await show('inbox')
  await waiting.locator('.row').first().waitFor()
  await waiting.evaluate(() => {
    const { all } = panel.client
    all.value = all.peek().map((one) => ({ ...one, awaitingReplySince: null, unread: 0, rev: 99 }))
  })
  await waiting.getByText('Nadie espera tu respuesta.').waitFor()
  expect(await waiting.locator('[aria-selected=true][role=tab]').textContent()).toMatch(/^Responder/)
})

test('the search has a ring only for who comes by keys', async () => {
  const page = await show('inbox')
  const ring = () => page.locator('.searchbox').evaluate((box) => getComputedStyle(box).outlineStyle)
  const input = page.locator('input[type=search]')
  await input.click()
  expect(await ring()).toBe('none')
  await page.keyboard.type('a')
  expect(await ring()).toBe('none')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Shift+Tab')
  await until(async () => (await ring()) === 'solid')
  await input.click()
  await until(async () => (await ring()) === 'none')
})

test('the tray says the number that the menu says, and a filter of the menu takes none of the others away', async () => {
  const page = await show('inbox')
  await page.locator('.tray').getByText('3 conversaciones sin coordinación').waitFor()
  const counts = page.getByRole('tab').locator('b')
  const before = await counts.allTextContents()
  await page.getByRole('button', { name: 'Más' }).click()
  await page.getByRole('menuitem', { name: /^Sin coordinación/ }).click()
  await page.getByRole('button', { name: 'Más: Sin coordinación' }).waitFor()
  expect(await counts.allTextContents()).toEqual(before)
  for (const one of await counts.all()) expect(await one.isVisible()).toBe(true)
  await page.evaluate(() => {
    panel.client.counts.value = { open: 1400, awaiting: 400, mine: 100, unassigned: 2, unfiled: 300, failed: 1, snoozed: 2 }
  })
  await until(async () => (await counts.allTextContents()).join() === '99+,99+,99+')
  await page.getByRole('tab', { name: 'Todas' }).click()
  await page.locator('.tray').getByText('99+ conversaciones sin coordinación').waitFor()
})

test('the row that was open is marked', async () => {
  const page = await show('inbox')
  await page.locator('.row').first().click()
  await page.locator('textarea').waitFor()
  await page.keyboard.press('Escape')
  const open = page.locator('.row.is-active')
  await open.waitFor()
  const look = (row: Element) => getComputedStyle(row).boxShadow
  expect(await open.evaluate(look)).not.toBe('none')
  expect(await page.locator('.row:not(.is-active)').first().evaluate(look)).toBe('none')
})

test('the line above what is new stays once it was seen, quieter: it leaves no hole', async () => {
  const page = await show('thread')
  const line = page.locator('.newline.is-seen')
  await line.waitFor()
  const { opacity, height } = await line.evaluate((one) => ({ opacity: getComputedStyle(one).opacity, height: one.clientHeight }))
  expect([opacity, height > 0]).toEqual(['1', true])
})

test('a message that a colleague’s answer holds is dashed, and can be discarded', async () => {
  const page = await show('wrong')
  const held = page.locator('.m', { hasText: 'La vajilla está incluida.' })
  expect(await held.locator('.bubble').evaluate((one) => getComputedStyle(one).borderStyle)).toBe('dashed')
  await held.getByRole('button', { name: 'Descartar' }).click()
  await until(async () => (await calls('discard')).length === 1)
})

test('an SMS that letters make dear says which, and one press writes it without them', async () => {
  const page = await show('sms-short')
  const field = page.getByRole('textbox', { name: 'Escribí un SMS' })
  const text = `Mañana confirmamos “el menú”. ${'Te esperamos en el salón. '.repeat(7)}`
  await field.fill(text)
  await page.getByRole('button', { name: `${text.length} · 4 SMS` }).click()
  await page.getByText('Con “ ú ” ó son 4 SMS; sin eso, 2.').waitFor()
  await page.getByRole('button', { name: 'Quitar tildes y signos' }).click()
  await until(async () => (await field.inputValue()).startsWith('Mañana confirmamos "el menu". Te esperamos en el salon.'))
  await page.getByText('· 2 SMS').waitFor()
  expect(await page.getByRole('button', { name: '2 SMS' }).count()).toBe(0)
})

test.each([
  ['320 pixels', 320, 568],
  ['200 % on a laptop', 640, 360],
  ['400 %', 320, 200],
])('at %s the record, the window, the filing and the tray are within reach', async (_, width, height) => {
  const look = { width, height }
  const thread = await show('thread', look)
  for (const part of ['.rec b', '.rec .clock', 'textarea']) {
    await thread.locator(part).first().scrollIntoViewIfNeeded()
    expect(await isWhole(thread.locator(part).first()), part).toBe(true)
  }
  const unfiled = await show('record-chips', look)
  const chip = unfiled.locator('.chips button').first()
  await chip.scrollIntoViewIfNeeded()
  expect(await isWhole(chip)).toBe(true)
  const list = await show('inbox', look)
  await list.locator('.tray').scrollIntoViewIfNeeded()
  expect(await isWhole(list.locator('.tray'))).toBe(true)
})

/** Nothing lies over its middle, and it is in the window. */
const isWhole = (part: import('playwright-core').Locator) =>
  part.evaluate((one) => {
    const { left, right, top, bottom } = one.getBoundingClientRect()
    const root = one.getRootNode() as ShadowRoot
    const there = root.elementFromPoint((left + right) / 2, (top + bottom) / 2)
    return (
      top >= 0 &&
      left >= 0 &&
      bottom <= innerHeight &&
      right <= innerWidth &&
      there !== null &&
      (one.contains(there) || there.contains(one))
    )
  })
