// Every component in every state: nothing for axe to find in three languages, nor in the dark, no broken policy, no defect;
// and with PICTURES=1 a picture of each, wide and narrow, for a person: test/widget-panel/screenshots/, not kept in git.
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page, Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { serveFixture } from './serve-fixture.ts'
import type {} from './fixtures/page.ts'
import { states } from './fixtures/states.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const shots = join(import.meta.dirname, 'screenshots')
const withPictures = process.env.PICTURES === '1'
/** Long lists look as short ones do. */
const names = Object.keys(states).filter((name) => name !== 'inbox-10000' && name !== 'many')
const locales = ['es', 'en', 'pt'] as const

/** The requests of each page that have no answer yet. */
const underWay = new WeakMap<Page, Set<Request>>()
let browser: Browser
let fixture: Awaited<ReturnType<typeof serveFixture>>

beforeAll(async () => {
  if (withPictures) {
    rmSync(shots, { recursive: true, force: true })
    mkdirSync(shots, { recursive: true })
  }
  fixture = await serveFixture()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fixture?.close()
})

async function openPage(width: number, height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: 'light', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const asked = new Set<Request>()
  underWay.set(page, asked)
  page.on('request', (request) => asked.add(request))
  page.on('requestfinished', (request) => asked.delete(request))
  page.on('requestfailed', (request) => asked.delete(request))
  await page.addInitScript(() => {
    const seen: string[] = []
    Object.assign(globalThis, { violations: seen })
    document.addEventListener('securitypolicyviolation', (event) => void seen.push(`${event.violatedDirective} ${event.sourceFile}`))
  })
  return page
}

async function show(page: Page, name: string): Promise<void> {
  await page.emulateMedia({ colorScheme: 'light' })
  await page.goto(`${fixture.url}/?state=${name}&theme=light`)
  await page.locator('html[data-shown]').waitFor({ state: 'attached' })
  // Drawn, and nothing on its way any more: no part that is fetched when it is first shown, no picture.
  do await drawn(page)
  while ((underWay.get(page)?.size ?? 0) > 0)
  if (/loading|connecting|offline|expired|slow/.test(name)) await page.waitForTimeout(250)
}

const drawn = (page: Page) => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))

/** What is shown already, in the dark: loading it anew takes longer than looking at it. */
async function darken(page: Page): Promise<void> {
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.evaluate(() => panel.setTheme('dark'))
  await drawn(page)
}

const setLocale = (page: Page, locale: (typeof locales)[number]) =>
  page.evaluate((to) => panel.handle.setOptions({ locale: to, words: panel.appearance[to] }), locale)

/** Looks at every state, in two pages at once: most of it is work of the page's own process. */
async function lookAtAll(width: number, height: number, look: (page: Page, name: string) => Promise<void>): Promise<void> {
  const left = [...names]
  const lane = async () => {
    const page = await openPage(width, height)
    for (let name = left.shift(); name !== undefined; name = left.shift()) {
      await show(page, name)
      await look(page, name)
    }
    await page.context().close()
  }
  await Promise.all([lane(), lane()])
}

async function takePicture(page: Page, name: string, isWide: boolean): Promise<void> {
  const part = isWide ? { clip: { x: 840, y: 20, width: 440, height: 780 } } : {}
  if (withPictures) await page.screenshot({ path: join(shots, `${name}.png`), ...part })
}

/** What scrolls sideways. */
const tooWide = (page: Page) =>
  page.evaluate(() => {
    const inside = document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('.panel, .body, .transcript') ?? []
    const wide = [document.documentElement, ...inside].filter((box) => box.scrollWidth > box.clientWidth + 1)
    return wide.map((box) => box.className || box.localName)
  })

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  return await page.evaluate(async () => {
    interface Found {
      id: string
      nodes: { html: string; failureSummary: string }[]
    }
    const { axe: tools } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: Found[] }> } }
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const found = (
      await tools.run({ include: ['hilo-chat'] }, { runOnly: rules, preload: false, resultTypes: ['violations'], selectors: false })
    ).violations
    return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
  })
}

test('has no accessibility violation, breaks no policy and throws nothing, light and dark', async () => {
  await lookAtAll(1280, 800, async (page, name) => {
    await takePicture(page, `${name}-desktop-light`, true)
    // A theme changes colours alone: the other languages are looked at in the light.
    for (const locale of locales) {
      await setLocale(page, locale)
      expect.soft(await violations(page), `${name}, light, ${locale}`).toEqual([])
    }
    await setLocale(page, 'es')
    await darken(page)
    await takePicture(page, `${name}-desktop-dark`, true)
    expect.soft(await violations(page), `${name}, dark, es`).toEqual([])
    const faults = await page.evaluate(() => [...panel.errors, ...(globalThis as unknown as { violations: string[] }).violations])
    expect.soft(faults, name).toEqual([])
  })
}, 600_000)

test('fits a phone, light and dark', async () => {
  await lookAtAll(390, 780, async (page, name) => {
    await takePicture(page, `${name}-phone-light`, false)
    expect.soft(await tooWide(page), `${name}, light`).toEqual([])
    await darken(page)
    await takePicture(page, `${name}-phone-dark`, false)
    expect.soft(await tooWide(page), `${name}, dark`).toEqual([])
  })
}, 300_000)

test('says the same in forced colours: every control and every card has an edge', async () => {
  const page = await openPage(1280, 800)
  await page.emulateMedia({ forcedColors: 'active' })
  for (const name of ['inbox', 'wrong', 'closed', 'thread-menu', 'media']) {
    await show(page, name)
    await takePicture(page, `${name}-forced-colours`, true)
    const bare = await page.evaluate(() => {
      const root = document.querySelector('hilo-chat')?.shadowRoot
      const all = [...(root?.querySelectorAll<HTMLElement>('.panel, .bubble, .card, .menu, .send, .btn, .count, .searchbox') ?? [])]
      return all.filter((one) => one.offsetParent && getComputedStyle(one).borderTopStyle === 'none').map((one) => one.className)
    })
    expect.soft(bare, name).toEqual([])
  }
  await page.context().close()
})
