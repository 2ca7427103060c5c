// Who shows which conversation, and who is replying in it: told to those who show the same one. That somebody replies,
// tell-replying.ts tells the others too.
import type { PresenceEvent } from '../../shared/events.ts'
import type { Clock } from '../clock.ts'
import type { ViewersThere } from '../processes/elsewhere.ts'
import type { ConversationState } from '../store/records.ts'
import { type ScopeRoom, viewingRoom } from './rooms.ts'
import type { HiloServer, HiloSocket, Viewing } from './socket-types.ts'
import type { TellReplying } from './tell-replying.ts'

/** A reply that is not renewed ends: the browser may have gone without a word. */
const REPLYING_MS = 6000

type Shown = Pick<ConversationState, 'id' | 'coordinationId'>

export interface Presence {
  /** This socket shows that conversation too. The caller has checked its scope. `replying` null: as it was. */
  show(socket: HiloSocket, room: ScopeRoom, conversation: Shown, replying: boolean | null): void
  /** It shows none but these. */
  keep(socket: HiloSocket, conversationIds: ReadonlySet<string>): void
  leave(socket: HiloSocket, conversationId: string): void
  /** It shows none. */
  hide(socket: HiloSocket): void
  /** Somebody at another process came, went or replies. */
  retell(conversationId: string): void
  /** Who shows what at this process. */
  here(): ViewersThere[]
  /** Sockets that show a conversation. */
  viewers(conversationId: string): Iterable<HiloSocket>
  close(): void
}

/** Other processes, as far as they are heard. */
export interface PresenceElsewhere {
  viewers(conversationId: string): ViewersThere[]
  /** At this process it is so now. */
  tell(viewers: ViewersThere): void
}

const nowhere: PresenceElsewhere = { viewers: () => [], tell() {} }

function addTo(agents: Map<string, PresenceEvent['agents'][number]>, agent: PresenceEvent['agents'][number]): void {
  const known = agents.get(agent.id)
  if (known) known.replying ||= agent.replying
  else agents.set(agent.id, { ...agent })
}

export function createPresence(io: HiloServer, clock: Clock, replying: TellReplying, elsewhere = nowhere): Presence {
  const shown = new Map<string, Set<HiloSocket>>()
  /** Told at the end of the turn, once however many came and went. */
  const stale = new Set<string>()
  let pending: NodeJS.Immediate | null = null

  /** The presence that other processes were told of. */
  const told = new Map<string, ViewersThere>()

  function hereIn(conversationId: string): { viewers: ViewersThere | null; rooms: Set<string> } {
    const agents = new Map<string, PresenceEvent['agents'][number]>()
    const rooms = new Set<string>()
    let place: Pick<ViewersThere, 'orgId' | 'coordinationId'> | null = null
    for (const { data } of shown.get(conversationId) ?? []) {
      const viewing = data.viewing?.get(conversationId)
      if (!viewing) continue
      rooms.add(viewing.room)
      if (viewing.replying || place === null) place = { orgId: data.caller.orgId, coordinationId: viewing.coordinationId }
      addTo(agents, { id: data.caller.agentId, name: data.caller.name, replying: viewing.replying })
    }
    return { viewers: place && { conversationId, ...place, agents: [...agents.values()] }, rooms }
  }

  function tellOthers(conversationId: string, viewers: ViewersThere | null): void {
    const before = told.get(conversationId)
    if (JSON.stringify(before ?? null) === JSON.stringify(viewers)) return
    if (viewers) told.set(conversationId, viewers)
    else told.delete(conversationId)
    const now = viewers ?? (before && { ...before, agents: [] })
    if (now) elsewhere.tell(now)
  }

  function tell(): void {
    pending = null
    for (const conversationId of stale) {
      const { viewers, rooms } = hereIn(conversationId)
      tellOthers(conversationId, viewers)
      const agents = new Map<string, PresenceEvent['agents'][number]>()
      let place: Pick<ViewersThere, 'orgId' | 'coordinationId'> | null = null
      for (const one of [...elsewhere.viewers(conversationId), ...(viewers ? [viewers] : [])]) {
        for (const agent of one.agents) addTo(agents, agent)
        if (one.agents.some((agent) => agent.replying)) place = { orgId: one.orgId, coordinationId: one.coordinationId }
      }
      if (rooms.size > 0) io.to([...rooms]).emit('presence', { conversationId, agents: [...agents.values()] })
      const repliers = [...agents.values()].filter((agent) => agent.replying)
      replying.set(place, { conversationId, agents: repliers.map(({ id, name }) => ({ id, name })) })
    }
    stale.clear()
  }

  function changed(conversationId: string): void {
    stale.add(conversationId)
    pending ??= setImmediate(tell)
  }

  function leave(socket: HiloSocket, conversationId: string): void {
    const viewing = socket.data.viewing?.get(conversationId)
    if (!viewing) return
    viewing.cancelReplying?.()
    socket.data.viewing?.delete(conversationId)
    if (socket.data.viewing?.size === 0) socket.data.viewing = null
    void socket.leave(viewing.room)
    const sockets = shown.get(conversationId)
    sockets?.delete(socket)
    if (sockets?.size === 0) shown.delete(conversationId)
    changed(conversationId)
  }

  function keep(socket: HiloSocket, ids: ReadonlySet<string>): void {
    for (const viewing of socket.data.viewing?.values() ?? []) if (!ids.has(viewing.conversationId)) leave(socket, viewing.conversationId)
  }

  function setReplying(viewing: Viewing, isReplying: boolean): void {
    viewing.cancelReplying?.()
    viewing.cancelReplying = isReplying ? clock.after(REPLYING_MS, () => setReplying(viewing, false)) : null
    if (viewing.replying === isReplying) return
    viewing.replying = isReplying
    changed(viewing.conversationId)
  }

  return {
    keep,
    leave,
    hide: (socket) => keep(socket, new Set()),
    show(socket, room, { id: conversationId, coordinationId }, isReplying) {
      const name = viewingRoom(room, conversationId)
      let viewing = socket.data.viewing?.get(conversationId)
      if (viewing && viewing.room !== name) {
        leave(socket, conversationId)
        viewing = undefined
      }
      if (!viewing) {
        viewing = { conversationId, coordinationId, room: name, replying: false, cancelReplying: null }
        socket.data.viewing ??= new Map()
        socket.data.viewing.set(conversationId, viewing)
        void socket.join(name)
        const sockets = shown.get(conversationId)
        if (sockets) sockets.add(socket)
        else shown.set(conversationId, new Set([socket]))
        changed(conversationId)
      }
      if (viewing.coordinationId !== coordinationId) {
        viewing.coordinationId = coordinationId
        changed(conversationId)
      }
      if (isReplying !== null) setReplying(viewing, isReplying)
    },
    retell: changed,
    here: () => [...shown.keys()].flatMap((conversationId) => hereIn(conversationId).viewers ?? []),
    viewers: (conversationId) => shown.get(conversationId) ?? [],
    close() {
      if (pending) clearImmediate(pending)
      pending = null
      stale.clear()
      for (const sockets of shown.values())
        for (const { data } of sockets) for (const viewing of data.viewing?.values() ?? []) viewing.cancelReplying?.()
      shown.clear()
    },
  }
}
