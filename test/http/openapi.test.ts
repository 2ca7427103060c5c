// The document and the router come from one table; this looks at both from outside.
import type { Express } from 'express'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createHttp } from '../../server/http/create-http.ts'
import { createAuth } from '../../server/http/auth.ts'
import { type Served, serve } from './serve.ts'

interface Operation {
  operationId: string
  security: unknown[]
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> }
  responses: Record<string, { content?: Record<string, { schema?: Record<string, unknown> }> }>
}
interface Document {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, { properties?: Record<string, unknown> }> }
}

let hilo: Served
let document: Document
beforeAll(async () => {
  hilo = await serve()
  document = (await hilo.call<Document>('GET', '/api/openapi.json', { token: null })).body
})
afterAll(() => hilo.close())

/** The routes that Express really has, read from its own stack. */
function mountedRoutes(app: Express): string[] {
  return app.router.stack.flatMap(({ route }) =>
    route ? Object.keys((route as unknown as { methods: Record<string, boolean> }).methods).map((method) => `${method} ${route.path}`) : [],
  )
}

it('holds every mounted call, and no other', () => {
  const { parts } = hilo.server
  const auth = createAuth(parts.config, { demoSecret: null, clock: parts.clock })
  const mounted = mountedRoutes(createHttp({ ...parts, auth }, { dispatcherRuns: () => true, demo: null, serveMedia: async () => {} }))
  const documented = Object.entries(document.paths).flatMap(([path, calls]) =>
    Object.keys(calls).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  )
  expect(mounted.length).toBeGreaterThan(30)
  expect(documented.sort()).toEqual(mounted.sort())
})

it('holds the calls that the contract names', () => {
  const named = [
    ['post', '/api/messages', '202'],
    ['get', '/api/messages', '200'],
    ['post', '/api/messages/{id}/retry', '202'],
    ['post', '/api/messages/move/undo', '200'],
    ['patch', '/api/conversations/{id}', '200'],
    ['get', '/api/unread', '200'],
    ['get', '/api/sync', '200'],
    ['put', '/api/coordinations/{id}', '201'],
    ['post', '/api/whatsapp/send', '202'],
    ['get', '/api/whatsapp/unread-count', '200'],
    ['get', '/healthz', '200'],
  ] as const
  for (const [method, path, status] of named) expect(document.paths[path]?.[method]?.responses[status], `${method} ${path}`).toBeDefined()
})

it('says which numbers of a query are whole, and between what', () => {
  const parameterOf = (path: string, name: string) => document.paths[path]?.get?.parameters?.find((one) => one.name === name)
  expect(parameterOf('/api/messages', 'limit')).toMatchObject({ schema: { type: 'integer', minimum: 1, maximum: 100 } })
})

it('says what a body must have, as the server demands it', () => {
  const bodyOf = (method: string, path: string) => document.paths[path]?.[method]?.requestBody?.content['application/json']?.schema
  const required = (...names: string[]) => ({ required: names })
  expect(bodyOf('post', '/api/messages')?.allOf).toEqual([
    { oneOf: [{ anyOf: [required('text'), required('media')] }, required('template'), required('note')] },
    { not: required('media', 'planB') },
    { not: { ...required('media', 'sensitive'), properties: { sensitive: { const: true } } } },
    { oneOf: [required('conversationId'), required('to')] },
    { dependentRequired: { to: ['channel'] } },
    { not: required('note', 'sendAt') },
    { not: required('undoFor', 'sendAt') },
    { not: required('undoFor', 'note') },
    { dependentRequired: { planB: ['text', 'sendAt'] } },
    { not: { ...required('planB', 'channel'), properties: { channel: { const: 'sms' } } } },
  ])
  expect(bodyOf('post', '/api/messages')?.properties).toMatchObject({
    text: { minLength: 1, maxLength: 1600 },
    note: { minLength: 1, maxLength: 4000 },
    name: { minLength: 1, maxLength: 120 },
  })
  for (const path of ['/api/conversations/{id}', '/api/contacts/{id}'])
    expect(bodyOf('patch', path), path).toMatchObject({ minProperties: 1 })
  expect(bodyOf('put', '/api/coordinations/{id}')?.properties).toMatchObject({ title: { minLength: 1, maxLength: 200 } })
})

