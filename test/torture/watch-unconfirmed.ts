// Which messages were ever `unconfirmed`, and when that was first seen: as clients were told, and as the server's log says,
// since the state may last for a moment only. Nothing is asked of the server for it.
import { createReadStream, statSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import type { TortureAgent } from './agents.ts'

export interface UnconfirmedWatch {
  /** When each was first seen, ms of this machine, by the message's id. */
  firstSeen: ReadonlyMap<string, number>
  end(): Promise<void>
}

const EVERY_MS = 250
const logged = /^.*"messageId":"([\w-]+)".*answer to a message never came.*$/gm

export function watchUnconfirmed(agents: readonly TortureAgent[], logFile: string): UnconfirmedWatch {
  const firstSeen = new Map<string, number>()
  const note = (id: string) => {
    if (!firstSeen.has(id)) firstSeen.set(id, Date.now())
  }
  for (const agent of agents)
    agent.view.onMessage((message) => {
      if (message.status === 'unconfirmed') note(message.id)
    })
  let start = 0
  let ended = false
  const read = async () => {
    const end = statSync(logFile).size
    if (end === start) return
    const added = await text(createReadStream(logFile, { start, end: end - 1 }))
    // A line that is half written is read again.
    start += Buffer.byteLength(added.slice(0, added.lastIndexOf('\n') + 1))
    for (const [, id] of added.matchAll(logged)) if (id !== undefined) note(id)
  }
  const over = (async () => {
    while (!ended) {
      await read()
      await new Promise((resolve) => setTimeout(resolve, EVERY_MS))
    }
    await read()
  })()
  return {
    firstSeen,
    async end() {
      ended = true
      await over
    },
  }
}
