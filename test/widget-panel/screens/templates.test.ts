// Templates as the agent finds them: in the client's language first, filled from the record.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('a client of another country is offered templates of his language first, named with it', async () => {
  const page = await show('templates-english')
  await page.getByRole('button', { name: 'Plantillas' }).click()
  const names = page.locator('.tplopt b .cut')
  await names.first().waitFor()
  expect((await names.allTextContents()).slice(0, 2)).toEqual(['Greeting · inglés', 'Retomar la charla'])
})

test('the form takes the record’s data before the page’s, and what is typed stays when the data comes', async () => {
  const page = await show('templates-english')
  await page.evaluate(() => {
    panel.client.replies.set('/api/coordinations/ev-1042', { data: { monto: 480000, Fecha: 'el lunes 8' } })
    panel.handle.setContext({ coordinationId: 'ev-1042', variables: { monto: '1', nombre: 'Sofi' } })
  })
  await page.getByRole('button', { name: 'Plantillas' }).click()
  await page.locator('.tplopt', { hasText: 'Avisar vencimiento de cuota' }).click()
  const field = (name: string) => page.locator(`input[name="${name}"]`)
  await until(async () => (await field('monto').inputValue()) === '480000')
  expect(await field('fecha').inputValue()).toBe('el lunes 8')
  expect(await field('nombre').inputValue()).toBe('Sofi')
  await field('nombre').fill('Sofía H.')
  await page.getByRole('button', { name: 'Enviar plantilla' }).click()
  await until(async () => (await calls('send')).length === 1)
  expect((await calls('send'))[0]?.[1]).toEqual({
    template: {
      name: 'avisar_vencimiento_de_cuota',
      language: 'es',
      variables: { nombre: 'Sofía H.', monto: '480000', fecha: 'el lunes 8' },
    },
  })
})

test('a page about another record fills nothing here', async () => {
  const page = await show('templates-english')
  await page.evaluate(() => panel.handle.setContext({ coordinationId: 'ev-2', variables: { monto: '1' } }))
  await page.getByRole('button', { name: 'Plantillas' }).click()
  await page.locator('.tplopt', { hasText: 'Avisar vencimiento de cuota' }).click()
  expect(await page.locator('input[name="monto"]').inputValue()).toBe('')
})

test('of more than a hundred the server finds those that the page does not hold', async () => {
  const page = await show('templates-english')
  await page.evaluate(() => {
    const { client } = panel
    const [one] = client.templates.peek()
    if (!one) throw new Error('They are in the sample.')
    client.templates.value = Array.from({ length: 100 }, (_, index) => ({ ...one, name: `aviso_${index}` }))
    client.replies.set('/api/templates', {
      items: [
        { ...one, name: 'zona_de_retiro' },
        { ...one, name: 'aviso_7' },
      ],
    })
  })
  await page.getByRole('button', { name: 'Plantillas' }).click()
  await page.getByRole('searchbox').fill('retiro')
  const names = page.locator('.tplopt b .cut')
  await until(async () => (await names.allTextContents()).join() === 'Zona de retiro')
})

test('those that cannot go stand after those that can, each with its reason', async () => {
  const page = await show('templates-english')
  await page.getByRole('button', { name: 'Plantillas' }).click()
  const last = page.locator('.tplopt').last()
  expect(await last.isDisabled()).toBe(true)
  expect(await last.textContent()).toContain('En revisión')
})
