// Callers that wait for a message to leave (`wait: 'sent'`).
import type { Clock } from '../clock.ts'

export interface Waiters {
  /** Resolves when the message is woken, after `timeoutMs`, or at the end; never rejects. */
  wait(messageId: string, timeoutMs: number): Promise<void>
  wake(messageId: string): void
  close(): void
}

export function createWaiters(clock: Clock): Waiters {
  const waiting = new Map<string, Set<() => void>>()
  /** Of the last moments, for those who ask just after it happened. */
  const recent = new Map<string, number>()
  return {
    wait(messageId, timeoutMs) {
      if (recent.has(messageId)) return Promise.resolve()
      return new Promise((resolve) => {
        const all = waiting.get(messageId) ?? new Set()
        waiting.set(messageId, all)
        const done = () => {
          cancel()
          all.delete(done)
          if (all.size === 0) waiting.delete(messageId)
          resolve()
        }
        const cancel = clock.after(timeoutMs, done)
        all.add(done)
      })
    },
    wake(messageId) {
      for (const done of [...(waiting.get(messageId) ?? [])]) done()
      recent.set(messageId, clock.now())
      if (recent.size > 2000) for (const old of [...recent.keys()].slice(0, 1000)) recent.delete(old)
    },
    close() {
      for (const all of [...waiting.values()]) for (const done of [...all]) done()
    },
  }
}
