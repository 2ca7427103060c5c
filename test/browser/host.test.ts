// In somebody else's page: what it leaves behind, what it says when it may not in, hostile rules, its elements, languages.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { unreadOn } from './shown.ts'
import { type AgentPage, martin, type OpenOptions, recordButton, sofia, startWorld, type World } from './support.ts'

interface HostWindow {
  Hilo: Record<'init' | 'open' | 'destroy', (options?: object) => Promise<{ ok: boolean }>>
  heard: { name: string; detail: { code?: string } | null }[]
  left: { timers: Set<unknown>; listeners: Set<unknown>; observers: Set<unknown>; channels: Set<unknown> }
}
declare const window: Window & typeof globalThis & HostWindow

let world: World
let agent: AgentPage | undefined
const html = recordButton('ev-1', sofia) + recordButton('ev-2', martin)

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
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

/** The widget's events, and all of it that would go on living: timers, listeners outside of itself, observers. */
const watch = `
window.heard = []
for (const name of ['ready', 'error', 'tokenexpired', 'open', 'close'])
  document.addEventListener('hilo:' + name, ({ detail }) => window.heard.push({ name, detail }))
const left = (window.left = { timers: new Set(), listeners: new Set(), observers: new Set(), channels: new Set() })
const { BroadcastChannel: Channel } = window
window.BroadcastChannel = class extends Channel {
  constructor(name) { super(name); left.channels.add(this) }
  close() { left.channels.delete(this); super.close() }
}
for (const kind of ['Timeout', 'Interval']) {
  const [set, clear] = [window['set' + kind].bind(window), window['clear' + kind].bind(window)]
  window['set' + kind] = (task, ...rest) => {
    const id = set((...args) => { if (kind === 'Timeout') left.timers.delete(id); task(...args) }, ...rest)
    left.timers.add(id)
    return id
  }
  window['clear' + kind] = (id) => { left.timers.delete(id); clear(id) }
}
const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype
const outside = (target) => target === window || target === document || target === visualViewport || target instanceof MediaQueryList
EventTarget.prototype.addEventListener = function (name, listener, options) {
  const target = this ?? window
  if (outside(target) && !options?.signal?.aborted) {
    const entry = { target, name, listener }
    left.listeners.add(entry)
    if (options?.signal) add.call(options.signal, 'abort', () => left.listeners.delete(entry))
  }
  return add.call(target, name, listener, options)
}
EventTarget.prototype.removeEventListener = function (name, listener, options) {
  const target = this ?? window
  for (const entry of left.listeners) if (entry.target === target && entry.name === name && entry.listener === listener) left.listeners.delete(entry)
  return remove.call(target, name, listener, options)
}
for (const kind of ['MutationObserver', 'ResizeObserver', 'IntersectionObserver']) {
  const Native = window[kind]
  window[kind] = class extends Native {
    observe(...args) { left.observers.add(this); super.observe(...args) }
    disconnect() { left.observers.delete(this); super.disconnect() }
  }
}`

async function open(options: OpenOptions = {}, sub = 'ana'): Promise<AgentPage> {
  agent = await world.open(sub, { html, before: watch, ...options })
  return agent
}
async function visit(sub: string, options: OpenOptions = {}): Promise<AgentPage> {
  agent = await world.visit(sub, { html, before: watch, ...options })
  await agent.page.waitForFunction(() => typeof window.Hilo?.open === 'function')
  return agent
}
const pressRecord = ({ page }: AgentPage, id: string) => page.getByRole('button', { name: `WhatsApp ${id}` }).click()
const heard = ({ page }: AgentPage, name: string) => page.evaluate((wanted) => window.heard.filter((one) => one.name === wanted), name)
const hears = (page: AgentPage, name: string) => until(async () => (await heard(page, name)).length > 0, { what: `the event ${name}` })

/** Everything the page asks of the chat server from now on: requests and sockets. */
function countAsked({ page }: AgentPage): () => number {
  let asked = 0
  page.on('request', (request) => request.url().startsWith(world.hilo.url) && asked++)
  page.on('websocket', () => asked++)
  return () => asked
}

