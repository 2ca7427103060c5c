// The sockets of this process: Socket.IO is named in this folder only. Attached to the HTTP server that server.ts made.
import type { IncomingMessage, Server as HttpServer } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { Server } from 'socket.io'
import type { Caller, Parts } from '../parts.ts'
import { presentBroadcast } from '../present.ts'
import { describeChannels } from '../team/describe-channels.ts'
import { createAdmit, placeOf } from './admit.ts'
import { broadcastTurn } from './broadcast.ts'
import { createCounts } from './counts.ts'
import { createExpiry } from './expiry.ts'
import type { Limits, Live } from './live.ts'
import { createPresence } from './presence.ts'
import type { Elsewhere } from '../processes/elsewhere.ts'
import type { OwnSockets } from '../processes/other-processes.ts'
import type { Publishing, Turn } from './publish.ts'
import { unfiledContacts } from './unfiled-contacts.ts'
import { createReceiveEvent } from './receive-event.ts'
import { createRooms } from './rooms.ts'
import { createSlowSockets } from './slow-sockets.ts'
import type { HiloServer, HiloSocket } from './socket-types.ts'
import { createTeamPresence } from './team-presence.ts'
import { createTellCoordinations } from './tell-coordinations.ts'
import { createTellReplying } from './tell-replying.ts'
import { createTellTemplates } from './tell-templates.ts'
import { createTyping } from './typing.ts'

const MAX_PACKET_BYTES = 100_000
/** A handshake may be larger, so that a token that is too large gets its refusal: a line cut off would be tried for ever. */
const MAX_HANDSHAKE_BYTES = 1_000_000
/** A client that connects and never says who it is. */
const CONNECT_MS = 10_000

export interface RealtimeOptions {
  httpServer: HttpServer
  parts: Parts
  auth: { verify(token: string): Promise<Caller> }
  publishing: Publishing
  limits: Limits
  originIsAllowed(origin: string | undefined): boolean
  /** Who is at other processes. */
  elsewhere: Pick<Elsewhere, 'viewers'>
}

export interface Realtime extends OwnSockets {
  /** How many sockets are open. */
  count(): number
  /** Whether this agent has a socket here. */
  connected(orgId: string, agentId: string): boolean
  /** Ends the sockets one after the other, within so long: their pages come again, elsewhere. */
  leave(withinMs: number): Promise<void>
  /** Takes no more sockets, ends those that are open, frees every timer. May be called twice. Leaves the HTTP server alone. */
  close(): void
}

const WRONG_PROTOCOL = 'This server speaks Socket.IO 4 (EIO=4). Use a client of version 3 or 4.'

/** Otherwise it would be refused only after it was told that it has a WebSocket. */
function speaksOurProtocol({ url = '' }: IncomingMessage): boolean {
  const asked = new URLSearchParams(url.split('?')[1]).getAll('EIO')
  return asked.length === 1 && asked[0] === '4'
}

/** Parts of a socket that are of no use once it is in; kept by the libraries for its life otherwise (headers, token, request). */
function forgetHandshake(socket: HiloSocket): void {
  Object.assign(socket, { handshake: { auth: {}, headers: {}, query: {} } })
  Object.assign(socket.conn, { request: null })
}

/** Before it is read: the engine tells of a packet first. */
function endIfTooLarge(this: HiloSocket['conn'], { data }: { data?: { length: number } }): void {
  if ((data?.length ?? 0) > MAX_PACKET_BYTES) this.close(true)
}

