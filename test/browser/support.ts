// Every browser test starts from this: a whole Hilo, a host's site on another origin, and agents who look at its pages.
// All that a page complains of (console, uncaught errors, its policy) is kept, and nothing of it may remain unexplained.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { type HiloOptions, startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { type HostPage, type HostSite, startHostSite } from './host-site.ts'

export interface Person {
  name: string
  phone: string
}
/** Of the simulated phone's own people, so that its page lists them. */
export const sofia: Person = { name: 'Sofía Herrera', phone: '+5491154823391' }
export const martin: Person = { name: 'Martín Quiroga', phone: '+5491161204478' }
export const lucia: Person = { name: 'Lucía Ferrari', phone: '+5492215031190' }
export const paula: Person = { name: 'Paula Sosa', phone: '+5493415550148' }

export interface AgentPage {
  page: Page
  context: BrowserContext
  launcher: Locator
  panel: Locator
  /** Where the messages are. */
  log: Locator
  /** Where one writes. */
  text: Locator
  /** The page's complaints. */
  complaints: string[]
  close(): Promise<void>
}

export interface OpenOptions extends HostPage {
  context?: BrowserContextOptions
  /** Runs in the page before everything else. */
  before?: string
  /** Given the page while it is still empty. */
  prepare?: (page: Page) => void
}

export interface World {
  hilo: TestHilo
  site: HostSite
  browser: Browser
  /** The simulated phone's page. */
  phoneUrl: string
  boss: TestAgent
  /** A record of the host's, with its client. */
  record(id: string, title: string, client: Person, over?: Record<string, unknown>): Promise<void>
  /** Signs an agent in at the host's token address. */
  signIn(sub: string, claims?: Record<string, unknown>): TestAgent
  /** A page of the host's for an agent who is signed in; resolves when the widget is there. */
  open(sub: string, options?: OpenOptions): Promise<AgentPage>
  /** A page without waiting for anything. */
  visit(sub: string, options?: OpenOptions): Promise<AgentPage>
  close(): Promise<void>
}

/** Once, where nobody built it before. */
function buildWidget(): void {
  if (existsSync('dist/widget/manifest.json')) return
  const vite = join('node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--config', 'widget/vite.config.ts'], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`The widget could not be built: ${done.stderr}`)
}

const watchPolicy = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`

interface WorldOptions extends HiloOptions {
  /** Other sites that may embed the widget. */
  origins?: string[]
  /** Agents may take back what they send; else it goes at once. */
  undoSend?: boolean
  /** Of the browser, besides the usual ones. */
  browserArgs?: string[]
}

export async function startWorld({ origins = [], undoSend = false, browserArgs = [], ...options }: WorldOptions = {}): Promise<World> {
  buildWidget()
  const chat = `http://127.0.0.1:${await freePort()}`
  const site = await startHostSite(() => chat)
  const env = { PORT: new URL(chat).port, PUBLIC_URL: chat, ALLOWED_ORIGINS: [site.origin, ...origins].join(','), ...options.env }
  const [hilo, browser] = await Promise.all([startHilo({ ...options, env }), launchBrowser({ args: browserArgs })])
  const boss = hilo.agent({ sub: 'boss', name: 'Sol Paz', role: 'supervisor' })
  const host = hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
  const opened: BrowserContext[] = []
  const chosen: Promise<unknown>[] = []

  async function visit(sub: string, { context: how, before, prepare, ...page }: OpenOptions = {}): Promise<AgentPage> {
    await Promise.all(chosen)
    const context = await browser.newContext({ locale: 'es-AR', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...how })
    opened.push(context)
    const complaints: string[] = []
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`))
    await context.addInitScript(watchPolicy)
    if (before !== undefined) await context.addInitScript(before)
    const tab = await context.newPage()
    tab.setDefaultTimeout(20_000)
    prepare?.(tab)
    await tab.goto(site.add(page, sub))
    const panel = tab.locator('hilo-chat .panel')
    return {
      page: tab,
      context,
      launcher: tab.locator('hilo-chat .launcher'),
      panel,
      log: panel.getByRole('log'),
      text: panel.locator('textarea'),
      complaints,
      close: () => context.close(),
    }
  }

  return {
    hilo,
    site,
    browser,
    phoneUrl: `${hilo.server.parts.config.twilio?.apiUrl ?? ''}/phone`,
    boss,
    async record(id, title, client, over = {}) {
      const startsAt = new Date(Date.now() + 4 * 24 * 60 * 60_000).toISOString()
      const reply = await host.call('PUT', `/api/coordinations/${id}`, { title, contact: client, startsAt, data: {}, ...over })
      if (reply.status > 201) throw new Error(`PUT /api/coordinations: ${reply.status} ${reply.text}`)
    },
    signIn(sub, claims = {}) {
      const agent = hilo.agent({ sub, ...claims })
      if (!undoSend) chosen.push(agent.call('PATCH', '/api/me/settings', { undoSend }))
      site.tokens.set(sub, { status: 200, body: JSON.stringify({ token: agent.token }) })
      return agent
    },
    visit,
    async open(sub, how) {
      const agent = await visit(sub, how)
      await agent.launcher.waitFor()
      return agent
    },
    async close() {
      for (const context of opened) await context.close()
      await browser.close()
      await hilo.close()
      await site.close()
    },
  }
}

/** The button and the badge of a record, as a host has them in its list. */
export function recordButton(id: string, client: Person): string {
  return `<p><button type="button" data-hilo-coordination="${id}" data-hilo-phone="${client.phone}" data-hilo-name="${client.name}">WhatsApp ${id}</button>
<hilo-badge coordination="${id}"></hilo-badge></p>`
}

/** Records of the host's, each with a client who wrote. */
export const ev1 = { id: 'ev-1', title: 'Casamiento Herrera–Paz', client: sofia }
export const ev2 = { id: 'ev-2', title: '15 de Valentina', client: martin }

/** Ana's desk, for all tests of a file: she is signed in, and her pages are closed after each test. */
export interface Desk {
  readonly world: World
  open(options?: OpenOptions): Promise<AgentPage>
  visit(options?: OpenOptions): Promise<AgentPage>
}

/** `mayComplain`: lines of her pages' consoles that fail no test; by itself every line does. */
export function useDesk(records: (typeof ev1)[], mayComplain = /(?!)/): Desk {
  let world: World
  const pages: AgentPage[] = []
  beforeAll(async () => {
    world = await startWorld()
    for (const { id, title, client } of records) {
      await world.record(id, title, client)
      await world.hilo.simulator.phone(client.phone).write('Hola')
    }
    world.signIn('ana', { name: 'Ana Díaz' })
  })
  afterAll(() => world.close())
  afterEach(async () => {
    const opened = pages.splice(0)
    for (const page of opened) await page.close()
    expect(opened.flatMap(({ complaints }) => complaints).filter((line) => !mayComplain.test(line))).toEqual([])
  })
  const kept = async (page: Promise<AgentPage>) => {
    pages.push(await page)
    return await page
  }
  return {
    get world() {
      return world
    },
    open: (options) => kept(world.open('ana', options)),
    visit: (options) => kept(world.visit('ana', options)),
  }
}
