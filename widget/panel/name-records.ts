// Puts the host's word for a record (`turno`, `préstamo`) in the places of `{record}` and `{records}`. No text has an article or an
// adjective beside them, so that each word fits.
import { fill } from '../locales/format.ts'

const done = new WeakMap<object, { by: string; words: object }>()

/** The same words, filled; the same object while nothing changes. */
export function nameRecords<Some extends object>(words: Some, record: string, records: string): Some {
  const by = `${record}/${records}`
  let found = done.get(words)
  if (found?.by !== by) {
    const named = (_key: string, value: unknown) => (typeof value === 'string' ? fill(value, { record, records }) : value)
    found = { by, words: JSON.parse(JSON.stringify(words), named) as object }
    done.set(words, found)
  }
  return found.words as Some
}
