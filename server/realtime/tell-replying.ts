// Who is replying where, for the rows of everybody's list: told when somebody begins and when nobody does any more, to all
// whose scope holds the conversation.
import type { ReplyingEvent } from '../../shared/events.ts'
import { holds } from '../rules/audience.ts'
import type { Rooms } from './rooms.ts'
import type { HiloServer, HiloSocket } from './socket-types.ts'

/** In larger teams this would be most of the traffic; there only those who show the conversation know. */
const MOST_TOLD = 200

/** Where a conversation is told of. */
interface Place {
  orgId: string
  coordinationId: string | null
}

export interface TellReplying {
  /** These and no others reply now; `place` null: nobody does. Told when that is news. */
  set(place: Place | null, event: ReplyingEvent): void
  /** All that somebody who just came does not know. */
  tell(socket: HiloSocket): void
}

const newsOf = (place: Place | null, { agents }: ReplyingEvent) => JSON.stringify([place?.coordinationId, agents.map(({ id }) => id)])

export function createTellReplying(io: HiloServer, rooms: Rooms): TellReplying {
  const known = new Map<string, { place: Place; event: ReplyingEvent }>()

  function send({ orgId, coordinationId }: Place, event: ReplyingEvent): void {
    const all = [...rooms.of(orgId)]
    if (all.reduce((sum, room) => sum + room.agents.size, 0) > MOST_TOLD) return
    const names = all.filter((room) => holds(room.scope, coordinationId)).map((room) => room.name)
    if (names.length > 0) io.to(names).emit('replying', event)
  }

  return {
    set(place, event) {
      const { conversationId } = event
      const before = known.get(conversationId)
      if (before ? newsOf(before.place, before.event) === newsOf(place, event) : place === null) return
      // Filed elsewhere meanwhile, or ended: whoever was told that it began is told.
      if (before && (place === null || before.place.coordinationId !== place.coordinationId))
        send(before.place, { conversationId, agents: [] })
      if (place === null) known.delete(conversationId)
      else {
        known.set(conversationId, { place, event })
        send(place, event)
      }
    },
    tell(socket) {
      const room = socket.data.agent?.room
      for (const { place, event } of known.values())
        if (room?.orgId === place.orgId && holds(room.scope, place.coordinationId)) socket.emit('replying', event)
    },
  }
}