export function createRealtime({ httpServer, parts, auth, publishing, limits, originIsAllowed, elsewhere }: RealtimeOptions): Realtime {
  const { clock, log, store } = parts
  let closed = false
  const io: HiloServer = new Server(httpServer, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: MAX_HANDSHAKE_BYTES,
    connectTimeout: CONNECT_MS,
    allowRequest: (request, answer) => {
      if (!speaksOurProtocol(request)) return answer(WRONG_PROTOCOL, false)
      answer(null, !closed)
    },
  })
  const rooms = createRooms()
  const replying = createTellReplying(io, rooms)
  const live: Live = {
    parts,
    verify: (token) => auth.verify(token),
    limits,
    originIsAllowed,
    rooms,
    presence: createPresence(io, clock, replying, {
      viewers: elsewhere.viewers,
      tell: (viewers) => parts.others.tell({ kind: 'viewing', viewers }),
    }),
    counts: createCounts(parts),
    expiry: createExpiry(io, clock),
    typing: createTyping(parts),
    slow: createSlowSockets(io, parts),
  }
  const { presence, counts, expiry, slow } = live
  const coordinations = createTellCoordinations(io, rooms)
  const templates = createTellTemplates(io, rooms, parts.clock)
  const team = createTeamPresence(io, rooms, parts)
  const receiveEvent = createReceiveEvent(live)

  function onDisconnect(this: HiloSocket): void {
    presence.hide(this)
    rooms.leave(this)
    const { orgId, agentId } = this.data.caller
    if (closed || rooms.agent(orgId, agentId).length > 0) return
    parts.others.tell({ kind: 'connected', agent: { orgId, agentId }, isHere: false })
    team.changed(orgId, agentId)
  }

  io.use(createAdmit(live))
  io.on('connection', (socket) => {
    if (closed) {
      socket.disconnect(true)
      return
    }
    const { data } = socket
    socket.on('disconnect', onDisconnect)
    socket.conn.on('packet', endIfTooLarge)
    socket.onAny(receiveEvent)
    rooms.join(socket, data.caller)
    const { orgId, agentId, name, role } = data.caller
    if (role !== 'service') team.here(orgId, { id: agentId, name })
    if (data.agent?.sockets.size === 1) parts.others.tell({ kind: 'connected', agent: { orgId, agentId }, isHere: true })
    if (data.ready) socket.emit('ready', data.ready)
    data.ready = null
    replying.tell(socket)
    if (data.agent) counts.touch(data.agent, new Set())
    expiry.watch(socket)
    forgetHandshake(socket)
  })

  function* agentsOf(orgId: string) {
    for (const room of rooms.of(orgId)) yield* room.agents.values()
  }

  /** Unfiled messages are counted at their client's records, also for those who may not see them. */
  function touchUnfiled(turn: Turn): void {
    const contacts = unfiledContacts(turn)
    if (contacts.length === 0) return
    store.recordsOfContacts(turn.orgId, contacts).then(
      (records) => counts.touchBadges(agentsOf(turn.orgId), records),
      (error: unknown) => log.error({ err: error }, 'The records of an unfiled message could not be looked up'),
    )
  }

  const detach = publishing.attach({
    changes(turn) {
      const { recount, touched, stillHeld } = broadcastTurn(io, rooms, {
        turn,
        present: (state) => presentBroadcast(parts, turn.orgId, state),
        parts,
      })
      slow.broadcasted()
      const names = new Set(recount)
      for (const room of rooms.of(turn.orgId))
        if (names.has(room.name)) for (const agent of room.agents.values()) counts.touch(agent, touched)
      touchUnfiled(turn)
      for (const { conversationId } of turn.left)
        for (const socket of [...presence.viewers(conversationId)])
          if (!stillHeld(socket.data.agent?.room.scope ?? new Set(), conversationId)) presence.leave(socket, conversationId)
    },
    cursor(orgId, agentId, cursor) {
      for (const agent of rooms.agent(orgId, agentId)) {
        counts.touch(agent, null)
        const tell = () => {
          for (const socket of agent.sockets) socket.emit('cursor', cursor)
        }
        // Another token of the same agent may hold fewer records than the one that read.
        if (agent.room.scope === null) tell()
        else
          store.conversation(agent.viewer, cursor.conversationId).then(
            (state) => state && tell(),
            (error: unknown) => log.error({ err: error }, 'A read cursor could not be told'),
          )
      }
    },
    coordination(orgId, coordination) {
      coordinations.tell(orgId, coordination)
      // Of other numbers now, perhaps: something else waits unfiled from their owner.
      counts.touchBadges(agentsOf(orgId), [coordination.id])
    },
    settings(orgId, agentId, settings) {
      for (const agent of rooms.agent(orgId, agentId)) for (const socket of agent.sockets) socket.emit('settings', settings)
    },
    agent: (orgId, agentId) => team.changed(orgId, agentId),
    campaign(orgId, event) {
      for (const { viewer, sockets } of agentsOf(orgId))
        for (const socket of viewer.scope === null ? sockets : []) if (socket.data.caller.role !== 'agent') socket.emit('campaign', event)
    },
    templates: templates.tell,
    organization(orgId) {
      const names = [...rooms.of(orgId)].map((room) => room.name)
      if (names.length > 0) io.to(names).emit('organization', placeOf(parts, orgId))
    },
    channels(orgId) {
      const all = [...rooms.of(orgId)]
      // How long messages wait is told to those who see all of them.
      for (const [names, scope] of [
        [all.filter((room) => room.scope === null).map((room) => room.name), null],
        [all.filter((room) => room.scope !== null).map((room) => room.name), []],
      ] as const) {
        if (names.length === 0) continue
        describeChannels(parts, orgId, scope).then(
          (channels) => io.to([...names]).emit('channels', channels),
          (error: unknown) => log.error({ err: error }, 'The state of the channels could not be told'),
        )
      }
    },
  })

  return {
    count: () => io.sockets.sockets.size,
    connected: (orgId, agentId) => rooms.agent(orgId, agentId).length > 0,
    presence: () => ({
      viewing: presence.here(),
      agents: [...rooms.organizations()].flatMap((orgId) =>
        [...rooms.of(orgId)].flatMap((room) => [...room.agents.keys()].map((agentId) => ({ orgId, agentId }))),
      ),
    }),
    elsewhereChanged: { viewing: presence.retell, agent: team.changed },
    async leave(withinMs) {
      const sockets = [...io.sockets.sockets.values()]
      const timers = sockets.map((socket, index) => setTimeout(() => socket.conn.close(true), (withinMs * index) / sockets.length))
      await wait(withinMs)
      for (const timer of timers) clearTimeout(timer)
    },
    // Their pages come again, and catch up.
    endAll(orgId) {
      for (const room of rooms.of(orgId))
        for (const agent of room.agents.values()) for (const socket of agent.sockets) socket.conn.close(true)
    },
    close() {
      if (closed) return
      closed = true
      detach()
      counts.close()
      expiry.close()
      coordinations.close()
      team.close()
      templates.close()
      // Not io.close(): that ends the HTTP server too, which is its maker's to end.
      for (const socket of io.sockets.sockets.values()) socket.conn.close(true)
      io.engine.close()
      presence.close()
    },
  }
}
