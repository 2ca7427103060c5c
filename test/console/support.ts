// A console in a real browser, on a real server, signed in as a host would.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { type HiloOptions, startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'

export interface ConsolePage {
  page: Page
  /** What the page complained of. */
  complaints: string[]
  close(): Promise<void>
}

export interface ConsoleWorld {
  hilo: TestHilo
  browser: Browser
  boss: TestAgent
  /** Signed in with the token, on this page; `#/campaigns` by itself. */
  open(options?: { token?: string | null; at?: string; context?: BrowserContextOptions }): Promise<ConsolePage>
  close(): Promise<void>
}

/** Once, where nobody built it before. */
function build(): void {
  if (existsSync('dist/console/index.html')) return
  const vite = join('node_modules', 'vite', 'bin', 'vite.js')
  const done = spawnSync(process.execPath, [vite, 'build', '--config', 'console/vite.config.ts'], { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`The console could not be built: ${done.stderr}`)
}

const watchPolicy = `addEventListener('securitypolicyviolation', (event) =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sourceFile))`

export async function startConsole(options: HiloOptions = {}): Promise<ConsoleWorld> {
  build()
  const port = String(await freePort())
  const env = { PORT: port, PUBLIC_URL: `http://127.0.0.1:${port}`, ...options.env }
  const [hilo, browser] = await Promise.all([startHilo({ ...options, env }), launchBrowser()])
  const boss = hilo.agent({ sub: 'boss', name: 'Sol Paz', role: 'supervisor' })
  return {
    hilo,
    browser,
    boss,
    async open({ token = boss.token, at = '', context: how } = {}) {
      const context = await browser.newContext({ locale: 'en', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...how })
      const complaints: string[] = []
      context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().stack ?? error.error().message}`))
      await context.addInitScript(watchPolicy)
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      const given = new URLSearchParams({ ...(token === null ? {} : { token }), ...(at === '' ? {} : { go: at }) })
      await page.goto(`${hilo.url}/console/#${given}`)
      return { page, complaints, close: () => context.close() }
    },
    async close() {
      await browser.close()
      await hilo.close()
    },
  }
}

const axe = readFileSync('node_modules/axe-core/axe.min.js', 'utf8')
const looks = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 390 },
  { colorScheme: 'dark', width: 390 },
] as const

interface Found {
  id: string
  nodes: { target: unknown; failureSummary: string }[]
}

/** What is wrong with a page as it stands: by axe, and where it scrolls sideways; in light and dark, wide and narrow. */
export async function inspect({ page }: ConsolePage, state: string): Promise<string[]> {
  const before = page.viewportSize() ?? { width: 1280, height: 800 }
  const wrong: string[] = []
  for (const { colorScheme, width } of looks) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.setViewportSize({ width, height: before.height })
    const name = `${state}, ${colorScheme}, ${width}`
    // For a person to look at.
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(/[ ,]+/g, '-')}.png`, fullPage: true })
    wrong.push(...(await runAxe(page)).map((one) => `${name}: ${one}`))
    if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1))
      wrong.push(`${name}: the page scrolls sideways`)
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  await page.setViewportSize(before)
  return wrong
}

async function runAxe(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(context: object, options: object): Promise<{ violations: Found[] }> } }
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
    return (await axe.run(document, { runOnly: rules, preload: false })).violations
  })
  return found.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} ${JSON.stringify(target)} ${failureSummary}`))
}
