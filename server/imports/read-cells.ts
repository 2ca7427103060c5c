// Lines of CSV as rows of cells. csv-parse reads what has quotes, in parts of whole rows: its stream would end at the first broken
// row, and take all that follows an open quote for one cell.
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
export async function* readCells(pieces: AsyncIterable<Line[]>, separator: string): AsyncGenerator<CellRow[]> {
  let left: Line[] = []
  for await (const lines of pieces) {
    const { rows, open } = rowsOf(left.length === 0 ? lines : [...left, ...lines], separator, false)
    if (rows.length > 0) yield rows
    left = open
  }
  const { rows } = rowsOf(left, separator, true)
  if (rows.length > 0) yield rows
}

/** `open`: lines of a cell that may go on in the next piece. */
function rowsOf(lines: readonly Line[], separator: string, isLast: boolean): { rows: CellRow[]; open: Line[] } {
  const together = readTogether(lines, separator)
  const rows: CellRow[] = []
  for (let at = 0; at < lines.length; at++) {
    const { number, text, fault } = lines[at] as Line
    const cells = together.get(number)
    if (fault !== undefined) rows.push({ line: number, fault })
    else if (text.trim() === '') continue
    else if (!text.includes('"')) rows.push({ line: number, cells: text.split(separator) })
    else if (cells !== undefined) rows.push({ line: number, cells })
    else {
      const read = readQuoted(lines, at, separator)
      if (read === 'goes on' && !isLast) return { rows, open: lines.slice(at) }
      const { row, more } = read === 'goes on' ? { row: openQuote, more: 0 } : read
      rows.push({ line: number, ...row })
      at += more
    }
  }
  return { rows, open: [] }
}

const TOGETHER = 200

/**
 * The cells of lines whose quotes are all closed, read many at a time, which costs a fraction. Of a part in which one is not
 * right, or that are the inside of a cell, each is read by itself.
 */
function readTogether(lines: readonly Line[], separator: string): Map<number, string[]> {
  const found = new Map<number, string[]>()
  const whole = lines.filter(({ text }) => text.includes('"') && !isOdd(text))
  for (let from = 0; from < whole.length; from += TOGETHER) {
    const part = whole.slice(from, from + TOGETHER)
    const rows = tableOf(part.map(({ text }) => text).join('\n'), separator)
    if (rows?.length === part.length) for (const [index, { number }] of part.entries()) found.set(number, rows[index] ?? [])
  }
  return found
}

function tableOf(text: string, separator: string): string[][] | null {
  try {
    return parseCells(text, separator, false)
  } catch {
    return null
  }
}

const isOdd = (text: string): boolean => text.split('"').length % 2 === 0

type Read = { cells: string[] } | { fault: string }

/** `more`: how many lines behind belong to it. */
function readQuoted(lines: readonly Line[], at: number, separator: string): { row: Read; more: number } | 'goes on' {
  let text = lines[at]?.text ?? ''
  const alone = readRow(text, separator)
  if ('cells' in alone || !alone.isOpen) return { row: alone, more: 0 }
  for (let more = 1; ; more++) {
    const line = lines[at + more]
    if (line === undefined) return 'goes on'
    if (line.fault !== undefined || text.length + line.text.length > LINE_BYTES) return { row: openQuote, more: 0 }
    text += `\n${line.text}`
    // With an even number of quotes the cell goes on.
    if (!isOdd(line.text)) continue
    const whole = readStrictly(text, separator)
    return 'cells' in whole ? { row: whole, more } : { row: openQuote, more: 0 }
  }
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

const cellsOf = (text: string, separator: string, loosely: boolean): string[] => parseCells(text, separator, loosely)[0] ?? []

function parseCells(text: string, separator: string, loosely: boolean): string[][] {
  // Said, since it is looked for otherwise: a cell may hold the other sign.
  return parse(text, { delimiter: separator, record_delimiter: '\n', relax_column_count: true, relax_quotes: loosely }) as string[][]
}
