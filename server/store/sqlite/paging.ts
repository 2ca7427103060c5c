// Pages over an index: a cursor says where the last one ended, and no page looks at more rows than its budget.
import { DomainError } from '../../../shared/problems.ts'

/** Rows that one page looks at, at most; a filter that finds little answers a short page with a next cursor. */
export const SCAN_BUDGET = 2000

export type Position = (string | number | null)[]

export const writeCursor = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url')

/** @throws DomainError `validation_failed` for what is no cursor of this kind of list. */
export function readCursor(text: string | null, shape: readonly ('string' | 'number')[]): Position | null {
  if (text === null) return null
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    if (Array.isArray(value) && value.length === shape.length && value.every((one, index) => one === null || typeof one === shape[index]))
      return value as Position
  } catch {
    // Not one of ours: told below.
  }
  throw new DomainError('validation_failed', 'This cursor belongs to another list. Begin without a cursor.', {
    issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  })
}

export interface Scan<Row> {
  kept: Row[]
  /** Where to go on; null: the rows ended. */
  last: Row | null
  scanned: number
}

/** Takes rows until `limit` are kept or `budget` were looked at. */
export function scan<Row>(rows: Iterable<Row>, limit: number, budget: number, keep: (row: Row) => boolean): Scan<Row> {
  const kept: Row[] = []
  let last: Row | null = null
  let scanned = 0
  for (const row of rows) {
    if (kept.length === limit || scanned === budget) return { kept, last, scanned }
    last = row
    scanned++
    if (keep(row)) kept.push(row)
  }
  return { kept, last: null, scanned }
}
