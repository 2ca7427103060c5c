// How smooth the widget is in Chromium: the tasks of a load, the first open, a message into a long thread, a long list.
// Times are those that the page's main thread was at work, by the browser's own trace: what else the machine does meanwhile
// does not count. The bench prints these figures; the browser test holds robust forms of them.
import axe from 'axe-core'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/until.ts'
import type {} from '../widget-panel/fixtures/page.ts'
import type { World } from './support.ts'

/** From this on Chromium calls a task long. */
const LONG_MS = 50

interface TraceEvent {
  name: string
  pid: number
  tid: number
  /** Microseconds of the thread's own time. */
  tdur?: number
  args?: { name?: string }
}

/** How long each task of the page's main thread was at work while this was done. */
async function tasksDuring(page: Page, act: () => Promise<unknown>): Promise<number[]> {
  const browser = page.context().browser()
  if (!browser) throw new Error('The page has no browser of its own.')
  await browser.startTracing(page, { categories: ['toplevel', 'disabled-by-default-devtools.timeline', '__metadata'] })
  await act()
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] }
  const mains = new Set(
    traceEvents
      .filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const byProcess = Map.groupBy(
    traceEvents.filter((event) => event.name === 'RunTask' && event.tdur !== undefined && mains.has(`${event.pid} ${event.tid}`)),
    (event) => event.pid,
  )
  // Other renderers idle.
  const sum = (tasks: readonly number[]) => tasks.reduce((total, ms) => total + ms, 0)
  const all = [...byProcess.values()].map((events) => events.map((event) => (event.tdur ?? 0) / 1000))
  return all.sort((a, b) => sum(b) - sum(a))[0] ?? []
}

async function throttle(page: Page, rate: number): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate })
  return session
}

export interface Load {
  longestMs: number
  /** The part of all long tasks that is over 50 ms. */
  blockingMs: number
  /** All work from the press on the button until the list stands in the page. */
  openMs: number
}

/**
 * The longest task of what every machine has to do alike: read and run a large script that is no part of ours. How fast a
 * machine is differs by three times between two of one kind, so bounds on work are told as a multiple of this.
 */
export async function measureControl(browser: Browser, rate: number): Promise<number> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    await throttle(page, rate)
    const tasks = await tasksDuring(page, async () => {
      await page.addScriptTag({ content: axe.source })
      await page.waitForTimeout(300)
    })
    return Math.max(0, ...tasks)
  } finally {
    await context.close()
  }
}

/** One load of a host's page in a fresh browser, and its first open. */
export async function measureLoad(world: World, sub: string, rate: number): Promise<Load> {
  const context = await world.browser.newContext({ locale: 'es-AR', viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    await throttle(page, rate)
    const url = world.site.add({}, sub)
    const loading = await tasksDuring(page, async () => {
      await page.goto(url)
      await page.locator('hilo-chat .launcher[data-state="unread"]').waitFor()
      await page.waitForTimeout(300)
    })
    const opening = await tasksDuring(page, async () => {
      await page.locator('hilo-chat .launcher').evaluate((button) => (button as HTMLElement).click())
      await page.locator('hilo-chat .row').first().waitFor()
    })
    return {
      longestMs: Math.max(0, ...loading),
      blockingMs: loading.reduce((sum, ms) => sum + Math.max(0, ms - LONG_MS), 0),
      openMs: opening.reduce((sum, ms) => sum + ms, 0),
    }
  } finally {
    await context.close()
  }
}

/** The panel's own page in a state. */
async function openState(browser: Browser, url: string, state: string): Promise<{ page: Page; session: CDPSession }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  await page.goto(`${url}/?state=${state}`)
  await page.locator('hilo-chat .panel').waitFor()
  await page.waitForTimeout(400)
  return { page, session: await throttle(page, 1) }
}

/** All work that a message's arrival in an open thread of 500 makes, drawing included: the median of eight. */
export async function measureMessage(browser: Browser, url: string, rate: number): Promise<number> {
  const { page, session } = await openState(browser, url, 'many')
  await session.send('Emulation.setCPUThrottlingRate', { rate })
  const times: number[] = []
  for (let n = 0; n < 10; n++) {
    const tasks = await tasksDuring(page, () =>
      page.evaluate(async (at) => {
        const { messages } = panel.client.fakeThread('sofia')
        const log = document.querySelector('hilo-chat')?.shadowRoot?.querySelector('.transcript')
        const seq = 501 + at
        const one = panel.message('sofia', { text: `Llegó ${at}`, seq, createdAt: panel.at(0) })
        messages.value = [...messages.peek(), one]
        while (!log?.querySelector(`[data-seq="${seq}"]`)) await new Promise(requestAnimationFrame)
        await new Promise(requestAnimationFrame)
        await new Promise((resolve) => setTimeout(resolve, 0))
      }, n),
    )
    if (n >= 2) times.push(tasks.reduce((sum, ms) => sum + ms, 0))
  }
  await page.context().close()
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN
}

export interface Scrolled {
  /** The longest task of any frame while it scrolls. */
  worstFrameMs: number
  rows: number
  heapMb: number
}

async function heapOf(session: CDPSession): Promise<number> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = (await session.send('Runtime.getHeapUsage')) as { usedSize: number }
  return usedSize / 1_000_000
}

/**
 * Scrolls through 10,000 conversations, all of them loaded. `heapMb` is what they cost over a short list. In a browser of its
 * own, in which nothing was closed before: Chromium sweeps up after closed pages in tasks of 30 to 50 ms between the frames.
 */
export async function measureScroll(url: string, rate: number): Promise<Scrolled> {
  const browser = await launchBrowser()
  try {
    return await scrollThrough(browser, url, rate)
  } finally {
    await browser.close()
  }
}

async function scrollThrough(browser: Browser, url: string, rate: number): Promise<Scrolled> {
  const short = await openState(browser, url, 'inbox')
  const before = await heapOf(short.session)

  const { page, session } = await openState(browser, url, 'inbox-10000')
  await until(
    () =>
      page.evaluate(async () => {
        for (let n = 0; n < 50 && panel.client.inbox.hasMore.peek(); n++) await panel.client.inbox.loadMore()
        return !panel.client.inbox.hasMore.peek()
      }),
    { what: 'all of them loaded', timeoutMs: 60_000 },
  )
  await session.send('Emulation.setCPUThrottlingRate', { rate })
  let rows = 0
  const scroll = (frames: number) =>
    page.evaluate(async (count) => {
      const root = document.querySelector('hilo-chat')?.shadowRoot
      const body = root?.querySelector<HTMLElement>('.body')
      let most = 0
      if (!body) throw new Error('There is no list.')
      for (let frame = 0; frame < count; frame++) {
        await new Promise(requestAnimationFrame)
        // A turn of the wheel now, a long drag of the bar then.
        body.scrollTop += frame % 10 === 9 ? 40_000 : 300
        most = Math.max(most, root?.querySelectorAll('.row').length ?? 0)
      }
      return most
    }, frames)
  await scroll(20)
  const tasks = await tasksDuring(page, async () => {
    rows = await scroll(90)
  })
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  const heapMb = (await heapOf(session)) - before
  return { worstFrameMs: Math.max(...tasks), rows, heapMb }
}
