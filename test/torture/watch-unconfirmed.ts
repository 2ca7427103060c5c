// Which messages were ever `unconfirmed`, and when that was first seen: asked over HTTP again and again, since the state may
// last for a moment only.
import type { Message } from '../../shared/model.ts'
import type { TortureAgent } from './agents.ts'

export interface UnconfirmedWatch {
  /** When each was first seen, ms, by the message's id. */
  firstSeen: ReadonlyMap<string, number>
  end(): Promise<void>
}

const EVERY_MS = 150

export function watchUnconfirmed(agent: TortureAgent): UnconfirmedWatch {
  const firstSeen = new Map<string, number>()
  let ended = false
  const turn = async () => {
    while (!ended) {
      try {
        const page = await agent.get<{ items: Message[] }>('/api/messages?status=unconfirmed&limit=100')
        for (const { id } of page.items) if (!firstSeen.has(id)) firstSeen.set(id, Date.now())
      } catch {
        // The server or its store is away.
      }
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
  }
  const over = turn()
  return {
    firstSeen,
    async end() {
      ended = true
      await over
    },
  }
}
