// The API asked from its own OpenAPI document, well and badly: every answer has a status and a shape that the document
// tells, and none is a fault of ours. Bounded and seeded: `FUZZ_SEED` runs the same requests again.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { createRandom } from '../support/random.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'

type Schema = { [key: string]: unknown }
interface Operation {
  method: string
  path: string
  parameters: { name: string; in: string; required: boolean; schema: Schema }[]
  body: Schema | null
  answers: Map<string, z.ZodType | null>
}

const REQUESTS = 6_500
const AT_ONCE = 8
const seed = Number(process.env.FUZZ_SEED ?? Date.now() % 1_000_000_000)
const below = createRandom(seed)
const chance = (percent: number) => below(100) < percent
const pick = <T>(from: readonly T[]): T => from[below(from.length)] as T

let hilo: TestHilo
let operations: Operation[]
let components: Schema
/** Ids and cursors of earlier answers, by what they were called: without them almost all would be 404. */
const known = new Map<string, string[]>()

beforeAll(async () => {
  hilo = await startHilo()
  const { body } = await hilo
    .agent()
    .call<{ paths: Record<string, Record<string, Schema>>; components: { schemas: Schema } }>('GET', '/api/openapi.json')
  components = body.components.schemas
  operations = Object.entries(body.paths).flatMap(([path, calls]) =>
    path.startsWith('/api/') ? Object.entries(calls).map(([method, operation]) => operationOf(method, path, operation)) : [],
  )
  for (let n = 0; n < 8; n++) await hilo.simulator.phone(phoneOf(n)).write(`hola ${n}`)
})
afterAll(() => hilo.close())

const phoneOf = (n: number) => `+549115570${String(1000 + n)}`

function operationOf(method: string, path: string, operation: Schema): Operation {
  const {
    parameters = [],
    requestBody,
    responses,
  } = operation as {
    parameters?: Operation['parameters']
    requestBody?: { content: Record<string, { schema: Schema }> }
    responses: Record<string, { content?: Record<string, { schema?: Schema }> }>
  }
  const answers = Object.entries(responses).map(([status, { content }]): [string, z.ZodType | null] => {
    const schema = content && (content['application/json'] ?? content['application/problem+json'])?.schema
    return [status, schema ? validatorOf(schema) : null]
  })
  return {
    method: method.toUpperCase(),
    path,
    parameters,
    body: requestBody?.content['application/json']?.schema ?? null,
    answers: new Map(answers),
  }
}

function validatorOf(schema: Schema): z.ZodType {
  const local = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('#/components/schemas/', '#/$defs/')) as Schema
  return z.fromJSONSchema({ ...local(schema), $defs: local(components) } as Parameters<typeof z.fromJSONSchema>[0])
}

const junk: readonly unknown[] = [
  ...[
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    2 ** 53,
    '',
    ' ',
    '\u200b',
    '\u0000',
    '\ud800',
    'x'.repeat(5_000),
    '%',
    '../..',
    '{{7*7}}',
    "' OR 1=1 --",
  ],
  ...[
    [],
    [[]],
    {},
    { $gt: '' },
    { a: { b: [] } },
    'whatsapp:+5491155701000',
    '9999-12-31T23:59:59Z',
    '__proto__',
    'WyJ4Il0',
    'W251bGwsbnVsbF0',
  ],
]
const words = ['hola', 'ñandú 😀', 'a', 'Ana Díaz', '<b>x</b>', '=1+1', 'ev-1', 'agent-1', '5/12', 'مرحبا']

function textOf(name: string, schema: Schema): unknown {
  const {
    enum: choices,
    const: only,
    pattern,
    minLength = 0,
    maxLength = 60,
  } = schema as {
    enum?: unknown[]
    const?: unknown
    pattern?: string
    minLength?: number
    maxLength?: number
  }
  if (choices) return pick(choices)
  if (only !== undefined) return only
  if (pattern?.includes('T(?:')) return new Date(Date.now() + (below(200) - 100) * 3600_000).toISOString()
  if (pattern?.includes(':[0-5]')) return `2${below(4)}:${below(6)}0`
  if (pattern) return 'A'.repeat(pattern.includes('87') ? 87 : 22)
  if (/^(to|phone|whatsapp|sms)$/.test(name)) return pick([phoneOf(below(10)), '11 5570-1003', '+14155550123'])
  if (name === 'from') return pick(['+14155238886', '+15558675310', phoneOf(1)])
  if (/^(endpoint|page)$/.test(name)) return `https://push.example.org/${below(5)}`
  if (name === 'timezone') return 'America/Lima'
  const ids = known.get(name === 'ids' ? 'messageId' : name === 'replyToId' ? 'messageId' : name)
  if (ids && chance(85)) return pick(ids)
  if (name === 'coordinationId' || name === 'externalId') return `ev-${below(6)}`
  const text = pick(words)
  return text.length < minLength ? text.padEnd(minLength, 'x') : text.slice(0, maxLength)
}

