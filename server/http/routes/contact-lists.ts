// Calls about many contacts at once: for supervisors and the host's own services, whose token holds every record.
import { z } from 'zod'
import { contact, conversation, coordination, message } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { contactBodies, contactMerge, contactsImportQuery, undoMove } from '../../../shared/requests.ts'
import { eraseContact } from '../../coordinations/erase-contact.ts'
import { exportContact } from '../../coordinations/export-contact.ts'
import { mergeContacts, unmergeContacts } from '../../coordinations/merge-contacts.ts'
import { importContacts } from '../../imports/import-contacts.ts'
import type { ContactField } from '../../imports/read-contact.ts'
import { saveContacts } from '../../imports/save-contacts.ts'
import type { Caller } from '../../parts.ts'
import type { ColumnMapping } from '../../../shared/import-columns.ts'
import { readList } from '../read-list.ts'
import { param, type Route, route } from '../route.ts'

const MANY_BYTES = 5 * 1024 * 1024
const count = z.number().int()
const imported = z.object({
  created: count,
  updated: count,
  unchanged: count,
  failed: count,
  faults: z.array(z.object({ line: count, message: z.string() })),
})

/** @throws DomainError `forbidden`. */
function mustAnswerForAll({ role, scope }: Caller): void {
  if (role === 'agent' || scope !== null)
    throw new DomainError('forbidden', 'Contacts as a whole are for supervisors and the host: a token without "coordinations".')
}

function attributesOf(said: string | undefined): readonly string[] | 'all' {
  if (said?.trim() === '*') return 'all'
  return (said ?? '').split(',').flatMap((name) => name.trim() || [])
}

export const contactListRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/contacts/import',
    operation: 'importContacts',
    summary: 'Takes a list of clients in (CSV or JSON lines, up to 200 MB), row by row; broken rows are told by their lines.',
    query: contactsImportQuery,
    takesList: true,
    fails: ['unsupported_media', 'payload_too_large', 'validation_failed'],
    answers: { 200: imported },
    async handle(parts, { caller, query, request }) {
      mustAnswerForAll(caller)
      const { channel, dryRun = false } = query
      const options = { columns: query.columns as ColumnMapping<ContactField>, attributes: attributesOf(query.attributes), channel, dryRun }
      return { status: 200, body: await readList(request, (bytes) => importContacts(parts, caller, bytes, options)) }
    },
  }),
  route({
    method: 'put',
    path: '/api/contacts',
    operation: 'saveContacts',
    summary:
      'Makes or completes up to 1000 contacts, found by their client id or a number; who cannot be taken is named, the others are in.',
    body: contactBodies,
    bodyBytes: MANY_BYTES,
    answers: {
      200: z.object({
        ...{ created: count, updated: count, unchanged: count },
        ids: z.array(z.string().nullable()),
        rejected: z.array(z.object({ index: count, detail: z.string() })),
      }),
    },
    async handle(parts, { caller, body }) {
      mustAnswerForAll(caller)
      return { status: 200, body: await saveContacts(parts, caller, body) }
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts/:id/merge',
    operation: 'mergeContacts',
    summary: 'Makes one of two contacts who are one person; undoId takes them apart again.',
    body: contactMerge,
    fails: ['conflict'],
    answers: { 200: z.object({ contact, undoId: z.string() }) },
    async handle(parts, call) {
      mustAnswerForAll(call.caller)
      const id = param(call, 'id')
      const { from = id, into = id } = call.body
      return { status: 200, body: await mergeContacts(parts, call.caller, from, into) }
    },
  }),
  route({
    method: 'post',
    path: '/api/contacts/merge/undo',
    operation: 'undoMergeContacts',
    summary: 'Takes two contacts apart that were merged, once: the one that stayed, then the one that is back.',
    body: undoMove,
    fails: ['not_found', 'conflict'],
    answers: { 200: z.object({ contacts: z.array(contact) }) },
    async handle(parts, call) {
      mustAnswerForAll(call.caller)
      return { status: 200, body: await unmergeContacts(parts, call.caller, call.body.undoId) }
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/:id/export',
    operation: 'exportContact',
    summary: 'Everything that is held about one person, as one document: conversations, messages, plans, records.',
    answers: {
      200: z.object({
        ...{ exportedAt: z.string(), contact, conversations: z.array(conversation) },
        ...{ messages: z.array(message), planned: z.array(message), records: z.array(coordination) },
      }),
    },
    async handle(parts, call) {
      mustAnswerForAll(call.caller)
      const id = param(call, 'id')
      return { status: 200, json: await exportContact(parts, call.caller, id), filename: `contact-${id}.json` }
    },
  }),
  route({
    method: 'delete',
    path: '/api/contacts/:id',
    operation: 'eraseContact',
    summary: 'Erases one person: contact, conversations, messages, plans. That they opted out stays, under the address alone.',
    fails: ['conflict'],
    answers: { 204: null },
    async handle(parts, call) {
      mustAnswerForAll(call.caller)
      await eraseContact(parts, call.caller, param(call, 'id'))
      return { status: 204, body: null }
    },
  }),
]
