// How much of a process's work reaches the database at one time. More at once does not go faster: writers of one
// conversation get in each other's way, and callers who gave up leave their work behind. What would wait too long is
// refused at once, so that whoever repeats it finds room.
import { DomainError } from '../../../shared/problems.ts'

const MOST_AT_ONCE = 32
/** A few seconds of work; Twilio and agents repeat what was refused. */
const MOST_WAITING = 600

export interface Gate {
  /** Runs the work when it is its turn, first come first served. */
  pass<T>(work: () => Promise<T>): Promise<T>
}

/** @throws DomainError `unavailable` when too many wait already. */
export function createGate(mostAtOnce = MOST_AT_ONCE, mostWaiting = MOST_WAITING): Gate {
  let running = 0
  let head = 0
  let waiting: (() => void)[] = []

  function leave(): void {
    const next = waiting[head]
    if (next === undefined) {
      running--
      return
    }
    head++
    if (head === waiting.length) {
      waiting = []
      head = 0
    }
    next()
  }
  return {
    async pass(work) {
      if (running < mostAtOnce) running++
      else if (waiting.length - head >= mostWaiting)
        throw new DomainError('unavailable', 'The database is busy. Try again in a moment.', { retryAfter: 1 })
      else await new Promise<void>((turn) => waiting.push(turn))
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
