// The agent reads the host's word for a record, everywhere.
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { useScreens } from '../show-panel.ts'

const { show } = useScreens()

test('a dentist’s agent reads "turno" in the list, the filters, the thread and its menus, and never "coordinación"', async () => {
  const page = await show('inbox', { more: '&record=turno/turnos' })
  const panel = page.locator('hilo-chat .panel')
  await page.locator('.tray').getByText('3 conversaciones sin turno').waitFor()
  await page.getByRole('tab', { name: 'Todas' }).click()
  await page.locator('#row-unknown').getByText('Sin turno').waitFor()
  await page.getByRole('button', { name: 'Más' }).click()
  await page.getByRole('menuitem', { name: 'Sin turno' }).waitFor()
  await page.keyboard.press('Escape')
  await page.locator('#row-unknown').click()
  await page.locator('.rec').getByText('Sin turno').waitFor()
  await page.getByRole('button', { name: 'Más acciones' }).click()
  await page.getByRole('menuitem', { name: 'Elegir turno' }).click()
  await page.getByPlaceholder('Buscar turno').waitFor()
  expect(await panel.innerHTML()).not.toMatch(/coordinaci/i)
})

test('a record’s state fits a word of either gender', async () => {
  const page = await show('thread', { more: '&record=préstamo/préstamos' })
  await page.locator('.rec .state').getByText('Vigente').waitFor()
})

test('no text of the widget names a record but by the host’s word', () => {
  const files = ['widget/locales/{es,en,pt}.ts', ...globSync('widget/panel/*/*-words.ts')].flatMap((pattern) => globSync(pattern))
  expect(files.length).toBeGreaterThan(7)
  const named = files.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => /'.*(coordinaci|coordenaç|(?<!\{)\brecords?\b(?!\}))/i.test(line) && !/^ {2}records?: /.test(line)),
  )
  expect(named).toEqual([])
})
