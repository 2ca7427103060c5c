// The plan of a run, from its seed alone: which faults, when, for how long.
import { createRandom } from '../support/random.ts'
import type { Fault } from './faults.ts'

export interface DrawnFault {
  fault: Fault
  lastsMs: number
  /** Seeds what the fault itself draws. */
  seed: number
}

export interface Round {
  /** Traffic flows for so long before anything happens. */
  afterMs: number
  faults: readonly DrawnFault[]
}

export interface DrawOptions {
  rounds: number
  seed: number
  faults: readonly Fault[]
  /** Mean time between strikes. */
  everyMs: number
  /** In one of so many rounds two faults come together. */
  pairEvery: number
}

/** Each fault once before any comes again, in an order that the seed shuffles; one in some rounds joins another. */
export function drawRounds({ rounds, seed, faults, everyMs, pairEvery }: DrawOptions): Round[] {
  const dice = createRandom(seed)
  let deck: Fault[] = []
  const draw = (): DrawnFault => {
    if (deck.length === 0) {
      deck = [...faults]
      for (let last = deck.length - 1; last > 0; last--) {
        const other = dice(last + 1)
        ;[deck[last], deck[other]] = [deck[other] as Fault, deck[last] as Fault]
      }
    }
    const fault = deck.pop() as Fault
    const [least, most] = fault.lastsMs
    return { fault, lastsMs: least + dice(most - least + 1), seed: dice(2 ** 31) }
  }
  return Array.from({ length: rounds }, () => {
    const afterMs = Math.round(everyMs * 0.5) + dice(everyMs)
    const first = draw()
    if (dice(pairEvery) !== 0) return { afterMs, faults: [first] }
    const second = draw()
    return { afterMs, faults: second.fault === first.fault ? [first] : [first, second] }
  })
}
