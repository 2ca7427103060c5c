// A button whose record the host never sent us: the thread opens all the same, and whoever builds the page is told.
import { expect, test } from 'vitest'
import { ev1, useDesk } from './support.ts'

// That nobody saved it is found by asking for it.
const desk = useDesk([ev1], /404/)
const button = (id: string, title: string) =>
  `<button type="button" data-hilo-coordination="${id}" data-hilo-phone="+5491150014444" data-hilo-name="Rosa Paz" data-hilo-title="${title}">Abrir ${id}</button>`

test('a button names a record that nobody saved: its thread opens under that title, as text, and the console says it once', async () => {
  const warnings: string[] = []
  const html = button('ev-new', '&lt;img src=x onerror=alert(1)&gt; Bautismo Paz') + button('ev-newer', 'Bautismo '.repeat(40))
  const { page, panel } = await desk.open({
    html,
    prepare: (tab) => tab.on('console', (message) => message.type() === 'warning' && warnings.push(message.text())),
  })
  await page.getByRole('button', { name: 'Abrir ev-new', exact: true }).click()
  await panel.getByText('<img src=x onerror=alert(1)> Bautismo Paz').first().waitFor()
  expect(await panel.locator('img').count()).toBe(0)
  await expect.poll(() => warnings.length).toBe(1)
  await page.getByRole('button', { name: 'Abrir ev-newer' }).click()
  await panel
    .getByText(/Bautismo Bautismo/)
    .first()
    .waitFor()
  expect(warnings.filter((line) => line.startsWith('[Hilo]'))).toEqual(['[Hilo] Not saved: PUT /api/coordinations/ev-new'])

  await desk.world.record('ev-new', 'Bautismo de Rosa', { name: 'Rosa Paz', phone: '+5491150014444' })
  await page.getByRole('button', { name: 'Abrir ev-new', exact: true }).click()
  await panel.getByText('Bautismo de Rosa').first().waitFor()
})
