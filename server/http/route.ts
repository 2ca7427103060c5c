// One call of the API: what it takes, what it answers, what it does. The router and the OpenAPI document are both made
// from these, so that they cannot disagree.
import type { IncomingMessage } from 'node:http'
import type { z } from 'zod'
import { DomainError, type ProblemCode } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { validate } from './validate.ts'

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

export type Reply =
  /** `etag`: of the state that the body is. */
  | { status: number; body: unknown; etag?: string }
  /** Rows of text, written as they come. */
  | { status: number; csv: AsyncIterable<string>; filename: string }
  /** One document, likewise. */
  | { status: number; json: AsyncIterable<string>; filename: string }

/** A call before its query and body are checked. */
export interface RawCall {
  caller: Caller
  params: Readonly<Record<string, string>>
  query: unknown
  body: unknown
  wantsCsv: boolean
  /** The header `Idempotency-Key`, where one was sent. */
  idempotencyKey: string | undefined
  /** The header `If-Match`. */
  ifMatch?: string | undefined
  /** For a call that takes a file: its body is not read yet. */
  request: IncomingMessage
}

interface Call<Query, Body> extends RawCall {
  query: Query
  body: Body
}

interface Definition<Query extends z.ZodType, Body extends z.ZodType> {
  method: Method
  /** With `:name` parameters. */
  path: string
  operation: string
  summary: string
  query?: Query
  body?: Body
  bodyBytes?: number
  /** Shape of the answer per status; null: no body. */
  answers: Readonly<Record<number, z.ZodType | null>>
  /** Its own reasons to refuse, beside those of every call (`openapi.ts`). */
  fails?: readonly ProblemCode[]
  /** Takes a form with a `file`, which it reads by itself. */
  takesFile?: boolean
  /** Takes a list of rows (CSV or JSON lines), which it reads by itself. */
  takesList?: boolean
  /** Also answers `text/csv` where that is asked for. */
  csv?: boolean
  /** Takes the header `Idempotency-Key` as another name for the body's `clientMessageId`. */
  idempotent?: boolean
  handle(parts: Parts, call: Call<z.output<Query>, z.output<Body>>): Promise<Reply>
}

export interface Route {
  method: Method
  path: string
  operation: string
  summary: string
  query: z.ZodType | null
  body: z.ZodType | null
  bodyBytes: number
  answers: Readonly<Record<number, z.ZodType | null>>
  fails: readonly ProblemCode[]
  csv: boolean
  takesFile: boolean
  takesList: boolean
  idempotent: boolean
  run(parts: Parts, call: RawCall): Promise<Reply>
}

/** The contract's limit for a body, where a call names no other. */
const BODY_BYTES = 100 * 1024

export function route<Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
  definition: Definition<Query, Body>,
): Route {
  const { method, path, operation, summary, query, body, answers } = definition
  return {
    method,
    path,
    operation,
    summary,
    query: query ?? null,
    body: body ?? null,
    bodyBytes: definition.bodyBytes ?? BODY_BYTES,
    answers,
    fails: definition.fails ?? [],
    csv: definition.csv ?? false,
    takesFile: definition.takesFile ?? false,
    takesList: definition.takesList ?? false,
    idempotent: definition.idempotent ?? false,
    async run(parts, call) {
      return definition.handle(parts, {
        ...call,
        query: (query ? validate(query, call.query, 'query') : undefined) as z.output<Query>,
        body: (body && !isList(definition, call)
          ? validate(body, definition.idempotent ? withKey(call) : call.body, 'body')
          : undefined) as z.output<Body>,
      })
    },
  }
}

/** Its body is not read yet: `readList` does. Express leaves `undefined` where nothing read one. */
const isList = ({ takesList }: { takesList?: boolean }, { body, request }: RawCall): boolean =>
  takesList === true && body === undefined && /^(text\/csv|application\/x-ndjson)/i.test(request.headers['content-type'] ?? '')

/** The key may be written as a structured string (in quotes) or plainly; said twice, it must be the same. */
function withKey({ body, idempotencyKey }: RawCall): unknown {
  if (idempotencyKey === undefined || body === null || typeof body !== 'object') return body
  const key = /^"(.*)"$/.exec(idempotencyKey)?.[1] ?? idempotencyKey
  const { clientMessageId = key } = body as { clientMessageId?: unknown }
  if (clientMessageId !== key)
    throw new DomainError('validation_failed', 'The header Idempotency-Key and clientMessageId are two names of one thing: give one.', {
      issues: [{ path: 'clientMessageId', message: 'is not that of the header Idempotency-Key' }],
    })
  return { ...body, clientMessageId }
}

/** A path parameter that the route's own path names. */
export function param(call: RawCall, name: string): string {
  return call.params[name] ?? ''
}
