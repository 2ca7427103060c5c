// The data of a connected socket. Kept small: there is one of these per browser.
import type { Server, Socket } from 'socket.io'
import type { ClientToServer, ReadyEvent, ServerToClient } from '../../shared/events.ts'
import type { Caller } from '../parts.ts'
import type { BadgeNumbers } from '../team/count-badges.ts'
import type { ConnectedAgent } from './rooms.ts'

/** A conversation that a socket shows. */
export interface Viewing {
  conversationId: string
  /** Its record when it was last shown. */
  coordinationId: string | null
  /** The room in which it hears what only viewers hear. */
  room: string
  replying: boolean
  /** Forgets the reply under way when it is not renewed. */
  cancelReplying: (() => void) | null
}

export interface SocketData {
  caller: Caller
  /** Handed from the handshake to the connection, then gone. */
  ready: ReadyEvent | null
  agent: ConnectedAgent | null
  /** By conversation; several where the tabs of one agent share a socket. Null: none, as most. */
  viewing: Map<string, Viewing> | null
  /** Rises with each `viewing`, so that an answer that comes late does not undo a newer one. */
  viewingTurn: number
  /** Over when what this socket asked to show is shown, or was refused. Never rejects. */
  viewingAsked: Promise<unknown>
  /** Records whose badges it shows, with what it was told last. */
  badges: Map<string, BadgeNumbers> | null
  /** `auth:expiring` was sent for the present token. */
  warned: boolean
  /** Since when more waits for it than it should, ms. */
  fullSince: number | null
}

export type HiloServer = Server<ClientToServer, ServerToClient, Record<string, never>, SocketData>
export type HiloSocket = Socket<ClientToServer, ServerToClient, Record<string, never>, SocketData>
