// Pages that enforce Trusted Types: every address of a script or a worker goes by the policy `hilo`.
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { type AgentPage, ev1, recordButton, sofia, useDesk } from './support.ts'

const html = recordButton('ev-1', sofia)
const enforced = (named: string) => `require-trusted-types-for 'script'; trusted-types ${named}`
// Each test looks at what its own pages say.
const desk = useDesk([ev1], /./)

const openRecord = ({ page }: AgentPage) => page.getByRole('button', { name: 'WhatsApp ev-1' }).click()

/** A page whose server has lost the chunk of the connection, until the loader came anew. */
async function openWithoutChunk(policy: string): Promise<{ page: AgentPage; loaders: string[] }> {
  const loaders: string[] = []
  const page = await desk.visit({
    html,
    policy,
    prepare: async (page) => {
      page.on('request', (request) => request.url().includes('/widget.js') && loaders.push(request.url()))
      await page.route(/\/connection-/, (route) => (loaders.length > 1 ? route.continue() : route.fulfill({ status: 404, body: '' })))
    },
  })
  return { page, loaders }
}

test('the whole of a conversation works, without a violation', async () => {
  const agent = await desk.open({ html, policy: enforced('hilo') })
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
  expect(loaders[1]).toMatch(/\/again\/\d+\/widget\.js$/)
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
  }, desk.world.hilo.url)
  expect(asked, 'only from the chat server and the page’s own address').toEqual([
    `${desk.world.hilo.url}/widget.js`,
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
