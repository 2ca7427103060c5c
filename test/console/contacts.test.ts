// The console's contacts: found, corrected, looked at with everything said, and those who opted out.
import { readFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Contact } from '../../shared/model.ts'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []
const sofia = '+5491154823391'
const martin = '+5491161204478'

async function open(at: string, locale = 'en'): Promise<ConsolePage> {
  const one = await world.open({ at, context: { locale } })
  opened.push(one)
  return one
}
const rows = ({ page }: ConsolePage, name = 'Contacts') => page.getByRole('table', { name }).locator('tbody tr')
async function contactOf(phone: string): Promise<Contact> {
  const { body } = await world.boss.call<{ items: Contact[] }>('GET', `/api/contacts?q=${encodeURIComponent(phone)}`)
  if (!body.items[0]) throw new Error(`Nobody has ${phone}.`)
  return body.items[0]
}

beforeAll(async () => {
  world = await startConsole()
  const { hilo } = world
  await hilo.simulator.phone(sofia).write('Hola, ¿tienen lugar el sábado?')
  await hilo.simulator.phone(martin).write('Buenas')
  await world.boss.send({ channel: 'whatsapp', to: sofia, text: 'Sí, a las diez.' })
  await hilo.simulator.phone(martin).write('STOP', { channel: 'sms' })
  await hilo.conversation(sofia)
})
afterAll(() => world.close())
afterEach(async () => {
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

test('are listed, and found by a part of the name or the number', async () => {
  const list = await open('/contacts')
  await rows(list).nth(1).waitFor()
  expect(await inspect(list, 'contacts')).toEqual([])
  await list.page.getByRole('searchbox', { name: 'Name, number, id or tag' }).fill('sofía')
  await rows(list).nth(1).waitFor({ state: 'detached' })
  expect(await rows(list).first().textContent()).toContain('Sofía Herrera')
  await list.page.waitForURL(/#\/contacts\?q=sof/)
  await list.page.getByRole('searchbox', { name: 'Name, number, id or tag' }).fill('zeppelin')
  await list.page.getByRole('heading', { name: 'No contact with these words' }).waitFor()
})

test('one shows its numbers, threads and everything said', async () => {
  const list = await open('/contacts')
  await rows(list).getByRole('link', { name: 'Sofía Herrera' }).click()
  await list.page.getByRole('heading', { name: 'Sofía Herrera', level: 1 }).waitFor()
  await list.page.getByRole('region', { name: 'Everything said' }).getByText('Sí, a las diez.').waitFor()
  await list.page.getByRole('region', { name: 'Records' }).getByRole('link', { name: 'Unfiled' }).waitFor()
  await list.page.getByText('None: they may be written to.').waitFor()
  expect(await inspect(list, 'contact')).toEqual([])
})

test('one is corrected: name, details and tags; what was not touched stays', async () => {
  const { id } = await contactOf(sofia)
  const view = await open(`/contacts/${id}`)
  await view.page.getByRole('button', { name: 'Edit' }).click()
  await view.page.getByRole('textbox', { name: 'Name' }).fill('Sofía Herrera Paz')
  await view.page.getByRole('textbox', { name: 'Tags' }).fill('vip, boda, vip')
  await view.page.getByRole('button', { name: 'Add a detail' }).click()
  await view.page.getByRole('textbox', { name: 'Detail', exact: true }).fill('mesa')
  await view.page.getByRole('textbox', { name: 'mesa', exact: true }).fill('12')
  expect(await inspect(view, 'contact, edited')).toEqual([])
  await view.page.getByRole('button', { name: 'Save' }).click()
  await view.page.getByText('Saved.').waitFor()
  const saved = await contactOf(sofia)
  expect(saved).toMatchObject({ name: 'Sofía Herrera Paz', tags: ['vip', 'boda'], attributes: { mesa: '12' } })
  expect(saved.addresses.map(({ phone }) => phone)).toContain(sofia)
})

test('those who opted out are listed, one is noted by hand, and all of them are downloaded', async () => {
  const list = await open('/contacts/-opt-outs')
  await rows(list, 'Opt-outs').filter({ hasText: 'the client wrote it' }).first().waitFor()
  expect(await inspect(list, 'opt-outs')).toEqual([])
  await list.page.getByRole('button', { name: 'Note an opt-out' }).click()
  const dialog = list.page.getByRole('dialog', { name: 'Note an opt-out' })
  await dialog.getByRole('textbox', { name: 'Number' }).fill('11 5482-3391')
  await dialog.getByRole('radio', { name: 'No marketing' }).check()
  expect(await inspect(list, 'opt-out, noted')).toEqual([])
  await dialog.getByRole('button', { name: 'Save' }).click()
  await list.page.getByText('Noted.').waitFor()
  await rows(list, 'Opt-outs').filter({ hasText: 'an agent noted it' }).getByText('No marketing').waitFor()
  const [download] = await Promise.all([
    list.page.waitForEvent('download'),
    list.page.getByRole('button', { name: 'Download CSV' }).click(),
  ])
  expect(readFileSync(await download.path(), 'utf8')).toContain('marketing')
  await rows(list, 'Opt-outs').filter({ hasText: 'an agent noted it' }).getByRole('button').click()
  await list.page.getByRole('dialog').getByRole('button', { name: 'Accepts again' }).click()
  await rows(list, 'Opt-outs').filter({ hasText: 'an agent noted it' }).waitFor({ state: 'detached' })
})

test('the parts stand beside each other as tabs, by the keyboard', async () => {
  const list = await open('/contacts', 'es')
  await list.page.getByRole('tab', { name: 'Contactos' }).focus()
  await list.page.keyboard.press('ArrowRight')
  await list.page.waitForURL(/#\/contacts\/-opt-outs$/)
  await list.page.getByText('A quien está acá no se le escribe').waitFor()
  await list.page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'tab')
})
