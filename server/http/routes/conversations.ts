// Calls about conversations: the inbox, one, its thread, its state, what was read.
import { z } from 'zod'
import { inboxCounts, message, ownConversation } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import {
  conversationQuery,
  conversationUpdate,
  messageListQuery,
  openConversation as openBody,
  readUpTo,
} from '../../../shared/requests.ts'
import { openConversation } from '../../outbox/open-conversation.ts'
import { presentOwn } from '../../present.ts'
import { listConversations } from '../../team/list-conversations.ts'
import { listMessages } from '../../team/list-messages.ts'
import { markRead } from '../../team/mark-read.ts'
import { updateConversation } from '../../team/update-conversation.ts'
import { pageShape } from '../page-of.ts'
import { param, type Route, route } from '../route.ts'

const written = z.object({ conversation: ownConversation })

export const conversationRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/conversations',
    operation: 'listConversations',
    summary: 'The inbox, by last activity or by how long the client waits.',
    query: conversationQuery,
    fails: ['not_found', 'invalid_phone'],
    answers: { 200: pageShape(ownConversation) },
    handle: async (parts, { caller, query }) => ({ status: 200, body: await listConversations(parts, caller, query) }),
  }),
  route({
    method: 'post',
    path: '/api/conversations',
    operation: 'openConversation',
    summary: 'Finds or creates the conversation with a number about a record. Nothing is sent.',
    body: openBody,
    fails: ['not_found', 'invalid_phone', 'no_sender'],
    answers: { 200: written },
    async handle(parts, { caller, body }) {
      return { status: 200, body: { conversation: presentOwn(parts, caller.orgId, await openConversation(parts, caller, body)) } }
    },
  }),
  route({
    method: 'get',
    path: '/api/conversations/counts',
    operation: 'countConversations',
    summary: 'How many conversations stand under each filter of the inbox; 100: that many, or more.',
    answers: { 200: inboxCounts },
    handle: async ({ store }, { caller }) => ({ status: 200, body: await store.countConversations(caller) }),
  }),
  route({
    method: 'get',
    path: '/api/conversations/:id',
    operation: 'readConversation',
    summary: 'One conversation.',
    answers: { 200: ownConversation },
    async handle(parts, call) {
      const found = await parts.store.conversation(call.caller, param(call, 'id'))
      if (found === null) throw new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
      return { status: 200, body: presentOwn(parts, call.caller.orgId, found) }
    },
  }),
  route({
    method: 'patch',
    path: '/api/conversations/:id',
    operation: 'updateConversation',
    summary: 'Changes state, assignee, tags or record.',
    body: conversationUpdate,
    answers: { 200: written },
    async handle(parts, call) {
      const conversation = await updateConversation(parts, call.caller, param(call, 'id'), call.body)
      return { status: 200, body: { conversation: presentOwn(parts, call.caller.orgId, conversation) } }
    },
  }),
  route({
    method: 'get',
    path: '/api/conversations/:id/messages',
    operation: 'listThread',
    summary: 'Messages of a conversation, ascending; without before and after the newest.',
    query: messageListQuery,
    answers: { 200: z.object({ items: z.array(message), hasMore: z.boolean() }) },
    handle: async (parts, call) => ({ status: 200, body: await listMessages(parts, call.caller, param(call, 'id'), call.query) }),
  }),
  route({
    method: 'post',
    path: '/api/conversations/:id/read',
    operation: 'markRead',
    summary: 'The caller has read up to this message.',
    body: readUpTo,
    answers: { 200: z.object({ unread: z.number().int(), readCount: z.number().int(), readSeq: z.number().int() }) },
    handle: async (parts, call) => ({ status: 200, body: await markRead(parts, call.caller, param(call, 'id'), call.body.seq) }),
  }),
]
