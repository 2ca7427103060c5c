// When which kind of fault held during a run: what it may have delayed or broken off is excused.
import { faults } from './faults.ts'
import type { PlayedRound } from './play-rounds.ts'

export interface Strike {
  group: string
  from: number
  to: number
}

export function strikesOf(rounds: readonly Pick<PlayedRound, 'faults' | 'at' | 'overAt'>[]): Strike[] {
  return rounds.flatMap(({ faults: names, at, overAt }) =>
    names.map((name) => ({ group: faults.find((fault) => fault.name === name)?.group ?? name, from: at, to: overAt })),
  )
}

/** Some fault of these groups held at some time between these. */
export const wasStruck = (strikes: readonly Strike[], groups: readonly string[], from: number, to: number): boolean =>
  strikes.some((one) => groups.includes(one.group) && one.from <= to && one.to >= from)
