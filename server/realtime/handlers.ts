// The handler of each event of a client, by its name. Checked against shared/requests.ts; answered with what is returned.
import { z } from 'zod'
import type { ClientToServer } from '../../shared/events.ts'
import { DomainError } from '../../shared/problems.ts'
import {
  authRefresh,
  conversationQuery,
  conversationUpdate,
  messageListQuery,
  readUpTo,
  sendMessage as sendMessageBody,
  subscribeCoordinations,
  syncQuery,
  typing,
  viewing,
} from '../../shared/requests.ts'
import { sendMessage } from '../outbox/send-message.ts'
import type { OwnConversationState } from '../store/records.ts'
import { presentOwn } from '../present.ts'
import { listConversations } from '../team/list-conversations.ts'
import { listMessages } from '../team/list-messages.ts'
import { markRead } from '../team/mark-read.ts'
import { presentSent } from '../team/present-sent.ts'
import { readSync } from '../team/read-sync.ts'
import { countBadges } from '../team/count-badges.ts'
import { toBadges } from '../team/read-unread.ts'
import { updateConversation } from '../team/update-conversation.ts'
import { parse } from './answer.ts'
import type { Live } from './live.ts'
import { refreshToken } from './refresh-token.ts'
import type { HiloSocket } from './socket-types.ts'

type Handler = (live: Live, socket: HiloSocket, payload: unknown) => Promise<object>

const inConversation = z.object({ conversationId: z.string().min(1).max(128) })
const messagesOf = messageListQuery.extend(inConversation.shape)
const readIn = readUpTo.extend(inConversation.shape)

function missing(): DomainError {
  return new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
}

async function show(live: Live, socket: HiloSocket, payload: unknown): Promise<object> {
  const { conversationId, replying, also = [] } = parse(viewing, payload)
  const turn = ++socket.data.viewingTurn
  const { caller } = socket.data
  const shown = new Map<string, OwnConversationState>()
  for (const id of new Set(conversationId === null ? also : [conversationId, ...also])) {
    const state = await live.parts.store.conversation(caller, id)
    if (state) shown.set(id, state)
    else if (id === conversationId) throw missing()
  }
  const { agent } = socket.data
  // Meanwhile it may have gone, shown others, or come to a narrower scope.
  if (!agent || turn !== socket.data.viewingTurn || caller !== socket.data.caller) return {}
  live.presence.keep(socket, new Set(shown.keys()))
  for (const [id, state] of shown) live.presence.show(socket, agent.room, state, id === conversationId ? replying : null)
  const repliedTo = replying && conversationId !== null ? shown.get(conversationId) : undefined
  if (repliedTo) live.typing.show(caller, repliedTo)
  return {}
}

export const handlers: { [Event in keyof ClientToServer]: Handler } = {
  async sync({ parts }, { data }, payload) {
    const { since } = parse(syncQuery, payload)
    const answer = await readSync(parts, data.caller, since ?? null)
    // This socket alone knows these numbers: where they go back to what all were told last, it has to hear of that.
    if (data.agent) data.agent.told = null
    return answer
  },

  async 'conversations:list'({ parts }, { data: { caller } }, payload) {
    return await listConversations(parts, caller, parse(conversationQuery, payload))
  },

  async 'conversations:count'({ parts }, { data: { caller } }) {
    return await parts.store.countConversations(caller)
  },

  async 'messages:list'({ parts }, { data }, payload) {
    const { conversationId, ...range } = parse(messagesOf, payload)
    // A change after this reading is told to those who show it. Who asked to show it first does so by then.
    await data.viewingAsked
    return await listMessages(parts, data.caller, conversationId, range)
  },

  async 'message:send'({ parts }, { data: { caller } }, payload) {
    const body = parse(sendMessageBody, payload)
    if (body.clientMessageId === undefined)
      throw new DomainError('validation_failed', 'A message over the socket needs a clientMessageId, so that a repeat is known as one.', {
        issues: [{ path: 'clientMessageId', message: 'is required' }],
      })
    return presentSent(parts, caller, await sendMessage(parts, caller, body))
  },

  async 'conversation:read'({ parts }, { data: { caller } }, payload) {
    const { conversationId, seq } = parse(readIn, payload)
    return await markRead(parts, caller, conversationId, seq)
  },

  async 'conversation:update'({ parts }, { data: { caller } }, payload) {
    const { conversationId } = parse(inConversation, payload)
    const conversation = await updateConversation(parts, caller, conversationId, parse(conversationUpdate, payload))
    return { conversation: presentOwn(parts, caller.orgId, conversation) }
  },

  viewing(live, socket, payload) {
    const asked = show(live, socket, payload)
    socket.data.viewingAsked = asked.catch(() => undefined)
    return asked
  },

  async typing(live, { data: { caller } }, payload) {
    const { conversationId } = parse(typing, payload)
    const state = await live.parts.store.conversation(caller, conversationId)
    if (!state) throw missing()
    live.typing.show(caller, state)
    return {}
  },

  async 'auth:refresh'(live, socket, payload) {
    const { token } = parse(authRefresh, payload)
    await refreshToken(live, socket, token)
    return {}
  },

  async 'subscribe:coordinations'({ parts }, socket, payload) {
    const { ids } = parse(subscribeCoordinations, payload)
    const { caller } = socket.data
    const numbers = await countBadges(parts, caller, ids)
    if (caller === socket.data.caller) socket.data.badges = ids.length === 0 ? null : new Map(Object.entries(numbers))
    return toBadges(numbers)
  },
}