/** Of the subset of JSON Schema that the document uses. */
function exampleOf(name: string, given: Schema, depth = 0): unknown {
  const { $ref, anyOf, type, properties, required, items, minItems, maxItems, minimum, maximum, additionalProperties } = given as {
    $ref?: string
    anyOf?: Schema[]
    type?: string
    properties?: Record<string, Schema>
    required?: string[]
    items?: Schema
    minItems?: number
    maxItems?: number
    minimum?: number
    maximum?: number
    additionalProperties?: Schema
  }
  if ($ref) return exampleOf(name, components[$ref.split('/').at(-1) ?? ''] as Schema, depth)
  if (anyOf) return exampleOf(name, pick(anyOf), depth)
  switch (type) {
    case 'string':
      return textOf(name, given)
    case 'integer':
    case 'number':
      return (minimum ?? 0) + below(Math.min(200, (maximum ?? 1000) - (minimum ?? 0)) + 1)
    case 'boolean':
      return chance(50)
    case 'array':
      return Array.from({ length: Math.min(maxItems ?? 3, Math.max(minItems ?? 0, 1 + below(3))) }, () =>
        exampleOf(name, items ?? {}, depth + 1),
      )
    case 'object': {
      const entries = Object.entries(properties ?? {}).filter(([key, one]) => required?.includes(key) || (!('not' in one) && chance(35)))
      const fields = Object.fromEntries(entries.map(([key, one]) => [key, exampleOf(key, one, depth + 1)]))
      return properties || !additionalProperties ? fields : { fecha: exampleOf('value', additionalProperties, depth + 1) }
    }
    default:
      return null
  }
}

/** Half of the sends say one content and one destination, so that many are taken. */
function bodyOf(operation: Operation): unknown {
  const body = exampleOf('body', operation.body ?? {})
  if (operation.path !== '/api/messages' || chance(30)) return body
  const { text, note, template, conversationId, to, channel, sendAt, from, coordinationId, ...rest } = body as Record<string, unknown>
  const ids = known.get('conversationId') ?? []
  const where =
    ids.length > 0 && chance(60)
      ? { conversationId: pick(ids) }
      : { channel: channel ?? 'sms', to: to ?? phoneOf(below(10)), ...(coordinationId ? { coordinationId } : {}) }
  const content =
    template && chance(20) ? { template } : chance(40) ? { note: note ?? 'nota' } : { text: text ?? 'hola', ...(sendAt ? { sendAt } : {}) }
  return { ...where, ...content, ...(chance(30) ? rest : {}) }
}

/** One thing in it becomes something else. */
function spoil(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || chance(15)) return pick(junk)
  const entries = Object.entries(value)
  if (entries.length === 0) return pick(junk)
  const [key] = pick(entries)
  if (Array.isArray(value)) return value.map((one, index) => (String(index) === key ? spoil(one) : one))
  if (chance(15)) return Object.fromEntries(entries.filter(([name]) => name !== key))
  return Object.fromEntries(entries.map(([name, one]) => [name, name === key ? spoil(one) : one]))
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const encoded = (text: string) => encodeURIComponent(text.toWellFormed())

interface Asked {
  method: string
  path: string
  body: unknown
  headers: Record<string, string>
  role: string
}

function requestOf(operation: Operation): Asked {
  let path = operation.path
  const query: string[] = []
  for (const { name, in: place, required, schema } of operation.parameters) {
    if (place === 'path') {
      const kind = path.includes('/coordinations/')
        ? 'coordinationId'
        : path.includes('/contacts/')
          ? 'contactId'
          : path.includes('/messages/{')
            ? 'messageId'
            : 'conversationId'
      const value = chance(8) ? asText(pick(junk)).slice(0, 300) : asText(textOf(name === 'phone' ? 'phone' : kind, {}))
      path = path.replace(`{${name}}`, encoded(value === '' || value === '.' || value === '..' ? 'x' : value))
    } else if (place === 'query' && (required || chance(25)))
      query.push(`${name}=${encoded(asText(chance(12) ? pick(junk) : exampleOf(name, schema)).slice(0, 2_000))}`)
  }
  const good = operation.body && bodyOf(operation)
  const body = operation.body === null ? undefined : chance(35) ? spoil(good) : good
  const headers: Record<string, string> = {
    ...(operation.parameters.some((one) => one.in === 'header') && chance(20) ? { 'idempotency-key': `k-${below(50)}` } : {}),
    ...(operation.path === '/api/messages' && chance(20) ? { accept: 'text/csv' } : {}),
    ...(chance(2) ? { 'content-type': 'text/plain' } : {}),
  }
  return {
    method: operation.method,
    path: query.length > 0 ? `${path}?${query.join('&')}` : path,
    body,
    headers,
    role: pick(['agent', 'supervisor', 'service']),
  }
}

