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

/** What Express really has, read from its own stack. */
function mountedRoutes(app: Express): string[] {
  return app.router.stack.flatMap(({ route }) =>
    route ? Object.keys((route as unknown as { methods: Record<string, boolean> }).methods).map((method) => `${method} ${route.path}`) : [],
  )
}

it('holds every mounted call, and no other', () => {
  const { parts } = hilo.server
  const auth = createAuth(parts.config, { demoSecret: null, clock: parts.clock })
  const mounted = mountedRoutes(createHttp({ ...parts, auth }, { dispatcherRuns: () => true, demo: null }))
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
      else expect(answer.status, `${method} ${path}`).toBe(200)
    }
})

it('describes a message as answers hold it', async () => {
  await hilo.receive('+5491144500001', 'hola')
  const { body } = await hilo.call<{ items: Record<string, unknown>[] }>('GET', '/api/messages')
  const described = Object.keys(document.components.schemas.Message?.properties ?? {})
  for (const key of Object.keys(body.items[0] ?? { nothing: true })) expect(described).toContain(key)
})
