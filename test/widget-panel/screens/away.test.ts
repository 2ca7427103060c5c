// Away is seen: by the agent at the bell and in a strip, by colleagues where they assign.
import { expect, test } from 'vitest'
import { until } from '../../support/until.ts'
import { useScreens } from '../show-panel.ts'

const { show, calls } = useScreens()

test('while the agent is away the bell is struck through and a strip leads back, in the list and in a thread', async () => {
  const page = await show('away')
  const strip = page.locator('.strip', { hasText: 'Estás ausente' })
  await strip.waitFor()
  const bell = page.getByRole('button', { name: 'Avisos' }).locator('path')
  const struck = await strip.locator('path').getAttribute('d')
  await until(async () => (await bell.getAttribute('d')) === struck)
  await page.getByText('Sofía Herrera').first().click()
  await page.locator('.assign').waitFor()
  await strip.getByRole('button', { name: 'Volver' }).click()
  await strip.waitFor({ state: 'detached' })
  expect(await calls('changeSettings')).toEqual([[{ presence: 'online' }]])
  await page.keyboard.press('Escape')
  await page.getByRole('searchbox').waitFor()
  expect(await bell.getAttribute('d')).not.toBe(struck)
})

test('what the server did not take is said in the strip, which stays', async () => {
  const page = await show('away')
  await page.evaluate(() => void panel.client.refusals.set('changeSettings', 'unavailable'))
  const strip = page.locator('.strip', { hasText: 'Estás ausente' })
  await strip.getByRole('button', { name: 'Volver' }).click()
  await page.locator('.strip', { hasText: 'No se pudo guardar' }).waitFor()
  await page.getByRole('button', { name: 'Volver' }).click()
  await page.locator('.strip').waitFor({ state: 'detached' })
})

test('where one assigns, who is away says so beside the name; who is there or offline says nothing', async () => {
  const page = await show('thread')
  await page.evaluate(
    () =>
      void panel.client.replies.set('/api/agents', {
        items: [
          { id: 'agent-dora', name: 'Dora Luna', presence: 'away' },
          { id: 'agent-eva', name: 'Eva Sosa', presence: 'online' },
          { id: 'agent-fede', name: 'Fede Gil', presence: 'offline' },
        ],
      }),
  )
  await page.locator('.assign').click()
  await page.getByRole('menuitem', { name: 'Asignar a Dora Luna ausente' }).waitFor()
  await page.getByRole('menuitem', { name: 'Asignar a Eva Sosa', exact: true }).waitFor()
  await page.getByRole('menuitem', { name: 'Asignar a Fede Gil', exact: true }).waitFor()
})
