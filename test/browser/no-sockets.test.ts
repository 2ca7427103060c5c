// A company network whose proxy lets no WebSocket through: the widget works over HTTP, says that it is slower, and goes back
// to its socket when one passes.
import http from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type ExampleSite, startExampleSite } from './examples.ts'
import { unreadOn } from './shown.ts'
import { recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
let site: ExampleSite
let proxy: http.Server
let proxyUrl: string
let isOpen = false
let refused = 0

beforeAll(async () => {
  proxy = http.createServer((incoming, outgoing) => {
    const { url = '/', method = 'GET', headers } = incoming
    const { hostname, port, host } = new URL(world.hilo.url)
    const onward = http.request({ hostname, port, path: url, method, headers: { ...headers, host } }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  proxy.on('upgrade', (request, socket, head) => {
    if (!isOpen) {
      refused++
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n')
      return
    }
    const onward = connect(Number(new URL(world.hilo.url).port), '127.0.0.1')
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`)
    onward.write(`GET ${request.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`)
    onward.write(head)
    for (const [from, to] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  proxyUrl = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  site = await startExampleSite(
    () => proxyUrl,
    (sub) => world.hilo.agent({ sub, name: 'Ana Díaz' }).token,
  )
  world = await startWorld({ origins: [site.origin] })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
})
afterAll(async () => {
  await world.close()
  proxy.closeAllConnections()
  proxy.close()
  await site.close()
})

async function visit(): Promise<Page> {
  const page = await world.browser.newPage({ locale: 'es-AR' })
  page.setDefaultTimeout(20_000)
  await page.clock.install()
  const url = site.put(
    '/page.html',
    `<!doctype html><html lang="es"><script async src="https://chat.example.com/widget.js" data-token-url="/chat-token"></script><body>${recordButton('ev-1', sofia)}</body></html>`,
  )
  await page.goto(url)
  return page
}

test('it works over HTTP, says that it is slower, and returns to the socket when one passes', async () => {
  const page = await visit()
  const panel = page.locator('hilo-chat .panel')
  const log = panel.getByRole('log')
  await page.locator('hilo-chat .launcher').waitFor()
  await until(() => refused >= 3, { what: 'three refused attempts' })
  await until(async () => (await unreadOn(page.locator('hilo-badge .badge'))) === 1, { what: 'the badge' })
  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await log.getByText('Hola').waitFor()
  const strip = panel.locator('.strip')
  await strip.getByText('Conexión limitada: novedades cada 15 s.').waitFor()
  expect(await page.locator('hilo-chat .launcher').getAttribute('data-state')).not.toBe('offline')

  const posts: string[] = []
  page.on('request', (request) => request.method() === 'POST' && posts.push(new URL(request.url()).pathname))
  await panel.locator('textarea').fill('Por HTTP llega igual')
  await page.keyboard.press('Enter')
  await log.locator('.m[data-seq]', { hasText: 'Por HTTP llega igual' }).waitFor()
  expect(posts).toContain('/api/messages')
  await until(() =>
    world.hilo.simulator
      .phone(sofia.phone)
      .messages()
      .some(({ body }) => body === 'Por HTTP llega igual'),
  )

  await world.hilo.simulator.phone(sofia.phone).write('¿Siguen ahí?')
  await page.clock.runFor(15_000)
  await log.getByText('¿Siguen ahí?').waitFor()

  isOpen = true
  // In steps: while a minute of the page passes at once, the new socket would run out of time.
  const returned = async () => {
    await page.clock.runFor(2_000)
    return (await strip.count()) === 0
  }
  await until(returned, { everyMs: 250, timeoutMs: 40_000, what: 'the socket again' })
  await world.hilo.simulator.phone(sofia.phone).write('Ahora en el acto')
  await log.getByText('Ahora en el acto').waitFor()
  await page.close()
})
