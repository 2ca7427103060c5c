// The script on a host's page, in a real browser: another origin, the strictest policy that goals.md promises to work under.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Hilo } from '../../widget/launcher/create-hilo.ts'
import { launchBrowser } from '../support/browser.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

declare global {
  interface Window {
    Hilo: Hilo
    seen: string[]
    violations: string[]
    /** Intervals that are running. */
    intervals: Set<number>
  }
}

let hilo: TestHilo
let host: Server
let browser: Browser
let context: BrowserContext
let hostUrl = ''
/** Of the host's page. */
let body = ''
let tag = 'data-token-url="/chat-token" data-locale="es"'
let tokenStatus = 200
let agent = 'agent-1'

beforeAll(async () => {
  host = createServer((request, response) => {
    if (request.url?.startsWith('/chat-token')) {
      response.writeHead(tokenStatus).end(tokenStatus === 200 ? JSON.stringify({ token: hilo.agent({ sub: agent }).token }) : '')
      return
    }
    const chat = hilo.url
    const socket = chat.replace('http:', 'ws:')
    response.writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src ${chat}; connect-src 'self' ${chat} ${socket}; img-src ${chat}; media-src ${chat}`,
    })
    response.end(
      `<!doctype html><html lang="en"><head><title>Host</title><script async src="${chat}/widget.js" ${tag}></script></head><body>${body}</body></html>`,
    )
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  hostUrl = `http://127.0.0.1:${(host.address() as AddressInfo).port}`
  hilo = await startHilo({ env: { ALLOWED_ORIGINS: hostUrl } })
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await hilo.close()
  host.close()
})
afterEach(async () => {
  await context.close()
  body = ''
  tag = 'data-token-url="/chat-token" data-locale="es"'
  tokenStatus = 200
  agent = 'agent-1'
})

async function visit(prepare?: (page: Page) => Promise<void>): Promise<Page> {
  context = await browser.newContext()
  const page = await context.newPage()
  await page.addInitScript(() => {
    window.seen = []
    window.violations = []
    window.intervals = new Set()
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective} ${event.blockedURI}`),
    )
    window.addEventListener('error', (event) => window.violations.push(event.message))
    window.addEventListener('unhandledrejection', (event) => window.violations.push(String(event.reason)))
    for (const name of ['ready', 'unread', 'open', 'close', 'message', 'error', 'tokenexpired'])
      document.addEventListener(`hilo:${name}`, (event) => window.seen.push(`${name} ${JSON.stringify((event as CustomEvent).detail)}`))
    const { setInterval: start, clearInterval: end } = window
    window.setInterval = ((...args: Parameters<typeof start>) => {
      const id = start(...args) as unknown as number
      window.intervals.add(id)
      return id
    }) as unknown as typeof start
    window.clearInterval = ((id: number) => {
      window.intervals.delete(id)
      end(id)
    }) as typeof end
  })
  await prepare?.(page)
  await page.goto(hostUrl)
  return page
}

const launcher = (page: Page) => page.locator('hilo-chat button.launcher')
const label = (page: Page, text: string) => page.locator(`hilo-chat button.launcher[aria-label="${text}"]`).waitFor({ state: 'visible' })
const heard = (page: Page, event: string) => page.waitForFunction((name) => window.seen.some((one) => one.startsWith(name)), event)
const phone = (n: number) => `+54911800${String(10_000 + n)}`
const writes = (n: number, text: string) => hilo.simulator.phone(phone(n)).write(text)

describe('on a page of another origin', () => {
  test('it shows under the strictest policy, in two requests, and leaves the page alone', async () => {
    body = '<h1>Back office</h1><hilo-badge coordination="la-1"></hilo-badge>'
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/la-1', { title: 'Boda', contact: { name: 'Ana', phone: phone(1) } })
    await writes(1, 'hola')
    const asked: string[] = []
    const page = await visit(async (one) => {
      one.on('request', (request) => request.url().startsWith(hilo.url) && asked.push(new URL(request.url()).pathname))
    })
    await label(page, 'Abrir mensajes, 1 sin leer')
    expect(asked.filter((path) => path.endsWith('.js'))).toEqual(['/widget.js', expect.stringMatching(/^\/connection-/)])
    expect(asked.filter((path) => !path.endsWith('.js'))).toEqual([])
    await page.locator('hilo-badge .badge[data-n="1"]').waitFor()
    expect(await page.locator('hilo-badge .badge').getAttribute('aria-label')).toBe('1 sin leer')
    expect(await launcher(page).getAttribute('data-state')).toBe('unread')
    // #2557c7: a filled button, so the adopted sheets were taken; it fades into it.
    await until(async () => (await launcher(page).evaluate((one) => getComputedStyle(one).backgroundColor)) === 'rgb(37, 87, 199)')

    const left = await page.evaluate(() => ({
      body: [...document.body.children].map((one) => one.localName),
      head: [...document.head.children].map((one) => one.localName),
      cookies: document.cookie,
      styles: document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('style, [style]').length,
      violations: window.violations,
    }))
    expect(left).toEqual({ body: ['h1', 'hilo-badge', 'hilo-chat'], head: ['title', 'script'], cookies: '', styles: 0, violations: [] })
  })

  test('a message is told live: in the button, the badge, the events', async () => {
    body = '<hilo-badge coordination="la-2"></hilo-badge>'
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/la-2', { title: 'Boda', contact: { name: 'Ana', phone: phone(2) } })
    agent = 'live-agent'
    const page = await visit()
    await heard(page, 'ready')
    await page.evaluate(() => window.Hilo.on('message', (detail) => window.seen.push(`handler ${(detail as { text: string }).text}`)))
    await writes(2, 'buenas')
    await heard(page, 'handler buenas')
    await page.locator('hilo-badge .badge[data-n="1"]').waitFor()
    const seen = await page.evaluate(() => window.seen)
    expect(seen.find((one) => one.startsWith('message'))).toContain('"coordinationId":"la-2"')
    expect(seen.find((one) => one.startsWith('ready'))).toContain('"id":"live-agent"')
    const answer = await page.evaluate(() => window.Hilo.unread(['la-2']))
    expect(answer).toMatchObject({ ok: true, byCoordination: { 'la-2': 1 } })
  })

  test('calls queued before it came are done, init twice is one widget, a second tag too', async () => {
    tag = ''
    const page = await visit(async (one) => {
      await one.addInitScript(() => {
        const queue: unknown[] = [
          ['on', 'ready', () => window.seen.push('queued ready')],
          ['init', { tokenUrl: '/chat-token', locale: 'pt' }],
        ]
        Object.assign(window, { Hilo: queue })
      })
    })
    await heard(page, 'queued ready')
    await page.evaluate((src) => {
      const again = document.createElement('script')
      again.src = src
      again.dataset.tokenUrl = '/chat-token'
      const done = new Promise((resolve) => again.addEventListener('load', resolve))
      document.head.append(again)
      return done
    }, `${hilo.url}/widget.js`)
    expect(
      await page.evaluate(() => window.Hilo.init({ tokenUrl: '/chat-token', locale: 'en', position: 'left', offset: 32, zIndex: 7 })),
    ).toEqual({ ok: true })
    expect(await page.locator('hilo-chat').count()).toBe(1)
    expect(await launcher(page).getAttribute('aria-label')).toMatch(/^Open messages/)
    const box = await launcher(page).boundingBox()
    expect(box?.x).toBe(32)
    expect(await launcher(page).evaluate((one) => getComputedStyle(one).zIndex)).toBe('7')
    await page.evaluate(() => window.Hilo.init({ hideButton: true }))
    await launcher(page).waitFor({ state: 'hidden' })
    expect(await page.evaluate(() => window.violations)).toEqual([])
  })

  test('wrong calls are answered, never thrown', async () => {
    tag = ''
    const page = await visit()
    await page.waitForFunction(() => 'Hilo' in window)
    const answers = await page.evaluate(async () => [
      await window.Hilo.open({ coordinationId: 'x' }),
      await window.Hilo.unread(),
      await window.Hilo.close(),
      await window.Hilo.init(),
      await window.Hilo.init({ token: 'x', theme: 'pink' as 'dark' }),
      await window.Hilo.init({ token: 'x', recordWord: { one: 'turno' } as { one: string; many: string } }),
      await window.Hilo.destroy(),
    ])
    expect(answers).toMatchObject([
      { ok: false, error: { code: 'not_ready' } },
      { ok: false, error: { code: 'not_ready' } },
      { ok: true },
      { ok: false, error: { code: 'validation_failed' } },
      { ok: false, error: { code: 'validation_failed' } },
      { ok: false, error: { code: 'validation_failed' } },
      { ok: true },
    ])
    await page.evaluate(() => {
      window.Hilo.push(['nothing'], ['on', 'error', () => {}])
      window.Hilo.on('ready', () => {
        throw new Error("the host's own fault")
      })
      return window.Hilo.init({ tokenUrl: '/chat-token' })
    })
    await heard(page, 'unread')
    expect(await page.evaluate(() => window.violations)).toEqual(["Uncaught Error: the host's own fault"])
  })

  test('destroy leaves nothing behind, and it can begin again', async () => {
    agent = 'destroyer'
    const page = await visit()
    const sockets: { isClosed(): boolean }[] = []
    page.on('websocket', (socket) => sockets.push(socket))
    await page.reload()
    await heard(page, 'ready')
    expect(await page.evaluate(() => window.intervals.size)).toBe(1)
    await page.evaluate(() => window.Hilo.destroy())
    await until(() => sockets.length === 1 && sockets.every((socket) => socket.isClosed()), { what: 'the socket’s end' })
    expect(await page.evaluate(() => [document.querySelectorAll('hilo-chat').length, window.intervals.size])).toEqual([0, 0])
    await page.evaluate(() => {
      window.seen = []
      return window.Hilo.init({})
    })
    await heard(page, 'ready')
    await launcher(page).waitFor({ state: 'visible' })
  })

  test("it stays through a single-page app's changes of the whole page", async () => {
    agent = 'wanderer'
    const page = await visit()
    await heard(page, 'ready')
    await page.evaluate(() => {
      document.body.innerHTML = '<p>another route</p>'
    })
    await launcher(page).waitFor({ state: 'visible' })
    await page.evaluate(() => {
      document.body = document.createElement('body')
    })
    await launcher(page).waitFor({ state: 'visible' })
    expect(await page.locator('hilo-chat').count()).toBe(1)
    expect(await page.evaluate(() => window.seen.filter((one) => one.startsWith('ready')).length)).toBe(1)
  })
})

describe('the button', () => {
  test('says what waits, what is unread, that it is offline, and back', async () => {
    agent = 'signs'
    for (const one of [1, 2])
      await hilo.agent({ sub: 'signs' }).call('POST', `/api/conversations/${(await hilo.conversation(phone(one))).id}/read`, { seq: 99 })
    const page = await visit()
    await launcher(page).waitFor({ state: 'visible' })
    await page.locator('hilo-chat [data-state="waiting"]').waitFor()
    expect(await launcher(page).getAttribute('aria-label')).toMatch(/^Abrir mensajes, \d+ esperan respuesta$/)
    await writes(3, 'uno')
    await label(page, 'Abrir mensajes, 1 sin leer')
    await context.setOffline(true)
    await label(page, 'Sin conexión. 1 sin leer al desconectarse')
    expect(await launcher(page).getAttribute('data-state')).toBe('offline')
    expect(await launcher(page).textContent()).toBe('1')
    await writes(3, 'dos')
    await context.setOffline(false)
    await label(page, 'Abrir mensajes, 2 sin leer')
    expect(await page.evaluate(() => window.seen.filter((one) => one.startsWith('error')))).toEqual([])
  })

  test('tells the host that the agent is not signed in, and follows when he is', async () => {
    tokenStatus = 401
    const page = await visit()
    await heard(page, 'tokenexpired')
    expect(await page.evaluate(() => window.violations)).toEqual([])
    tokenStatus = 200
    await page.evaluate(() => window.Hilo.init({ tokenUrl: '/chat-token?again' }))
    await heard(page, 'ready')
    await launcher(page).waitFor({ state: 'visible' })
  })

  test('with another agent’s token begins anew', async () => {
    agent = 'first'
    const page = await visit()
    await heard(page, 'ready')
    agent = 'second'
    await page.evaluate(() => window.Hilo.init({ tokenUrl: '/chat-token?second' }))
    await page.waitForFunction(() => window.seen.some((one) => one.startsWith('ready') && one.includes('"second"')))
    expect(await page.locator('hilo-chat').count()).toBe(1)
  })
})

describe('the first open', () => {
  test('by a button of the host lands in that record’s thread, in four requests and without a violation', async () => {
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/la-9', { title: 'Boda', contact: { name: 'Ana', phone: phone(9) } })
    await writes(9, 'hola, soy yo')
    body = `<a href="/elsewhere" data-hilo-coordination="la-9" data-hilo-phone="${phone(9)}"><b>WhatsApp</b></a>`
    const scripts: string[] = []
    const page = await visit(async (one) => {
      one.on('request', (request) => request.url().endsWith('.js') && scripts.push(new URL(request.url()).pathname))
    })
    await page.locator('b').click()
    await page.locator('hilo-chat').getByText('hola, soy yo').first().waitFor()
    expect(await launcher(page).getAttribute('aria-expanded')).toBe('true')
    expect(page.url()).toBe(`${hostUrl}/`)
    expect(scripts.map((path) => path.replace(/-.*/, '')).toSorted()).toEqual(['/connection', '/es', '/panel', '/widget.js'])
    expect(await page.evaluate(() => window.seen.find((one) => one.startsWith('open')))).toContain('la-9')
    expect(await page.evaluate(() => window.violations)).toEqual([])
  })

  test('takes the focus in, and closing gives it back', async () => {
    agent = 'focus'
    const page = await visit()
    await launcher(page).click()
    await page.getByRole('dialog').waitFor()
    await page.waitForFunction(() => document.querySelector('hilo-chat')?.shadowRoot?.activeElement?.matches('input, textarea'))
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'hidden' })
    await page.waitForFunction(() => document.querySelector('hilo-chat')?.shadowRoot?.activeElement?.classList.contains('launcher'))
    expect(await launcher(page).getAttribute('aria-expanded')).toBe('false')
    expect(await page.evaluate(() => window.seen.filter((one) => /^(open|close)/.test(one)).map((one) => one.split(' ')[0]))).toEqual([
      'open',
      'close',
    ])
  })

  test('on the page that the context names lands in its thread, once', async () => {
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/la-8', { title: 'Bautismo', contact: { name: 'Eva', phone: phone(8) } })
    await writes(8, 'soy Eva')
    const page = await visit()
    await heard(page, 'ready')
    await page.evaluate(() => window.Hilo.setContext({ coordinationId: 'la-8' }))
    await launcher(page).click()
    await page.locator('hilo-chat').getByText('soy Eva').first().waitFor()
    expect(await page.evaluate(() => window.seen.find((one) => one.startsWith('open')))).toContain('la-8')
  })

  test('takes numbers for ids, as many hosts have them', async () => {
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/1042', { title: 'Casamiento', contact: { name: 'Luz', phone: phone(6) } })
    await writes(6, 'soy Luz')
    agent = 'numbers'
    const page = await visit()
    await heard(page, 'ready')
    const asNumber = 1042 as unknown as string
    const unread = await page.evaluate((id) => window.Hilo.unread([id]), asNumber)
    expect(unread).toMatchObject({ ok: true, byCoordination: { 1042: 1 } })
    await page.evaluate((id) => window.Hilo.open({ coordinationId: id }), asNumber)
    await page.locator('hilo-chat').getByText('soy Luz').first().waitFor()
    await page.evaluate(() => window.Hilo.close())
    await page.evaluate((id) => window.Hilo.setContext({ coordinationId: id }), asNumber)
    await launcher(page).click()
    await page.locator('hilo-chat').getByText('soy Luz').first().waitFor()
    expect(await page.evaluate(() => window.seen.filter((one) => one.startsWith('open')).at(-1))).toContain('"1042"')
  })

  test('of a thread in the page needs no button at all', async () => {
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/la-7', { title: 'Cena', contact: { name: 'Ian', phone: phone(7) } })
    await writes(7, 'soy Ian')
    tag = 'data-token-url="/chat-token" data-hide-button'
    body = '<hilo-thread coordination="la-7"></hilo-thread>'
    const page = await visit()
    await page.locator('hilo-thread').getByText('soy Ian').first().waitFor()
    await launcher(page).waitFor({ state: 'hidden' })
    await page.evaluate(() => document.querySelector('hilo-thread')?.remove())
    expect(await page.evaluate(() => window.violations)).toEqual([])
  })
})

test('after a deploy that took its chunks away, the loader comes anew with all that was asked of it', async () => {
  agent = 'deployed'
  const loads: string[] = []
  const page = await visit(async (one) => {
    await one.route(/\/widget\.js/, async (route) => {
      const isNew = route.request().url().includes('/again/')
      loads.push(isNew ? 'new' : 'old')
      const response = await route.fetch()
      const code = await response.text()
      // The old page's loader names a chunk that the server no longer has.
      await route.fulfill({ response, body: isNew ? code : code.replace(/connection-[\w-]+\.js/g, 'connection-goneforever.js') })
    })
    await one.addInitScript(() => {
      Object.assign(window, { Hilo: [['on', 'ready', () => window.seen.push('kept handler')]] })
    })
  })
  await heard(page, 'kept handler')
  await launcher(page).waitFor({ state: 'visible' })
  expect(loads).toEqual(['old', 'new'])
  expect(await page.locator('hilo-chat').count()).toBe(1)
})
