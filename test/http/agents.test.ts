// The host names its agents before they open a page.
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Agent, OwnConversation } from '../../shared/model.ts'
import { type Served, serve, tokenOf } from './serve.ts'

let hilo: Served
beforeAll(async () => {
  hilo = await serve()
})
afterAll(() => hilo.close())

const host = tokenOf({ sub: 'host', name: 'Host', role: 'service' })
const save = (path: string, body: unknown, token = host) => hilo.call<{ code?: string }>('PUT', path, { body, token })
const listed = async () => (await hilo.call<{ items: Agent[] }>('GET', '/api/agents')).body.items
const one = async (id: string) => (await listed()).find((agent) => agent.id === id)

it('one and many are known from then on, offline, by their newest name; again changes nothing', async () => {
  expect(await save('/api/agents/7', { name: 'Ana Díaz' })).toMatchObject({
    status: 200,
    body: { agent: { id: '7', name: 'Ana Díaz', presence: 'offline' } },
  })
  const both = [
    { id: '7', name: 'Ana Díaz Ríos' },
    { id: '8', name: 'Luis Paz' },
  ]
  for (let twice = 0; twice < 2; twice++)
    expect(await save('/api/agents', both)).toMatchObject({
      status: 200,
      body: { items: both.map((named) => ({ ...named, presence: 'offline' })) },
    })
  expect((await listed()).filter(({ id }) => id === '7' || id === '8')).toEqual([
    { id: '7', name: 'Ana Díaz Ríos', presence: 'offline' },
    { id: '8', name: 'Luis Paz', presence: 'offline' },
  ])
})

it('one who never opened a page is assigned by name', async () => {
  await save('/api/agents/nora', { name: 'Nora Gil' })
  await hilo.receive('+5491144500899', 'hola')
  const { items } = (await hilo.call<{ items: OwnConversation[] }>('GET', '/api/conversations?phone=%2B5491144500899')).body
  const reply = await hilo.call('PATCH', `/api/conversations/${items[0]?.id}`, { body: { assigneeId: 'nora' } })
  expect(reply.body).toMatchObject({ conversation: { assignee: { id: 'nora', name: 'Nora Gil' } } })
})

it('what an agent chose stays when the host names it again', async () => {
  const token = tokenOf({ sub: 'eva', name: 'Eva' })
  await hilo.call('PATCH', '/api/me/settings', { body: { sound: false, presence: 'away', notifyOf: 'mine' }, token })
  await save('/api/agents', [{ id: 'eva', name: 'Eva Sosa' }])
  expect((await hilo.call('GET', '/api/me/settings', { token })).body).toMatchObject({ sound: false, presence: 'away', notifyOf: 'mine' })
  expect(await one('eva')).toEqual({ id: 'eva', name: 'Eva Sosa', presence: 'away' })
})

it.each([
  ['an agent', { sub: 'agent-9' }],
  ['a supervisor', { sub: 'sol', role: 'supervisor' }],
  ['a server of some records only', { sub: 'host', role: 'service', coordinations: ['ev-1'] }],
])('%s names nobody', async (_who, claims) => {
  for (const [path, body] of [
    ['/api/agents/intruder', { name: 'X' }],
    ['/api/agents', [{ id: 'intruder', name: 'X' }]],
  ] as const) {
    const refused = await save(path, body, tokenOf(claims))
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
  }
  expect(await one('intruder')).toBeUndefined()
})

it.each([
  ['none at all', '/api/agents', []],
  ['an object', '/api/agents', { id: 'x', name: 'X' }],
  ['one without a name', '/api/agents', [{ id: 'x' }]],
  ['a name of blanks', '/api/agents/x', { name: '  \u0000 ' }],
  ['a name too long', '/api/agents/x', { name: 'x'.repeat(201) }],
  ['an id too long', `/api/agents/${'x'.repeat(129)}`, { name: 'X' }],
  ['an id that is a number', '/api/agents', [{ id: 7, name: 'X' }]],
  [
    'the same one twice',
    '/api/agents',
    [
      { id: 'x', name: 'X' },
      { id: 'x', name: 'Y' },
    ],
  ],
  ['more than 500', '/api/agents', Array.from({ length: 501 }, (_, index) => ({ id: `x${index}`, name: 'X' }))],
])('%s is refused whole', async (_what, path, body) => {
  const before = await listed()
  const refused = await save(path, body)
  expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
  expect(await listed()).toEqual(before)
})

it('500 of the longest names fit', async () => {
  const many = Array.from({ length: 500 }, (_, index) => ({ id: `${index}-${'ñ'.repeat(120)}`, name: 'ñ'.repeat(200) }))
  expect((await save('/api/agents', many)).status).toBe(200)
})
