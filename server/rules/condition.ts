// Whether the conditions of a rule hold. A field is looked up by its name among the facts; one that is not there is null.
import type { Condition } from '../../shared/automations.ts'
import { matchesPattern } from '../../shared/safe-pattern.ts'

export type FactValue = string | number | boolean | null | readonly string[]
export type FactLookup = (field: string) => FactValue

export const holds = (when: Readonly<Record<string, Condition>>, lookUp: FactLookup): boolean =>
  Object.entries(when).every(([field, wanted]) => holdsFor(lookUp(field), wanted))

function holdsFor(value: FactValue, wanted: Condition): boolean {
  if (wanted === null || typeof wanted !== 'object') return isSame(value, wanted)
  const { in: among, ne, gt, lt, matches } = wanted
  return (
    (among === undefined || among.some((one) => isSame(value, one))) &&
    (ne === undefined || !isSame(value, ne)) &&
    (gt === undefined || compare(value, gt) > 0) &&
    (lt === undefined || compare(value, lt) < 0) &&
    (matches === undefined || textsOf(value).some((text) => matchesPattern(matches, text)))
  )
}

/** Of several, as tags are, one is enough. */
function isSame(value: FactValue, wanted: string | number | boolean | null): boolean {
  if (isList(value)) return value.some((one) => one === wanted)
  return value === wanted
}

const isList = (value: FactValue): value is readonly string[] => Array.isArray(value)
const textsOf = (value: FactValue): readonly string[] => (isList(value) ? value : value === null ? [] : [String(value)])

/** By number, else by time; what cannot be compared is neither more nor less. */
function compare(value: FactValue, other: string | number): number {
  if (typeof value !== 'string' && typeof value !== 'number') return Number.NaN
  const [a, b] = [numberOf(value), numberOf(other)]
  if (a !== null && b !== null) return a - b
  return Date.parse(String(value)) - Date.parse(String(other))
}

function numberOf(value: string | number): number | null {
  if (typeof value === 'number') return value
  return value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : null
}
