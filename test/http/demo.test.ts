// The demo host page and the tokens of its agents.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import jsonwebtoken from 'jsonwebtoken'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readConfig } from '../../server/config.ts'
import { createServer, type RunningServer } from '../../server/server.ts'
import { until } from '../support/until.ts'
import { serve } from './serve.ts'

let folder: string
let server: RunningServer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hilo-demo-'))
  server = await createServer(readConfig({ DEMO: '1', PORT: '0', DATABASE_URL: `sqlite:${join(folder, 'hilo.db')}`, LOG_LEVEL: 'silent' }))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const page = async (query = '') => (await fetch(`${server.url}/${query}`)).text()
const as = async (agent: string, path: string) => {
  const { token } = (await (await fetch(`${server.url}/demo/token?agent=${agent}`)).json()) as { token: string }
  const response = await fetch(server.url + path, { headers: { authorization: `Bearer ${token}` } })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> & { items: { id: string }[] } }
}
const recordsOn = (html: string) => [...new Set([...html.matchAll(/data-hilo-coordination="([^"]+)"/g)].map(([, id]) => id))].sort()

it('embeds the widget as any host does', async () => {
  const html = await page('?agent=ana')
  expect(html).toContain('<script async src="/widget.js" data-token-url="/demo/token?agent=ana" data-locale="es"></script>')
  expect(html).toMatch(
    /<button type="button" class="wa" data-hilo-coordination="ev-1042" data-hilo-phone="\+5491154823391" data-hilo-name="Sofía Herrera">/,
  )
  expect(html).toContain('<hilo-badge coordination="ev-1042"></hilo-badge>')
})

it('holds no inline script or style, and serves its own', async () => {
  for (const query of ['?agent=ana', '?agent=ana&record=ev-1042', '?agent=ana&section=clients', '?view=past']) {
    const response = await fetch(`${server.url}/${query}`)
    expect(response.headers.get('content-security-policy')).toMatch(/script-src 'self';style-src 'self'/)
    const html = await response.text()
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+="|<script(?![^>]*\ssrc=)/)
    for (const [, path] of html.matchAll(/(?:src|href)="(\/demo\/[^"?]+)"/g))
      expect((await fetch(server.url + path)).status, path).toBe(200)
  }
})

it('shows each agent the records of their token, and no others', async () => {
  for (const agent of ['ana', 'beto', 'carla']) {
    const html = (await page(`?agent=${agent}`)) + (await page(`?agent=${agent}&view=past`))
    const { body } = await as(agent, '/api/coordinations?limit=100')
    expect(recordsOn(html)).toEqual(body.items.map(({ id }) => id).sort())
  }
  expect(recordsOn(await page('?agent=beto')).length).toBeLessThan(recordsOn(await page('?agent=ana')).length)
  expect(await page('?agent=beto&record=ev-1044')).not.toContain('15 de Valentina')
})

it('signs agents in as who they are', async () => {
  expect((await as('beto', '/api/me')).body).toMatchObject({
    name: 'Beto Paz',
    role: 'agent',
    coordinations: expect.arrayContaining(['ev-1042']),
  })
  expect((await as('carla', '/api/me')).body).toMatchObject({ role: 'supervisor', coordinations: null })
  expect((await fetch(`${server.url}/demo/token?agent=mallory`)).status).toBe(404)
})

it('speaks three languages and takes nothing from the address as markup', async () => {
  expect(await page('?lang=en')).toContain('<h1>Bookings</h1>')
  expect(await page('?lang=pt')).toContain('<h1>Coordenações</h1>')
  const hostile = encodeURIComponent('"><script src="/x"></script>')
  expect(await page(`?lang=${hostile}&agent=${hostile}&view=${hostile}&record=${hostile}`)).not.toContain('src="/x"')
})

it('begins with history: who waits, what is unfiled, planned, failed, snoozed and closed', async () => {
  const list = async (query: string) => {
    const { body } = await as('ana', `/api/conversations?${query}`)
    return (body.items as unknown as { contact: { name: string }; coordinationId: string | null }[]).map(
      ({ contact, coordinationId }) => `${contact.name} ${coordinationId}`,
    )
  }
  expect(await list('awaiting=true&sort=waiting')).toEqual(['Paula Sosa null', 'Sofía Herrera ev-1042'])
  expect(await list('status=snoozed')).toEqual(['Martín Quiroga ev-1044'])
  expect(await list('status=closed')).toEqual(['Jorge Pedraza ev-1049'])
  expect(await list('failed=true')).toEqual(['Jorge Pedraza ev-1049'])
  const { body } = await as('ana', '/api/messages?limit=100')
  const said = body.items as unknown as { status: string; text: string; createdAt: string; twilioSid: string | null }[]
  expect(said.map(({ status }) => status)).toEqual(expect.arrayContaining(['read', 'delivered', 'failed', 'scheduled', 'received']))
  expect(said.every(({ createdAt }) => Date.parse(createdAt) < Date.now())).toBe(true)
  // It is on the client's phone too, and nobody is told of it again.
  const phone = (await (await fetch(`${server.url}/phone/api/phones/${encodeURIComponent('+5491154823391')}/messages`)).json()) as {
    messages: { sid: string; inbound: boolean }[]
  }
  const known = new Set(said.map(({ twilioSid }) => twilioSid))
  expect(phone.messages.length).toBeGreaterThan(6)
  expect(phone.messages.every(({ sid }) => known.has(sid))).toBe(true)
})

it('adds no history at the next start, and none where a host brings its own tokens', async () => {
  const own = await mkdtemp(join(tmpdir(), 'hilo-demo-'))
  const settings = { DEMO: '1', PORT: '0', DATABASE_URL: `sqlite:${join(own, 'hilo.db')}`, LOG_LEVEL: 'silent' }
  const count = async (more: Record<string, string> = {}) => {
    const one = await createServer(readConfig({ ...settings, ...more }))
    const { items } = await one.parts.store.messageLog({ orgId: 'default', agentId: 'any', scope: null }, {}, { cursor: null, limit: 100 })
    await one.close()
    return items.length
  }
  const host = { JWT_SECRET: 'a-secret-of-the-host-with-32-characters', ALLOWED_ORIGINS: 'http://localhost:3000' }
  expect(await count(host)).toBe(0)
  const first = await count()
  expect(first).toBeGreaterThan(15)
  expect(await count()).toBe(first)
  await rm(own, { recursive: true })
})

it('says four things to try, in the page’s language', async () => {
  for (const [lang, title] of [
    ['es', 'Para probar'],
    ['en', 'To try'],
    ['pt', 'Para experimentar'],
  ]) {
    const [, tips = ''] = /<section class="tips"[^>]*>(.*?)<\/section>/s.exec(await page(`?lang=${lang}`)) ?? []
    expect(tips).toContain(title)
    expect(tips.match(/<li>/g)).toHaveLength(4)
  }
})

it('shows the API as a page to read: every call and shape, no script, nothing from elsewhere', async () => {
  const response = await fetch(`${server.url}/demo/api?lang=en`)
  const reference = await response.text()
  const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { operationId: string }>>
    components: { schemas: Record<string, object> }
  }
  for (const methods of Object.values(document.paths))
    for (const { operationId } of Object.values(methods)) expect(reference).toContain(`<article id="${operationId}">`)
  for (const name of Object.keys(document.components.schemas)) expect(reference).toContain(`<article id="shape-${name}">`)
  for (const [, target] of reference.matchAll(/href="#([^"]+)"/g)) expect(reference).toContain(`id="${target}"`)
  expect(reference).not.toMatch(/<script|<style|\sstyle=|https?:\/\/(?!localhost|127)/)
  expect(reference).not.toContain('undefined')
  expect(await page('?lang=en')).toContain('href="/demo/api?lang=en"')
  for (const [, path] of reference.matchAll(/(?:src|href)="(\/demo\/[^"?]+)"/g))
    expect((await fetch(server.url + path)).status, path).toBe(200)
})

it('closes a client’s window on the phone, here as at Twilio, until he writes again', async () => {
  const sofia = encodeURIComponent('+5491154823391')
  const post = async (path: string, body: object) =>
    (
      await fetch(`${server.url}/phone/api/phones/${sofia}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    ).status
  const windows = async () => {
    const { body } = await as('ana', '/api/conversations?q=Sof%C3%ADa')
    return (body.items as unknown as { window: { open: boolean } }[]).map(({ window }) => window.open)
  }
  expect((await windows()).every(Boolean)).toBe(true)
  expect(await post('/day', {})).toBe(204)
  await until(async () => (await windows()).every((open) => !open))
  expect(await post('/messages', { text: 'Hola, ¿seguimos?' })).toBe(201)
  await until(async () => (await windows()).every(Boolean))
  expect(
    (await fetch(`${server.url}/phone/api/phones/%2B549/day`, { method: 'POST', headers: { 'content-type': 'application/json' } })).status,
  ).toBe(404)
})

it('leads to the simulated phone', async () => {
  const phone = await fetch(`${server.url}/phone`)
  expect([phone.status, phone.headers.get('content-type')]).toEqual([200, expect.stringMatching(/html/)])
})

it('may be opened under any name of this machine, and is no door for other pages', async () => {
  const { port } = new URL(server.url)
  const { token } = (await (await fetch(`${server.url}/demo/token?agent=ana`)).json()) as { token: string }
  const me = async (origin: string) =>
    (await fetch(`${server.url}/api/me`, { headers: { authorization: `Bearer ${token}`, origin } })).status
  expect(await me(`http://localhost:${port}`)).toBe(200)
  expect(await me(`http://127.0.0.1:${port}`)).toBe(200)
  expect(await me('http://localhost:1')).toBe(403)
  const foreign = await fetch(`${server.url}/demo/token?agent=ana`, { headers: { origin: 'https://evil.example' } })
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull()
})

it('is not there outside demo mode', async () => {
  const hilo = await serve()
  try {
    for (const path of ['/', '/demo/token?agent=ana', '/demo/host.js', '/phone'])
      expect((await hilo.call('GET', path, { token: null })).status, path).toBe(404)
  } finally {
    await hilo.close()
  }
})

it('works beside the host’s own tokens, where a JWT_SECRET is set: one’s own page, our phone', async () => {
  const own = await mkdtemp(join(tmpdir(), 'hilo-demo-'))
  const secret = 'a-secret-of-the-host-with-32-characters'
  const settings = { DEMO: '1', PORT: '0', JWT_SECRET: secret, JWT_AUDIENCE: 'hilo', ALLOWED_ORIGINS: 'http://localhost:3000' }
  const both = await createServer(readConfig({ ...settings, DATABASE_URL: `sqlite:${join(own, 'hilo.db')}`, LOG_LEVEL: 'silent' }))
  try {
    const me = async (token: string) => {
      const response = await fetch(`${both.url}/api/me`, { headers: { authorization: `Bearer ${token}`, origin: 'http://localhost:3000' } })
      return [response.status, ((await response.json()) as { id?: string }).id]
    }
    const claims = { sub: 'host-7', name: 'Eva Gil', org: 'default', role: 'agent', aud: 'hilo' }
    const sign = (key: string) => jsonwebtoken.sign(claims, key, { algorithm: 'HS256', expiresIn: '1h' })
    const demo = (await (await fetch(`${both.url}/demo/token?agent=ana`)).json()) as { token: string }
    expect(await me(sign(secret))).toEqual([200, 'host-7'])
    expect(await me(demo.token)).toEqual([200, 'demo-ana'])
    expect((await me(sign('another-secret-of-nobody-with-32-chars')))[0]).toBe(401)
    expect((await fetch(`${both.url}/phone`)).status).toBe(200)
  } finally {
    await both.close()
    await rm(own, { recursive: true })
  }
})
