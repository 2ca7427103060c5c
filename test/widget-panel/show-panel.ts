// The panel alone in a browser, for tests of one of its screens: opened in a state of `fixtures/states.ts`, closed after each test.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { serveFixture } from './serve-fixture.ts'
import type {} from './fixtures/page.ts'

export interface Look {
  width?: number
  height?: number
  /** More of the address: `&locale=en`. */
  more?: string
}

export interface Screens {
  show(state: string, look?: Look): Promise<Page>
  /** The calls to the client under that name. */
  calls(name: string): Promise<unknown[][]>
}

/** For all tests of a file. What threw in the panel fails the test. */
export function useScreens(): Screens {
  let browser: Browser
  let fixture: Awaited<ReturnType<typeof serveFixture>>
  let page: Page | null = null
  beforeAll(async () => {
    fixture = await serveFixture()
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await fixture?.close()
  })
  afterEach(async () => {
    const errors = await page?.evaluate(() => panel.errors)
    await page?.context().close()
    page = null
    expect(errors ?? []).toEqual([])
  })
  return {
    async show(state, { width = 1280, height = 800, more = '' } = {}) {
      await page?.context().close()
      const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', timezoneId: 'Europe/Madrid' })
      page = await context.newPage()
      await page.goto(`${fixture.url}/?state=${state}${more}`)
      await page.locator('hilo-chat .panel').waitFor()
      return page
    },
    async calls(name) {
      if (!page) return []
      return await page.evaluate((wanted) => panel.client.calls.filter(([first]) => first === wanted).map((call) => call.slice(1)), name)
    },
  }
}
