// JSON lines as rows of a table: an object per line, whose names are the columns.
import { headKey, type ImportField, matchColumns, type WantedColumns } from '../../shared/import-columns.ts'
import type { Line } from './read-lines.ts'
import type { Row } from './read-table.ts'

export async function* readObjects<Field extends ImportField>(
  pieces: AsyncIterable<Line[]>,
  wanted: WantedColumns<Field>,
): AsyncGenerator<Row<Field>[]> {
  for await (const lines of pieces)
    yield lines
      .filter(({ text, fault }) => fault !== undefined || text.trim() !== '')
      .map(({ number, text, fault }) => ({ line: number, ...(fault === undefined ? rowOf(text, wanted) : { fault }) }))
}

function rowOf<Field extends ImportField>(text: string, wanted: WantedColumns<Field>) {
  const said = parsed(text)
  if (said === null || typeof said !== 'object' || Array.isArray(said)) return { fault: 'is no JSON object' }
  const cells = new Map<string, string>()
  for (const [name, value] of Object.entries(said)) {
    if (!isObject(value)) addCell(cells, name, value)
    else for (const [inner, one] of Object.entries(value)) addCell(cells, `${name}.${inner}`, one)
  }
  const names = [...cells.keys()]
  const matched = matchColumns(names, { ...wanted, fields: wanted.fields.filter((field) => isThere(wanted.mapping?.[field], names)) })
  if ('faults' in matched) return { fault: matched.faults.map(({ message }) => message).join('; ') }
  const { at, others } = matched.columns
  const values: Partial<Record<Field, string>> = {}
  for (const [field, index] of at) values[field] = cells.get(names[index] ?? '') ?? ''
  return { values, others: Object.fromEntries(others.map(({ name }) => [name, cells.get(name) ?? ''])) }
}

/** An object leaves out what it does not know: a column that the caller named is empty there, and no other one takes its place. */
const isThere = (said: string | undefined, names: readonly string[]): boolean =>
  said === undefined || names.some((name) => headKey(name) === headKey(said))

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A list is its parts with `;` between, as people write one in a cell. What is empty is not there. */
function addCell(cells: Map<string, string>, name: string, value: unknown): void {
  const text = Array.isArray(value) ? value.map(textOf).join(';') : textOf(value)
  const clean = text.replaceAll('\u0000', '').trim()
  if (clean !== '') cells.set(name.trim(), clean)
}

const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
