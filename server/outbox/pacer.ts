// How fast one sender may send. Above its rate a queue would form inside Twilio, where nothing can overtake.
import type { Lane } from '../store/records.ts'

export interface Pacer {
  /** 0: go now (and it counts); else ms to wait before asking again. */
  take(lane: Lane, cost: number, now: number): number
  /** A `take` that sent nothing after all. */
  giveBack(): void
}

/** A little more than a second, since requests travel: Twilio counts by its own clock. */
const WINDOW_MS = 1020
/** Automations and campaigns together leave this much of the rate to people. */
const BULK_SHARE = 0.8

/**
 * A sliding window: in no second more than `ratePerSecond` (messages, or segments on SMS). What costs more than the
 * rate goes alone and is paid off before the next one.
 */
export function createPacer(ratePerSecond: number): Pacer {
  const budget = Math.max(1, Math.floor(ratePerSecond))
  /** Below one a second the window itself is longer. */
  const windowMs = ratePerSecond < 1 ? WINDOW_MS / ratePerSecond : WINDOW_MS
  const bulkBudget = Math.max(1, Math.floor(budget * BULK_SHARE))
  let taken: { until: number; weight: number; bulk: boolean }[] = []
  let used = 0
  let usedByBulk = 0
  let head = 0

  function forget(now: number): void {
    for (let entry = taken[head]; entry !== undefined && entry.until <= now; entry = taken[++head]) {
      used -= entry.weight
      if (entry.bulk) usedByBulk -= entry.weight
    }
    if (head > 1024) {
      taken = taken.slice(head)
      head = 0
    }
  }

  return {
    take(lane, cost, now) {
      forget(now)
      const weight = Math.min(Math.max(1, cost), budget)
      const bulk = lane > 0
      const first = taken[head]
      if (first !== undefined && (used + weight > budget || (bulk && usedByBulk + Math.min(weight, bulkBudget) > bulkBudget)))
        return Math.max(1, first.until - now)
      const last = taken.at(-1)
      const until = now + windowMs * Math.max(1, cost / budget)
      // Kept in the order of their ends, so that only the head has to be looked at.
      taken.push({ until: last !== undefined && taken.length > head ? Math.max(until, last.until) : until, weight, bulk })
      used += weight
      if (bulk) usedByBulk += weight
      return 0
    },
    giveBack() {
      const last = taken.length > head ? taken.pop() : undefined
      if (last === undefined) return
      used -= last.weight
      if (last.bulk) usedByBulk -= last.weight
    },
  }
}
