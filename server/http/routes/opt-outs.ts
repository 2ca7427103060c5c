// Calls about who wants no more messages: the list, one said by the host, many imported. For those who answer for all clients.
import { z } from 'zod'
import { channel, optOut } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { listQuery, optOutBodies, optOutBody, pageQuery } from '../../../shared/requests.ts'
import { sayOptOutOf } from '../../inbox/opt-out.ts'
import { importOptOuts, type OptOutField } from '../../imports/import-opt-outs.ts'
import type { Caller, Parts } from '../../parts.ts'
import type { ColumnMapping } from '../../../shared/import-columns.ts'
import { optOutsAsCsv } from '../csv.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { readList } from '../read-list.ts'
import { type Route, route } from '../route.ts'

const MANY_BYTES = 1024 * 1024
const EXPORT_PAGE = 500
const contact = z.object({ id: z.string(), name: z.string(), address: z.string(), phone: z.string().nullable() })
const rejected = z.object({ index: z.number().int(), channel, to: z.string(), code: z.string(), detail: z.string() })

/** Of a list, by its lines. */
const rowFaults = {
  failed: z.number().int().optional(),
  faults: z.array(z.object({ line: z.number().int(), message: z.string() })).optional(),
}

function mustAnswerForAll({ role, scope }: Caller): void {
  if (role === 'agent' || scope !== null)
    throw new DomainError('forbidden', 'Opt-outs of all clients are for supervisors and the host: a token without "coordinations".')
}

async function say(parts: Parts, caller: Caller, body: z.output<typeof optOutBody>, path: string): Promise<boolean> {
  const { channel: on, to, from, scope, optedOut: out, source = 'host' } = body
  const now = parts.clock.now()
  const at = body.since === undefined ? now : Date.parse(body.since)
  if (at > now)
    throw new DomainError('validation_failed', 'Nobody opts out in the future.', {
      issues: [{ path: `${path}since`, message: 'is in the future' }],
    })
  return sayOptOutOf(parts, caller, { channel: on, to, from, said: { out, scope, source }, at })
}

export const optOutRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/opt-outs',
    operation: 'listOptOuts',
    summary: 'Who wants no more messages, of what, since when and by whose word. Accept: text/csv exports all of them.',
    query: pageQuery,
    answers: { 200: pageShape(optOut.extend({ contact })) },
    csv: true,
    async handle(parts, { caller, query, wantsCsv }) {
      mustAnswerForAll(caller)
      const { cursor, limit } = pageOf(query)
      if (!wantsCsv) return { status: 200, body: await parts.store.optOuts(caller.orgId, { cursor, limit }) }
      const csv = optOutsAsCsv((next) => parts.store.optOuts(caller.orgId, { cursor: next ?? cursor, limit: EXPORT_PAGE }))
      return { status: 200, csv, filename: 'opt-outs.csv' }
    },
  }),
  route({
    method: 'post',
    path: '/api/opt-outs',
    operation: 'saveOptOut',
    summary: 'Says that a client wants no more messages, or with optedOut false that they are welcome again; what was said later stands.',
    body: optOutBody,
    fails: ['invalid_phone', 'no_sender'],
    answers: { 200: z.object({ changed: z.boolean() }) },
    async handle(parts, { caller, body }) {
      mustAnswerForAll(caller)
      return { status: 200, body: { changed: await say(parts, caller, body, '') } }
    },
  }),
  route({
    method: 'post',
    path: '/api/opt-outs/import',
    operation: 'importOptOuts',
    summary: 'The same for up to 1000 clients, or a list of any length (CSV, JSON lines); who cannot be taken is named, the others are in.',
    query: listQuery,
    body: optOutBodies,
    bodyBytes: MANY_BYTES,
    takesList: true,
    fails: ['unsupported_media', 'payload_too_large'],
    answers: { 200: z.object({ accepted: z.number().int(), changed: z.number().int(), rejected: z.array(rejected), ...rowFaults }) },
    async handle(parts, { caller, body, query, request }) {
      mustAnswerForAll(caller)
      if (body === undefined) {
        const done = await readList(request, (bytes) => importOptOuts(parts, caller, bytes, query.columns as ColumnMapping<OptOutField>))
        return { status: 200, body: { ...done, rejected: [] } }
      }
      const done = { accepted: 0, changed: 0, rejected: [] as z.output<typeof rejected>[] }
      for (const [index, one] of body.entries()) {
        try {
          if (await say(parts, caller, { ...one, source: one.source ?? 'import' }, `${index}.`)) done.changed++
          done.accepted++
        } catch (error) {
          if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
          done.rejected.push({ index, channel: one.channel, to: one.to, code: error.code, detail: error.message })
        }
      }
      return { status: 200, body: done }
    },
  }),
]
