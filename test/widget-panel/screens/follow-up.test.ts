// Nothing that an agent began, or that failed, is out of sight.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('a draft is seen in its row, and above the list where its thread has no row yet; one press leads there', async () => {
  const page = await show('drafts')
  await page.getByRole('tab', { name: 'Todas' }).click()
  await page.locator('#row-carolina .prev', { hasText: 'Borrador: Te paso la lista con' }).waitFor()
  await page.locator('.group', { hasText: 'Borradores' }).waitFor()
  const kept = page.locator('.kept')
  await kept.filter({ hasText: 'Nadia Roldán' }).getByText('Borrador: Hola Nadia, ¿venís el jueves a ver el salón?').waitFor()
  expect(await kept.count(), 'neither that of a row, nor of what is gone').toBe(1)
  await kept.click()
  await until(async () => (await calls('openThread')).some(([id]) => id === 'nadia'))
})

test('what is written to who has no row yet is a draft above the list as one comes back to it', async () => {
  const page = await show('drafts')
  await page.getByRole('tab', { name: 'Todas' }).click()
  await page.evaluate(() => {
    panel.client.drafts.value = new Map()
  })
  await page.locator('.kept').waitFor({ state: 'detached' })
  await page.locator('#row-natalia').click()
  await page.locator('textarea').fill('Llevá el plano')
  await page.getByRole('button', { name: 'Volver' }).click()
  await page.locator('#row-natalia .prev', { hasText: 'Borrador: Llevá el plano' }).waitFor()
})

test('a conversation stays under “failed” whatever came after, and its row says the reason; so does what was not taken', async () => {
  const page = await show('failed-rows')
  await page.locator('#row-jorge .prev', { hasText: /No se entregó: Pasaron 24.h desde su último mensaje/ }).waitFor()
  await page.locator('#row-sofia .prev', { hasText: 'No se entregó: Tiene el teléfono apagado o sin señal.' }).waitFor()
  const kept = page.locator('.kept')
  await kept.first().waitFor()
  expect(await page.locator('.group').textContent()).toBe('No salieron')
  const rows = (await kept.allTextContents()).toSorted()
  expect(rows.map((text) => text.includes('No se pudo enviar: Llegaste al límite de mensajes'))).toEqual([true, true])
  expect(rows.map((text) => /Nadia Roldán|Natalia Ruiz/.exec(text)?.[0])).toEqual(['Nadia Roldán', 'Natalia Ruiz'])
})

test('in the other lists what the client says comes first, beside a mark of what failed', async () => {
  const page = await show('failed-rows')
  await page.getByRole('tab', { name: 'Todas' }).click()
  const row = page.locator('#row-sofia .prev')
  await row.getByText('¿Se puede cambiar el menú').waitFor()
  expect(await row.locator('i.danger').count()).toBe(1)
})

test('put away, a failed message is told so, and its card is gone for good', async () => {
  const page = await show('failures')
  const cards = page.locator('.card.failed')
  await cards.first().waitFor()
  const before = await cards.count()
  await cards.first().getByRole('button', { name: 'Quitar este aviso' }).click()
  await until(async () => (await cards.count()) === before - 1)
  expect(await calls('putAway')).toHaveLength(1)
})
