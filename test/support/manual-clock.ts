// Time that a test moves. Timers run in the order of their times, and what they start is given room to happen.
import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../../server/clock.ts'

export interface ManualClock extends Clock {
  /** Moves on, running what falls due on the way at its own time. */
  advance(ms: number): Promise<void>
  /** Moves on without running anything, as for a machine that sleeps; what fell due runs with the next advance. */
  sleep(ms: number): void
  /** Sets the machine's clock forward or back; no time passes. */
  set(ms: number): void
  /** Timers that wait. */
  waiting(): number
}

export function createManualClock(start = Date.now()): ManualClock {
  let elapsed = 0
  let setAt = start
  const timers = new Set<{ at: number; task: () => void }>()
  const settle = async () => {
    for (let i = 0; i < 20; i++) await turn()
  }
  return {
    now: () => setAt + elapsed,
    elapsed: () => elapsed,
    after(delayMs, task) {
      const timer = { at: elapsed + Math.max(0, delayMs), task }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    async advance(ms) {
      const end = elapsed + ms
      await settle()
      for (;;) {
        const next = [...timers].filter((one) => one.at <= end).sort((a, b) => a.at - b.at)[0]
        if (next === undefined) break
        timers.delete(next)
        elapsed = Math.max(elapsed, next.at)
        next.task()
        await settle()
      }
      elapsed = end
      await settle()
    },
    sleep(ms) {
      elapsed += ms
    },
    set(ms) {
      setAt += ms
    },
    waiting: () => timers.size,
  }
}
