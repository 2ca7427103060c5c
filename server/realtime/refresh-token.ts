// A newer token for an open socket. What its scope no longer holds is taken from it, and it is told what that was.
import { DomainError } from '../../shared/problems.ts'
import type { Caller } from '../parts.ts'
import type { ConversationFilter, ConversationState } from '../store/records.ts'
import type { Store } from '../store/store.ts'
import type { Live } from './live.ts'
import { holds } from '../rules/audience.ts'
import type { ScopeRoom } from './rooms.ts'
import type { HiloSocket } from './socket-types.ts'

const PAGE = 100
/** Enough for what a browser can have listed; the rest is refused to it from now on all the same. */
const MAX_PAGES = 20

/** Conversations that the old token held and the new scope does not, the most recent first, bounded. */
async function lost(store: Store, before: Caller, scope: ScopeRoom['scope']): Promise<string[]> {
  if (scope === null) return []
  const filters: ConversationFilter[] =
    before.scope === null
      ? [{ sort: 'activity', automated: true }]
      : before.scope.filter((id) => !scope.has(id)).map((coordinationId) => ({ sort: 'activity', automated: true, coordinationId }))
  const ids: string[] = []
  let pages = 0
  for (const filter of filters) {
    let cursor: string | null = null
    do {
      const page: { items: ConversationState[]; nextCursor: string | null } = await store.conversations(before, filter, {
        cursor,
        limit: PAGE,
      })
      for (const state of page.items) if (!holds(scope, state.coordinationId)) ids.push(state.id)
      cursor = page.nextCursor
    } while (cursor !== null && ++pages < MAX_PAGES)
    if (pages >= MAX_PAGES) break
  }
  return ids
}

/**
 * Replaces the socket's caller and rooms at once, then tells it what it lost.
 *
 * @throws DomainError `token_invalid`, `token_expired`, `rate_limited` after twenty of them in a minute; `forbidden` for
 *   another agent or organization.
 */
export async function refreshToken(live: Live, socket: HiloSocket, token: string): Promise<void> {
  const before = socket.data.caller
  const caller = await live.verify(token).catch((error: unknown) => {
    // By agent: the address went with the handshake.
    if (error instanceof DomainError && (error.code === 'token_invalid' || error.code === 'token_expired'))
      live.limits.failedAuthentication(JSON.stringify([before.orgId, before.agentId]))
    throw error
  })
  if (caller.orgId !== before.orgId || caller.agentId !== before.agentId)
    throw new DomainError('forbidden', 'This token is of another agent or organization. Open a new socket with it.')
  const former = socket.data.agent
  if (!former) return
  live.rooms.leave(socket)
  socket.data.caller = caller
  live.rooms.join(socket, caller)
  live.expiry.watch(socket)
  const agent = socket.data.agent
  if (!agent || agent.room.name === former.room.name) return

  live.counts.touch(agent, null)
  const turn = socket.data.viewingTurn
  const shown = [...(socket.data.viewing?.values() ?? [])]
  live.presence.hide(socket)
  for (const { conversationId, replying } of shown) {
    const state = await live.parts.store.conversation(caller, conversationId)
    if (state && socket.data.agent === agent && socket.data.viewingTurn === turn) live.presence.show(socket, agent.room, state, replying)
  }
  const removed = await lost(live.parts.store, before, agent.room.scope)
  if (removed.length > 0 && socket.data.caller === caller) socket.emit('changes', { conversations: [], messages: [], removed })
}
