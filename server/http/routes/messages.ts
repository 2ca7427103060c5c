// Calls about messages: send, the log, one, retry, cancel, move.
import { z } from 'zod'
import { logThread, message, ownConversation } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import {
  messageLogQuery,
  moveMessages as moveBody,
  planUpdate,
  retryManyBody,
  sendMessage as sendBody,
  undoMove as undoBody,
} from '../../../shared/requests.ts'
import { retryMany as retryManyAnswer } from '../../../shared/retry-many.ts'
import { retryMany } from '../../campaigns/retry-many.ts'
import { demandInScope } from '../../coordinations/demand-in-scope.ts'
import { cancelMessage } from '../../outbox/cancel-message.ts'
import { changePlan } from '../../outbox/change-plan.ts'
import { putAway } from '../../outbox/put-away.ts'
import { retryMessage } from '../../outbox/retry-message.ts'
import { sendMessage } from '../../outbox/send-message.ts'
import type { Caller, Parts } from '../../parts.ts'
import { presentSent } from '../../team/present-sent.ts'
import { hintOf, messageColumns, threadColumns } from '../../rules/log-table.ts'
import type { LogFilter, LogTable, Page, PageRequest } from '../../store/records.ts'
import { moveMessages, undoMove } from '../../team/move-messages.ts'
import { showMessage, showPage } from '../../team/show-message.ts'
import { mustAnswerForAll } from '../answers-for-all.ts'
import { asCsv } from '../csv.ts'
import { logFilterOf } from '../log-filter-of.ts'
import { fillPage, pageOf, pageShape } from '../page-of.ts'
import { param, type Route, route } from '../route.ts'

/** `messages`: all of them, where the call became several. */
const written = z.object({ message, messages: z.array(message).optional(), conversation: ownConversation })
const EXPORT_PAGE = 500
/** The refusals of a send, whichever call makes it. */
export const sendRefusals = [
  'invalid_phone',
  'not_found',
  'conflict',
  'window_closed',
  'opted_out',
  'no_sender',
  'template_not_approved',
  'template_variables_missing',
  'unsupported_media',
  'no_public_url',
  'limit_reached',
] as const

const listed = message.extend({
  /** Of one that failed: why, and what to do, in the words of the organization's language. */
  hint: z.string().optional(),
})

async function readLog(parts: Parts, caller: Caller, filter: LogFilter, page: PageRequest): Promise<Page<z.output<typeof listed>>> {
  const found = await fillPage(page, (next) => parts.store.messageLog(caller, filter, next))
  const { items, nextCursor } = showPage(parts, caller, found)
  const { locale } = parts.organizationOf(caller.orgId).settings
  return { items: items.map((one) => (one.error === null ? one : { ...one, hint: hintOf(one.error, locale) })), nextCursor }
}

