// Calls about contacts: search, one, correct, everything said with one.
import { z } from 'zod'
import { contact, message } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { contactQuery, contactUpdate, pageQuery } from '../../../shared/requests.ts'
import { showContact } from '../../coordinations/show-contact.ts'
import { updateContact } from '../../coordinations/update-contact.ts'
import { showPage } from '../../team/show-message.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { param, type Route, route } from '../route.ts'

const missing = () => new DomainError('not_found', 'There is no such contact, or it is not yours to see.')

export const contactRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/contacts',
    operation: 'listContacts',
    summary: 'Contacts by name, number, the host’s client id or a tag; with `tag`, those who have it.',
    query: contactQuery,
    answers: { 200: pageShape(contact) },
    async handle(parts, { caller, query }) {
      const { items, nextCursor } = await parts.store.contacts(caller, query.q ?? null, pageOf(query), query.tag)
      return { status: 200, body: { items: items.map((one) => showContact(caller, one)), nextCursor } }
    },
  }),
  route({
    method: 'get',
    path: '/api/contacts/:id',
    operation: 'readContact',
    summary: 'One contact.',
    answers: { 200: contact },
    async handle(parts, call) {
      const found = await parts.store.contact(call.caller, param(call, 'id'))
      if (found === null) throw missing()
      return { status: 200, body: showContact(call.caller, found) }
    },
  }),
  route({
    method: 'patch',
    path: '/api/contacts/:id',
    operation: 'updateContact',
    summary: 'Changes name, number, attributes or tags.',
    body: contactUpdate,
    fails: ['invalid_phone', 'conflict'],
    answers: { 200: z.object({ contact }) },
    handle: async (parts, call) => ({
      status: 200,
      body: { contact: await updateContact(parts, call.caller, param(call, 'id'), call.body) },
    }),
  }),
  route({
    method: 'get',
    path: '/api/contacts/:id/messages',
    operation: 'listContactMessages',
    summary: 'Everything said with this contact, over records and channels, newest first.',
    query: pageQuery,
    answers: { 200: pageShape(message) },
    async handle(parts, call) {
      const page = await parts.store.contactMessages(call.caller, param(call, 'id'), pageOf(call.query))
      if (page === null) throw missing()
      return { status: 200, body: showPage(parts, call.caller, page) }
    },
  }),
]