function learn(value: unknown, kind = ''): void {
  if (Array.isArray(value)) for (const one of value.slice(0, 5)) learn(one, kind)
  else if (value !== null && typeof value === 'object') {
    const is =
      'lastSeq' in value
        ? 'conversationId'
        : 'clientMessageId' in value
          ? 'messageId'
          : 'addresses' in value
            ? 'contactId'
            : 'startsAt' in value && 'data' in value
              ? 'coordinationId'
              : null
    if (is && 'id' in value && typeof value.id === 'string') remember(is, value.id)
    for (const name of ['undoId', 'nextCursor', 'cursor'] as const)
      if (name in value && typeof (value as Schema)[name] === 'string')
        remember(name === 'nextCursor' ? 'cursor' : name === 'cursor' ? 'since' : name, String((value as Schema)[name]))
    for (const [name, one] of Object.entries(value)) learn(one, name)
  }
}
function remember(kind: string, id: string): void {
  const ids = known.get(kind) ?? []
  known.set(kind, [...ids.slice(-30), id])
}

/** → what is wrong with the answer, or null. */
/** Also what went with a person who was erased since. */
let sent = 0

async function ask(operation: Operation, asked: Asked): Promise<string | null> {
  const { status, headers, text } = await hilo
    .agent({ sub: `agent-${below(3)}`, role: asked.role, ...(chance(10) ? { coordinations: ['ev-1', 'ev-2'] } : {}) })
    .call(asked.method, asked.path, asked.body === undefined ? undefined : JSON.stringify(asked.body), asked.headers)
  const wrong = (what: string) =>
    `${what}: ${asked.method} ${asked.path.slice(0, 300)} ${JSON.stringify(asked.body)?.slice(0, 400) ?? ''} → ${status} ${text.slice(0, 300)}`
  if (!operation.answers.has(String(status))) return wrong('a status that is not told')
  if (status >= 500) return wrong('a fault of ours')
  const type = headers.get('content-type') ?? ''
  if (status === 204) return text === '' ? null : wrong('a body where none is told')
  const wantsCsv = asked.headers.accept === 'text/csv' || /[?&]format=csv(&|$)/.test(asked.path)
  if (type.startsWith('text/csv')) return wantsCsv ? null : wrong('CSV that nobody asked for')
  if (!type.startsWith(status < 400 ? 'application/json' : 'application/problem+json')) return wrong(`the type ${type}`)
  const answer: unknown = JSON.parse(text)
  const checked = operation.answers.get(String(status))?.safeParse(answer)
  if (checked && !checked.success) return wrong(`not of its schema (${z.prettifyError(checked.error).slice(0, 300)})`)
  if (status < 400) learn(answer)
  if (status === 202 && operation.path === '/api/messages') sent++
  return null
}

const open = {
  channels: { whatsapp: true, sms: true },
  limits: { agentsPerContactHour: 10_000, automatedPerContactHour: 10_000 },
  defaultCountry: 'AR',
}

test(`${REQUESTS} requests made from the document (seed ${seed}): every answer is as it says`, { timeout: 600_000 }, async () => {
  expect(operations.length).toBeGreaterThan(30)
  const faults: string[] = []
  const taken = new Map<string, number>()
  let left = REQUESTS
  const worker = async () => {
    while (left-- > 0 && faults.length < 20) {
      const operation = pick(operations)
      // One person who is erased takes all that was said along: seldom, so that something is left to ask about.
      if (operation.path === '/api/contacts/{id}' && operation.method === 'DELETE' && !chance(5)) continue
      const fault = await ask(operation, requestOf(operation))
      if (fault !== null) faults.push(fault)
      else taken.set(operation.path, (taken.get(operation.path) ?? 0) + 1)
      // A channel that is switched off, or one message an hour, would leave little to ask about.
      if (operation.path === '/api/organization' && operation.method !== 'GET')
        await hilo.agent({ role: 'supervisor' }).call('PATCH', '/api/organization', JSON.stringify(open))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  console.log(`fuzz of the API: FUZZ_SEED=${seed}`)
  expect(faults, `seed ${seed}`).toEqual([])
  expect(taken.size).toBe(new Set(operations.map((one) => one.path)).size)
  expect(known.get('messageId')?.length ?? 0).toBeGreaterThan(10)
  expect(sent, 'some were sent').toBeGreaterThan(10)
})
