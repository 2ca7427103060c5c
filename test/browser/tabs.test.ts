// Several tabs of one browser: one socket among them, whoever closes, crashes or hangs.
import type { Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { unreadOn } from './shown.ts'
import { type AgentPage, martin, recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let first: AgentPage
/** How long the first tab took until it had its socket. */
let openedIn = 0
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin)

interface Tab {
  page: Page
  launcher: Locator
  panel: Locator
  log: Locator
  text: Locator
}
/** Sockets by the page that opened them; those still open. */
const sockets = new Map<Page, { isClosed(): boolean }[]>()
const living = () => [...sockets.values()].flat().filter((socket) => !socket.isClosed())
const watchSockets = (page: Page) => {
  const own: { isClosed(): boolean }[] = []
  sockets.set(page, own)
  page.on('websocket', (socket) => own.push(socket))
}
const leads = ({ page }: Tab) => (sockets.get(page) ?? []).some((socket) => !socket.isClosed())

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  await world.hilo.simulator.phone(martin.phone).write('Buenas')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
afterEach(async () => {
  const complaints = first.complaints
  await first.close()
  sockets.clear()
  expect(complaints.filter((line) => !/net::ERR_|WebSocket connection to/.test(line))).toEqual([])
})

const tabOf = (page: Page): Tab => {
  const panel = page.locator('hilo-chat .panel')
  return { page, launcher: page.locator('hilo-chat .launcher'), panel, log: panel.getByRole('log'), text: panel.locator('textarea') }
}

/** Tabs of one browser, one after the other. */
async function openTabs(count: number): Promise<Tab[]> {
  const began = Date.now()
  first = await world.open('ana', { html, prepare: watchSockets })
  const tabs = [tabOf(first.page)]
  await until(() => tabs.some(leads), { what: 'a socket' })
  openedIn = Date.now() - began
  while (tabs.length < count) {
    const page = await first.context.newPage()
    page.setDefaultTimeout(20_000)
    watchSockets(page)
    await page.goto(first.page.url())
    const tab = tabOf(page)
    await tab.launcher.waitFor()
    tabs.push(tab)
  }
  return tabs
}
const openRecord = ({ page }: Tab, id: string) => page.getByRole('button', { name: `WhatsApp ${id}` }).click()
const shows = (tab: Tab, number: number) => until(async () => (await unreadOn(tab.launcher)) === number, { what: `${number} unread` })
const writes = (text: string) => world.hilo.simulator.phone(sofia.phone).write(text)

test('five tabs are one socket and one count; a thread opened in any of them is live', async () => {
  const tabs = await openTabs(5)
  expect([living().length, tabs.filter(leads).length]).toEqual([1, 1])
  expect(await (await fetch(`${world.hilo.url}/metrics`)).text()).toMatch(/^hilo_sockets 1$/m)
  for (const tab of tabs) await shows(tab, 2)
  const [, second, , , fifth] = tabs as [Tab, Tab, Tab, Tab, Tab]
  await openRecord(second, 'ev-1')
  await second.log.getByText('Hola').waitFor()
  for (const tab of tabs) await shows(tab, 1)
  await openRecord(fifth, 'ev-2')
  await fifth.text.fill('Sí, desde las 20')
  await fifth.page.keyboard.press('Enter')
  await fifth.log.locator('.m', { hasText: 'Sí, desde las 20' }).locator('.tick.delivered').waitFor()
  await writes('¿Siguen ahí?')
  await second.log.getByText('¿Siguen ahí?').waitFor()
  expect(living()).toHaveLength(1)
})

test('the leader closes, crashes, hangs: each time another tab has the socket within a second', async () => {
  const tabs = await openTabs(4)
  // On a slow machine: sooner than a tab that is opened anew has its socket.
  const soon = Math.max(1000, openedIn)
  const watcher = tabs[3] as Tab
  await openRecord(watcher, 'ev-1')
  await watcher.log.waitFor()
  let from = 0
  const heir = async (gone: Tab) => {
    const left = tabs.filter((tab) => tab !== gone && !tab.page.isClosed() && sockets.has(tab.page))
    await until(() => left.some(leads), { what: 'a new leader', everyMs: 5 })
    return Date.now() - from
  }
  const leader = () => tabs.find(leads) as Tab

  const one = leader()
  from = Date.now()
  sockets.delete(one.page)
  await one.page.close()
  expect(await heir(one)).toBeLessThan(soon)
  await writes('tras cerrar')
  await watcher.log.getByText('tras cerrar').waitFor()

  const two = leader()
  const crash = two.page.context().newCDPSession(two.page)
  from = Date.now()
  void (await crash).send('Page.crash').catch(() => {})
  sockets.delete(two.page)
  expect(await heir(two)).toBeLessThan(soon)
  await writes('tras romperse')
  await watcher.log.getByText('tras romperse').waitFor()

  // The two that are left: the one that leads hangs, for as long as nobody leads in its place.
  const three = leader()
  const other = tabs.find((tab) => tab !== three && sockets.has(tab.page) && !tab.page.isClosed()) as Tab
  await other.page.bringToFront()
  // Its only thread waits for an answer until the test gives it.
  let answer = () => {}
  await three.page.route('**/never-yet', async (route) => {
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    await route.fulfill({ body: '' })
  })
  const hung = three.page.evaluate(() => {
    const request = new XMLHttpRequest()
    request.open('GET', '/never-yet', false)
    request.send()
  })
  hung.catch(() => {}) // awaited below
  // To the millisecond in test/widget/tabs.test.ts; here it is that a page that really hangs is taken for one.
  await until(() => leads(other), { what: 'a new leader', everyMs: 5 })
  answer()
  await hung
  await until(() => living().length === 1, { what: 'one socket again' })
  expect(leads(other)).toBe(true)
  await writes('tras colgarse')
  for (const tab of [three, other]) await openRecord(tab, 'ev-1').then(() => tab.log.getByText('tras colgarse').waitFor())
})

test('logout in one tab ends no other, and another agent in the next tab has a socket of his own', async () => {
  world.signIn('beto', { name: 'Beto Paz' })
  const [one, two] = (await openTabs(2)) as [Tab, Tab]
  expect(leads(one)).toBe(true)
  await one.page.evaluate(() => (window as unknown as { Hilo: { destroy(): Promise<object> } }).Hilo.destroy())
  await until(() => leads(two) && !leads(one), { what: 'the other tab leading' })
  await openRecord(two, 'ev-1')
  await two.log.getByText('Hola').waitFor()
  await one.page.goto(world.site.add({ html }, 'beto'))
  await one.launcher.waitFor()
  await until(() => living().length === 2, { what: 'a socket each' })
})
