// A host page with tracing: its `fetch` adds headers of its own to every call, those of the widget too.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

const traced = `
const real = window.fetch
window.fetch = (address, how = {}) => {
  const headers = new Headers(how.headers)
  headers.set('traceparent', '00-' + 'a'.repeat(32) + '-' + 'b'.repeat(16) + '-01')
  headers.set('sentry-trace', 'c'.repeat(32) + '-' + 'd'.repeat(16) + '-1')
  headers.set('baggage', 'sentry-environment=production')
  return real(address, { ...how, headers })
}`

test.each([
  ['beside a socket', ''],
  ['where no socket passes', 'window.WebSocket = function () { throw new TypeError("not here") };'],
])('no call of the widget is blocked on a page that traces every fetch: %s', async (_, more) => {
  const agent = await world.visit('ana', { html: recordButton('ev-1', sofia), before: more + traced })
  await agent.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await agent.log.getByText('Hola').waitFor()
  const answer = await agent.page.evaluate(() => (window as unknown as { Hilo: { unread(): Promise<{ ok: boolean }> } }).Hilo.unread())
  expect(answer.ok).toBe(true)
  expect(agent.complaints.filter((line) => /CORS|blocked/.test(line))).toEqual([])
  await agent.close()
})