it('calls a flag of a query a boolean', () => {
  const flags = document.paths['/api/conversations']?.get?.parameters?.filter(({ name }) =>
    ['unread', 'awaiting', 'unfiled', 'failed', 'automated'].includes(name),
  )
  expect(flags?.map((one) => (one as unknown as { schema: unknown }).schema)).toEqual(Array(5).fill({ type: 'boolean' }))
})

it('lets answers gain fields, and keeps the shape of maps', () => {
  const text = JSON.stringify(document)
  expect(text).not.toContain('"additionalProperties":false')
  expect(document.components.schemas.Contact?.properties?.attributes).toMatchObject({ additionalProperties: { type: 'string' } })
})

it('tells the errors of a call by their status, with their codes', () => {
  const codesOf = (path: string, method: string, status: string) => {
    const schema = document.paths[path]?.[method]?.responses[status]?.content?.['application/problem+json']?.schema
    return (schema as { allOf?: { properties?: { code: { enum: string[] } } }[] } | undefined)?.allOf?.[1]?.properties?.code.enum
  }
  expect(codesOf('/api/messages', 'post', '409')).toEqual(['conflict', 'window_closed', 'opted_out', 'no_sender', 'no_public_url'])
  expect(codesOf('/api/messages', 'post', '429')).toEqual(['rate_limited', 'limit_reached'])
  expect(codesOf('/api/conversations/{id}', 'get', '404')).toEqual(['not_found'])
  for (const [path, calls] of Object.entries(document.paths))
    for (const [method, { security }] of Object.entries(calls))
      if (security.length > 0)
        expect(codesOf(path, method, '401'), `${method} ${path}`).toEqual(['token_missing', 'token_invalid', 'token_expired'])
})

it('names the header Idempotency-Key where a message is sent, an event told, a campaign made', () => {
  const withKey = Object.entries(document.paths).filter(([, calls]) =>
    calls.post?.parameters?.some((one) => one.name === 'Idempotency-Key'),
  )
  expect(withKey.map(([path]) => path)).toEqual([
    '/api/messages',
    '/api/automations/{name}/run',
    '/api/coordinations/{id}/events',
    '/api/campaigns',
    '/api/whatsapp/send',
  ])
})

it('is OpenAPI 3.1 with every reference resolved and every operation named once', () => {
  expect(document.openapi).toBe('3.1.0')
  const text = JSON.stringify(document)
  const references = [...text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '')
  expect(references.length).toBeGreaterThan(10)
  for (const name of references) expect(document.components.schemas, name).toHaveProperty(name)
  expect(text).not.toContain('$defs')
  const ids = Object.values(document.paths).flatMap((calls) => Object.values(calls).map(({ operationId }) => operationId))
  expect(new Set(ids).size).toBe(ids.length)
})

it('asks for a token everywhere but on the open calls, and the server does as it says', async () => {
  for (const [path, calls] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(calls)) {
      const answer = await hilo.call(method.toUpperCase(), path.replace(/\{\w+\}/g, 'x'), { token: null })
      if (operation.security.length > 0) expect([answer.status, answer.body.code], `${method} ${path}`).toEqual([401, 'token_missing'])
      // What has a signed address is not there for who made one up.
      else expect(answer.status, `${method} ${path}`).toBe(path.startsWith('/media/') ? 404 : 200)
    }
})

it('describes a message as answers hold it', async () => {
  await hilo.receive('+5491144500001', 'hola')
  const { body } = await hilo.call<{ items: Record<string, unknown>[] }>('GET', '/api/messages')
  const described = Object.keys(document.components.schemas.Message?.properties ?? {})
  for (const key of Object.keys(body.items[0] ?? { nothing: true })) expect(described).toContain(key)
})
