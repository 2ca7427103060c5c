// Campaigns in the console, by a supervisor in a real browser: written, looked at, started, paused, looked at again, done.
// Of the purpose `service`, which is allowed at any time of day.
import { randomBytes } from 'node:crypto'
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { CampaignShown } from '../../shared/campaigns.ts'
import { until } from '../support/until.ts'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []
beforeAll(async () => {
  world = await startConsole()
  for (const name of ['news', 'news_short']) await template(name)
})
afterAll(() => world.close())
afterEach(async () => {
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

async function open(at = ''): Promise<ConsolePage> {
  const one = await world.open({ at })
  opened.push(one)
  return one
}

const template = (name: string) =>
  world.hilo.server.parts.store.changeTemplate(
    'default',
    { name, language: 'es' },
    () => ({
      ...{ name, language: 'es', body: `Hola {{nombre}}, *novedades* de ${name}: {{tema}}`, type: 'text', buttons: 0, defaults: {} },
      ...{ source: 'twilio', whatsapp: { contentSid: `HX${randomBytes(16).toString('hex')}`, variables: ['nombre', 'tema'] } },
      ...{ status: 'approved', category: 'UTILITY', quality: null, rejection: null, gone: false },
    }),
    Date.now(),
  )

/** Each case has numbers of its own. */
let used = 0
const numbers = (count: number) => Array.from({ length: count }, () => `+549115${String(5_900_000 + ++used)}`)

async function draft(body: object): Promise<CampaignShown> {
  const whole = { name: 'Aviso', channel: 'sms', text: 'Hola', purpose: 'service', firstSlice: null, ...body }
  const made = await world.boss.call<{ campaign: CampaignShown }>('POST', '/api/campaigns', whole)
  expect(made.status, made.text).toBe(201)
  return made.body.campaign
}

const choose = (page: Page, part: string, name: string | RegExp): Promise<void> =>
  page.getByRole('group', { name: part }).getByRole('radio', { name }).first().check()

async function yes(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name }).click()
}

const pill = (page: Page, name: string): Locator => page.locator('.page-head .pill').filter({ hasText: name })

test('a text to some numbers is written, seen, looked at ahead, started, and done', async () => {
  const one = await open('/campaigns/new')
  const { page } = one
  await page.getByRole('heading', { name: 'New campaign', level: 1 }).waitFor()
  await page.getByRole('button', { name: 'Save and look ahead' }).click()
  await page.getByText('Give it a name.').waitFor()
  await page.getByText('Choose a template.').waitFor()
  expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid'))).toBe('true')
  expect(await inspect(one, 'new, with faults')).toEqual([])

  const [first = '', second = '', third = ''] = numbers(3)
  await page.getByLabel('Name', { exact: true }).fill('Water')
  await page.getByLabel('Channel', { exact: true }).selectOption('sms')
  await page.getByLabel('Purpose', { exact: true }).selectOption('service')
  await choose(page, 'Message', /^Text/)
  await page.getByRole('textbox', { name: 'Text' }).fill('No water today, {{street}}')
  await page.getByLabel('street').fill('Rivadavia')
  await choose(page, 'Recipients', /Some numbers/)
  await page.getByRole('textbox', { name: 'Numbers' }).fill(`${first}\n${second}\n12\n${third}`)
  await page.getByText('No water today, Rivadavia').waitFor()
  await page.getByText('+54 9 11 5', { exact: false }).first().waitFor()
  await page.getByLabel('How many first').fill('1')
  await page.getByRole('button', { name: 'Save and look ahead' }).click()

  await page.getByRole('heading', { name: 'Water', level: 1 }).waitFor()
  await page.getByText('3 people would get it now').waitFor()
  await page.getByText('1 will not get it').waitFor()
  await page.getByText('The number is not valid').waitFor()
  expect(await inspect(one, 'draft')).toEqual([])
  await page.getByRole('button', { name: 'Start' }).click()
  expect(await inspect(one, 'question')).toEqual([])
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Start')
  await page.getByRole('button', { name: 'Start' }).click()
  await yes(page, 'Start')

  await page.getByText('The first ones are out: have a look.').waitFor()
  await pill(page, 'Paused').waitFor()
  expect(await inspect(one, 'look')).toEqual([])
  await page.getByRole('button', { name: 'Let the rest go' }).click()
  await yes(page, 'Go on')
  await pill(page, 'Done').waitFor()
  await page.locator('.tiles').getByText('3', { exact: false }).first().waitFor()
  await page.getByRole('tab', { name: 'Left out' }).click()
  await page.getByRole('cell', { name: 'Correct it in the contact or the file.' }).waitFor()
  expect(await inspect(one, 'done')).toEqual([])

  await page.getByRole('link', { name: 'All campaigns' }).click()
  await page.getByRole('link', { name: 'Water' }).waitFor()
  expect(await inspect(one, 'list')).toEqual([])
})

