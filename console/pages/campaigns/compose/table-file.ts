// A file of recipients as people have it: CSV with a line of headings, in any of the encodings and separators that spreadsheets write.
// Read piece by piece: it may hold a hundred thousand rows.
import { foldText } from '../../../../shared/fold-text.ts'

export interface TableRow {
  /** Where it begins in the file; the headings are line 1. */
  line: number
  cells: string[]
}

export interface TableFile {
  name: string
  header: string[]
  /** The first of its rows. */
  first: TableRow[]
  /** How many there are below the headings. */
  count: number
  /** All of them, from the beginning. */
  rows(): AsyncGenerator<TableRow>
}

/** What a column is: a field of the recipient, a value by its name, or nothing. */
export type ColumnUse = 'to' | 'name' | 'coordinationId' | 'text' | 'skip' | `value:${string}`

const SHOWN = 20
const BEGINNING_BYTES = 64 * 1024

/** Bytes that are no UTF-8 are what Excel writes by itself. */
async function encodingOf(file: Blob): Promise<string> {
  const [first, second] = new Uint8Array(await file.slice(0, 2).arrayBuffer())
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  try {
    const decoder = new TextDecoder('utf-8', { fatal: true })
    const reader = file.stream().getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read()) decoder.decode(part.value, { stream: true })
    decoder.decode()
    return 'utf-8'
  } catch {
    return 'windows-1252'
  }
}

/** The one of them that the headings, outside of quotes, have most of. */
export function separatorOf(text: string): string {
  const line = (text.split(/\r\n|\r|\n/).find((one) => one.trim() !== '') ?? '').replaceAll(/"(?:[^"]|"")*"/g, '')
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: line.split(sign).length }))
  return counts.toSorted((one, other) => other.count - one.count)[0]?.sign ?? ','
}

/** Gives rows as soon as they are whole; a quoted cell may hold separators and line ends. */
export function createRowReader(separator: string): { push(text: string): TableRow[]; end(): TableRow[] } {
  let cells: string[] = []
  let cell = ''
  let line = 1
  let begins = 1
  let isQuoted = false
  /** A quote inside of a quoted cell: its end, or half of a doubled one. */
  let wasQuote = false
  let wasReturn = false
  let found: TableRow[] = []

  function endRow(): void {
    cells.push(cell)
    if (cells.some((one) => one.trim() !== '')) found.push({ line: begins, cells })
    cells = []
    cell = ''
  }

  function take(sign: string): void {
    if (wasReturn && sign === '\n') {
      wasReturn = false
      return
    }
    wasReturn = sign === '\r'
    const isEnd = sign === '\n' || sign === '\r'
    if (isEnd) line++
    if (isQuoted && !wasQuote) {
      if (sign === '"') wasQuote = true
      else cell += isEnd ? '\n' : sign
      return
    }
    if (wasQuote) {
      wasQuote = false
      if (sign === '"') {
        cell += '"'
        return
      }
      isQuoted = false
    }
    if (sign === '"' && cell === '') isQuoted = true
    else if (sign === separator) {
      cells.push(cell)
      cell = ''
    } else if (isEnd) {
      endRow()
      begins = line
    } else cell += sign
  }

  function given(): TableRow[] {
    const rows = found
    found = []
    return rows
  }

  return {
    push(text) {
      for (const sign of text) take(sign)
      return given()
    },
    end() {
      if (cell !== '' || cells.length > 0) endRow()
      return given()
    },
  }
}

export async function openTable(file: File): Promise<TableFile> {
  const encoding = await encodingOf(file)
  const beginning = new TextDecoder(encoding).decode(await file.slice(0, BEGINNING_BYTES).arrayBuffer(), { stream: true })
  const separator = separatorOf(beginning)

  async function* all(): AsyncGenerator<TableRow> {
    const decoder = new TextDecoder(encoding)
    const rows = createRowReader(separator)
    const reader = file.stream().getReader()
    for (let part = await reader.read(); !part.done; part = await reader.read())
      yield* rows.push(decoder.decode(part.value, { stream: true }))
    yield* rows.push(decoder.decode())
    yield* rows.end()
  }

  let header: string[] | null = null
  const first: TableRow[] = []
  let count = 0
  for await (const row of all()) {
    if (header === null) header = row.cells.map((one) => one.trim())
    else {
      count++
      if (first.length < SHOWN) first.push(row)
    }
  }
  return {
    ...{ name: file.name, header: header ?? [], first, count },
    async *rows() {
      let isHeader = true
      for await (const row of all()) {
        if (!isHeader) yield row
        isHeader = false
      }
    },
  }
}

const guesses: [RegExp, ColumnUse][] = [
  [/^(to|telefono|tel|celular|movil|numero|phone|mobile|number|whatsapp|telefone)( |_|$)/, 'to'],
  [/^(name|nombre|nome|cliente|client)$/, 'name'],
  [/^(coordinationid|coordination|coordinacion|coordenacao|record|reserva)( ?_?id)?$/, 'coordinationId'],
  [/^(text|texto|mensaje|message|mensagem)$/, 'text'],
]

/** By the headings. What the message needs by that name is its value; each field of the recipient is guessed once. */
export function guessColumns(header: readonly string[], needed: readonly string[]): ColumnUse[] {
  const taken = new Set<ColumnUse>()
  return header.map((heading) => {
    const folded = foldText(heading.trim())
    const value = needed.find((name) => foldText(name) === folded)
    const guessed = value === undefined ? (guesses.find(([pattern]) => pattern.test(folded))?.[1] ?? 'skip') : (`value:${value}` as const)
    if (guessed === 'skip' || taken.has(guessed)) return 'skip'
    taken.add(guessed)
    return guessed
  })
}

export interface RowRecipient {
  to: string
  name?: string
  coordinationId?: string
  text?: string
  variables?: Record<string, string>
}

/** An empty cell says nothing. */
export function recipientIn({ cells }: TableRow, columns: readonly ColumnUse[]): RowRecipient {
  const found: RowRecipient = { to: '' }
  for (const [at, use] of columns.entries()) {
    const cell = cells[at]?.trim() ?? ''
    if (use === 'skip' || cell === '') continue
    if (use.startsWith('value:')) found.variables = { ...found.variables, [use.slice('value:'.length)]: cell }
    else found[use as 'to' | 'name' | 'coordinationId' | 'text'] = cell
  }
  return found
}
