// The page moves on under an open thread: a quiet line says so, and leads there.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('says that the page is about another record once it moves there, and goes there by a press', async () => {
  const page = await show('thread')
  await page.locator('.transcript').waitFor()
  await page.evaluate(() => {
    panel.client.replies.set('/api/coordinations/ev-1050', { title: '15 de Valentina' })
    panel.handle.setContext({ coordinationId: 'ev-1042' })
  })
  await page.evaluate(() => new Promise(requestAnimationFrame))
  expect(await page.getByText('Esta página es de').count()).toBe(0)
  await page.evaluate(() => panel.handle.setContext({ coordinationId: 'ev-1050' }))
  await page.getByText('Esta página es de 15 de Valentina').waitFor()
  expect(await page.locator('textarea').count(), 'the thread stays').toBe(1)
  await page.getByRole('button', { name: 'Ir', exact: true }).click()
  await until(async () => (await calls('find')).length === 1)
  expect((await calls('find'))[0]).toEqual([{ coordinationId: 'ev-1050' }])
  await until(async () => (await page.getByText('Esta página es de').count()) === 0)
})

test('says nothing of a record that this agent may not see', async () => {
  const page = await show('thread')
  await page.evaluate(() => {
    panel.client.refusals.set('http', 'not_found')
    panel.handle.setContext({ coordinationId: 'ev-secret' })
  })
  await until(async () => (await calls('http')).some(([, path]) => path === '/api/coordinations/ev-secret'))
  await page.evaluate(() => new Promise(requestAnimationFrame))
  expect(await page.getByText('Esta página es de').count()).toBe(0)
})

test('the number shown is the client’s own; the address that is written to is in its tooltip', async () => {
  const page = await show('own-number')
  const number = page.locator('.who p')
  expect((await number.textContent())?.replaceAll('\u00a0', ' ')).toBe('WhatsApp · +52 55 1234 5678')
  expect(await number.getAttribute('title')).toBe('WhatsApp · +5215512345678')
  // As the host writes it, where its record says the same number otherwise.
  await page.evaluate(() => {
    const { all } = panel.client
    all.value = all
      .peek()
      .map((one) =>
        one.id === 'sofia' && one.coordination ? { ...one, coordination: { ...one.coordination, phone: '+541154823391' } } : one,
      )
  })
  await until(async () => (await number.textContent())?.replaceAll('\u00a0', ' ') === 'WhatsApp · +54 11 5482-3391')
  expect(await number.getAttribute('title')).toBe('WhatsApp · +5215512345678')
})
