// From the card of a person to the host's page of a record: the host takes it where it listens, else it is a link.
import { expect, test } from 'vitest'
import { type AgentPage, ev1, ev2, recordButton, sofia, useDesk } from './support.ts'

const desk = useDesk([ev1, ev2])
const html = recordButton('ev-1', sofia)

/** The card of the first record's client, who has a second one; the host's pages of them are at these addresses. */
async function card(urls: Record<string, string | null>): Promise<AgentPage> {
  for (const [id, url] of Object.entries(urls)) await desk.world.record(id, `Ficha ${id}`, sofia, url === null ? {} : { url })
  const ana = await desk.open({ html })
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await ana.panel.locator('h2').getByRole('button', { name: sofia.name }).click()
  await ana.panel.locator('.place').first().waitFor()
  return ana
}
const toPage = ({ panel }: AgentPage, title: string) => panel.getByLabel(`Ver ${title} en la aplicación`)

test('where the host does not listen it is a link to the page: of the same site in its place, of another beside it; without an address there is none', async () => {
  const here = `${desk.world.site.origin}/login`
  const ana = await card({ 'ev-1': here, 'ev-9': 'https://app.example.com/eventos/9', 'ev-10': null })
  expect(await toPage(ana, 'Ficha ev-9').evaluate((one: HTMLAnchorElement) => [one.href, one.target, one.rel])).toEqual([
    'https://app.example.com/eventos/9',
    '_blank',
    'noopener',
  ])
  await ana.panel.getByText('Ficha ev-10').first().waitFor()
  expect(await toPage(ana, 'Ficha ev-10').count()).toBe(0)
  await toPage(ana, 'Ficha ev-1').click()
  await ana.page.waitForURL(here)
  expect(ana.context.pages()).toHaveLength(1)
})

test('where the host listens it hears which record, and stays on its page, also where the record has no address', async () => {
  const ana = await card({ 'ev-1': `${desk.world.site.origin}/login`, 'ev-10': null })
  await ana.page.evaluate(() => {
    const page = window as unknown as { asked: string[]; Hilo: typeof window.Hilo }
    page.asked = []
    page.Hilo.on('openrecord', (event) => void page.asked.push((event as { coordinationId: string }).coordinationId))
  })
  const before = ana.page.url()
  await ana.page.getByRole('button', { name: 'WhatsApp ev-1' }).click()
  await ana.panel.locator('h2').getByRole('button', { name: sofia.name }).click()
  await toPage(ana, 'Ficha ev-1').click()
  await toPage(ana, 'Ficha ev-10').click()
  expect(await ana.page.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual(['ev-1', 'ev-10'])
  expect(ana.page.url()).toBe(before)
})

test('an address that is not http(s) is refused, with what is wrong with it, and never becomes a link', async () => {
  const host = desk.world.hilo.agent({ sub: 'host', name: 'Host', role: 'service' })
  for (const url of [
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'file:///etc/passwd',
    '/eventos/1',
    'ftp://a.b/c',
    '',
  ]) {
    const reply = await host.call('PUT', '/api/coordinations/ev-11', { title: 'Mala', contact: sofia, url })
    expect([url, reply.status, (reply.body as { code: string }).code]).toEqual([url, 422, 'validation_failed'])
    expect(reply.text).toContain('"url"')
  }
  expect((await host.call('GET', '/api/coordinations/ev-11')).status).toBe(404)
})
