// Parts of the widget that failed to load once: some browsers keep that failure under its address for as long as the page is open, and
// the host's agent does not load the page again.
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, ev1, recordButton, sofia, useDesk } from './support.ts'

const desk = useDesk([ev1], /Failed to load resource/)

interface Given {
  html?: string
  /** Which addresses fail. */
  fails(url: string): boolean
  before?: string
}

/** A page in which some chunks cannot be loaded, with all of ours that it asks for. */
async function openWithout(part: string, { html = recordButton('ev-1', sofia), fails, before = '' }: Given) {
  const asked: string[] = []
  const prepare = async (page: Page) => {
    // First: nobody waits for what follows, and the page is opened meanwhile.
    page.on('request', (request) => request.resourceType() === 'script' && asked.push(request.url().replace(desk.world.hilo.url, '')))
    await page.route(new RegExp(`/${part}-[^/]+\\.js`), (route) => (fails(route.request().url()) ? route.abort() : route.continue()))
  }
  const agent = await desk.visit({ html, before, prepare })
  return { agent, asked, loaders: () => asked.filter((url) => url.endsWith('/widget.js')) }
}
const press = ({ page }: AgentPage) => page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
/** As after a failure that the browser keeps. */
const firstAddress = (url: string) => !url.includes('/again/')

async function talks({ page, log, text }: AgentPage, said: string): Promise<void> {
  await log.getByText('Hola', { exact: true }).waitFor()
  await text.fill(said)
  await page.keyboard.press('Enter')
  await log.locator('.m', { hasText: said }).locator('.tick.delivered').waitFor()
}

test('the connection comes from its second address, and all that it imports with it', async () => {
  const { agent, asked, loaders } = await openWithout('connection', { fails: firstAddress })
  await press(agent)
  await talks(agent, 'por otro camino')
  expect(loaders()).toEqual(['/widget.js'])
  const first = asked.findIndex((url) => url.includes('/again/'))
  expect(asked.slice(first).every((url) => /^\/again\/\d+\/[\w-]+\.js$/.test(url))).toBe(true)
})

test('the connection is asked for at yet another address each time', async () => {
  let isDown = true
  const { agent, asked } = await openWithout('connection', { fails: (url) => isDown || firstAddress(url) })
  await until(() => asked.some((url) => url.includes('/again/')), { what: 'a second try' })
  isDown = false
  await press(agent)
  await talks(agent, 'a la tercera')
})

test('for a panel that failed the whole widget comes anew, once, with what was asked for', async () => {
  const { agent, loaders } = await openWithout('panel', { fails: firstAddress })
  await press(agent)
  await talks(agent, 'con otro panel')
  expect(loaders()).toEqual(['/widget.js', expect.stringMatching(/^\/again\/\d+\/widget\.js$/)])
  expect(await agent.page.locator('hilo-chat').count()).toBe(1)
})

test('for a thread of the page, too', async () => {
  const html = '<hilo-thread coordination="ev-1"></hilo-thread>'
  const { agent } = await openWithout('panel', { html, fails: firstAddress })
  await agent.page.locator('hilo-thread').getByRole('log').getByText('Hola', { exact: true }).waitFor()
})

test('what fails at every address is not asked for round and round; pressed later, it is asked for again', async () => {
  let isDown = true
  const before = 'let late = 0; const { now } = Date; Date.now = () => now() + late; addEventListener("later", () => { late += 11000 })'
  const { agent, asked, loaders } = await openWithout('panel', { fails: () => isDown, before })
  await press(agent)
  await until(() => loaders().length === 2 && asked.filter((url) => url.includes('/panel-')).length > 1, { what: 'the second loader' })
  await press(agent)
  await press(agent)
  await until(async () => (await agent.page.locator('hilo-chat').count()) === 1)
  expect(loaders()).toHaveLength(2)
  isDown = false
  await agent.page.evaluate(() => dispatchEvent(new Event('later')))
  await press(agent)
  await talks(agent, 'otra vez')
  expect(loaders()).toHaveLength(3)
})

test('sent and closed also where the part that offers Undo cannot be loaded', async () => {
  const { agent, asked } = await openWithout('follow', { fails: () => true })
  await press(agent)
  await agent.log.getByText('Hola', { exact: true }).waitFor()
  await agent.text.fill('Listo, gracias.')
  await agent.text.press('Control+Enter')
  await agent.log.locator('.m', { hasText: 'Listo, gracias.' }).locator('.tick').waitFor()
  await until(async () => (await desk.world.hilo.conversation(sofia.phone)).status === 'closed', { what: 'the conversation closed' })
  expect(asked.some((url) => url.includes('/follow-'))).toBe(true)
})
