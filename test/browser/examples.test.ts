// Every example of docs/embedding.md and docs/headless.md does what it says, straight from its code block.
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { bundle, type ExampleSite, readExample, startExampleSite } from './examples.ts'
import { unreadOn } from './shown.ts'
import { martin, sofia, startWorld, type World } from './support.ts'

let world: World
let site: ExampleSite
let context: BrowserContext
let complaints: string[]

beforeAll(async () => {
  site = await startExampleSite(
    () => world.hilo.url,
    (sub) => world.hilo.agent({ sub, name: sub }).token,
  )
  world = await startWorld({ origins: [site.origin] })
  await world.record('ev-1042', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-1043', '15 de Valentina', martin)
  await world.hilo.simulator.phone(sofia.phone).write('Hola, soy Sofía')
  await world.hilo.simulator.phone(martin.phone).write('Hola, soy Martín')
})
afterAll(async () => {
  await world.close()
  await site.close()
})
beforeEach(async () => {
  complaints = []
  context = await world.browser.newContext({ locale: 'es-AR' })
  context.on('console', (message) => ['error', 'warning'].includes(message.type()) && complaints.push(message.text()))
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`))
  site.agent = 'ana'
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

async function visit(url: string): Promise<{ page: Page; sockets: { isClosed(): boolean }[] }> {
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const sockets: { isClosed(): boolean }[] = []
  page.on('websocket', (socket) => sockets.push(socket))
  await page.goto(url)
  return { page, sockets }
}
const panel = (page: Page) => page.locator('hilo-chat .panel')
const badge = (page: Page) => page.locator('hilo-badge .badge')
const html = (script: string) =>
  `<!doctype html><html lang="es"><head><title>Bookings</title><link rel="icon" href="data:,"><script async src="https://chat.example.com/widget.js"></script></head><body><div id="app"></div><script type="module" src="${script}"></script></body></html>`

test('plain HTML, under the strict policy', async () => {
  const { page } = await visit(
    site.put('/plain.html', readExample('embedding.md', 'plain.html'), readExample('embedding.md', 'policy.txt')),
  )
  await until(async () => (await unreadOn(badge(page))) === 1, { what: 'the badge' })
  await page.getByRole('button', { name: 'WhatsApp' }).click()
  await panel(page).getByRole('log').getByText('Hola, soy Sofía').waitFor()
  await panel(page).locator('textarea').fill('Buenas')
  await page.keyboard.press('Enter')
  await panel(page).locator('.m', { hasText: 'Buenas' }).locator('.tick.delivered').waitFor()
})

test.each([
  ['React', 'react.jsx'],
  ['Vue', 'vue.js'],
])('%s: routes change, one agent signs out and another in, and nothing of the first is left', async (_, name) => {
  site.put(`/${name}.js`, await bundle(name, readExample('embedding.md', name)))
  const { page, sockets } = await visit(site.put(`/${name}.html`, html(`/${name}.js`)))
  await page.locator('hilo-chat .launcher').waitFor()
  await page.getByRole('button', { name: 'WhatsApp' }).click()
  await panel(page).getByRole('log').getByText('Hola, soy Sofía').waitFor()
  await panel(page).locator('textarea').fill('a medio escribir, de Ana')
  await until(() => page.evaluate(() => Object.values(localStorage).some((text) => text.includes('a medio escribir'))))

  // The route changes: the widget stays, its button opens what the page is about now.
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await panel(page).waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Next booking' }).click()
  await page.locator('hilo-chat .launcher').click()
  await panel(page).getByRole('log').getByText('Hola, soy Martín').waitFor()
  const open = () => sockets.filter((socket) => !socket.isClosed()).length
  expect([await page.locator('hilo-chat').count(), open()]).toEqual([1, 1])

  await page.getByRole('button', { name: 'Sign out' }).click()
  await until(async () => (await page.locator('hilo-chat').count()) === 0 && open() === 0, { what: 'nothing left' })
  await page.evaluate(() => {
    document.addEventListener('hilo:ready', (event) => {
      document.title = (event as CustomEvent<{ agent: { id: string } }>).detail.agent.id
    })
  })
  await page.getByRole('button', { name: 'Sign in as Beto' }).click()
  await page.waitForFunction(() => document.title === 'beto')
  await page.getByRole('button', { name: 'WhatsApp' }).click()
  await panel(page).getByRole('log').getByText('Hola, soy Martín').waitFor()
  const left = await page.evaluate(async () => ({
    stored: Object.entries(localStorage)
      .flat()
      .filter((text) => /ana\b|escribir/.test(text)),
    shown: document.documentElement.innerHTML.includes('escribir'),
    locks: [...((await navigator.locks.query()).held ?? [])].filter((lock) => lock.name?.includes('"ana"')).length,
  }))
  expect(left).toEqual({ stored: [], shown: false, locks: 0 })
  expect(open()).toBe(1)
})

test('headless: unread per record, live, without the widget', async () => {
  site.agent = 'carla'
  site.put('/unread.js', readExample('headless.md', 'unread.js'))
  const page =
    '<!doctype html><title>x</title><link rel="icon" href="data:,"><p id="total"></p><ul id="unread"></ul><script type="module" src="/unread.js"></script>'
  const { page: tab } = await visit(site.put('/headless.html', page))
  await tab.getByText('ev-1043: 1 unread').waitFor()
  await world.hilo.simulator.phone(sofia.phone).write('¿Y el salón?')
  await tab.getByText('ev-1042: 1 unread').waitFor()
  await tab.getByText('2 in all').waitFor()
  expect(await tab.locator('hilo-chat').count()).toBe(0)
})
