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
const looks = ['light', 'dark'] as const
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

async function openPage(theme: 'light' | 'dark', width: number, height: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, reducedMotion: 'reduce' })
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

async function show(page: Page, name: string, theme: string): Promise<void> {
  await page.goto(`${fixture.url}/?state=${name}&theme=${theme}`)
  await page.locator('html[data-shown]').waitFor({ state: 'attached' })
  // Drawn, and nothing on its way any more: no part that is fetched when it is first shown, no picture.
  do await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  while ((underWay.get(page)?.size ?? 0) > 0)
  if (/loading|connecting|offline|expired|slow/.test(name)) await page.waitForTimeout(250)
}

async function takePicture(page: Page, name: string, isWide: boolean): Promise<void> {
  const part = isWide ? { clip: { x: 840, y: 20, width: 440, height: 780 } } : {}
  if (withPictures) await page.screenshot({ path: join(shots, `${name}.png`), ...part })
}

async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe)
  return await page.evaluate(async () => {
    interface Found {
      id: string
      nodes: { html: string; failureSummary: string }[]
    }
    const { axe: tools } = globalThis as unknown as { axe: { run(root: object, options: object): Promise<{ violations: Found[] }> } }
    const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const found = (await tools.run({ include: ['hilo-chat'] }, { runOnly: rules, preload: false })).violations
    return found.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`))
  })
}

for (const theme of looks)
  test(`has no accessibility violation, breaks no policy and throws nothing, ${theme}`, async () => {
    const page = await openPage(theme, 1280, 800)
    for (const name of names) {
      await show(page, name, theme)
      await takePicture(page, `${name}-desktop-${theme}`, true)
      // A theme changes colours alone: the other languages were looked at in the light.
      for (const locale of theme === 'light' ? locales : locales.slice(0, 1)) {
        await page.evaluate((to) => panel.handle.setOptions({ locale: to, words: panel.appearance[to] }), locale)
        expect.soft(await violations(page), `${name}, ${theme}, ${locale}`).toEqual([])
      }
      const faults = await page.evaluate(() => [...panel.errors, ...(globalThis as unknown as { violations: string[] }).violations])
      expect.soft(faults, `${name}, ${theme}`).toEqual([])
    }
    await page.context().close()
  }, 600_000)

for (const theme of looks)
  test(`fits a phone, ${theme}`, async () => {
    const page = await openPage(theme, 390, 780)
    for (const name of names) {
      await show(page, name, theme)
      await takePicture(page, `${name}-phone-${theme}`, false)
      const wide = await page.evaluate(() => {
        const boxes = [
          document.documentElement,
          ...(document.querySelector('hilo-chat')?.shadowRoot?.querySelectorAll('.panel, .body, .transcript') ?? []),
        ]
        return boxes.filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.localName)
      })
      expect.soft(wide, name).toEqual([])
    }
    await page.context().close()
  }, 300_000)

test('says the same in forced colours: every control and every card has an edge', async () => {
  const page = await openPage('light', 1280, 800)
  await page.emulateMedia({ forcedColors: 'active' })
  for (const name of ['inbox', 'wrong', 'closed', 'thread-menu', 'media']) {
    await show(page, name, 'light')
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