test('a file says what is in which column, and each one’s message is seen before', async () => {
  const [ana = '', beto = ''] = numbers(2)
  const one = await open('/campaigns/new')
  const { page } = one
  await page.getByLabel('Name', { exact: true }).fill('News')
  await page.getByLabel('Purpose', { exact: true }).selectOption('service')
  await page.getByLabel('Template', { exact: true }).selectOption('es|news')
  await page.getByLabel('Compare with another template').check()
  await page.getByLabel('Other template (B)').selectOption('es|news_short')
  await choose(page, 'Recipients', /A file/)
  const csv = `\uFEFFNombre;Teléfono;Tema;Otra\r\n"Díaz; Ana";${ana};pan;x\r\nBeto;${beto};vino;y\r\nCleo;12;"té\nverde";z\r\n`
  await page.getByLabel('File', { exact: true }).setInputFiles({ name: 'people.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByText('people.csv: 3 rows').waitFor()
  expect(await page.getByLabel('Column: Teléfono').inputValue()).toBe('to')
  expect(await page.getByLabel('Column: Nombre').inputValue()).toBe('value:nombre')
  expect(await page.getByLabel('Column: Otra').inputValue()).toBe('skip')
  await page.getByText('Hola Díaz; Ana, novedades de news: pan').waitFor()
  await page.getByText('Hola Díaz; Ana, novedades de news_short: pan').waitFor()
  await page.getByRole('button', { name: 'The next one' }).click()
  await page.getByText('Hola Beto, novedades de news: vino').waitFor()
  expect(await inspect(one, 'new, with a file')).toEqual([])
  await page.getByLabel('Column: Otra').selectOption('value:tema')
  expect(await page.getByLabel('Column: Tema').inputValue()).toBe('skip')
  await page.getByText('Hola Beto, novedades de news: y').waitFor()
  await page.getByRole('button', { name: 'Save and look ahead' }).click()
  await page.getByText('1 row could not be taken:').waitFor()
  await page.getByRole('link', { name: 'Go on to the campaign' }).click()
  await page.getByText('2 people would get it now').waitFor()
  await page.getByRole('button', { name: 'Start' }).click()
  await yes(page, 'Start')
  await pill(page, 'Done').waitFor()
  await page.getByRole('columnheader', { name: 'Template A' }).waitFor()
  // Twilio knows neither template: both failed, and it is said why.
  await page.getByRole('tab', { name: 'Failed' }).click()
  await page.getByText('Twilio does not know that template.', { exact: false }).first().waitFor()
  await page.getByRole('combobox', { name: 'Template' }).selectOption('1')
  await page.getByRole('combobox', { name: 'Template' }).selectOption('')
  expect(await inspect(one, 'two templates')).toEqual([])
  const { items } = (await world.boss.call<{ items: CampaignShown[] }>('GET', '/api/campaigns')).body
  const path = `/api/campaigns/${items.find(({ name }) => name === 'News')?.id}/recipients`
  const listed = (await world.boss.call<{ items: { to: string }[] }>('GET', path)).body.items
  expect(listed.map(({ to }) => to).toSorted()).toEqual([ana, beto, '12'])
})

test('a draft is changed by a new one in its place, and starts where each one lives', async () => {
  const before = await draft({ name: 'Before', audience: { type: 'phones', phones: numbers(1) } })
  const { page } = await open(`/campaigns/${before.id}`)
  await page.getByRole('link', { name: 'Change' }).click()
  await page.getByText('It is begun with what “Before” has.').waitFor()
  expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('Before')
  await page.getByLabel('Name', { exact: true }).fill('After')
  await choose(page, 'When', /Where each one lives/)
  const day = new Date(Date.now() + 3 * 24 * 60 * 60_000).toISOString().slice(0, 10)
  await page.getByRole('textbox', { name: 'Day' }).fill(day)
  await page.getByRole('button', { name: 'Save and look ahead' }).click()
  await page.getByRole('heading', { name: 'After', level: 1 }).waitFor()
  await page.getByText('10:00 where each one lives').waitFor()
  await page.getByRole('button', { name: 'Start' }).click()
  await yes(page, 'Schedule')
  await pill(page, 'Scheduled').waitFor()
  const read = async (id: string) => (await world.boss.call<CampaignShown>('GET', `/api/campaigns/${id}`)).body
  expect((await read(before.id)).status).toBe('canceled')
  const { items } = (await world.boss.call<{ items: CampaignShown[] }>('GET', '/api/campaigns')).body
  expect(items.find(({ name }) => name === 'After')).toMatchObject({ startAt: `${day}T10:00`, status: 'scheduled' })
})

test('it is paused by one click, and cancelled after a question; what another one does is seen at once', async () => {
  const made = await draft({ name: 'Slow', audience: { type: 'phones', phones: numbers(40) }, maxPerSecond: 1 })
  const { page } = await open(`/campaigns/${made.id}`)
  await page.getByText('40 people would get it now').waitFor()
  await world.boss.call('POST', `/api/campaigns/${made.id}/start`)
  await pill(page, 'Running').waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await page.getByText('Somebody paused it.').waitFor()
  await page.getByRole('button', { name: 'Cancel campaign' }).click()
  await yes(page, 'Cancel campaign')
  await pill(page, 'Cancelled').waitFor()
})

test('the look ahead says what it costs, as far as is known', async () => {
  const made = await draft({ name: 'Dear', audience: { type: 'phones', phones: numbers(1) } })
  const { page } = await open()
  await page.route('**/preflight', async (route) => {
    const answer = await route.fetch()
    const cost = { amount: 12.5, currency: 'USD', asOf: '2026-01-15', unknown: 2 }
    await route.fulfill({ response: answer, json: { ...((await answer.json()) as object), cost } })
  })
  await page.goto(`${world.hilo.url}/console/#/campaigns/${made.id}`)
  await page.getByText('About US$12.50').waitFor()
  await page.getByText('an estimate with the rates of 15 Jan 2026 · no rate is known for 2').waitFor()
})

test('a message that failed says why, and is tried again by its button', async () => {
  const [number = ''] = numbers(1)
  world.hilo.simulator.phone(number).set({ failWith: 30003 })
  const made = await draft({ name: 'Off', audience: { type: 'phones', phones: [number] } })
  const { page } = await open(`/campaigns/${made.id}`)
  await world.boss.call('POST', `/api/campaigns/${made.id}/start`)
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByText('Goes again').waitFor()
  await until(() => world.hilo.simulator.ledger().accepted.filter(({ to }) => to === number).length === 2)
})

test('the list is gone through by the keyboard', async () => {
  await draft({ name: 'Older', audience: { type: 'phones', phones: numbers(1) } })
  await draft({ name: 'Newer', audience: { type: 'phones', phones: numbers(1) } })
  const { page } = await open('/campaigns')
  await page.getByRole('link', { name: 'Newer' }).focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Older', level: 1 }).waitFor()
})

test('a server that does not answer is told, and asked again', async () => {
  const { page, complaints } = await open('/campaigns')
  await page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor()
  await page.route('**/api/campaigns?*', (route) => route.abort())
  await page.getByRole('link', { name: 'New campaign' }).click()
  await page.getByRole('link', { name: 'All campaigns' }).first().click()
  await page.getByText('The server does not answer.').waitFor()
  await page.unroute('**/api/campaigns?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('table', { name: 'Campaigns' }).waitFor()
  complaints.splice(0)
})
