// Read is what was really seen: a thread of the page that nobody can see leaves its messages unread.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import type { TestAgent } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { type AgentPage, lucia, martin, type OpenOptions, type Person, sofia, startWorld, type World } from './support.ts'

let world: World
let ana: TestAgent

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  await world.record('ev-3', 'Egresados', lucia)
  for (const one of [sofia, martin, lucia]) await world.hilo.simulator.phone(one.phone).write('Hola')
  ana = world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
const opened: AgentPage[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

async function visit(options: OpenOptions): Promise<AgentPage> {
  const agent = await world.visit('ana', options)
  opened.push(agent)
  return agent
}

async function unread({ phone }: Person): Promise<number> {
  const { body } = await ana.call<{ items: OwnConversation[] }>('GET', `/api/conversations?phone=${encodeURIComponent(phone)}`)
  return body.items[0]?.unread ?? Number.NaN
}
const isRead = (one: Person) => until(async () => (await unread(one)) === 0, { what: `${one.name}'s messages read` })

/** A host's page: a thread that is seen, and one in a place that is not, until the place is given the other style. */
const page = (place: string) =>
  `<hilo-thread coordination="ev-1" style="height:340px"></hilo-thread>${place.replace('THREAD', '<hilo-thread coordination="ev-2" style="height:340px"></hilo-thread>')}`

test.each([
  ['below the fold', '<div id="place" style="margin-top:3000px">THREAD</div>', 'margin-top:0'],
  ['collapsed to no height', '<div id="place" style="height:0;overflow:hidden">THREAD</div>', ''],
  ['in details that are closed', '<details id="place"><summary>Mensajes</summary>THREAD</details>', null],
  ['in a transparent element', '<section id="place" style="opacity:0"><div>THREAD</div></section>', ''],
  ['in a hidden element', '<section id="place" style="visibility:hidden"><div>THREAD</div></section>', ''],
  ['in an element that is not displayed', '<section id="place" style="display:none"><div>THREAD</div></section>', ''],
  ['beside the screen', '<div id="place" style="position:absolute;left:-9999px">THREAD</div>', ''],
  ['moved off the screen', '<div id="place" style="transform:translateX(-200vw)">THREAD</div>', ''],
  ['shrunk to nothing', '<div id="place" style="transform:scale(0)">THREAD</div>', ''],
  [
    'scrolled out of a box of the host’s',
    '<div id="place" style="height:150px;overflow:auto"><div style="height:600px"></div>THREAD</div>',
    'height:auto',
  ],
])('a thread %s marks nothing as read until it is seen', async (_, place, shown) => {
  const agent = await visit({ html: page(place), css: 'hilo-thread{width:400px}' })
  const log = (id: string) => agent.page.locator(`hilo-thread[coordination="${id}"]`).getByRole('log', { includeHidden: true })
  await Promise.all([isRead(sofia), log('ev-2').locator('.m').first().waitFor({ state: 'attached' })])

  const text = `¿Alguna novedad? ${Math.random()}`
  await world.hilo.simulator.phone(martin.phone).write(text)
  await log('ev-2').getByText(text).waitFor({ state: 'attached' })
  await world.hilo.simulator.phone(sofia.phone).write(text)
  await isRead(sofia)
  // It came first and had the longer time.
  expect(await unread(martin)).toBeGreaterThan(0)

  await agent.page.locator('#place').evaluate((element, style) => {
    if (style === null) element.setAttribute('open', '')
    else element.setAttribute('style', style)
    element.scrollIntoView({ block: 'end' })
  }, shown)
  await isRead(martin)
  expect(agent.complaints).toEqual([])
})

test('in a hidden tab nothing is read, and all that is in sight when the tab is looked at', async () => {
  const hide = `let hidden = true
    Object.defineProperty(document, 'hidden', { get: () => hidden })
    Object.defineProperty(document, 'visibilityState', { get: () => (hidden ? 'hidden' : 'visible') })
    addEventListener('look', () => { hidden = false; document.dispatchEvent(new Event('visibilitychange')) })`
  const html = '<hilo-thread coordination="ev-3"></hilo-thread>'
  const away = await visit({ html, before: hide })
  await visit({ html: page('') })
  const hidden = away.page.locator('hilo-thread').getByRole('log')
  await Promise.all([isRead(sofia), hidden.locator('.m').first().waitFor()])
  await world.hilo.simulator.phone(lucia.phone).write('¿Está abierto?')
  await hidden.getByText('¿Está abierto?').waitFor()
  await world.hilo.simulator.phone(sofia.phone).write('¿Llegó?')
  await isRead(sofia)
  expect(await unread(lucia)).toBeGreaterThan(0)
  await away.page.evaluate(() => dispatchEvent(new Event('look')))
  await isRead(lucia)
})

test('in details that are opened a thread stands at what is new, and at its end where it stood there before', async () => {
  const phone = world.hilo.simulator.phone(lucia.phone)
  const html =
    '<details id="place"><summary>Mensajes</summary><hilo-thread coordination="ev-3" style="height:340px"></hilo-thread></details>'
  const agent = await visit({ html, css: 'hilo-thread{width:400px}' })
  const log = agent.page.locator('hilo-thread').getByRole('log', { includeHidden: true })
  const write = async (text: string) => {
    await phone.write(text)
    await log.getByText(text).waitFor({ state: 'attached' })
  }
  const open = (isOpen: boolean) => agent.page.locator('#place').evaluate((element, to) => element.toggleAttribute('open', to), isOpen)
  const isInSight = (what: string) =>
    log.evaluate((box, selector) => {
      const [inner, outer] = [[...box.querySelectorAll(selector)].at(-1)?.getBoundingClientRect(), box.getBoundingClientRect()]
      return inner !== undefined && inner.top >= outer.top && inner.bottom <= outer.bottom + 1
    }, what)
  await log.locator('.m').first().waitFor({ state: 'attached' })
  for (const text of ['¿Hay lugar?', '¿Y para veinte?', '¿Y con cena?', '¿Y con música?']) await write(text)
  await open(true)
  await until(() => isInSight('.newline'), { what: 'the line before what is new' })
  expect(await isInSight('.m')).toBe(false)

  await log.evaluate((box) => box.scrollTo(0, box.scrollHeight))
  await isRead(lucia)
  await open(false)
  for (const text of ['¿Siguen ahí?', '¿Mañana a las diez?']) await write(text)
  expect(await unread(lucia)).toBe(2)
  await open(true)
  await until(() => isInSight('.m'), { what: 'the last message' })
  await isRead(lucia)
})
