// The host's session has ended, and its token address answers as most web frameworks do: with a login page, or the way there.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import type { TokenAnswer } from './host-site.ts'
import { recordButton, sofia, startWorld, type World } from './support.ts'

interface HostWindow {
  heard: { name: string; detail: { code?: string } | null }[]
}
declare const window: Window & typeof globalThis & HostWindow

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
})
afterAll(() => world.close())

const listen = `window.heard = []
for (const name of ['error', 'tokenexpired']) document.addEventListener('hilo:' + name, ({ detail }) => window.heard.push({ name, detail }))`
const loginPage = '<!doctype html><form>Iniciar sesión</form>'

test.each<[string, TokenAnswer]>([
  ['redirects to the login page', { status: 302, body: '', location: '/login' }],
  ['redirects to the login of another site', { status: 302, body: '', location: 'http://127.0.0.1:9/login' }],
  ['answers 200 with the login page', { status: 200, body: loginPage }],
  ['answers 200 with a login page of 150 kB', { status: 200, body: loginPage + '<p>x</p>'.repeat(19_000) }],
])('a token address that %s: the host hears tokenexpired, the agent reads it, and back with a session it goes on', async (_, answer) => {
  world.site.tokens.set('ana', answer)
  const sent: string[] = []
  const agent = await world.visit('ana', {
    html: recordButton('ev-1', sofia),
    before: listen,
    prepare: (page) => page.on('websocket', (socket) => socket.on('framesent', ({ payload }) => sent.push(String(payload)))),
  })
  await agent.page.locator('hilo-chat .launcher[data-state="offline"]').click()
  await agent.panel.getByRole('alert').getByText('La sesión venció. Volvé a entrar en la aplicación.').waitFor()
  expect(await agent.page.evaluate(() => window.heard)).toEqual([
    { name: 'tokenexpired', detail: { code: 'token_missing', detail: expect.stringContaining('not signed in') } },
  ])
  expect(sent).toEqual([])

  world.signIn('ana', { name: 'Ana Díaz' })
  // Signed in elsewhere: whoever comes back to the window, again and again, needs to press nothing.
  await until(
    async () => {
      await agent.page.evaluate(() => window.dispatchEvent(new Event('focus')))
      return (await agent.panel.locator('.strip').count()) === 0
    },
    { what: 'the connection' },
  )
  expect(sent.join()).not.toContain('Iniciar')
  await agent.close()
})
