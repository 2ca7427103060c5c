// Sending that cannot hurt, as an agent sees it: plans, undo, notes, and what is held before it goes.
import type { Page } from 'playwright-core'
import { describe, expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const screens = useScreens()
let page: Page
const show = async (state: string) => {
  page = await screens.show(state)
  await page.locator('html[data-shown]').waitFor({ state: 'attached' })
}
const { calls } = screens
const button = (name: string) => page.getByRole('button', { name, exact: true })
const text = () => page.locator('textarea')
const refuse = (name: string, code: string) =>
  page.evaluate(([call, why]) => void panel.client.refusals.set(call as string, why as string), [name, code])

describe('a plan that is edited', () => {
  const time = '2026-11-28T00:30:00.000Z'

  test('keeps its time: Enter saves it for then, and sends nothing now', async () => {
    await show('plan-edit')
    await page.getByText('Estás editando lo que sale: vie 27 nov, 21:30').waitFor()
    await until(async () => (await text().inputValue()) === 'Hola Sofía! Mañana es la prueba de menú, 19 h.')
    expect(await page.locator('.is-plan').count(), 'the old plan stays until it is saved').toBe(1)
    await text().fill('Hola Sofía! Mañana es la prueba, 20 h.')
    await text().press('Enter')
    await page.locator('.is-plan', { hasText: '20 h' }).waitFor()
    expect(await calls('change')).toMatchObject([[expect.any(String), { text: 'Hola Sofía! Mañana es la prueba, 20 h.', sendAt: time }]])
    expect([await calls('send'), await calls('cancel')]).toEqual([[], []])
    expect(await text().inputValue()).toBe('')
    await button('Enviar').waitFor()
  })

  test('goes at another time where one is chosen', async () => {
    await show('plan-edit')
    await button('Cambiar').click()
    await page.getByLabel('Día', { exact: true }).fill('2026-11-24')
    await page.getByLabel('Hora', { exact: true }).fill('09:15')
    await page.getByRole('dialog').getByRole('button', { name: 'Programar' }).click()
    await page.getByText('lo que sale: mañana 09:15').waitFor()
    expect(await calls('change'), 'saved by its own button').toEqual([])
    await button('Guardar').click()
    await until(async () => (await calls('change')).length === 1)
    expect((await calls('change'))[0]?.[1]).toMatchObject({ sendAt: '2026-11-24T12:15:00.000Z' })
  })

  test('is left as it was by × and by Escape, with the draft that stood there before', async () => {
    await show('ticks')
    await text().fill('un borrador')
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await until(async () => (await text().inputValue()).startsWith('Hola Sofía'))
    await text().fill('otra cosa')
    await button('Dejar como estaba').click()
    await until(async () => (await text().inputValue()) === 'un borrador')
    await page.locator('.is-plan').getByRole('button', { name: 'Editar' }).click()
    await until(async () => (await text().inputValue()).startsWith('Hola Sofía'))
    await text().press('Escape')
    await until(async () => (await text().inputValue()) === 'un borrador')
    expect(await page.evaluate(() => panel.client.drafts.get('sofia'))).toBe('un borrador')
    expect([await calls('change'), await calls('send')]).toEqual([[], []])
  })

  test('says that it went meanwhile, keeps what was written, and Enter still sends nothing', async () => {
    await show('plan-edit')
    await text().fill('demasiado tarde')
    await refuse('change', 'conflict')
    await text().press('Enter')
    await page.getByText('Ya salió o se canceló').waitFor()
    await page.evaluate(() => {
      const { messages } = panel.client.fakeThread('sofia')
      messages.value = messages.peek().map((one) => (one.seq === null ? { ...one, seq: 9, status: 'sent', rev: 9 } : one))
    })
    await refuse('change', 'conflict')
    await text().press('Enter')
    await until(async () => (await calls('change')).length === 2)
    expect(await text().inputValue()).toBe('demasiado tarde')
    expect(await calls('send')).toEqual([])
  })
})
