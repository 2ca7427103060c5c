// The API as an OpenAPI 3.1 document, made from the route table and the schemas that also check the requests.
import { z } from 'zod'
import { contact, conversation, coordination, message, ownConversation, template, unread } from '../../shared/model.ts'
import { problemStatus } from '../../shared/problems.ts'
import type { Method, Route } from './route.ts'

/** A call without token, which is not made from a schema. */
export interface OpenCall {
  method: Method
  path: string
  operation: string
  summary: string
  contentType: string
}

type Json = { [key: string]: unknown }

const problemShape = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum(['bad_request', 'internal', ...Object.keys(problemStatus)]),
  detail: z.string(),
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  templates: z.array(z.string()).optional(),
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
    const whole = z.toJSONSchema(schema, { io, metadata: named, unrepresentable: 'any' }) as Json
    const { $schema: _dialect, $defs, id, ...shape } = whole
    for (const [name, definition] of Object.entries(($defs ?? {}) as Json)) schemas[name] = withoutId(definition as Json)
    // A schema that has a name of its own comes whole, not as a reference.
    if (typeof id === 'string') {
      schemas[id] = shape
      return { $ref: `#/components/schemas/${id}` }
    }
    return shape
  }
  const problemAnswer = {
    description: 'A problem document.',
    content: { 'application/problem+json': { schema: shapeOf(problemShape, 'output') } },
  }

  const paths: Record<string, Json> = {}
  const add = (call: { method: Method; path: string }, operation: Json) => {
    const path = call.path.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [call.method]: operation }
  }
  for (const route of routes) {
    const answers: Json = { default: problemAnswer }
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
        ...[...route.path.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
        ...(route.query ? queryParameters(shapeOf(route.query, 'output')) : []),
      ],
      ...(route.body ? { requestBody: { required: true, content: { 'application/json': { schema: shapeOf(route.body, 'input') } } } } : {}),
      responses: answers,
    })
  }
  for (const call of openCalls)
    add(call, {
      operationId: call.operation,
      summary: call.summary,
      security: [],
      responses: { 200: { description: call.summary, content: { [call.contentType]: {} } }, default: problemAnswer },
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

function withoutId({ id: _id, ...shape }: Json): Json {
  return shape
}

function queryParameters(shape: Json): Json[] {
  const required = new Set(Array.isArray(shape.required) ? shape.required : [])
  return Object.entries((shape.properties ?? {}) as Json).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.has(name),
    schema,
  }))
}
