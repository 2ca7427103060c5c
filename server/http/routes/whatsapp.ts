// The plain routes of the event app that Hilo grew from: by phone number, on WhatsApp. The webhook is the fifth of them.
import { z } from 'zod'
import { message, ownConversation } from '../../../shared/model.ts'
import { DomainError } from '../../../shared/problems.ts'
import { conversationQuery, pageQuery, plainSend } from '../../../shared/requests.ts'
import { readPhone } from '../../coordinations/read-phone.ts'
import { sendMessage } from '../../outbox/send-message.ts'
import { presentOwn } from '../../present.ts'
import type { OwnConversationState, Page } from '../../store/records.ts'
import { listConversations } from '../../team/list-conversations.ts'
import { showPage } from '../../team/show-message.ts'
import { pageOf, pageShape } from '../page-of.ts'
import { param, type Route, route } from '../route.ts'
import { sendRefusals } from './messages.ts'

const written = z.object({ message, conversation: ownConversation })

export const whatsappRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/whatsapp/send',
    operation: 'whatsappSend',
    summary: 'Sends a text to a number on WhatsApp.',
    body: plainSend,
    idempotent: true,
    fails: sendRefusals,
    answers: { 200: written, 202: written },
    async handle(parts, { caller, body }) {
      const { message: text, ...rest } = body
      const sent = await sendMessage(parts, caller, { channel: 'whatsapp', text, ...rest })
      return {
        status: sent.created ? 202 : 200,
        body: { message: sent.message, conversation: presentOwn(parts, caller.orgId, sent.conversation) },
      }
    },
  }),
  route({
    method: 'get',
    path: '/api/whatsapp/conversations',
    operation: 'whatsappConversations',
    summary: 'The inbox of WhatsApp.',
    query: conversationQuery.omit({ channel: true }),
    fails: ['not_found', 'invalid_phone'],
    answers: { 200: pageShape(ownConversation) },
    handle: async (parts, { caller, query }) => ({
      status: 200,
      body: await listConversations(parts, caller, { ...query, channel: 'whatsapp' }),
    }),
  }),
  route({
    method: 'get',
    path: '/api/whatsapp/conversations/:phone/messages',
    operation: 'whatsappMessages',
    summary: 'What was said with a number on WhatsApp, over its records: the newest page, ascending.',
    query: pageQuery,
    fails: ['invalid_phone'],
    answers: { 200: z.object({ items: z.array(message), hasMore: z.boolean(), nextCursor: z.string().nullable() }) },
    async handle(parts, call) {
      const { keys } = readPhone(param(call, 'phone'), parts.organizationOf(call.caller.orgId).settings.defaultCountry, 'phone')
      const found = await parts.store.conversations(
        call.caller,
        { channel: 'whatsapp', phoneKeys: keys, automated: true, sort: 'activity' },
        { cursor: null, limit: 1 },
      )
      const contactId = found.items[0]?.contact.id
      if (contactId === undefined)
        throw new DomainError('not_found', 'There is no conversation with this number, or it is not yours to see.')
      const { items, nextCursor } = await parts.store.messageLog(call.caller, { contactId, channel: 'whatsapp' }, pageOf(call.query))
      const entered = showPage(parts, call.caller, { items, nextCursor }).items.filter((one) => one.seq !== null && one.type !== 'moved')
      return { status: 200, body: { items: entered.reverse(), hasMore: nextCursor !== null, nextCursor } }
    },
  }),
  route({
    method: 'get',
    path: '/api/whatsapp/unread-count',
    operation: 'whatsappUnread',
    summary: 'How many messages on WhatsApp the caller has not read.',
    answers: { 200: z.object({ unread: z.number().int() }) },
    async handle(parts, { caller }) {
      let unread = 0
      let cursor: string | null = null
      do {
        const filter = { channel: 'whatsapp', unread: true, sort: 'activity' } as const
        const page: Page<OwnConversationState> = await parts.store.conversations(caller, filter, { cursor, limit: 100 })
        for (const conversation of page.items) unread += conversation.unread
        cursor = page.nextCursor
      } while (cursor !== null)
      return { status: 200, body: { unread } }
    },
  }),
]
