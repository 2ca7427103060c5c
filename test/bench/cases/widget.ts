// Widget bytes: what a browser fetches from us for a host's page, gzip -9, on load and after the first open.
import { gzipSync } from 'node:zlib'
import { type World, startWorld } from '../../browser/support.ts'
import { until } from '../../support/until.ts'
import { figure, type Row } from '../measure.ts'

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
    // Whatever is not the host's own counts, also from a third party.
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

export async function widget(): Promise<Row[]> {
  const world = await startWorld()
  const { loaded, opened } = await measure(world).finally(() => world.close())
  const row = (what: string, files: readonly Fetched[], maxBytes: number, maxRequests: number): Row => ({
    what,
    ours: `${figure(sum(files) / 1000, 'kB')} in ${files.length} requests`,
    baseline: '',
    ratio: '',
    goal: `≤ ${maxBytes / 1000} kB in ${maxRequests}`,
    met: sum(files) <= maxBytes && files.length <= maxRequests,
  })
  return [row('Widget bytes on load', loaded, 29_000, 2), row('Widget bytes after first open', opened, 55_000, 4)]
}
