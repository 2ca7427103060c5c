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

const file = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') })

test('a file is looked at, its columns named, tried without saving, then taken in; its faults are kept by their lines', async () => {
  const one = await open('/contacts/-import')
  const table = 'Teléfono;Nombre;Mesa;Interno\n11 5555-0101;Íñigo Núñez;4;x\nsin número;Nadie;5;y\n11 5555-0102;Ana;6;z\n'
  await one.page.locator('input[type=file]').setInputFiles(file('invitados.csv', table))
  const column = (name: string) => one.page.getByRole('combobox', { name, exact: true })
  await column('Nombre').waitFor()
  expect(await column('Teléfono').inputValue()).toBe('phone')
  expect(await column('Nombre').inputValue()).toBe('name')
  expect(await column('Mesa').inputValue()).toBe('detail')
  await one.page.getByText('Íñigo Núñez').waitFor()
  await column('Interno').selectOption('none')
  await column('Teléfono').selectOption('none')
  await one.page.getByText('Choose which column has the phone').waitFor()
  expect(await one.page.getByRole('button', { name: 'Import', exact: true }).isDisabled()).toBe(true)
  await column('Teléfono').selectOption('phone')
  await one.page.getByRole('button', { name: 'Try without saving' }).click()
  await one.page.getByText('It would become this; nothing is saved yet.').waitFor()
  await one.page.getByText(/Line 3/).waitFor()
  expect(await inspect(one, 'import, tried')).toEqual([])
  expect((await world.boss.call<{ items: Contact[] }>('GET', '/api/contacts?q=Íñigo')).body.items).toEqual([])
  const [download] = await Promise.all([
    one.page.waitForEvent('download'),
    one.page.getByRole('button', { name: 'Download the faults (CSV)' }).click(),
  ])
  expect(readFileSync(await download.path(), 'utf8')).toMatch(/^\uFEFFLine,Fault\r\n3,/)
  await one.page.getByRole('button', { name: 'Import', exact: true }).click()
  await one.page.getByText('Imported.').waitFor()
  const saved = await contactOf('Íñigo')
  expect(saved).toMatchObject({ name: 'Íñigo Núñez', attributes: { Mesa: '4' } })
  expect(saved.attributes).not.toHaveProperty('Interno')
})

test('a file of nothing, and one that the server refuses, say so', async () => {
  const one = await open('/contacts/-import')
  await one.page.locator('input[type=file]').setInputFiles(file('vacio.csv', ''))
  await one.page.getByText('Nothing could be read in this file.').waitFor()
  await one.page.getByRole('button', { name: 'Choose another' }).click()
  await one.page.locator('input[type=file]').setInputFiles(file('doble.csv', 'Phone;Nota;Nota\n11 5555-0103;a;b\n'))
  await one.page.getByRole('button', { name: 'Try without saving' }).click()
  await one.page.getByText('has two columns called "Nota"').waitFor()
  // The browser itself says that a request was refused.
  expect(one.complaints.splice(0).filter((line) => !line.includes('422'))).toEqual([])
})

test('opt-outs come out of a file', async () => {
  const one = await open('/contacts/-opt-outs')
  await one.page.getByRole('button', { name: 'Import a list' }).click()
  const dialog = one.page.getByRole('dialog', { name: 'Import a list' })
  await dialog.locator('input[type=file]').setInputFiles(file('bajas.csv', 'telefono,canal\n+5491155550109,whatsapp\nnadie,sms\n'))
  await dialog.getByText('1 read, 1 new.').waitFor()
  await dialog.getByText('Line 3').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).last().click()
  await rows(one, 'Opt-outs').filter({ hasText: 'it came in a list' }).waitFor()
})

test('one person is exported, and erased once the name is written by hand', async () => {
  await world.hilo.simulator.phone('+5491144440000').write('Soy de paso')
  await world.hilo.conversation('+5491144440000')
  const { id, name } = await contactOf('+5491144440000')
  const view = await open(`/contacts/${id}`)
  const [download] = await Promise.all([
    view.page.waitForEvent('download'),
    view.page.getByRole('button', { name: 'Export their data' }).click(),
  ])
  expect(JSON.parse(readFileSync(await download.path(), 'utf8'))).toMatchObject({ contact: { id }, messages: [{ text: 'Soy de paso' }] })
  await view.page.getByRole('button', { name: 'Erase entirely' }).click()
  const dialog = view.page.getByRole('dialog')
  await dialog.getByText('everything said, in all their conversations').waitFor()
  const go = dialog.getByRole('button', { name: 'Erase entirely' })
  expect(await go.isDisabled()).toBe(true)
  expect(await inspect(view, 'contact, to be erased')).toEqual([])
  await dialog.getByRole('textbox').fill(name)
  await go.click()
  await view.page.waitForURL(/#\/contacts$/)
  expect((await world.boss.call('GET', `/api/contacts/${id}`)).status).toBe(404)
})

test('two contacts who are one person become one, and two again', async () => {
  const rows: [string, string][] = [
    ['Rita Doble', '+5491155551111'],
    ['Rita Doble (trabajo)', '+5491155552222'],
  ]
  const table = rows.map(([name, phone]) => `${phone},${name}\n`).join('')
  const headers = { 'content-type': 'text/csv' }
  await world.boss.call('POST', '/api/contacts/import', `phone,name\n${table}`, headers)
  const { body } = await world.boss.call<{ items: Contact[] }>('GET', '/api/contacts?q=Rita')
  const [kept, other] = ['Rita Doble', 'Rita Doble (trabajo)'].map((name) => body.items.find((one) => one.name === name))
  const view = await open(`/contacts/${kept?.id}`)
  await view.page.getByRole('button', { name: 'Merge with another' }).click()
  const dialog = view.page.getByRole('dialog', { name: 'Merge two contacts' })
  expect(await dialog.getByRole('button', { name: 'Merge', exact: true }).isDisabled()).toBe(true)
  await dialog.getByRole('radio', { name: 'Rita Doble (trabajo)' }).check()
  expect(await inspect(view, 'contact, merged')).toEqual([])
  await dialog.getByRole('button', { name: 'Merge', exact: true }).click()
  await view.page.getByText('Rita Doble (trabajo) was merged into this one.').waitFor()
  expect((await world.boss.call('GET', `/api/contacts/${other?.id}`)).status).toBe(404)
  await view.page.getByRole('button', { name: 'Undo' }).click()
  await view.page.getByText('They are two again.').waitFor()
  expect((await world.boss.call('GET', `/api/contacts/${other?.id}`)).status).toBe(200)
})

test('the parts stand beside each other as tabs, by the keyboard', async () => {
  const list = await open('/contacts', 'es')
  await list.page.getByRole('tab', { name: 'Contactos' }).focus()
  await list.page.keyboard.press('ArrowRight')
  await list.page.waitForURL(/#\/contacts\/-import$/)
  await list.page.getByRole('heading', { name: 'Importar contactos' }).waitFor()
  await list.page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'tab')
})
