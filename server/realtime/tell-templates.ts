// That templates changed, to every socket of the organization, without what they say: whoever shows them asks. A host that saves
// hundreds, and a reading of Twilio's list, are told as one.
import type { Clock } from '../clock.ts'
import type { Rooms } from './rooms.ts'
import type { HiloServer } from './socket-types.ts'

const TOGETHER_MS = 500

export interface TellTemplates {
  tell(orgId: string): void
  close(): void
}

export function createTellTemplates(io: HiloServer, rooms: Rooms, clock: Pick<Clock, 'after'>): TellTemplates {
  const waiting = new Map<string, () => void>()
  return {
    tell(orgId) {
      if (waiting.has(orgId)) return
      const cancel = clock.after(TOGETHER_MS, () => {
        waiting.delete(orgId)
        const names = [...rooms.of(orgId)].map((room) => room.name)
        if (names.length > 0) io.to(names).emit('templates')
      })
      waiting.set(orgId, cancel)
    },
    close() {
      for (const cancel of waiting.values()) cancel()
      waiting.clear()
    },
  }
}
