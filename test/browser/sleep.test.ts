// A laptop that was shut for an hour: its socket seems open and is dead. Both tabs are right within two seconds of waking.
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Antes de dormir')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

test('after an hour of sleep both tabs show within two seconds what came meanwhile', async () => {
  let asleep = false
  const first = await world.visit('ana', { html: recordButton('ev-1', sofia), attributes: 'data-hide-button="true"' })
  // Nothing comes or goes on a line from before the sleep, and nobody is told that it ended.
  await first.context.routeWebSocket(/socket\.io/, (socket) => {
    const born = asleep
    const server = socket.connectToServer()
    socket.onMessage((packet) => born === asleep && server.send(packet))
    server.onMessage((packet) => born === asleep && socket.send(packet))
    server.onClose(() => {})
    socket.onClose(() => {})
  })
  const open = async (page: Page) => {
    await page.clock.install()
    await page.goto(first.page.url())
    await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
    await page.locator('hilo-chat').getByRole('log').getByText('Antes de dormir').waitFor()
    return page
  }
  const tabs = [await open(first.page)]
  const opening = Date.now()
  tabs.push(await open(await first.context.newPage()))
  const opened = Date.now() - opening

  asleep = true
  await world.hilo.simulator.phone(sofia.phone).write('Mientras dormía')
  await until(async () => (await world.boss.call<{ total: number }>('GET', '/api/unread')).body.total >= 2)
  const began = Date.now()
  await Promise.all(tabs.map((page) => page.clock.fastForward('01:00:00')))
  const shown = tabs.map((page) => page.locator('hilo-chat').getByRole('log').getByText('Mientras dormía').waitFor())
  await Promise.all(shown)
  // On a slow machine: sooner than a tab that is opened anew, which connects and reads no more than they do.
  expect(Date.now() - began).toBeLessThan(Math.max(2000, opened))
})
