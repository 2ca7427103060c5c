// The API as an OpenAPI 3.1 document, made from the route table and the schemas that also check the requests.
import { z } from 'zod'
import { contact, conversation, coordination, message, ownConversation, template, unread } from '../../shared/model.ts'
import { type ProblemCode, problemStatus, statusOf } from '../../shared/problems.ts'
import type { Method, Route } from './route.ts'

/** A call without token, which is not made from a schema. */
export interface OpenCall {
  method: Method | 'head'
  path: string
  operation: string
  summary: string
  /** Null: it answers no body. */
  contentType: string | null
  query?: readonly string[]
  optional?: readonly string[]
}

type Json = { [key: string]: unknown }

const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(['bad_request', 'internal', ...Object.keys(problemStatus)]),
  detail: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string(), rule: z.string().optional() })).optional(),
  templates: z.array(z.string()).optional(),
  message: message.optional(),
  retryAfter: z.number().optional(),
})

const named = z.registry<{ id: string }>()
for (const [id, schema] of Object.entries({
  Message: message,
  Conversation: conversation,
  OwnConversation: ownConversation,
  Contact: contact,
  Coordination: coordination,
  Template: template,
  Unread: unread,
  Problem: problemShape,
}))
  named.add(schema, { id })

export function buildOpenApi(routes: readonly Route[], openCalls: readonly OpenCall[], publicUrl: string): Json {
  const schemas: Json = {}
  const shapeOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const override = ({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Json }) => {
      // Answers may gain fields; requests with unknown ones are taken.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      Object.assign(jsonSchema, z.globalRegistry.get(zodSchema))
    }
    const whole = z.toJSONSchema(schema, { io, metadata: named, unrepresentable: 'any', override }) as Json
    const { $schema: _dialect, $defs, id, ...shape } = whole
    for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) schemas[name] = withoutId(definition as Json)
    // A schema that has a name of its own comes whole, not as a reference.
    if (typeof id === 'string') {
      schemas[id] = shape
      return { $ref: `#/components/schemas/${id}` }
    }
    return shape
  }
  const problemAnswer = problemOf(shapeOf(problemShape, 'output'))

  const paths: Record<string, Json> = {}
  const add = (call: Pick<OpenCall, 'method' | 'path'>, operation: Json) => {
    const path = call.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [call.method]: operation }
  }
  for (const route of routes) {
    const answers: Json = { ...refusals(route, shapeOf(problemShape, 'output')), default: problemAnswer }
    for (const [status, schema] of Object.entries(route.answers))
      answers[status] = {
        description: route.summary,
        ...(schema && {
          content: {
            'application/json': { schema: shapeOf(schema, 'output') },
            ...(route.csv ? { 'text/csv': { schema: { type: 'string' } } } : {}),
          },
        }),
      }
    add(route, {
      operationId: route.operation,
      summary: route.summary,
      security: [{ token: [] }],
      parameters: [
        ...pathParameters(route.path),
        ...(route.query ? queryParameters(shapeOf(route.query, 'output')) : []),
        ...(route.idempotent ? [idempotencyKey] : []),
      ],
      ...bodyOf({
        ...(route.body && { 'application/json': { schema: shapeOf(route.body, 'input') } }),
        ...(route.takesFile && { 'multipart/form-data': { schema: fileForm } }),
        ...(route.takesList && listForms),
      }),
      responses: answers,
    })
  }
  for (const call of openCalls)
    add(call, {
      operationId: call.operation,
      summary: call.summary,
      security: [],
      parameters: [
        ...pathParameters(call.path),
        ...(call.query ?? []).map((name) => ({ name, in: 'query', required: true, schema: { type: 'string' } })),
        ...(call.optional ?? []).map((name) => ({ name, in: 'query', required: false, schema: { type: 'string' } })),
      ],
      responses: {
        200: { description: call.summary, ...(call.contentType === null ? {} : { content: { [call.contentType]: {} } }) },
        default: problemAnswer,
      },
    })

  const document = {
    openapi: '3.1.0',
    info: {
      title: 'Hilo',
      version: '0.1.0',
      description: 'WhatsApp and SMS conversations inside the back-office app that a team already uses.',
    },
    servers: [{ url: publicUrl }],
    paths,
    components: { schemas, securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } } },
  }
  return JSON.parse(JSON.stringify(document).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

const bodyOf = (content: Json): Json => (Object.keys(content).length === 0 ? {} : { requestBody: { required: true, content } })

const listForms = { 'text/csv': { schema: { type: 'string' } }, 'application/x-ndjson': { schema: { type: 'string' } } }
const fileForm = { type: 'object', required: ['file'], properties: { file: { type: 'string', format: 'binary' } } }

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Another name for clientMessageId.',
  schema: { type: 'string', minLength: 1, maxLength: 64 },
}

/** Of every call with a token. */
const ofAll: readonly ProblemCode[] = [
  ...(['bad_request', 'token_missing', 'token_invalid', 'token_expired', 'forbidden', 'origin_not_allowed'] as const),
  ...(['rate_limited', 'internal', 'unavailable'] as const),
]

/** The refusals of a call, by status: their codes, in the shape of every problem. */
function refusals({ path, query, body, fails }: Route, shape: Json): Json {
  const codes = new Set<ProblemCode>([...ofAll, ...fails])
  if (path.includes(':')) codes.add('not_found')
  if (query !== null || body !== null) codes.add('validation_failed')
  if (body !== null) for (const code of ['payload_too_large', 'unsupported_media'] as const) codes.add(code)
  const byStatus = Map.groupBy(codes, statusOf)
  return Object.fromEntries([...byStatus].map(([status, some]) => [status, problemOf(shape, some)]))
}

function problemOf(shape: Json, codes: readonly ProblemCode[] = []): Json {
  const schema = codes.length === 0 ? shape : { allOf: [shape, { type: 'object', properties: { code: { enum: codes } } }] }
  return {
    description: codes.length === 0 ? 'A problem document.' : `A problem document: ${codes.join(', ')}.`,
    content: { 'application/problem+json': { schema } },
  }
}

function withoutId({ id: _id, ...shape }: Json): Json {
  return shape
}

const pathParameters = (path: string): Json[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

function queryParameters(shape: Json): Json[] {
  const required = new Set(Array.isArray(shape.required) ? shape.required : [])
  return Object.entries((shape.properties ?? {}) as Json).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema,
  }))
}
