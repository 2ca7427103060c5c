// A list's filter by date: `DateSent`, `DateSent>` and `DateSent<` (also with `=`), and the like of other dates.
const dayMs = 24 * 60 * 60_000

export interface DateRange {
  from: number | null
  /** Exclusive. */
  before: number | null
}

/** A bare day is all of it, in GMT; Twilio's dates have whole seconds. Null: something is no date. */
export function readDates(query: URLSearchParams, field: string): DateRange | null {
  const range: DateRange = { from: null, before: null }
  for (const [name, value] of query) {
    if (!name.startsWith(field) || value === '') continue
    const at = Date.parse(value)
    if (Number.isNaN(at)) return null
    const end = at + (/^\d{4}-\d{2}-\d{2}$/.test(value) ? dayMs : 1000)
    if (!name.startsWith(`${field}<`)) range.from = at
    if (!name.startsWith(`${field}>`)) range.before = end
  }
  return range
}

export function isWithin(ms: number, { from, before }: DateRange): boolean {
  const at = Math.floor(ms / 1000) * 1000
  return (from === null || at >= from) && (before === null || at < before)
}
