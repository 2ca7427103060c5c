// How much of a process's work reaches the database at one time. More at once does not go faster: writers of one
// conversation get in each other's way, and callers who gave up leave their work behind. What would wait too long is
// refused, so that whoever repeats it finds room, and what takes too long gives its place away.
import { clearTimeout, setTimeout } from 'node:timers'
import { DomainError } from '../../../shared/problems.ts'
import { createDeadline } from './deadline.ts'

const MOST_AT_ONCE = 32
/** A few seconds of work; Twilio and agents repeat what was refused. */
const MOST_WAITING = 600
/** Sooner than whoever asked gives up, and than an operation is given up: what waits behind one that hangs does not hang too. */
export const WAIT_MS = 8_000
/** Longer than any work on a line that is whole. What is given up goes on, and may still be done. */
const WORK_MS = 20_000

export const busy = () => new DomainError('unavailable', 'The database is busy. Try again in a moment.', { retryAfter: 1 })

export interface Gate {
  /** Runs the work when it is its turn, first come first served. */
  pass<T>(work: () => Promise<T>): Promise<T>
}

export interface GateLimits {
  mostAtOnce?: number
  mostWaiting?: number
  waitMs?: number
  workMs?: number
}

/** @throws DomainError `unavailable` when too many wait already, or it takes too long. */
export function createGate({
  mostAtOnce = MOST_AT_ONCE,
  mostWaiting = MOST_WAITING,
  waitMs = WAIT_MS,
  workMs = WORK_MS,
}: GateLimits = {}): Gate {
  let running = 0
  /** In the order in which they came. */
  const waiting = new Set<() => void>()
  const deadline = createDeadline(workMs)

  function leave(): void {
    const [next] = waiting
    if (next === undefined) running--
    else next()
  }
  const turn = () =>
    new Promise<void>((begin, refuse) => {
      const go = () => {
        clearTimeout(timer)
        waiting.delete(go)
        begin()
      }
      const timer = setTimeout(() => {
        waiting.delete(go)
        refuse(busy())
      }, waitMs)
      waiting.add(go)
    })
  return {
    async pass(work) {
      if (running < mostAtOnce) running++
      else if (waiting.size >= mostWaiting) throw busy()
      else await turn()
      try {
        return await deadline.within(work())
      } finally {
        leave()
      }
    },
  }
}
