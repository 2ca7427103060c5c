// Who shows which conversation, and who is replying in it: told to those who show the same one.
import type { PresenceEvent } from '../../shared/events.ts'
import type { Clock } from '../clock.ts'
import { type ScopeRoom, viewingRoom } from './rooms.ts'
import type { HiloServer, HiloSocket } from './socket-types.ts'

/** A reply that is not renewed ends: the browser may have gone without a word. */
const REPLYING_MS = 6000

export interface Presence {
  /** This socket shows that conversation from now on, and no other. The caller has checked its scope. */
  show(socket: HiloSocket, room: ScopeRoom, conversationId: string, replying: boolean): void
  /** It shows none. */
  hide(socket: HiloSocket): void
  /** Sockets that show a conversation. */
  viewers(conversationId: string): Iterable<HiloSocket>
  close(): void
}

export function createPresence(io: HiloServer, clock: Clock): Presence {
  const shown = new Map<string, Set<HiloSocket>>()
  /** Told at the end of the turn, once however many came and went. */
  const stale = new Set<string>()
  let pending: NodeJS.Immediate | null = null

  function tell(): void {
    pending = null
    for (const conversationId of stale) {
      const sockets = shown.get(conversationId)
      if (!sockets) continue
      const agents = new Map<string, PresenceEvent['agents'][number]>()
      const rooms = new Set<string>()
      for (const { data } of sockets) {
        if (!data.viewing) continue
        rooms.add(data.viewing.room)
        const known = agents.get(data.caller.agentId)
        if (known) known.replying ||= data.viewing.replying
        else agents.set(data.caller.agentId, { id: data.caller.agentId, name: data.caller.name, replying: data.viewing.replying })
      }
      if (rooms.size > 0) io.to([...rooms]).emit('presence', { conversationId, agents: [...agents.values()] })
    }
    stale.clear()
  }

  function changed(conversationId: string): void {
    stale.add(conversationId)
    pending ??= setImmediate(tell)
  }

  function hide(socket: HiloSocket): void {
    const { viewing } = socket.data
    if (!viewing) return
    viewing.cancelReplying?.()
    socket.data.viewing = null
    void socket.leave(viewing.room)
    const sockets = shown.get(viewing.conversationId)
    sockets?.delete(socket)
    if (sockets?.size === 0) shown.delete(viewing.conversationId)
    else changed(viewing.conversationId)
  }

  function setReplying(socket: HiloSocket, replying: boolean): void {
    const { viewing } = socket.data
    if (!viewing) return
    viewing.cancelReplying?.()
    viewing.cancelReplying = replying ? clock.after(REPLYING_MS, () => setReplying(socket, false)) : null
    if (viewing.replying === replying) return
    viewing.replying = replying
    changed(viewing.conversationId)
  }

  return {
    hide,
    show(socket, room, conversationId, replying) {
      const name = viewingRoom(room, conversationId)
      if (socket.data.viewing?.room !== name) {
        hide(socket)
        socket.data.viewing = { conversationId, room: name, replying: false, cancelReplying: null }
        void socket.join(name)
        const sockets = shown.get(conversationId)
        if (sockets) sockets.add(socket)
        else shown.set(conversationId, new Set([socket]))
        changed(conversationId)
      }
      setReplying(socket, replying)
    },
    viewers: (conversationId) => shown.get(conversationId) ?? [],
    close() {
      if (pending) clearImmediate(pending)
      pending = null
      stale.clear()
      for (const sockets of shown.values()) for (const { data } of sockets) data.viewing?.cancelReplying?.()
      shown.clear()
    },
  }
}
