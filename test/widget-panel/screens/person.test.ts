// The card behind a client's name: numbers, notes, records, threads, and everything that was said.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('a click on the name opens a card with numbers, first day, opt-out, tags, notes, records and the other channel’s thread', async () => {
  const page = await show('person')
  const card = page.locator('.person')
  await card.getByText('Desde el 3 may').waitFor()
  expect(await card.locator('.facts .num').allTextContents()).toEqual([
    'WhatsApp · +54\u00a09\u00a011\u00a05482-3391',
    'SMS · +54\u00a09\u00a011\u00a05482-3391',
  ])
  await card.getByText('Pidió no recibir más mensajes por SMS').waitFor()
  expect(await card.locator('.facts .tag').allTextContents()).toEqual(['vip'])
  expect(await card.locator('textarea').inputValue()).toBe('Prefiere audios. Habla con la hermana.')
  expect(await card.locator('.place .cut').allTextContents()).toEqual([
    'Casamiento Herrera–Paz · 12 mar',
    'Compromiso',
    'SMS · Sin coordinación',
  ])
  await page.getByRole('button', { name: 'Compromiso' }).first().click()
  await until(async () => (await calls('find')).length === 1)
  expect((await calls('find'))[0]).toEqual([{ coordinationId: 'ev-0800' }])
})

test('one timeline over records and channels, older ones by a press, each leading to its thread', async () => {
  const page = await show('person')
  const rows = page.locator('.said-row')
  await rows.first().waitFor()
  expect(await rows.locator('.said-text').allTextContents()).toEqual([
    '¿Se puede cambiar el menú de dos invitados? Son celíacos',
    'Beto: Sí, acreditada ayer.',
    'Hola, soy Sofía',
  ])
  expect(await rows.last().locator('.line').textContent()).toMatch(/^SMSSin coordinación/)
  await page.getByRole('button', { name: 'Más antiguos' }).click()
  await until(async () => (await calls('http')).some(([, path]) => String(path).includes('cursor=older')))
  await rows.last().click()
  expect((await calls('openThread')).at(-1)).toEqual(['sofia-sms'])
})

test('a record’s page is a link where it is http(s) and nothing where it is not; a host that listens takes it', async () => {
  let page = await show('person')
  await page.locator('.place').first().waitFor()
  expect(
    await page.locator('.place a').evaluateAll((all) => all.map((one) => [one.getAttribute('href'), one.getAttribute('target')])),
  ).toEqual([['https://app.example.com/eventos/1042', '_blank']])
  expect(await page.locator('.place .ib').count()).toBe(1)
  expect(await page.locator('.person').innerHTML()).not.toContain('javascript:')
  page = await show('person', { more: '&host=listens' })
  await page.locator('.place .ib').last().waitFor()
  for (const button of await page.locator('.place .ib').all()) await button.click()
  expect(await page.evaluate(() => panel.opened)).toEqual(['ev-1042', 'ev-0800'])
  expect(page.context().pages()).toHaveLength(1)
})

test('notes are saved when one leaves them, beside what the host gave', async () => {
  const page = await show('person')
  const note = page.locator('.person textarea')
  await note.fill('Llamar después de las 18')
  await page.keyboard.press('Tab')
  await until(async () => (await calls('http')).some(([method]) => method === 'PATCH'))
  const [patch] = (await calls('http')).filter(([method]) => method === 'PATCH')
  expect(patch).toEqual(['PATCH', '/api/contacts/contact-sofia', { attributes: { note: 'Llamar después de las 18' } }])
})

test('Escape goes back to the thread with what was written there, by keyboard alone', async () => {
  const page = await show('person')
  await page.locator('.person').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.thead + .rec').waitFor()
  await page.locator('textarea').fill('Hola Sofía')
  await page.locator('.who h2 button').focus()
  await page.keyboard.press('Enter')
  await page.locator('.person').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.transcript').waitFor()
  // It comes with the thread, which is drawn again first.
  await until(async () => (await page.locator('textarea').inputValue()) === 'Hola Sofía')
})
