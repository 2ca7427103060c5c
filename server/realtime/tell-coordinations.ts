// Records that changed, to those who may see them. A host that saves a thousand at once must not hold up messages, nor
// fill the buffers of sockets that read well: a few go out in each turn of the event loop.
import type { Coordination } from '../../shared/model.ts'
import { holds } from '../rules/audience.ts'
import type { Rooms } from './rooms.ts'
import type { HiloServer } from './socket-types.ts'

const A_TURN = 4

export interface TellCoordinations {
  tell(orgId: string, coordination: Coordination): void
  close(): void
}

export function createTellCoordinations(io: HiloServer, rooms: Rooms): TellCoordinations {
  const waiting = new Map<string, { orgId: string; coordination: Coordination }>()
  let pending: NodeJS.Immediate | null = null

  function drain(): void {
    pending = null
    let told = 0
    for (const [key, { orgId, coordination }] of waiting) {
      waiting.delete(key)
      const to = [...rooms.of(orgId)].filter((room) => holds(room.scope, coordination.id)).map((room) => room.name)
      if (to.length > 0) io.to(to).emit('coordination', coordination)
      if (++told === A_TURN) break
    }
    if (waiting.size > 0) pending = setImmediate(drain)
  }

  return {
    tell(orgId, coordination) {
      const key = JSON.stringify([orgId, coordination.id])
      const before = waiting.get(key)
      if (before && before.coordination.rev > coordination.rev) return
      waiting.set(key, { orgId, coordination })
      pending ??= setImmediate(drain)
    },
    close() {
      if (pending) clearImmediate(pending)
      pending = null
      waiting.clear()
    },
  }
}
