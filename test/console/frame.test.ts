// The console's frame: who gets in, what stays when a session ends, look and language.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type ConsolePage, type ConsoleWorld, inspect, startConsole } from './support.ts'

let world: ConsoleWorld
const opened: ConsolePage[] = []
beforeAll(async () => {
  world = await startConsole()
})
afterAll(() => world.close())
afterEach(async () => {
  const pages = opened.splice(0)
  for (const page of pages) await page.close()
  expect(pages.flatMap(({ complaints }) => complaints)).toEqual([])
})

async function open(how?: Parameters<ConsoleWorld['open']>[0]): Promise<ConsolePage> {
  const one = await world.open(how)
  opened.push(one)
  return one
}

test('whoever has a token sees campaigns, and the token leaves the address', async () => {
  const { page } = await open()
  await page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor()
  await page.getByText('No campaigns yet').waitFor()
  expect(page.url()).toBe(`${world.hilo.url}/console/#/`)
  await page.reload()
  await page.getByText('No campaigns yet').waitFor()
})

test('without a token it says how one gets in', async () => {
  const one = await open({ token: null })
  await one.page.getByRole('heading', { name: 'Open the console from your application' }).waitFor()
  expect(await inspect(one, 'signed out')).toEqual([])
})

test('an agent, and who sees only some records, is told that it is for supervisors', async () => {
  for (const claims of [{ role: 'agent' }, { role: 'supervisor', coordinations: ['ev-1'] }]) {
    const { page } = await open({ token: world.hilo.agent(claims).token })
    await page.getByRole('heading', { name: 'The console is for supervisors' }).waitFor()
  }
})

test('a session that ends says so and keeps the page; the same window with a new token goes on', async () => {
  const now = Math.floor(Date.now() / 1000)
  const ending = world.hilo.agent({ sub: 'boss', role: 'supervisor', iat: now - 60, exp: now + 3 })
  const { page } = await open({ token: ending.token, at: '/campaigns' })
  await page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor()
  await page.getByText('Your session has ended.').waitFor()
  await page.getByRole('heading', { name: 'Campaigns', level: 1 }).waitFor()
  await page.evaluate((token) => {
    location.hash = `#token=${token}`
  }, world.boss.token)
  await page.getByText('Your session has ended.').waitFor({ state: 'detached' })
  expect(page.url()).toBe(`${world.hilo.url}/console/#/campaigns`)
})

test('another server’s token address is not asked', async () => {
  const { page } = await open({ token: null })
  await page.evaluate(() => {
    location.hash = '#token-url=https://evil.example/token'
  })
  await until(async () => !page.url().includes('evil'))
  await page.getByRole('heading', { name: 'Open the console from your application' }).waitFor()
})

test('look and language are kept', async () => {
  const { page } = await open()
  await page.getByRole('combobox', { name: 'Language' }).selectOption('es')
  await page.getByRole('heading', { name: 'Campañas', level: 1 }).waitFor()
  await page.getByRole('combobox', { name: 'Aspecto' }).selectOption('dark')
  const background = () => page.evaluate(() => getComputedStyle(document.querySelector('.console') as Element).backgroundColor)
  const dark = await background()
  await page.reload()
  await page.getByRole('heading', { name: 'Campañas', level: 1 }).waitFor()
  expect(await background()).toBe(dark)
  expect(await page.locator('html').getAttribute('lang')).toBe('es')
})

test('signing out forgets the token', async () => {
  const { page } = await open()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Open the console from your application' }).waitFor()
  await page.reload()
  await page.getByRole('heading', { name: 'Open the console from your application' }).waitFor()
})

test('it is served with its hashed files kept and its page always asked for again', async () => {
  const moved = await fetch(`${world.hilo.url}/console`, { redirect: 'manual' })
  expect([moved.status, moved.headers.get('location')]).toEqual([301, 'console/'])
  const answer = await fetch(`${world.hilo.url}/console/`)
  expect(answer.headers.get('cache-control')).toBe('no-cache')
  expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'self';style-src 'self'/)
  const html = await answer.text()
  expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)/)
  const [, script = ''] = /src="\.\/(assets\/[^"]+)"/.exec(html) ?? []
  const asset = await fetch(`${world.hilo.url}/console/${script}`)
  expect(asset.headers.get('cache-control')).toContain('immutable')
  const zipped = [...html.matchAll(/\.\/(assets\/[^"]+)"/g)].map(async ([, file = '']) =>
    Number(
      (await fetch(`${world.hilo.url}/console/${file}`, { method: 'HEAD', headers: { 'accept-encoding': 'gzip' } })).headers.get(
        'content-length',
      ),
    ),
  )
  expect((await Promise.all(zipped)).reduce((sum, size) => sum + size, 0)).toBeLessThan(40_000)
  expect((await fetch(`${world.hilo.url}/console/assets/index-Gone1234.js`)).status).toBe(404)
})

test('the frame stands in light and dark, wide and narrow', async () => {
  const one = await open()
  await one.page.getByText('No campaigns yet').waitFor()
  expect(await inspect(one, 'no campaigns')).toEqual([])
})
