// The first thing in a text that the record says otherwise; null: none.
import { wrongAmounts } from './amounts.ts'
import { wrongDays } from './days.ts'
import type { Contradiction, Place, RecordFacts } from './facts.ts'
import { wrongName } from './greeted.ts'

export function findContradiction(text: string, facts: RecordFacts, place: Place): Contradiction | null {
  const found = [...wrongAmounts(text, facts, place), ...wrongDays(text, facts, place), wrongName(text, facts)].filter(
    (one) => one !== null,
  )
  return found.toSorted((a, b) => a.at - b.at)[0] ?? null
}
