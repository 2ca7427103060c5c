// A snoozed conversation is open again when its time has come.
import { repeatAfter } from '../clock.ts'
import type { Parts } from '../parts.ts'
import { tell } from '../tell.ts'
import { seesAll } from '../store/sees-all.ts'

const LOOK_MS = 15_000
const BATCH = 100

export interface SnoozeLoop {
  start(): void
  close(): void
}

/** Looks every quarter of a minute: nobody snoozes by the second. */
export function createSnoozeLoop(parts: Pick<Parts, 'store' | 'clock' | 'publish' | 'dispatch' | 'others' | 'log'>): SnoozeLoop {
  const { store, clock, log } = parts
  let stop: (() => void) | null = null

  async function wake(): Promise<void> {
    const now = clock.now()
    for (const { orgId, conversationId } of await store.snoozeEnds(now, BATCH)) {
      const everybody = seesAll(orgId)
      const opened = await store.updateConversation(everybody, conversationId, { wakesBy: now })
      if (opened !== null) tell(parts, opened.changes)
    }
  }
  return {
    start() {
      stop = repeatAfter(clock, LOOK_MS, wake, (error) =>
        log.warn({ err: error }, 'Snoozed conversations could not be opened; trying again'),
      )
    },
    close: () => stop?.(),
  }
}
