// Who hears together: per organization one room for those who see all of it, and one for each distinct set of records
// in its tokens. Few rooms, so that one packet is encoded once for many.
import { createHash } from 'node:crypto'
import type { Unread } from '../../shared/model.ts'
import type { Caller } from '../parts.ts'
import type { Viewer } from '../store/records.ts'
import type { HiloSocket } from './socket-types.ts'

/** All sockets of one agent with one scope: they are told the same numbers. */
export interface ConnectedAgent {
  viewer: Viewer
  room: ScopeRoom
  sockets: Set<HiloSocket>
  /** The numbers are told again from then on, ms. */
  countAgainAt: number
  /** The numbers as all of these sockets were told them last; null: one of them was told none yet. */
  told: Pick<Unread, 'total' | 'conversations' | 'awaitingReply'> | null
}

export interface ScopeRoom {
  name: string
  orgId: string
  /** Null: every record, and what is unfiled. */
  scope: ReadonlySet<string> | null
  agents: Map<string, ConnectedAgent>
}

export interface Rooms {
  join(socket: HiloSocket, caller: Caller): void
  leave(socket: HiloSocket): void
  of(orgId: string): Iterable<ScopeRoom>
  organizations(): Iterable<string>
  /** The connections of one agent; more than one entry only where tokens of different scope are in use. */
  agent(orgId: string, agentId: string): ConnectedAgent[]
}

/** The room of those who show a conversation, apart for each scope, since what they hear besides differs by it. */
export function viewingRoom(room: ScopeRoom, conversationId: string): string {
  return `viewing:${conversationId}:${room.name}`
}

function roomName(orgId: string, scope: readonly string[] | null): string {
  if (scope === null) return `org:${orgId}`
  const distinct = JSON.stringify([...new Set(scope)].sort())
  return `scope:${createHash('sha256').update(distinct).digest('base64url').slice(0, 22)}:${orgId}`
}

export function createRooms(): Rooms {
  const organizations = new Map<string, Map<string, ScopeRoom>>()

  function roomFor(caller: Caller): ScopeRoom {
    let rooms = organizations.get(caller.orgId)
    if (!rooms) {
      rooms = new Map()
      organizations.set(caller.orgId, rooms)
    }
    const name = roomName(caller.orgId, caller.scope)
    let room = rooms.get(name)
    if (!room) {
      room = { name, orgId: caller.orgId, scope: caller.scope === null ? null : new Set(caller.scope), agents: new Map() }
      rooms.set(name, room)
    }
    return room
  }

  return {
    join(socket, caller) {
      const room = roomFor(caller)
      let agent = room.agents.get(caller.agentId)
      if (!agent) {
        const viewer = { orgId: caller.orgId, agentId: caller.agentId, scope: caller.scope }
        agent = { viewer, room, sockets: new Set(), countAgainAt: 0, told: null }
        room.agents.set(caller.agentId, agent)
      }
      agent.sockets.add(socket)
      agent.told = null
      socket.data.agent = agent
      void socket.join(room.name)
    },
    leave(socket) {
      const agent = socket.data.agent
      if (!agent) return
      socket.data.agent = null
      void socket.leave(agent.room.name)
      agent.sockets.delete(socket)
      if (agent.sockets.size > 0) return
      const { room } = agent
      room.agents.delete(agent.viewer.agentId)
      if (room.agents.size > 0) return
      const rooms = organizations.get(room.orgId)
      rooms?.delete(room.name)
      if (rooms?.size === 0) organizations.delete(room.orgId)
    },
    of: (orgId) => organizations.get(orgId)?.values() ?? [],
    organizations: () => organizations.keys(),
    agent(orgId, agentId) {
      const found: ConnectedAgent[] = []
      for (const room of organizations.get(orgId)?.values() ?? []) {
        const agent = room.agents.get(agentId)
        if (agent) found.push(agent)
      }
      return found
    },
  }
}