export const messageRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/messages',
    operation: 'sendMessage',
    summary:
      'Sends a text, files, a template or a note. The same clientMessageId again answers 200 and the first message, with other content 409.',
    body: sendBody,
    idempotent: true,
    fails: sendRefusals,
    answers: { 200: written, 202: written },
    async handle(parts, { caller, body }) {
      const sent = await sendMessage(parts, caller, body)
      return {
        status: sent.created ? 202 : 200,
        body: presentSent(parts, caller, sent),
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/messages',
    operation: 'listMessages',
    summary:
      'The message log, newest first; group=conversation: the sums of each conversation. Accept: text/csv or format=csv exports all that matches.',
    query: messageLogQuery,
    fails: ['not_found'],
    answers: { 200: z.union([pageShape(listed), pageShape(logThread)]) },
    csv: true,
    async handle(parts, { caller, query, wantsCsv }) {
      if (query.coordinationId !== undefined) demandInScope(caller, query.coordinationId)
      const filter = logFilterOf(query)
      const grouped = query.group !== undefined
      if (query.format === undefined ? wantsCsv : query.format === 'csv') {
        const { locale } = parts.organizationOf(caller.orgId).settings
        const table: LogTable = { of: grouped ? 'conversations' : 'messages', locale }
        const csv = asCsv(grouped ? threadColumns : messageColumns(locale), (cursor) =>
          parts.store.logTable(caller, filter, table, { cursor: cursor ?? query.cursor ?? null, limit: EXPORT_PAGE }),
        )
        return { status: 200, csv, filename: grouped ? 'conversations.csv' : 'messages.csv' }
      }
      const page = pageOf(query)
      const body = grouped ? await parts.store.logThreads(caller, filter, page) : await readLog(parts, caller, filter, page)
      return { status: 200, body }
    },
  }),
  route({
    method: 'post',
    path: '/api/messages/retry',
    operation: 'retryMessages',
    summary:
      'Another attempt of what failed of a part of the log, once each; up to 1000 a call, nextCursor goes on. dryRun says what would become of it.',
    body: retryManyBody,
    answers: { 200: retryManyAnswer },
    async handle(parts, { caller, body: { filter, dryRun, cursor = null } }) {
      mustAnswerForAll({ caller })
      return { status: 200, body: await retryMany(parts, caller, logFilterOf(filter), { dryRun, cursor }) }
    },
  }),
  route({
    method: 'post',
    path: '/api/messages/move',
    operation: 'moveMessages',
    summary: 'Moves messages to another record’s thread, or out of any (coordinationId: null).',
    body: moveBody,
    fails: ['not_found', 'conflict'],
    answers: { 200: z.object({ moved: z.array(message), undoId: z.string() }) },
    handle: async (parts, { caller, body }) => ({ status: 200, body: await moveMessages(parts, caller, body) }),
  }),
  route({
    method: 'post',
    path: '/api/messages/move/undo',
    operation: 'undoMove',
    summary: 'Puts moved messages back on their old places; once, then 409.',
    body: undoBody,
    fails: ['not_found', 'conflict'],
    answers: { 200: z.object({ moved: z.array(message) }) },
    handle: async (parts, { caller, body }) => ({ status: 200, body: await undoMove(parts, caller, body.undoId) }),
  }),
  route({
    method: 'get',
    path: '/api/messages/:id',
    operation: 'readMessage',
    summary: 'One message.',
    answers: { 200: message },
    async handle(parts, call) {
      const found = await parts.store.message(call.caller, param(call, 'id'))
      if (found === null) throw new DomainError('not_found', 'There is no such message, or it is not yours to see.')
      return { status: 200, body: showMessage(parts, found, call.caller.scope !== null) }
    },
  }),
  route({
    method: 'patch',
    path: '/api/messages/:id',
    operation: 'changePlan',
    summary: 'Says a scheduled message differently, or plans it for another time; too late, 409 and the message as it is.',
    body: planUpdate,
    fails: ['not_found', 'conflict', 'template_not_approved', 'template_variables_missing'],
    answers: { 200: z.object({ message }) },
    handle: async (parts, call) => ({ status: 200, body: await changePlan(parts, call.caller, param(call, 'id'), call.body) }),
  }),
  route({
    method: 'post',
    path: '/api/messages/:id/retry',
    operation: 'retryMessage',
    summary: 'A new attempt of a failed or unconfirmed message, as a new message.',
    fails: ['not_retryable', 'validation_failed', ...sendRefusals],
    answers: { 202: written },
    async handle(parts, call) {
      const retried = await retryMessage(parts, call.caller, param(call, 'id'))
      return { status: 202, body: presentSent(parts, call.caller, { ...retried, messages: [] }) }
    },
  }),
  route({
    method: 'post',
    path: '/api/messages/:id/cancel',
    operation: 'cancelMessage',
    summary: 'Cancels a scheduled or queued message; gives an unconfirmed one up.',
    fails: ['conflict'],
    answers: { 200: z.object({ message }) },
    async handle(parts, call) {
      const { message: canceled } = await cancelMessage(parts, call.caller, param(call, 'id'))
      return { status: 200, body: { message: canceled } }
    },
  }),
  route({
    method: 'post',
    path: '/api/messages/:id/put-away',
    operation: 'putAwayMessage',
    summary: 'Of a message that failed nothing is left to do: it is no longer among what failed.',
    fails: ['conflict'],
    answers: { 200: z.object({ message }) },
    async handle(parts, call) {
      const put = await putAway(parts, call.caller, param(call, 'id'))
      return { status: 200, body: { message: showMessage(parts, put, call.caller.scope !== null) } }
    },
  }),
]
