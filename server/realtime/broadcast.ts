// One turn's changes to the sockets: one packet for each audience, encoded once for all who get the same.
import type { Conversation } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { ConversationState } from '../store/records.ts'
import { createPackets, type Packet } from './packets.ts'
import type { Turn } from './publish.ts'
import { type Rooms, viewingRoom } from './rooms.ts'
import type { HiloServer } from './socket-types.ts'

interface Delivery {
  packet: Packet
  to: string[]
  /** They get the same and more, in a packet of their own. */
  except: string[]
}

function deliver(deliveries: Map<string, Delivery>, packet: Packet, to: string, except: readonly string[]): void {
  const known = deliveries.get(packet.key)
  if (known) {
    known.to.push(to)
    known.except.push(...except)
  } else deliveries.set(packet.key, { packet, to: [to], except: [...except] })
}

/** Runs after a turn was told. */
export interface Aftermath {
  /** Rooms whose agents' numbers may have moved. */
  recount: string[]
  /** Records whose badge may show another number now. */
  touched: ReadonlySet<string>
  /** Conversations that left some scope, with those that still hold them. */
  stillHeld: (scope: ReadonlySet<string> | null, conversationId: string) => boolean
}

export interface Telling {
  turn: Turn
  present: (state: ConversationState) => Conversation
  parts: Pick<Parts, 'mediaUrl' | 'previewUrl'>
}

/** Guarantee: no socket gets two `changes` of one turn, save who shows several conversations, and none gets anything outside its scope. */
export function broadcastTurn(io: HiloServer, rooms: Rooms, { turn, present, parts }: Telling): Aftermath {
  const packets = createPackets(turn, present, parts)
  const known = io.sockets.adapter.rooms
  const deliveries = new Map<string, Delivery>()
  const recount: string[] = []
  for (const room of rooms.of(turn.orgId)) {
    const general = packets.general(room.scope)
    const except: string[] = []
    for (const conversationId of packets.quiet.keys()) {
      const viewers = viewingRoom(room, conversationId)
      if (!known.has(viewers)) continue
      const packet = packets.forViewers(room.scope, conversationId, general)
      if (!packet) continue
      except.push(viewers)
      deliver(deliveries, packet, viewers, [])
    }
    if (!general) continue
    deliver(deliveries, general, room.name, except)
    if (general.event.conversations.length + general.event.removed.length > 0) recount.push(room.name)
  }
  for (const { packet, to, except } of deliveries.values()) {
    const audience = io.to(to)
    ;(except.length === 0 ? audience : audience.except(except)).emit('changes', packet.event)
  }
  return { recount, touched: packets.touched, stillHeld: packets.stillHeld }
}
