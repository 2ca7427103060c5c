// A table that somebody sends, row by row: CSV or JSON lines, in whatever way programs write them. A broken row is told with its
// line, and the next one goes on; the whole of it is never held.
import { DomainError } from '../../shared/problems.ts'
import { type Columns, type ImportField, matchColumns, type WantedColumns } from '../../shared/import-columns.ts'
import { type CellRow, findSeparator, readCells } from './read-cells.ts'
import { type Line, readLines } from './read-lines.ts'
import { readObjects } from './read-objects.ts'

export interface TableRow<Field extends ImportField> {
  line: number
  /** Trimmed; what is empty is not there. */
  values: Partial<Record<Field, string>>
  /** What stands in columns that are no field, by their heads. */
  others: Record<string, string>
}
export type Row<Field extends ImportField> = TableRow<Field> | { line: number; fault: string }

const MOST_COLUMNS = 200

/**
 * Rows in their order. Empty lines are passed over.
 *
 * @throws DomainError `validation_failed` for what is no table, or has not the columns: `issues` says which. What the stream
 *   throws is thrown on, after the rows before.
 */
export async function* readTable<Field extends ImportField>(
  bytes: AsyncIterable<Uint8Array>,
  wanted: WantedColumns<Field>,
): AsyncGenerator<Row<Field>> {
  const pieces = readLines(bytes)
  const { first, rest } = await firstOf([], pieces)
  const isJson = /^\s*\{/.test(first.text)
  const rows = isJson ? readObjects(startWith([first, ...rest], pieces), wanted) : readRows(pieces, first, rest, wanted)
  for await (const some of rows) yield* some
}

/** The first line that says something, and what came in one piece with it. */
async function firstOf(given: readonly Line[], pieces: AsyncGenerator<Line[]>): Promise<{ first: Line; rest: Line[] }> {
  let lines = given
  for (;;) {
    for (const [index, line] of lines.entries()) {
      mustBeText(line)
      if (line.text.trim() !== '') return { first: line, rest: lines.slice(index + 1) }
    }
    const next = await pieces.next()
    if (next.done) throw notATable('is missing: the file is empty')
    lines = next.value
  }
}

function mustBeText({ text, fault }: Line): void {
  if (text.startsWith('PK\u0003\u0004') || text.startsWith('\u00d0\u00cf\u0011\u00e0'))
    throw notATable('is a file of Excel: save it as CSV (UTF-8) first')
  if (fault !== undefined || text.includes('\u0000')) throw notATable(fault ?? 'is no text')
  if (/^\s*\[/.test(text)) throw notATable('is one JSON list: send an object per line')
}

async function* startWith(lines: Line[], pieces: AsyncIterable<Line[]>): AsyncGenerator<Line[]> {
  yield lines
  yield* pieces
}

async function* readRows<Field extends ImportField>(
  pieces: AsyncGenerator<Line[]>,
  first: Line,
  behind: Line[],
  wanted: WantedColumns<Field>,
): AsyncGenerator<Row<Field>[]> {
  // As Excel writes for itself.
  const said = /^sep=(.)$/.exec(first.text)?.[1]
  const head = said === undefined ? { first, rest: behind } : await firstOf(behind, pieces)
  const parts = readCells(startWith([head.first, ...head.rest], pieces), said ?? findSeparator(head.first.text))
  let found: { width: number; columns: Columns<Field> } | null = null
  for await (const part of parts) {
    const rows = found === null ? part.slice(1) : part
    found ??= columnsOf(part[0], wanted)
    const { width, columns } = found
    yield rows.map((row) => ('fault' in row ? row : { line: row.line, ...valuesOf(row.cells, width, columns) }))
  }
}

function columnsOf<Field extends ImportField>(heads: CellRow | undefined, wanted: WantedColumns<Field>) {
  if (heads === undefined || 'fault' in heads) throw notATable(heads?.fault ?? 'is missing')
  const { cells } = heads
  if (cells.length > MOST_COLUMNS) throw notATable(`has more than ${MOST_COLUMNS} columns`)
  const matched = matchColumns(cells, wanted)
  if ('faults' in matched) throw wrongColumns(matched.faults)
  return { width: cells.length, columns: matched.columns }
}

function valuesOf<Field extends ImportField>(cells: readonly string[], width: number, { at, others }: Columns<Field>) {
  if (cells.slice(width).some((cell) => cell.trim() !== '')) return { fault: `has ${cells.length} cells, the first line ${width}` }
  if (cells.length < width) return { fault: `has ${cells.length} cells, the first line ${width}` }
  if (cells.some((cell) => cell.includes('\u0000'))) return { fault: 'holds a sign that is no text (NUL)' }
  const values: Partial<Record<Field, string>> = {}
  for (const [field, index] of at) {
    const text = cells[index]?.trim()
    if (text) values[field] = text
  }
  const rest = others.flatMap(({ name, index }) => (cells[index]?.trim() ? [[name, cells[index].trim()]] : []))
  return { values, others: Object.fromEntries(rest) as Record<string, string> }
}

const notATable = (what: string) =>
  new DomainError('validation_failed', `The first line ${what}.`, { issues: [{ path: 'line 1', message: what }] })

function wrongColumns(faults: readonly { field: string; message: string }[]): DomainError {
  const issues = faults.map(({ field, message }) => ({ path: field === '' ? 'line 1' : `columns.${field}`, message }))
  return new DomainError('validation_failed', 'The columns are not as this call needs them; issues says which.', { issues })
}
