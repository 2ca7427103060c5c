// The first rows of a file that is about to be imported, for people to look at. The server reads the whole of it, by its own rules; this
// only shows what is in it, and never holds more than its beginning.

/** Enough for a header and some rows, however wide. */
export const BEGINNING_BYTES = 64 * 1024
const SHOWN_ROWS = 5

export interface Beginning {
  kind: 'csv' | 'json'
  /** As the file names them. */
  header: string[]
  rows: string[][]
  /** Nothing could be read out of it. */
  isEmpty: boolean
}

export function readBeginning(bytes: Uint8Array, isWhole: boolean): Beginning {
  const text = decode(bytes, isWhole).replace(/^\uFEFF/, '')
  const kind = /^\s*[{[]/.test(text) ? 'json' : 'csv'
  const [header = [], ...rows] = kind === 'json' ? jsonRows(text, isWhole) : csvRows(text, isWhole)
  return { kind, header, rows: rows.slice(0, SHOWN_ROWS), isEmpty: header.every((one) => one.trim() === '') }
}

/** Bytes that are no UTF-8 are what Excel writes. A letter that was cut at the end says nothing. */
function decode(bytes: Uint8Array, isWhole: boolean): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !isWhole })
  } catch {
    return new TextDecoder('windows-1252').decode(bytes)
  }
}

/** The one of them that the first line, outside of quotes, has most of. */
function separatorOf(text: string): string {
  const line = /^(?:"(?:[^"]|"")*"|[^"\r\n])*/.exec(text)?.[0].replace(/"(?:[^"]|"")*"/g, '') ?? ''
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, count: line.split(sign).length }))
  return counts.toSorted((one, other) => other.count - one.count)[0]?.sign ?? ','
}

function csvRows(whole: string, isWhole: boolean): string[][] {
  // As Excel writes for itself.
  const said = /^sep=(.)\r?\n/.exec(whole)
  const text = said === null ? whole : whole.slice(said[0].length)
  const separator = said?.[1] ?? separatorOf(text)
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length && rows.length <= SHOWN_ROWS; at++) {
    const sign = text[at] ?? ''
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text[at + 1] === '"') {
        cell += '"'
        at++
      } else isQuoted = false
    } else if (sign === '"' && cell === '') isQuoted = true
    else if (sign === separator) {
      row.push(cell)
      cell = ''
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at++
      endRow()
    } else cell += sign
  }
  // The last line of a part of a file may be half a line.
  if (isWhole || rows.length === 0) endRow()
  return rows

  function endRow(): void {
    row.push(cell)
    if (row.some((one) => one.trim() !== '')) rows.push(row)
    row = []
    cell = ''
  }
}

/** Objects, one a line; their names are the header. */
function jsonRows(text: string, isWhole: boolean): string[][] {
  const lines = text.split(/\r?\n/)
  const whole = isWhole ? lines : lines.slice(0, -1)
  const objects: Record<string, unknown>[] = []
  for (const line of whole) {
    if (objects.length === SHOWN_ROWS) break
    try {
      const found: unknown = JSON.parse(line)
      if (found !== null && typeof found === 'object' && !Array.isArray(found)) objects.push(found as Record<string, unknown>)
    } catch {
      // The server says which line is broken.
    }
  }
  const header = [...new Set(objects.flatMap((one) => Object.keys(one)))]
  if (header.length === 0) return []
  return [header, ...objects.map((one) => header.map((name) => textOf(one[name])))]
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value))
