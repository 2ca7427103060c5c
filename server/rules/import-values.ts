// What people write in the cells of a list: yes and no, times, several things in one cell.
import { foldText } from '../../shared/fold-text.ts'
import type { OptOutScope } from '../../shared/model.ts'

const no = new Set(['', 'no', 'n', 'false', '0', 'nao', 'falso', 'none', '-'])
const everything = new Set([
  'yes',
  'y',
  'true',
  '1',
  'x',
  'si',
  's',
  'sim',
  'verdadero',
  'verdadeiro',
  'all',
  'todo',
  'tudo',
  'baja',
  'stop',
])
const marketing = new Set(['marketing', 'promotions', 'promociones', 'promocoes', 'publicidad'])

/** From what somebody opted out; null: from nothing. Undefined: the cell says neither. */
export function readOptedOut(cell: string): OptOutScope | null | undefined {
  const word = foldText(cell.trim())
  if (no.has(word)) return null
  if (everything.has(word)) return 'all'
  return marketing.has(word) ? 'marketing' : undefined
}

/** Several in one cell, with commas, semicolons, bars or new lines between; each once. */
export function readList(cell: string): string[] {
  const parts = cell.split(/[,;|\n]/).map((part) => part.trim())
  return [...new Set(parts)].filter((part) => part !== '')
}

const iso = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/i
const dayFirst = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/

/**
 * A day or a time, ms since the epoch; without an offset it is one of UTC. `2026-03-02`, `2026-03-02T18:00:00-03:00`, `2/3/2026` (the
 * day first, as Spanish and Portuguese write it). Null: it is none.
 */
export function readTime(cell: string): number | null {
  const text = cell.trim()
  const [, year, month, day, hours = '00', minutes = '00', seconds = '00', offset = 'Z'] = iso.exec(text) ?? []
  if (year !== undefined) return timeOf(`${year}-${month}-${day}`, `T${hours}:${minutes}:${seconds}${offset.toUpperCase()}`)
  const [, first = '', second = '', last] = dayFirst.exec(text) ?? []
  return last === undefined ? null : timeOf(`${last}-${second.padStart(2, '0')}-${first.padStart(2, '0')}`, 'T00:00:00Z')
}

/** Null also for a day that the month does not have. */
function timeOf(day: string, time: string): number | null {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return null
  const at = Date.parse(day + time)
  return Number.isNaN(at) ? null : at
}
