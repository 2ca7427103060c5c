// Pages that enforce Trusted Types: every address of a script or a worker goes by the policy `hilo`.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, recordButton, sofia, startWorld, type World } from './support.ts'

const html = recordButton('ev-1', sofia)
const enforced = (named: string) => `require-trusted-types-for 'script'; trusted-types ${named}`
let world: World
let agent: AgentPage | undefined

beforeAll(async () => {
  world = await startWorld()
  await world.record('ev-1', 'Casamiento Herrera–Paz', sofia)
  await world.hilo.simulator.phone(sofia.phone).write('Hola')
  world.signIn('ana', { name: 'Ana Díaz' })
})
afterAll(() => world.close())
afterEach(async () => {
  await agent?.close()
  agent = undefined
})

const openRecord = ({ page }: AgentPage) => page.getByRole('button', { name: 'WhatsApp ev-1' }).click()

/** A page whose server has lost the chunk of the connection, until the loader came anew. */
async function openWithoutChunk(policy: string): Promise<{ page: AgentPage; loaders: string[] }> {
  const loaders: string[] = []
  agent = await world.visit('ana', {
    html,
    policy,
    prepare: async (page) => {
      page.on('request', (request) => request.url().includes('/widget.js') && loaders.push(request.url()))
      await page.route(/\/connection-/, (route) => (loaders.length > 1 ? route.continue() : route.fulfill({ status: 404, body: '' })))
    },
  })
  return { page: agent, loaders }
}

test('the whole of a conversation works, without a violation', async () => {
  agent = await world.open('ana', { html, policy: enforced('hilo') })
  await openRecord(agent)
  await agent.log.getByText('Hola').waitFor()
  await agent.text.fill('Buenas')
  await agent.page.keyboard.press('Enter')
  await agent.log.locator('.m', { hasText: 'Buenas' }).locator('.tick.delivered').waitFor()
  expect(agent.complaints).toEqual([])
})

test('a loader that comes anew is let in by the policy', async () => {
  const { page, loaders } = await openWithoutChunk(enforced('hilo'))
  await openRecord(page)
  await until(() => loaders.length > 1, { what: 'the second loader' })
  expect(loaders[1]).toContain('?reload=')
  expect(page.complaints.filter((line) => /TrustedScriptURL|Trusted Type/.test(line))).toEqual([])
  const asked = await page.page.evaluate((chat) => {
    const types = (window as unknown as { trustedTypes: Record<symbol, { createScriptURL(url: string): unknown }> }).trustedTypes
    return [`${chat}/widget.js`, '/hilo-worker.js', 'https://evil.example/x.js', 'data:text/javascript,1'].map((url) => {
      try {
        return String(types[Symbol.for('hilo.policy')]?.createScriptURL(url))
      } catch {
        return 'refused'
      }
    })
  }, world.hilo.url)
  expect(asked, 'only from the chat server and the page’s own address').toEqual([
    `${world.hilo.url}/widget.js`,
    '/hilo-worker.js',
    'refused',
    'refused',
  ])
})

test('where the page names no such policy, it is said which one is missing', async () => {
  const { page, loaders } = await openWithoutChunk(enforced("'none'"))
  await openRecord(page)
  await until(() => page.complaints.some((line) => line.includes('trusted-types hilo')), { what: 'the sentence' })
  expect(loaders).toHaveLength(1)
})
