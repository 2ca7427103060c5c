// A day's work in the demo: a booking is moved on the host's page, its plan moves along, the client confirms on the simulated phone by a
// button, and the host's row turns green by the signed webhook.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { createServer, type RunningServer } from '../../server/server.ts'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'

let folder: string
let server: RunningServer
let browser: Browser
let context: BrowserContext
let host: Page
let phone: Page
const complaints: string[] = []

async function open(path: string): Promise<Page> {
  const page = await context.newPage()
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(server.url + path)
  return page
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-day-'))
  server = await createServer(readConfig({ DEMO: '1', PORT: '0', DATABASE_URL: `sqlite:${join(folder, 'hilo.db')}`, LOG_LEVEL: 'silent' }))
  browser = await launchBrowser()
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: 'es' })
  host = await open('/?agent=ana&record=ev-1058&lang=es')
  phone = await open('/phone?lang=es')
})
afterAll(async () => {
  await browser?.close()
  await server?.close()
  await rm(folder, { recursive: true })
})

const planned = () => host.locator('#plan time').evaluateAll((all) => all.map((one) => one.getAttribute('datetime')))
const stateOf = (page: Page) => page.locator('[data-cell="ev-1058 state"]')

test('a booking is moved, its reminder moves along, and its client is told with buttons', async () => {
  const before = await until(async () => (await planned())[0])
  const field = host.getByLabel('Día y hora')
  const value = await field.inputValue()
  const later = new Date(Date.parse(`${value}:00Z`) + 24 * 3600_000).toISOString().slice(0, 16)
  await field.fill(later)
  await host.getByRole('button', { name: 'Reprogramar' }).click()
  await host.getByText('Reprogramado.').waitFor()
  await until(async () => (await planned())[0] !== before)
  expect(Date.parse((await planned())[0] ?? '') - Date.parse(before ?? '')).toBe(24 * 3600_000)
  expect(await stateOf(host).textContent()).toBe('Pendiente')
})

test('pressed on the phone, a button confirms it: the row turns green on every page that shows it', async () => {
  const list = await open('/?agent=carla&lang=es')
  expect(await stateOf(list).textContent()).toBe('Pendiente')
  await phone.getByRole('button', { name: /Paula Sosa/ }).click()
  await phone.getByRole('button', { name: 'Confirmar' }).last().click()
  await phone.locator('.mine').getByText('Confirmar').waitFor()
  for (const page of [host, list]) {
    await until(async () => (await stateOf(page).textContent()) === 'Confirmada')
    expect(await stateOf(page).getAttribute('class')).toContain('moved')
  }
  const record = await server.parts.store.coordination({ orgId: 'default', agentId: 'x', scope: null }, 'ev-1058')
  expect(record?.data).toMatchObject({ confirmado: true })
  await list.close()
  expect(complaints).toEqual([])
})

test('a day that is over is not taken, and what is not signed by Hilo confirms nothing', async () => {
  await host.getByLabel('Día y hora').fill('2020-01-01T10:00')
  await host.getByRole('button', { name: 'Reprogramar' }).click()
  await host.getByText('No se pudo').waitFor()
  const body = JSON.stringify({ type: 'action', data: { action: { payload: 'confirm' }, coordination: { id: 'ev-1051' } } })
  const forged = await fetch(`${server.url}/demo/hook`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body })
  expect(forged.status).toBe(403)
  const foreign = await fetch(`${server.url}/demo/records/ev-1058`, {
    ...{ method: 'POST', headers: { 'Content-Type': 'application/json', Origin: 'https://evil.example' } },
    body: JSON.stringify({ startsAt: new Date(Date.now() + 3600_000).toISOString() }),
  })
  expect(foreign.status).toBe(403)
})

test('started again it shows what was moved and confirmed, and tells no client anything', async () => {
  const told = () => server.demo?.simulator.ledger().accepted.length ?? 0
  const startsAt = (await server.parts.store.coordination({ orgId: 'default', agentId: 'x', scope: null }, 'ev-1058'))?.startsAt
  await server.close()
  server = await createServer(readConfig({ DEMO: '1', PORT: '0', DATABASE_URL: `sqlite:${join(folder, 'hilo.db')}`, LOG_LEVEL: 'silent' }))
  expect(server.demo?.book.list(Date.now()).find(({ id }) => id === 'ev-1058')).toMatchObject({ startsAt, state: 'confirmed' })
  expect(told()).toBe(0)
})
