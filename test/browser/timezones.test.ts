// A browser whose data is older than the server's does not know each time zone; and whatever throws while something is drawn.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

type Answer = { ok: boolean; error?: { code: string; detail: string } }
interface HostWindow {
  Hilo: { open(target?: object): Promise<Answer> }
  broken: boolean
  heard: string[]
}
declare const window: Window & typeof globalThis & HostWindow

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { TIMEZONE: 'Europe/Kyiv' } })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

/** The browser knows these zones alone, as an older one would. */
const knowing = (...zones: string[]) => `{
  const { DateTimeFormat } = Intl
  Intl.DateTimeFormat = new Proxy(DateTimeFormat, {
    construct(target, [locale, options = {}]) {
      const { timeZone } = options
      if (timeZone !== undefined && !${JSON.stringify(zones)}.includes(timeZone)) throw new RangeError('Invalid time zone specified: ' + timeZone)
      return new target(locale, options)
    },
  })
}`
const open = (agent: AgentPage) => agent.page.evaluate(() => window.Hilo.open({ coordinationId: 'ev-1' }))
const there = (timeZone: string, at: string) =>
  new Intl.DateTimeFormat('es-AR', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.parse(at))

test.each([
  ['knows its older name', knowing('Europe/Kiev', 'UTC'), 'Europe/Kyiv', false],
  ['knows only offsets', knowing('Etc/GMT-2', 'Etc/GMT-3', 'UTC'), 'Europe/Kyiv', false],
  ['knows only its own', knowing('Asia/Tokyo', 'UTC'), 'Asia/Tokyo', true],
  ['knows not even its own', knowing('UTC'), 'UTC', true],
])('a browser that %s shows the thread and its times', async (_, before, zone, isSaid) => {
  const agent = await world.visit('ana', { html: recordButton('ev-1', sofia), before, context: { timezoneId: 'Asia/Tokyo' } })
  await agent.page.waitForFunction(() => typeof window.Hilo?.open === 'function')
  expect(await open(agent)).toEqual({ ok: true })
  const time = agent.log.locator('.m[data-seq="1"] time')
  const at = (await time.getAttribute('datetime')) ?? ''
  expect(await time.textContent()).toBe(there(zone, at))
  expect(await agent.panel.getByText('Las horas son las de este equipo.').count()).toBe(isSaid ? 1 : 0)
  expect(agent.complaints.filter((line) => line.startsWith('uncaught'))).toEqual([])
  await agent.close()
})

test('what throws while it is drawn leaves a sentence and ways out, and open() is not ok', async () => {
  const agent = await world.visit('ana', {
    html: recordButton('ev-1', sofia),
    before: `window.heard = []
    document.addEventListener('hilo:error', ({ detail }) => window.heard.push(detail.detail))
    const { format } = Object.getOwnPropertyDescriptors(Intl.DateTimeFormat.prototype)
    Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', { ...format, get() {
      if (window.broken) throw new Error('a defect')
      return format.get.call(this)
    } })`,
  })
  await agent.page.waitForFunction(() => typeof window.Hilo?.open === 'function')
  await agent.page.evaluate(() => {
    window.broken = true
  })
  expect(await open(agent)).toEqual({ ok: false, error: { code: 'internal', detail: 'a defect' } })
  expect(await agent.page.evaluate(() => window.heard)).toEqual(['a defect'])
  const alert = agent.panel.getByRole('alert').filter({ hasText: 'Esto no se pudo mostrar.' })
  await alert.waitFor()
  expect(await alert.getByRole('button').allTextContents()).toEqual(['Reintentar', 'Ver todas', 'Cerrar'])
  await alert.getByRole('button', { name: 'Reintentar' }).click()
  await alert.waitFor()
  await alert.getByRole('button', { name: 'Cerrar' }).click()
  await agent.panel.waitFor({ state: 'detached' })

  await agent.page.evaluate(() => {
    window.broken = false
  })
  expect(await open(agent)).toEqual({ ok: true })
  await agent.log.getByText('Hola').waitFor()
  expect(await alert.count()).toBe(0)
  await agent.close()
})
