// Pages and servers that are not as they should be: the widget says what is wrong in the agent's language, offers what can
// be done, and the page around it goes on.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { unreadOn } from './shown.ts'
import { type AgentPage, type OpenOptions, recordButton, sofia, startWorld, type World } from './support.ts'

interface HostWindow {
  Hilo: { init(options: object): Promise<{ ok: boolean }>; open(target?: object): Promise<{ ok: boolean }> }
  pageWorks(): boolean
  giveToken: boolean
  watched: { calls: number; ms: number }
}
declare const window: Window & typeof globalThis & HostWindow

let world: World
let agent: AgentPage | undefined
const html = recordButton('ev-1', sofia)

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola, ¿a qué hora llega el fotógrafo?')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
afterEach(async () => {
  const complaints = agent?.complaints ?? []
  await agent?.close()
  agent = undefined
  expect(
    complaints.filter((line) => !/net::ERR_|WebSocket connection to|Failed to load resource|^\[Hilo\] The server refused:/.test(line)),
  ).toEqual([])
})

async function visit(options: OpenOptions = {}, sub = 'ana'): Promise<AgentPage> {
  agent = await world.visit(sub, { html, ...options })
  await agent.page.waitForFunction(() => typeof window.Hilo?.open === 'function')
  return agent
}
const pressRecord = ({ page }: AgentPage) => page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
const strip = ({ panel }: AgentPage) => panel.locator('.strip')

/** Reads, answers, sees the tick: the main job. */
async function works(page: AgentPage, text: string): Promise<void> {
  await pressRecord(page)
  await page.log.getByText('Hola, ¿a qué hora').waitFor()
  await page.text.fill(text)
  await page.page.keyboard.press('Enter')
  await page.log.locator('.m', { hasText: text }).locator('.tick.delivered').waitFor()
}

test.each([
  ['made for another server', 'El servidor no aceptó la conexión: la sesión que da la aplicación no es válida.', () => 'of.another.server'],
  [
    'that is too large',
    'El servidor no aceptó la conexión: la sesión que da la aplicación es demasiado grande.',
    () => world.hilo.agent({ sub: 'x', coordinations: Array.from({ length: 2000 }, (_, i) => `coordination-${i}`) }).token,
  ],
  [
    'of another organization',
    'El servidor no aceptó la conexión: la sesión es de otra organización.',
    () => world.hilo.agent({ sub: 'x', org: 'nobody' }).token,
  ],
])('a token %s: said in the agent’s language, shown by the button too', async (_, words, token) => {
  world.site.tokens.set('wrong', { status: 200, body: JSON.stringify({ token: token() }) })
  const page = await visit({}, 'wrong')
  await page.page.locator('hilo-chat .launcher[data-state="offline"]').click()
  await page.panel.getByRole('alert').getByText(words).waitFor()
  world.signIn('wrong', { name: 'Ana Díaz' })
  await page.panel.getByRole('button', { name: 'Reintentar' }).first().click()
  await strip(page).waitFor({ state: 'detached' })
})

test.each([
  [
    'throws',
    () => {
      throw new Error('no session')
    },
  ],
  ['gives rubbish', () => ({ not: 'a token' })],
])('a getToken that %s: said, tried again, and forgotten once it gives one', async (_, wrong) => {
  const page = await visit({ attributes: 'data-hide-button="true"' }, 'nobody')
  world.signIn('ana')
  await page.page.evaluate(
    ([code, url]) => {
      window.giveToken = false
      const fail = new Function(`return (${code})()`) as () => unknown
      const getToken = async () => (window.giveToken ? ((await (await fetch(url)).json()) as { token: string }).token : fail())
      return window.Hilo.init({ getToken })
    },
    [String(wrong), '/chat-token?agent=ana'] as const,
  )
  await pressRecord(page)
  await strip(page).getByText('No pudimos iniciar tu sesión. Seguimos intentando.').waitFor()
  await page.page.evaluate(() => {
    window.giveToken = true
  })
  await strip(page).waitFor({ state: 'detached', timeout: 20_000 })
})

test('a server older than the widget: calls it does not know, fields that are missing, events that are new', async () => {
  const page = await visit({ attributes: 'data-hide-button="true"' })
  await page.context.route(/\/api\/(me|status|agents|messages\?)/, (route) =>
    route.fulfill({
      status: 404,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' },
      contentType: 'application/problem+json',
      body: JSON.stringify({ code: 'not_found', status: 404, title: 'x', detail: 'There is no such path.' }),
    }),
  )
  await page.context.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((packet) => {
      const [, id] = /^42(\d+)\["subscribe:coordinations"/.exec(String(packet)) ?? []
      if (id === undefined) server.send(packet)
      else socket.send(`43${id}[{"ok":false,"error":{"code":"bad_request","status":400,"title":"x","detail":"There is no such event."}}]`)
    })
    server.onMessage((packet) => {
      const text = String(packet)
      if (!text.startsWith('42["ready"')) return socket.send(packet)
      const [, { settings: _settings, templates: _templates, ...ready }] = JSON.parse(text.slice(2)) as [string, Record<string, unknown>]
      socket.send(`42${JSON.stringify(['ready', { ...ready, novelty: 1 }])}`)
      socket.send('42["novelty",{"some":"thing"}]')
      socket.send('42["changes",{"conversations":[],"messages":[],"removed":[],"novelties":[1]}]')
    })
  })
  await page.page.reload()
  await works(page, 'Con un servidor viejo')
  await world.hilo.simulator.phone(sofia.phone).write('¿Y la torta?')
  await page.log.getByText('¿Y la torta?').waitFor()
})

