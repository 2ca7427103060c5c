// An input method at work: the keys that it composes with belong to it, in every field of every state.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import { serveFixture } from './serve-fixture.ts'

let browser: Browser
let fixture: Awaited<ReturnType<typeof serveFixture>>

beforeAll(async () => {
  fixture = await serveFixture()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser?.close()
  await fixture?.close()
})

test.each(['draft', 'slash', 'note', 'reply', 'search', 'new', 'schedule', 'file', 'tags', 'contact', 'form', 'settings'])(
  'in the state "%s" no key of ours is pressed by what an input method composes with',
  async (state) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' })
    await page.goto(`${fixture.url}/?state=${state}`)
    await page.locator('html[data-shown]').waitFor({ state: 'attached' })
    const fields = page.locator('hilo-chat').locator('input:visible, textarea:visible, select:visible, [role="menu"], [role="dialog"].menu')
    await fields.first().waitFor()
    // The "new messages" line fades by itself.
    await until(async () => (await page.locator('.newline:not(.is-seen)').count()) === 0)
    const panel = page.locator('hilo-chat .panel')
    // The search for what was typed begins a moment later.
    if (state === 'search') await panel.getByText('herramienta').waitFor()
    const drawn = () =>
      panel.evaluate((one) => {
        const copy = one.cloneNode(true) as HTMLElement
        // The text that is read out comes and goes by itself.
        copy.querySelector('.sr')?.replaceChildren()
        return copy.innerHTML
      })
    const before = await drawn()
    const sent = await page.evaluate(() => globalThis.panel.client.calls.length)
    const taken = await fields.evaluateAll((all) =>
      all.flatMap((field) =>
        ['Escape', 'Enter', 'ArrowDown', 'ArrowUp', 'Tab'].flatMap((key) =>
          [{ isComposing: true }, { keyCode: 229 }].filter((sign) => {
            const event = new KeyboardEvent('keydown', { key, ...sign, bubbles: true, composed: true, cancelable: true })
            field.dispatchEvent(event)
            return event.defaultPrevented
          }),
        ),
      ),
    )
    expect(taken).toEqual([])
    // Two frames: what a key changed would be drawn.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
    expect(await drawn()).toBe(before)
    expect(await page.evaluate((from) => globalThis.panel.client.calls.slice(from), sent)).toEqual([])
    await page.close()
  },
)