test('destroy in the middle of work leaves no element, timer, listener, observer or socket, and asks for nothing more', async () => {
  const page = await open({ html: `${html}<hilo-thread coordination="ev-2" phone="${martin.phone}" name="Martín"></hilo-thread>` })
  const before = await page.page.evaluate(() => document.body.childElementCount)
  const sockets: { isClosed(): boolean }[] = []
  page.page.on('websocket', (socket) => sockets.push(socket))
  await page.page.reload()
  await page.launcher.waitFor()
  await pressRecord(page, 'ev-1')
  await page.log.getByText('Hola, ¿a qué hora').waitFor()
  await page.page.locator('hilo-thread .panel').getByText('Empezá la conversación').waitFor()
  await page.text.fill('a medio escribir')
  const living = () => page.page.evaluate(() => [...Object.values(window.left)].map((all) => all.size))
  expect((await living()).every((count) => count > 0)).toBe(true)

  expect(await page.page.evaluate(() => window.Hilo.destroy())).toEqual({ ok: true })
  const asked = countAsked(page)
  const names = () => page.page.evaluate(() => [...window.left.listeners].map((one) => (one as { name: string }).name))
  await until(async () => (await living()).every((count) => count === 0), { what: 'nothing left' }).catch(async (error: unknown) => {
    throw new Error(`timers, listeners, observers, channels: ${await living()}; ${await names()}`, { cause: error })
  })
  // Closing takes a word from the other side.
  await until(() => sockets.every((socket) => socket.isClosed()), { what: 'the socket closed' })
  expect(sockets).toHaveLength(1)
  const locks = () => page.page.evaluate(async () => Object.values(await navigator.locks.query()).flat().length)
  await until(async () => (await locks()) === 0, { what: 'no lock left' })
  expect(await page.page.locator('hilo-chat').count()).toBe(0)
  expect(await page.page.evaluate(() => document.body.childElementCount)).toBe(before - 1)
  expect(await page.page.locator('hilo-thread .panel').count()).toBe(0)

  // A colleague gets what is written next; this page neither hears of it nor answers its buttons.
  const colleague = await world.hilo.agent({ sub: 'beto' }).connect()
  await world.hilo.simulator.phone(martin.phone).write('¿Hay estacionamiento?')
  await until(() => colleague.changes.length > 0)
  colleague.close()
  await pressRecord(page, 'ev-1')
  expect([asked(), await page.page.locator('hilo-chat').count()]).toEqual([0, 0])
  expect(await unreadOn(page.page.locator('hilo-badge[coordination="ev-2"] .badge'))).toBe(0)

  await page.page.evaluate(() => window.Hilo.init())
  await page.launcher.waitFor()
  await until(async () => (await unreadOn(page.page.locator('hilo-badge[coordination="ev-2"] .badge'))) === 1)
  await pressRecord(page, 'ev-1')
  await page.log.getByText('Hola, ¿a qué hora').waitFor()
  expect(await page.text.inputValue()).toBe('a medio escribir')

  // The agent signs out.
  const kept = () => page.page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('hilo')))
  expect(await kept()).not.toEqual([])
  expect(await page.page.evaluate(() => window.Hilo.destroy({ forget: true }))).toEqual({ ok: true })
  expect(await kept()).toEqual([])
})

test.each([
  ['made for another server', 'wrong', 'error', /El servidor no aceptó la conexión/],
  ['that ended', 'late', 'tokenexpired', /La sesión venció/],
  ['that the host refuses', 'stranger', 'tokenexpired', /La sesión venció/],
])('a token %s: the widget says so, tells the host, and stays quiet', async (_, sub, event, words) => {
  const [head, body] = world.hilo.agent({ sub }).token.split('.')
  world.site.tokens.set('wrong', { status: 200, body: JSON.stringify({ token: `${head}.${body}.AAAA` }) })
  const past = Math.floor(Date.now() / 1000) - 60
  world.site.tokens.set('late', {
    status: 200,
    body: JSON.stringify({ token: world.hilo.agent({ sub, iat: past - 60, exp: past }).token }),
  })
  const page = await visit(sub)
  await page.page.clock.install()
  await page.page.reload()
  await hears(page, event)
  await pressRecord(page, 'ev-1')
  await page.panel.getByRole('alert').getByText(words).waitFor()
  const asked = countAsked(page)
  const tokens = world.site.asked(sub)
  await page.page.clock.runFor(10 * 60_000)
  expect([asked(), world.site.asked(sub) - tokens]).toEqual([0, 0])
  expect(await heard(page, event)).toHaveLength(1)
  // Once for each time that the page was loaded.
  const named = page.complaints.filter((line) => /^\[Hilo\].*JWT_SECRET/.test(line))
  expect([named.length > 0, named.length <= 2]).toEqual([event === 'error', true])

  // Signed in again, by the widget's own button.
  world.signIn(sub, { name: 'Ana Díaz' })
  await page.panel.getByRole('button', { name: 'Reintentar' }).first().click()
  await page.launcher.waitFor()
  await hears(page, 'ready')
})

