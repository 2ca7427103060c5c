// Lines of CSV as rows of cells. csv-parse reads what has quotes, a row at a time: its stream would end at the first broken row,
// and take all that follows an open quote for one cell.
import { CsvError, parse } from 'csv-parse/sync'
import { LINE_BYTES, type Line } from './read-lines.ts'

export type CellRow = { line: number; cells: string[] } | { line: number; fault: string }

const SEPARATORS = [',', ';', '\t', '|']

/** The one that gives the first line the most cells; of those that give as many, the usual one. */
export function findSeparator(head: string): string {
  const counts = SEPARATORS.map((separator) => {
    const read = readRow(head, separator)
    return 'cells' in read ? read.cells.length : head.split(separator).length
  })
  return SEPARATORS[counts.indexOf(Math.max(...counts))] ?? ','
}

/** Empty lines are passed over. After a quote that is never closed it goes on with the line behind. */
export async function* readCells(lines: AsyncIterable<Line>, separator: string): AsyncGenerator<CellRow> {
  const source = lines[Symbol.asyncIterator]()
  // Lines that were taken for the inside of a cell and are rows of their own, the next one last.
  const ahead: Line[] = []
  const next = async (): Promise<Line | undefined> => {
    const held = ahead.pop()
    if (held !== undefined) return held
    const { value, done } = await source.next()
    return done ? undefined : value
  }
  for (let line = await next(); line !== undefined; line = await next()) {
    const { number, text, fault } = line
    if (fault !== undefined) yield { line: number, fault }
    else if (text.trim() === '') continue
    else if (!text.includes('"')) yield { line: number, cells: text.split(separator) }
    else {
      const { row, behind } = await readQuoted(line, next, separator)
      for (const one of behind.reverse()) ahead.push(one)
      yield { line: number, ...row }
    }
  }
}

type Read = { cells: string[] } | { fault: string }

/** `behind`: what was read too far. */
async function readQuoted(first: Line, next: () => Promise<Line | undefined>, separator: string): Promise<{ row: Read; behind: Line[] }> {
  const alone = readRow(first.text, separator)
  if ('cells' in alone || !alone.isOpen) return { row: alone, behind: [] }
  const behind: Line[] = []
  let text = first.text
  let isOpen = true
  while (isOpen) {
    const line = await next()
    if (line !== undefined) behind.push(line)
    if (line === undefined || line.fault !== undefined || text.length + line.text.length > LINE_BYTES) return { row: openQuote, behind }
    text += `\n${line.text}`
    // With an odd number of quotes the cell goes on.
    if (line.text.split('"').length % 2 === 0) isOpen = false
  }
  const whole = readStrictly(text, separator)
  return 'cells' in whole ? { row: whole, behind: [] } : { row: openQuote, behind }
}

const openQuote = { fault: 'opens a quote that is not closed' }

/** Of a line by itself: quotes in the middle of a cell are signs like any other. */
function readRow(text: string, separator: string): Read & { isOpen?: boolean } {
  const strict = readStrictly(text, separator)
  if ('cells' in strict || strict.isOpen) return strict
  try {
    return { cells: cellsOf(text, separator, true) }
  } catch {
    return strict
  }
}

function readStrictly(text: string, separator: string): Read & { isOpen?: boolean } {
  try {
    return { cells: cellsOf(text, separator, false) }
  } catch (error) {
    const isOpen = error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED'
    return isOpen ? { ...openQuote, isOpen } : { fault: 'has a quote where none can be' }
  }
}

function cellsOf(text: string, separator: string, loosely: boolean): string[] {
  const rows = parse(text, { delimiter: separator, relax_column_count: true, relax_quotes: loosely }) as string[][]
  return rows[0] ?? []
}
