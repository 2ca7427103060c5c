// Calls about the host's records: upsert, search, one, its history.
import { z } from 'zod'
import { coordination, message } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { coordinationBodies, coordinationBody, coordinationQuery, pageQuery } from '../../../shared/requests.ts'
import { readPhone } from '../../coordinations/read-phone.ts'
import { saveCoordinations } from '../../coordinations/save-coordinations.ts'
import { askFiling } from '../../team/ask-filing.ts'
import { showPage } from '../../team/show-message.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { param, type Route, route } from '../route.ts'
import { validate } from '../validate.ts'

const MANY_BYTES = 5 * 1024 * 1024
const written = z.object({ coordination })
/** What became of one of many; `changed` false: it was the same already. */
const result = z.object({ id: z.string(), created: z.boolean(), changed: z.boolean() })
const recordId = z.object({ id: coordinationBodies.element.shape.id })
const missing = () => new DomainError('not_found', 'There is no such record, or it is not yours to see.')

export const coordinationRoutes: Route[] = [
  route({
    method: 'put',
    path: '/api/coordinations/:id',
    operation: 'saveCoordination',
    summary: 'Creates or replaces a record.',
    body: coordinationBody.extend({ id: recordId.shape.id.optional() }),
    fails: ['invalid_phone'],
    answers: { 200: written, 201: written },
    async handle(parts, call) {
      const { id } = validate(recordId, { id: param(call, 'id') }, 'path')
      if (call.body.id !== undefined && call.body.id !== id)
        throw new DomainError('validation_failed', 'The record has another id in the body than in the path.', {
          issues: [{ path: 'id', message: 'is not that of the path; leave it out, or write the same' }],
        })
      const [saved] = await saveCoordinations(parts, call.caller, [{ ...call.body, id }], () => '')
      return { status: saved?.created ? 201 : 200, body: { coordination: saved?.coordination } }
    },
  }),
  route({
    method: 'put',
    path: '/api/coordinations',
    operation: 'saveCoordinations',
    summary: 'Creates or replaces up to 1000 records, all or none of them.',
    body: coordinationBodies,
    bodyBytes: MANY_BYTES,
    fails: ['invalid_phone'],
    answers: { 200: z.object({ coordinations: z.array(coordination), created: z.number().int(), results: z.array(result) }) },
    async handle(parts, { caller, body }) {
      const saved = await saveCoordinations(parts, caller, body)
      const created = saved.filter((one) => one.created).length
      const results = saved.map((one) => ({ id: one.coordination.id, created: one.created, changed: one.changed }))
      return { status: 200, body: { coordinations: saved.map((one) => one.coordination), created, results } }
    },
  }),
  route({
    method: 'get',
    path: '/api/coordinations',
    operation: 'listCoordinations',
    summary: 'Records by title, client, number or state.',
    query: coordinationQuery,
    fails: ['invalid_phone'],
    answers: { 200: pageShape(coordination) },
    async handle(parts, { caller, query }) {
      const filter = {
        ...(query.q === undefined ? {} : { q: query.q }),
        ...(query.status === undefined ? {} : { status: query.status }),
        ...(query.phone === undefined
          ? {}
          : { phoneKeys: readPhone(query.phone, parts.organizationOf(caller.orgId).settings.defaultCountry, 'phone').keys }),
      }
      return { status: 200, body: await parts.store.coordinations(caller, filter, pageOf(query)) }
    },
  }),
  route({
    method: 'get',
    path: '/api/coordinations/:id',
    operation: 'readCoordination',
    summary: 'One record.',
    answers: { 200: coordination },
    async handle(parts, call) {
      const found = await parts.store.coordination(call.caller, param(call, 'id'))
      if (found === null) throw missing()
      return { status: 200, body: found }
    },
  }),
  route({
    method: 'post',
    path: '/api/coordinations/:id/ask-filing',
    operation: 'askFiling',
    summary: 'Asks those who may see them to file what waits without a record from who has this record’s number.',
    answers: { 204: null },
    async handle(parts, call) {
      await askFiling(parts, call.caller, param(call, 'id'))
      return { status: 204, body: null }
    },
  }),
  route({
    method: 'get',
    path: '/api/coordinations/:id/messages',
    operation: 'listCoordinationMessages',
    summary: 'The record’s history over all its conversations, newest first.',
    query: pageQuery,
    answers: { 200: pageShape(message) },
    async handle(parts, call) {
      const page = await parts.store.coordinationMessages(call.caller, param(call, 'id'), pageOf(call.query))
      if (page === null) throw missing()
      return { status: 200, body: showPage(parts, call.caller, page) }
    },
  }),
]
