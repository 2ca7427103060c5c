// `<hilo-badge>` in a host's list: what is unread, else how long the client waits, else nothing, in its place.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'
import { martin, recordButton, sofia, startWorld, type World } from './support.ts'

const clock = createManualClock()
let world: World

beforeAll(async () => {
  world = await startWorld({ clock })
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.record('ev-2', '15 de Valentina', martin)
  world.signIn('ana')
})
afterAll(() => world.close())

test('says how long the client waits of what was read and not answered, and goes when somebody answers', async () => {
  const { hilo } = world
  await hilo.simulator.phone(sofia.phone).write('¿Recibiste la seña?')
  const { id } = await hilo.conversation(sofia.phone)
  await clock.advance(12 * 60_000)
  const { page, complaints, close } = await world.open('ana', {
    html: `${recordButton('ev-1', sofia)}${recordButton('ev-2', martin)}<p><hilo-badge phone="${sofia.phone}"></hilo-badge></p>`,
  })
  const widthsOf = () => page.locator('hilo-badge').evaluateAll((all) => all.map((one) => one.getBoundingClientRect().width))
  const badges = page.locator('hilo-badge .badge')
  const [badge, other, client] = [badges.first(), badges.nth(1), badges.last()]
  await page.locator('hilo-badge .badge[data-n="1"]').first().waitFor()
  expect(await badge.textContent()).toBe('1')
  await until(async () => (await client.textContent()) === '1', { what: 'the client’s own badge' })
  const widths = await widthsOf()
  expect(new Set(widths).size, 'with a number and with nothing').toBe(1)
  await hilo.agent({ sub: 'ana' }).call('POST', `/api/conversations/${id}/read`, { seq: 1 })
  // The server tells numbers once a second, of its own clock.
  await until(async () => (await clock.advance(1000)) ?? (await badge.getAttribute('class')) === 'badge waiting', { what: 'the wait' })
  // A slow machine may need a minute more.
  expect(await badge.textContent()).toMatch(/^1[2-4]\u00a0min$/)
  expect(await badge.getAttribute('aria-label')).toMatch(/^espera respuesta hace 1[2-4]\u00a0min$/)
  expect(await badge.isVisible()).toBe(true)
  expect(await widthsOf(), 'with a time').toEqual(widths)
  expect(
    await badge.evaluate(
      (one) => one.getBoundingClientRect().right <= (one.getRootNode() as ShadowRoot).host.getBoundingClientRect().right,
    ),
  ).toBe(true)
  expect(await other.isVisible()).toBe(false)
  await hilo.agent({ sub: 'colleague' }).send({ conversationId: id, text: 'Sí, acreditada' })
  await until(async () => (await clock.advance(1000)) ?? !(await badge.isVisible()), { what: 'its end' })
  expect((await page.locator('hilo-badge').first().boundingBox())?.width, 'it keeps its place').toBeGreaterThanOrEqual(20)
  expect(complaints).toEqual([])
  await close()
})
