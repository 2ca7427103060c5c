// The widget's cost to a host's page, as its browser counts it (goals.md): requests, bytes on the wire, kinds, hosts.
import type { Request } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { recordButton, sofia, startWorld, type World } from './support.ts'

let world: World
beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())

test('it loads in two requests of 36 kB, the first open adds two to 72 kB; scripts of one host, nothing else', async () => {
  const asked: Request[] = []
  const { page, complaints, launcher, log } = await world.visit('ana', {
    html: recordButton('ev-1', sofia),
    prepare: (one) => one.on('requestfinished', (request) => request.url().startsWith(world.site.origin) || asked.push(request)),
  })
  const scripts = () => asked.filter((request) => request.resourceType() === 'script')
  const bytes = async () => {
    const sizes = await Promise.all(scripts().map((request) => request.sizes()))
    return sizes.reduce((sum, { responseBodySize }) => sum + responseBodySize, 0)
  }
  await launcher.waitFor()
  expect(scripts()).toHaveLength(2)
  expect(await bytes()).toBeGreaterThan(10_000)
  expect(await bytes()).toBeLessThanOrEqual(36_000)

  await page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await log.getByText('Hola').waitFor()
  await until(() => scripts().length >= 4)
  expect(scripts()).toHaveLength(4)
  expect(await bytes()).toBeLessThanOrEqual(72_000)
  expect(asked.map((request) => new URL(request.url()).origin).filter((origin) => origin !== world.hilo.url)).toEqual([])
  expect(
    [...new Set(asked.map((request) => request.resourceType()))].filter((kind) => !['script', 'fetch', 'preflight'].includes(kind)),
  ).toEqual([])
  // Content-Security-Policy would have told of anything else.
  expect(complaints).toEqual([])
})