test('a slow server: every answer takes a second and a half, and the main job is done all the same', async () => {
  const page = await visit({ attributes: 'data-hide-button="true"' })
  const slowly = (go: () => void) => setTimeout(go, 1500)
  await page.context.route(/\/api\//, (route) => slowly(() => void route.continue().catch(() => {})))
  await page.context.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer()
    socket.onMessage((packet) => server.send(packet))
    server.onMessage((packet) => slowly(() => socket.send(packet)))
  })
  await page.page.reload()
  await works(page, 'Con un servidor lento')
})

test('a page with old scripts: toJSON on arrays and texts, more in Array.prototype, a Promise and a fetch of its own', async () => {
  const page = await visit({
    before: `
      Array.prototype.each = function (task) { this.forEach(task) }
      Array.prototype.toJSON = function () { return '[' + this.map(JSON.stringify).join(', ') + ']' }
      String.prototype.toJSON = function () { return '"' + this + '"' }
      Object.defineProperty(Array.prototype, 'last', { value() { return this[this.length - 1] }, enumerable: true })
      const Native = Promise
      window.Promise = class extends Native {}
      const { fetch } = window
      window.fetch = function (...args) { return fetch.apply(this, args).then((response) => response) }
      window.pageWorks = () => [1, 2].toJSON() === '[1, 2]' && 'x'.toJSON() === '"x"' && [1, 2].last() === 2 && JSON.stringify([1]) === '"[1]"'`,
  })
  await works(page, 'Con guiones viejos')
  expect(await page.page.evaluate(() => window.pageWorks())).toBe(true)
  await page.page.reload()
  await pressRecord(page)
  await page.log.getByText('Con guiones viejos').waitFor()
})

test('a page whose WebSocket is broken: over HTTP, and it says so', async () => {
  const page = await visit({ before: 'window.WebSocket = function () { throw new TypeError("not here") }' })
  await pressRecord(page)
  await strip(page).getByText('Conexión limitada: novedades cada 15 s.').waitFor()
  await page.log.getByText('Hola, ¿a qué hora').waitFor()
  await page.text.fill('Por HTTP')
  await page.page.keyboard.press('Enter')
  await until(
    () =>
      world.hilo.simulator
        .phone(sofia.phone)
        .messages()
        .some(({ body }) => body === 'Por HTTP'),
    { what: 'it on the phone' },
  )
})

test('a page whose fetch is broken: what cannot be had is said, and the page goes on', async () => {
  const page = await visit({
    attributes: 'data-hide-button="true"',
    before:
      'window.fetch = () => { throw new Error("use our client") }; window.pageWorks = () => document.querySelector("h1").textContent === "Coordinaciones"',
  })
  await pressRecord(page)
  await strip(page).getByText('No pudimos iniciar tu sesión. Seguimos intentando.').waitFor()
  expect(await page.page.evaluate(() => window.pageWorks())).toBe(true)
  expect(await page.page.evaluate(() => window.Hilo.open())).toEqual({ ok: true })
})

test('badges for two hundred rows are one subscription, and ten thousand new elements cost the page nothing', async () => {
  const asked: { ids: string[] }[] = []
  const page = await visit({
    html: '<div id="rows"></div>',
    before: `window.watched = { calls: 0, ms: 0 }
      const Native = MutationObserver
      window.MutationObserver = class extends Native {
        constructor(callback) {
          super((...args) => {
            const began = performance.now()
            callback(...args)
            window.watched.calls++
            window.watched.ms += performance.now() - began
          })
        }
      }`,
    prepare: (one) =>
      one.on('websocket', (socket) =>
        socket.on('framesent', ({ payload }) => {
          const [, body] = /^42\d+\["subscribe:coordinations",(.*)\]$/.exec(String(payload)) ?? []
          if (body) asked.push(JSON.parse(body))
        }),
      ),
  })
  await page.launcher.waitFor()
  const fill = (count: number) =>
    page.page.evaluate((n) => {
      const rows = document.querySelector('#rows') as HTMLElement
      rows.innerHTML = Array.from({ length: n }, (_, i) => `<p><hilo-badge coordination="ev-${i + 1}"></hilo-badge></p>`).join('')
    }, count)
  await fill(200)
  const first = page.page.locator('hilo-badge[coordination="ev-1"] .badge')
  await until(async () => (await unreadOn(first)) >= 0 && asked.length > 0, { what: 'a subscription' })
  expect(asked.map(({ ids }) => ids.length)).toEqual([200])
  await fill(50)
  await until(() => asked.at(-1)?.ids.length === 50, { what: 'fewer' })
  expect(asked).toHaveLength(2)
  await world.hilo.simulator.phone(sofia.phone).write('¿Y?')
  await until(async () => (await unreadOn(first)) > 0, { what: 'the number' })

  // Straight into the body, which the widget watches for its own element: looked at once, whatever came.
  const watched = await page.page.evaluate(async () => {
    const buttons = Array.from({ length: 10_000 }, (_, i) => {
      const button = document.createElement('button')
      button.dataset.hiloCoordination = 'ev-1'
      button.textContent = String(i)
      button.onclick = (event) => event.stopPropagation()
      return button
    })
    const before = { ...window.watched }
    const began = performance.now()
    for (const button of buttons) document.body.append(button)
    const appended = performance.now() - began
    await new Promise((resolve) => setTimeout(resolve, 0))
    return { calls: window.watched.calls - before.calls, ms: window.watched.ms - before.ms, appended }
  })
  expect(watched.calls).toBeLessThanOrEqual(3)
  // Far less than the page itself spends on them.
  expect(watched.ms).toBeLessThan(watched.appended / 2)
  await page.page.evaluate(() => document.querySelector<HTMLElement>('body > button:last-of-type')?.click())
  await page.log.getByText('Hola, ¿a qué hora').waitFor()
})
