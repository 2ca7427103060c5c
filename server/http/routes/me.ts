// Calls of an agent about itself and its colleagues: settings, presence, Web Push.
import { z } from 'zod'
import { agent, ownSettings } from '../../../shared/model.ts'
import {
  agentBodies,
  agentBody,
  ownSettingsUpdate,
  presenceUpdate,
  subscribePush as subscribeBody,
  unsubscribePush,
} from '../../../shared/requests.ts'
import { readSettings, setPresence, updateSettings } from '../../team/agent-settings.ts'
import { knowAgents } from '../../team/know-agents.ts'
import { listAgents } from '../../team/list-agents.ts'
import { subscribePush } from '../../team/subscribe-push.ts'
import { createOriginRule } from '../origin.ts'
import { param, type Route, route } from '../route.ts'
import { validate } from '../validate.ts'

/** As many names, of four bytes a letter, and their ids. */
const MANY_BYTES = 1024 * 1024
const agentId = z.object({ id: agentBodies.element.shape.id })

export const meRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/me/settings',
    operation: 'readSettings',
    summary: 'How the caller wants to hear of messages.',
    answers: { 200: ownSettings },
    handle: async (parts, { caller }) => ({ status: 200, body: await readSettings(parts, caller) }),
  }),
  route({
    method: 'patch',
    path: '/api/me/settings',
    operation: 'updateSettings',
    summary: 'Changes the settings that are given; every browser of the caller is told.',
    body: ownSettingsUpdate,
    answers: { 200: ownSettings },
    handle: async (parts, { caller, body }) => ({ status: 200, body: await updateSettings(parts, caller, body) }),
  }),
  route({
    method: 'put',
    path: '/api/me/presence',
    operation: 'setPresence',
    summary: 'Online, away (without sound and notifications) or offline; stays until it is changed.',
    body: presenceUpdate,
    answers: { 200: agent },
    handle: async (parts, { caller, body }) => ({ status: 200, body: await setPresence(parts, caller, body.presence) }),
  }),
  route({
    method: 'get',
    path: '/api/me/push',
    operation: 'readPushKey',
    summary: 'The key with which a browser subscribes to Web Push here.',
    answers: { 200: z.object({ publicKey: z.string() }) },
    handle: async (parts) => ({ status: 200, body: { publicKey: await parts.push.publicKey() } }),
  }),
  route({
    method: 'post',
    path: '/api/me/push',
    operation: 'subscribePush',
    summary: 'Tells this browser of messages while no page of it is open; renewed by every visit, ends 14 days after the last.',
    body: subscribeBody,
    answers: { 200: z.object({ expiresAt: z.string() }) },
    async handle(parts, { caller, body }) {
      const answer = await subscribePush(parts, caller, body, createOriginRule(parts.config))
      parts.notify.changed(caller.orgId)
      return { status: 200, body: answer }
    },
  }),
  route({
    method: 'delete',
    path: '/api/me/push',
    operation: 'unsubscribePush',
    summary: 'Tells this browser nothing more.',
    body: unsubscribePush,
    answers: { 204: null },
    async handle(parts, { caller, body }) {
      await parts.store.deletePush(caller.orgId, body.endpoint)
      parts.notify.changed(caller.orgId)
      return { status: 204, body: null }
    },
  }),
  route({
    method: 'get',
    path: '/api/agents',
    operation: 'listAgents',
    summary: 'Everybody who was here, or was named by the host, in the last 90 days, with presence.',
    answers: { 200: z.object({ items: z.array(agent) }) },
    handle: async (parts, { caller }) => ({ status: 200, body: { items: await listAgents(parts, caller.orgId) } }),
  }),
  route({
    method: 'put',
    path: '/api/agents',
    operation: 'saveAgents',
    summary: 'Names up to 500 agents of the host, who can be assigned from then on; with role service.',
    body: agentBodies,
    bodyBytes: MANY_BYTES,
    answers: { 200: z.object({ items: z.array(agent) }) },
    handle: async (parts, { caller, body }) => ({ status: 200, body: { items: await knowAgents(parts, caller, body) } }),
  }),
  route({
    method: 'put',
    path: '/api/agents/:id',
    operation: 'saveAgent',
    summary: 'Names one agent of the host; with role service.',
    body: agentBody,
    answers: { 200: z.object({ agent }) },
    async handle(parts, call) {
      const { id } = validate(agentId, { id: param(call, 'id') }, 'path')
      const [saved] = await knowAgents(parts, call.caller, [{ ...call.body, id }])
      return { status: 200, body: { agent: saved } }
    },
  }),
]
