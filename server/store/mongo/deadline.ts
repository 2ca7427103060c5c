// Whatever the line does, an operation ends. The driver's own limits do not cover every way in which a line breaks: a
// command that is written to a socket in the moment of its end is answered by nobody, and waits for ever. An operation
// that was given up may still be done: who asked has to take it as one whose answer was lost.
import { clearTimeout, setTimeout } from 'node:timers'
import { DomainError } from '../../../shared/problems.ts'

export interface Deadline {
  /** @throws DomainError `unavailable` when the work takes longer. */
  within<T>(work: Promise<T>): Promise<T>
  /** How much that was given up has not ended since. */
  overdue(): number
}

export function createDeadline(ms: number): Deadline {
  let overdue = 0
  return {
    within(work) {
      return new Promise((resolve, reject) => {
        let late = false
        const timer = setTimeout(() => {
          late = true
          overdue++
          reject(
            new DomainError('unavailable', 'The database does not answer. Try again in a moment.', {
              cause: new Error(`Nothing within ${ms} ms.`),
              retryAfter: 2,
            }),
          )
        }, ms)
        const end = () => {
          clearTimeout(timer)
          if (late) overdue--
        }
        work.then(resolve, reject).finally(end)
      })
    },
    overdue: () => overdue,
  }
}

/** The same collection or cursor, with every operation within the deadline. */
export function limited<T extends object>(target: T, deadline: Deadline): T {
  const same: T = new Proxy(target, {
    get(_, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) => {
        const answer: unknown = Reflect.apply(value, target, given)
        if (answer instanceof Promise) return deadline.within(answer)
        // `find` makes a cursor, `sort` answers the cursor itself.
        if (answer === target) return same
        return typeof answer === 'object' && answer !== null && 'toArray' in answer ? limited(answer, deadline) : answer
      }
    },
  })
  return same
}
