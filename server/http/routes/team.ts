// Calls about the caller and the house: who I am, what is unread, what changed, channels.
import { z } from 'zod'
import { channel, ownConversation, role, templatesStatus, unread } from '../../../shared/model.ts'
import { idsOf, syncQuery, unreadQuery } from '../../../shared/requests.ts'
import { describeChannels } from '../../team/describe-channels.ts'
import { readSync } from '../../team/read-sync.ts'
import { readUnread } from '../../team/read-unread.ts'
import { describeWebhooks } from '../../webhooks/describe-webhooks.ts'
import { type Route, route } from '../route.ts'

const sender = z.object({
  channel,
  sender: z.string(),
  ready: z.boolean(),
  reason: z.string().nullable(),
  oldestQueuedAt: z.string().nullable(),
})

/** A webhook of the host. */
const told = z.object({ name: z.string(), ready: z.boolean(), reason: z.string().nullable() })

export const teamRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/unread',
    operation: 'readUnread',
    summary: 'What the caller has not read; coordinations=a,b adds the numbers of those records.',
    query: unreadQuery,
    answers: { 200: unread },
    async handle(parts, { caller, query }) {
      const ids = query.coordinations === undefined ? null : idsOf(query.coordinations)
      return { status: 200, body: await readUnread(parts, caller, ids) }
    },
  }),
  route({
    method: 'get',
    path: '/api/sync',
    operation: 'sync',
    summary: 'What changed since a cursor; without one the first of the list.',
    query: syncQuery,
    answers: {
      200: z.object({
        cursor: z.string(),
        conversations: z.array(ownConversation),
        removed: z.array(z.string()),
        unread,
        full: z.boolean(),
      }),
    },
    handle: async (parts, { caller, query }) => ({ status: 200, body: await readSync(parts, caller, query.since ?? null) }),
  }),
  route({
    method: 'get',
    path: '/api/me',
    operation: 'readMe',
    summary: 'Who the token says the caller is.',
    answers: {
      200: z.object({
        id: z.string(),
        name: z.string(),
        role,
        org: z.string(),
        coordinations: z.array(z.string()).nullable(),
        expiresAt: z.string(),
      }),
    },
    handle: async (_parts, { caller }) => ({
      status: 200,
      body: {
        id: caller.agentId,
        name: caller.name,
        role: caller.role,
        org: caller.orgId,
        coordinations: caller.scope,
        expiresAt: new Date(caller.expiresAt).toISOString(),
      },
    }),
  }),
  route({
    method: 'get',
    path: '/api/status',
    operation: 'readStatus',
    summary:
      'Whether each channel can send, how long its oldest message waits, when Twilio’s list of templates was read, and whether each webhook of the host is told.',
    answers: { 200: z.object({ channels: z.array(sender), templates: templatesStatus, webhooks: z.array(told) }) },
    handle: async (parts, { caller }) => ({
      status: 200,
      body: {
        channels: await describeChannels(parts, caller.orgId, caller.scope),
        templates: parts.templates.status(caller.orgId),
        webhooks: caller.scope === null ? await describeWebhooks(parts, caller.orgId) : [],
      },
    }),
  }),
]
