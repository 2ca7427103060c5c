// An agent is told why a message still waits, after two seconds of waiting.
import { repeatAfter } from '../clock.ts'
import type { Parts } from '../parts.ts'
import { explainDelay } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'

const PATIENCE_MS = 2_000
const LOOK_MS = 1_000

export interface DelayNotes {
  watch(messageId: string, lineId: string, orgId: string): void
  forget(messageId: string): void
  start(): void
  close(): void
}

/** @param reasonOf why a line has not sent yet; null: it has nothing to send. */
export function createDelayNotes(parts: Parts, reasonOf: (lineId: string) => 'order' | 'rate' | 'provider' | null): DelayNotes {
  const { clock, log } = parts
  const watched = new Map<string, { lineId: string; orgId: string; since: number; told: string | null }>()
  let stop: (() => void) | null = null

  async function look(): Promise<void> {
    const now = clock.elapsed()
    for (const [messageId, entry] of watched) {
      if (now - entry.since < PATIENCE_MS) continue
      const reason = reasonOf(entry.lineId)
      if (reason === null) watched.delete(messageId)
      // 'provider' is written with its time when the message is put back.
      else if (reason !== entry.told && reason !== 'provider') {
        entry.told = reason
        await changeMessage(parts, entry.orgId, messageId, explainDelay({ reason, until: null }))
      }
    }
  }
  return {
    watch(messageId, lineId, orgId) {
      if (watched.size < 5_000) watched.set(messageId, { lineId, orgId, since: clock.elapsed(), told: null })
    },
    forget: (messageId) => void watched.delete(messageId),
    start() {
      stop = repeatAfter(clock, LOOK_MS, look, (error) => log.warn({ err: error }, 'Noting why messages wait failed'))
    },
    close: () => stop?.(),
  }
}
