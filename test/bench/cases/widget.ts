// The widget in a browser: the bytes that it fetches for a host's page, gzip -9, and how smooth it is (test/browser/smoothness.ts).
import { gzipSync } from 'node:zlib'
import { measureLoad, measureMessage, measureScroll } from '../../browser/smoothness.ts'
import { sofia, type World, startWorld } from '../../browser/support.ts'
import { until } from '../../support/until.ts'
import { serveFixture } from '../../widget-panel/serve-fixture.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'

interface Fetched {
  url: string
  bytes: number
}

async function measure(world: World): Promise<{ loaded: Fetched[]; opened: Fetched[] }> {
  world.signIn('ana', { name: 'Ana Díaz' })
  const context = await world.browser.newContext({ locale: 'es-AR' })
  const page = await context.newPage()
  const fetched: Fetched[] = []
  let underWay = 0
  page.on('request', () => underWay++)
  page.on('requestfailed', () => underWay--)
  page.on('response', async (response) => {
    const host = new URL(response.url()).origin === world.site.origin
    const content = host ? null : await response.body().catch(() => null)
    // All but the host's own requests count, also those to a third party.
    if (content) fetched.push({ url: response.url(), bytes: gzipSync(content, { level: 9 }).length })
    underWay--
  })
  const quiet = () => until(() => underWay === 0)
  await page.goto(world.site.add({}, 'ana'))
  const launcher = page.locator('hilo-chat .launcher')
  await launcher.waitFor()
  // Loaded is when the socket is there: the server knows.
  await until(() => fetched.length >= 2)
  await page.waitForLoadState('networkidle')
  await quiet()
  const loaded = [...fetched]
  await launcher.click()
  await page.locator('hilo-chat .panel').waitFor()
  await page.waitForLoadState('networkidle')
  await quiet()
  await context.close()
  return { loaded, opened: [...fetched] }
}

const sum = (files: readonly Fetched[]) => files.reduce((total, file) => total + file.bytes, 0)

const LOADS = 15

function limit(what: string, value: number, unit: string, max: number): Row {
  return { what, ours: figure(value, unit), baseline: '', ratio: '', goal: `≤ ${max} ${unit}`, met: value <= max }
}

async function smoothness(world: World): Promise<Row[]> {
  const loads = []
  for (let n = 0; n < LOADS; n++) loads.push(await measureLoad(world, 'ana', 4))
  const longest = loads.map((one) => one.longestMs)
  const unthrottled = []
  for (let n = 0; n < 5; n++) unthrottled.push(await measureLoad(world, 'ana', 1))
  const fixture = await serveFixture()
  try {
    const message = await measureMessage(world.browser, fixture.url, 1)
    const scrolls = []
    for (let n = 0; n < 3; n++) scrolls.push(await measureScroll(fixture.url, 4))
    return [
      limit('Widget load, longest task at 4×, median', median(longest), 'ms', 80),
      limit('… p90', percentile(longest, 0.9), 'ms', 120),
      limit('… blocking time at 4×, median', median(loads.map((one) => one.blockingMs)), 'ms', 40),
      limit('… longest task unthrottled, median', median(unthrottled.map((one) => one.longestMs)), 'ms', 50),
      limit('First open, all work, median', median(unthrottled.map((one) => one.openMs)), 'ms', 150),
      limit('A message into an open thread of 500', message, 'ms', 50),
      limit('10,000 conversations, longest frame at 4×, best of 3', Math.min(...scrolls.map((one) => one.worstFrameMs)), 'ms', 50),
      limit('… row nodes', Math.max(...scrolls.map((one) => one.rows)), 'rows', 200),
      limit('… more heap', Math.max(...scrolls.map((one) => one.heapMb)), 'MB', 20),
    ]
  } finally {
    await fixture.close()
  }
}

/** How smooth it is takes a minute of its own: left out of a quick run of everything. */
export async function widget({ quick }: Options): Promise<Row[]> {
  const world = await startWorld()
  try {
    const { loaded, opened } = await measure(world)
    const row = (what: string, files: readonly Fetched[], maxBytes: number, maxRequests: number): Row => ({
      what,
      ours: `${figure(sum(files) / 1000, 'kB')} in ${files.length} requests`,
      baseline: '',
      ratio: '',
      goal: `≤ ${maxBytes / 1000} kB in ${maxRequests}`,
      met: sum(files) <= maxBytes && files.length <= maxRequests,
    })
    await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
    await world.hilo.simulator.phone(sofia.phone).write('Hola')
    return [
      row('Widget bytes on load', loaded, 29_000, 2),
      row('Widget bytes after first open', opened, 55_000, 4),
      ...(quick ? [] : await smoothness(world)),
    ]
  } finally {
    await world.close()
  }
}