test('a server that does not answer: the widget says so, tries ever more seldom, and the page works on', async () => {
  const page = await visit('ana', { attributes: 'data-hide-button="true"' })
  await page.page.clock.install()
  await page.context.route(`${world.hilo.url}/api/**`, (route) => route.abort())
  let sockets = 0
  await page.context.routeWebSocket(/socket\.io/, (socket) => {
    sockets++
    void socket.close()
  })
  await page.page.reload()
  await page.page.waitForFunction(() => typeof window.Hilo?.open === 'function')
  await pressRecord(page, 'ev-1')
  await page.panel.waitFor()
  await until(() => sockets > 0)
  // In steps, so that what the page asks in between is answered.
  for (let step = 0; step < 10; step++) await page.page.clock.runFor(2000)
  await page.panel.locator('.strip').getByText('Reconectando…').waitFor()
  await page.panel.getByText('No se puede abrir').waitFor()
  for (let minute = 0; minute < 5; minute++) await page.page.clock.runFor(60_000)
  // Every 15 s at the most, give or take half of it.
  expect(sockets).toBeLessThan(50)
  const answers = await page.page.evaluate(() => Promise.all([window.Hilo.open({ coordinationId: 'ev-2' }), window.Hilo.destroy()]))
  expect(answers).toMatchObject([{}, { ok: true }])
})

test.each([
  [
    'everything unset with more weight',
    '* { all: unset !important; letter-spacing: 9px !important; text-transform: uppercase !important }',
  ],
  [
    'other looks for all',
    `* { all: unset; color: red !important; font: 40px serif !important; letter-spacing: 9px !important; line-height: 3 !important }
    button, dialog, textarea, svg { display: none !important } div { float: left !important; width: 10px !important } html { font-size: 40px }`,
  ],
])('hostile rules of the host’s do not disfigure it: %s', async (_, css) => {
  const look = async (page: AgentPage) => {
    await page.page.evaluate(() => window.Hilo.open({ coordinationId: 'ev-1' }))
    const bubble = page.log.locator('.bubble').first()
    await bubble.waitFor()
    await until(async () => (await page.launcher.getAttribute('data-state')) !== 'unread')
    const parts = [page.launcher, page.panel, page.text, bubble, page.panel.getByRole('button', { name: 'Grabar un mensaje de voz' })]
    return await Promise.all(
      parts.map(async (part) => ({
        box: await part.boundingBox(),
        style: await part.evaluate((one) => {
          const { color, fontSize, fontFamily, letterSpacing, lineHeight, display, textTransform } = getComputedStyle(one)
          return { color, fontSize, fontFamily, letterSpacing, lineHeight, display, textTransform }
        }),
      })),
    )
  }
  world.signIn('carla', { coordinations: ['ev-1'] })
  const reader = await open({ html: '' }, 'carla')
  await look(reader)
  await reader.page.reload()
  const wanted = await look(reader)
  await reader.close()
  const page = await open({ css, html: '' }, 'carla')
  expect(await look(page)).toEqual(wanted)
  if (process.env.SHOTS) await page.page.screenshot({ path: `${process.env.SHOTS}/hostile.png` })
  const text = `se puede escribir, ${css.length}`
  await page.text.fill(text)
  await page.panel.getByRole('button', { name: 'Enviar' }).click()
  await page.log.locator('.m[data-seq]', { hasText: text }).waitFor()
})

test('a thread in the page: it stands in its place, sends, follows its attribute, and has no way out', async () => {
  const page = await visit('ana', { html: '<hilo-thread coordination="ev-1"></hilo-thread>', attributes: 'data-hide-button="true"' })
  const thread = page.page.locator('hilo-thread .panel')
  await thread.getByRole('log').getByText('Hola, ¿a qué hora').waitFor()
  expect(await page.page.locator('hilo-chat .launcher').isVisible()).toBe(false)
  expect([
    await thread.getByRole('button', { name: 'Volver' }).count(),
    await thread.getByRole('button', { name: 'Cerrar' }).count(),
  ]).toEqual([0, 0])
  await thread.locator('textarea').fill('Desde la página')
  await page.page.keyboard.press('Enter')
  await thread.locator('.m', { hasText: 'Desde la página' }).locator('.tick.delivered').waitFor()
  await page.page.locator('hilo-thread').evaluate((one) => one.setAttribute('coordination', 'ev-2'))
  await thread.getByText('15 de Valentina').waitFor()
  expect(await thread.getByText('Desde la página').count()).toBe(0)
})

test('speaks the page’s language, the option’s before it, and another at run time', async () => {
  const page = await open({ lang: 'pt-BR' })
  expect(await page.launcher.getAttribute('aria-label')).toMatch(/^Abrir mensagens/)
  await page.launcher.click()
  await page.panel.getByRole('tab', { name: 'Responder' }).waitFor()
  await page.page.evaluate(() => window.Hilo.init({ locale: 'en' }))
  await page.panel.getByRole('tab', { name: 'To answer' }).waitFor()
  expect(await page.launcher.getAttribute('aria-label')).toMatch(/^Close messages/)
  await page.close()
  const other = await open({ lang: 'pt-BR', attributes: 'data-locale="es"' })
  expect(await other.launcher.getAttribute('aria-label')).toMatch(/^Abrir mensajes/)
})
