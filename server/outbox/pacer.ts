// How fast one sender may send. Above its rate a queue would form inside Twilio, where nothing can overtake.
import type { Lane } from '../store/records.ts'

export interface Pacer {
  /** Leave to send one; else ms to wait before asking again, `Infinity` while only an end of what is under way can tell. */
  take(lane: Lane, cost: number, now: number): Leave | number
  /** Somebody sent by this sender a moment ago, nobody knows how much: nothing goes until that is over. */
  startFull(now: number): void
}

export interface Leave {
  /** The request begins. */
  begin(now: number): void
  /** It was answered, so Twilio counted it by now. */
  end(now: number): void
  /** Nothing was sent after all. Without effect once it began. */
  giveBack(): void
}

/** A second, and a little for clocks that round. */
const WINDOW_MS = 1_005
/** A request that takes longer was counted by then: one that hangs must not hold up its sender. */
const COUNTED_WITHIN_MS = 2_000
/** Automations and campaigns together leave this much of the rate to people. */
export const BULK_SHARE = 0.8

interface Taken {
  weight: number
  /** How long it counts, ms. */
  windowMs: number
  bulk: boolean
}

/**
 * A sliding window: in no second more than `ratePerSecond` (messages, or segments on SMS). Twilio counts a request at some
 * moment between its begin and its answer, by far not the same for each (a new connection, a slow one), so its place is
 * free a second after the answer. What costs more than the rate goes alone and is paid off before the next one.
 */
export function createPacer(ratePerSecond: number): Pacer {
  const budget = Math.max(1, Math.floor(ratePerSecond))
  const bulkBudget = Math.max(1, Math.floor(budget * BULK_SHARE))
  /** By their begins. */
  const underway = new Map<Taken, number>()
  /** By their ends; `head` is the first that still counts. */
  let counted: { taken: Taken; until: number }[] = []
  let head = 0
  let used = 0
  let usedByBulk = 0

  function add({ weight, bulk }: Taken, sign: 1 | -1): void {
    used += sign * weight
    if (bulk) usedByBulk += sign * weight
  }

  /** Kept in the order of their ends, so that only the head has to be looked at. */
  function count(taken: Taken, at: number): void {
    underway.delete(taken)
    const last = counted.length > head ? (counted.at(-1)?.until ?? 0) : 0
    counted.push({ taken, until: Math.max(last, at + taken.windowMs) })
  }

  function forget(now: number): void {
    for (const [taken, begun] of underway) {
      if (begun + COUNTED_WITHIN_MS > now) break
      count(taken, begun + COUNTED_WITHIN_MS)
    }
    for (let first = counted[head]; first !== undefined && first.until <= now; first = counted[++head]) add(first.taken, -1)
    if (head > 1024) {
      counted = counted.slice(head)
      head = 0
    }
  }

  function earliest(): number {
    const [first] = underway
    const late = first === undefined ? Number.POSITIVE_INFINITY : first[1] + COUNTED_WITHIN_MS + first[0].windowMs
    return Math.min(late, counted[head]?.until ?? Number.POSITIVE_INFINITY)
  }

  function reserve(lane: Lane, cost: number): Taken {
    const weight = Math.min(Math.max(1, cost), budget)
    // Below one a second the window itself is longer.
    const windowMs = (WINDOW_MS * Math.max(1, cost / budget)) / Math.min(1, ratePerSecond)
    const taken = { weight, windowMs, bulk: lane > 0 }
    add(taken, 1)
    return taken
  }

  return {
    take(lane, cost, now) {
      forget(now)
      const weight = Math.min(Math.max(1, cost), budget)
      const bulkIsFull = lane > 0 && usedByBulk > 0 && usedByBulk + Math.min(weight, bulkBudget) > bulkBudget
      if (used > 0 && (used + weight > budget || bulkIsFull)) return Math.max(1, earliest() - now)
      const taken = reserve(lane, cost)
      let state: 'reserved' | 'underway' | 'over' = 'reserved'
      return {
        begin(at) {
          if (state !== 'reserved') return
          state = 'underway'
          underway.set(taken, at)
        },
        end(at) {
          if (state !== 'underway') return
          state = 'over'
          if (underway.has(taken)) count(taken, at)
        },
        giveBack() {
          if (state !== 'reserved') return
          state = 'over'
          add(taken, -1)
        },
      }
    },
    startFull(now) {
      count(reserve(0, budget), now)
    },
  }
}
