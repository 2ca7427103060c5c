// `COMPAT=c`: the calls of a travel communication centre (system C), as it makes them: send, the thread with a number, lists, unread.
import { z } from 'zod'
import { message, ownConversation } from '../../../../shared/model.ts'
import { conversationQuery, messageListQuery, openConversation as openBody, sendMessage as sendBody } from '../../../../shared/requests.ts'
import { openConversation } from '../../../outbox/open-conversation.ts'
import { sendMessage } from '../../../outbox/send-message.ts'
import { presentOwn } from '../../../present.ts'
import { listConversations } from '../../../team/list-conversations.ts'
import { listMessages } from '../../../team/list-messages.ts'
import { presentSent } from '../../../team/present-sent.ts'
import { readUnread } from '../../../team/read-unread.ts'
import { pageShape } from '../../page-of.ts'
import { param, type Route, route } from '../../route.ts'
import { sendRefusals } from '../messages.ts'
import { CHANNEL, otherNames, TEXT, TO } from './other-names.ts'

const threadNames = { to: TO, channel: CHANNEL, name: ['nombre'] } as const
const byWhatsApp = { channel: 'whatsapp' } as const
const sent = z.object({ message, thread: ownConversation })

export const travelRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/messaging/send',
    operation: 'compatTravelSend',
    summary: 'System C: sends a text, or a template, to a number or in a thread.',
    body: otherNames(sendBody, { ...threadNames, text: TEXT, conversationId: ['threadId'] }, {}),
    idempotent: true,
    fails: sendRefusals,
    answers: { 200: sent, 202: sent },
    async handle(parts, { caller, body }) {
      // A thread has its channel.
      const whole = body.conversationId === undefined ? { ...byWhatsApp, ...body } : body
      const done = await sendMessage(parts, caller, whole)
      const { message: first, conversation } = presentSent(parts, caller, done)
      return { status: done.created ? 202 : 200, body: { message: first, thread: conversation } }
    },
  }),
  route({
    method: 'post',
    path: '/api/messaging/threads',
    operation: 'compatTravelOpen',
    summary: 'System C: finds or creates the thread with a number. Nothing is sent.',
    body: otherNames(openBody, threadNames, byWhatsApp),
    fails: ['not_found', 'invalid_phone', 'no_sender'],
    answers: { 200: z.object({ thread: ownConversation }) },
    async handle(parts, { caller, body }) {
      return { status: 200, body: { thread: presentOwn(parts, caller.orgId, await openConversation(parts, caller, body)) } }
    },
  }),
  route({
    method: 'get',
    path: '/api/messaging/threads',
    operation: 'compatTravelThreads',
    summary: 'System C: the inbox, by channel and status.',
    query: otherNames(conversationQuery, { channel: CHANNEL, status: ['estado'], phone: ['telefono', 'numero'] }),
    fails: ['not_found', 'invalid_phone'],
    answers: { 200: pageShape(ownConversation) },
    handle: async (parts, { caller, query }) => ({ status: 200, body: await listConversations(parts, caller, query) }),
  }),
  route({
    method: 'get',
    path: '/api/messaging/threads/:id/messages',
    operation: 'compatTravelMessages',
    summary: 'System C: messages of a thread, ascending, each with how it was delivered.',
    query: messageListQuery,
    answers: { 200: z.object({ items: z.array(message), hasMore: z.boolean() }) },
    handle: async (parts, call) => ({ status: 200, body: await listMessages(parts, call.caller, param(call, 'id'), call.query) }),
  }),
  route({
    method: 'get',
    path: '/api/messaging/unread-count',
    operation: 'compatTravelUnread',
    summary: 'System C: how many messages the caller has not read.',
    answers: { 200: z.object({ unread: z.number().int(), threads: z.number().int() }) },
    async handle(parts, { caller }) {
      const { total, conversations } = await readUnread(parts, caller, null)
      return { status: 200, body: { unread: total, threads: conversations } }
    },
  }),
]
