// A stream of bytes as numbered lines of text, those of a piece at a time: finds the encoding by itself, and holds no line that is too long.
import { isAscii, isUtf8 } from 'node:buffer'

export interface Line {
  /** From 1 on. */
  number: number
  text: string
  /** The line cannot be read: why. */
  fault?: string
}

/** One row of a table, in bytes. */
export const LINE_BYTES = 64 * 1024

/** So many lines go on together: what waits longer for its turn outlives the cheap collections of the heap. */
const TOGETHER = 100

const NEWLINE = 0x0a
const BOM = '\uFEFF'

/** Throws only what the stream itself throws. A last line that the stream broke off is not given out then. */
export async function* readLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Line[]> {
  const decode = createDecoder()
  let number = 1
  let held: Uint8Array[] = []
  let heldBytes = 0
  const take = (): Line => {
    const line =
      heldBytes > LINE_BYTES
        ? { text: '', fault: `is longer than ${LINE_BYTES / 1024} kB` }
        : decode(held.length === 1 && held[0] ? held[0] : Buffer.concat(held))
    held = []
    heldBytes = 0
    return { number: number++, ...line }
  }
  for await (const chunk of fromUtf16(bytes)) {
    let lines: Line[] = []
    for (let from = 0; from < chunk.length; ) {
      const end = chunk.indexOf(NEWLINE, from)
      const part = chunk.subarray(from, end < 0 ? chunk.length : end)
      heldBytes += part.length
      if (heldBytes > LINE_BYTES) held = []
      else held.push(part)
      if (end < 0) break
      lines.push(take())
      from = end + 1
      if (lines.length < TOGETHER) continue
      yield lines
      lines = []
    }
    if (lines.length > 0) yield lines
  }
  if (heldBytes > 0) yield [take()]
}

/** As Excel saves "Unicode text". Its line ends have other bytes, so that it is turned into UTF-8 first. */
async function* fromUtf16(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let start: Uint8Array | null = new Uint8Array()
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of bytes) {
    const next: Uint8Array = start === null ? chunk : Buffer.concat([start, chunk])
    if (start !== null && next.length < 2) {
      start = next
      continue
    }
    if (start !== null && next[0] === 0xff && next[1] === 0xfe) decoder = new TextDecoder('utf-16le')
    start = null
    yield decoder === null ? next : Buffer.from(decoder.decode(next, { stream: true }))
  }
  if (start !== null) yield start
}

/**
 * UTF-8 until the first line that is none: what came before was ASCII then, and all of it is Windows-1252, as programs that know
 * no UTF-8 write. Where lines before were UTF-8 without doubt, that line is damaged.
 */
function createDecoder(): (bytes: Uint8Array) => Pick<Line, 'text' | 'fault'> {
  const latin = new TextDecoder('windows-1252')
  // The mark in front is taken off below, and only there.
  const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })
  let encoding: 'unknown' | 'utf8' | 'latin' = 'unknown'
  let isFirst = true
  return (bytes) => {
    if (encoding === 'unknown' && !isAscii(bytes)) encoding = isUtf8(bytes) ? 'utf8' : 'latin'
    if (encoding === 'utf8' && !isUtf8(bytes)) return { text: '', fault: 'is no UTF-8, as the lines before are' }
    const text = encoding === 'latin' ? latin.decode(bytes) : utf8.decode(bytes)
    const whole = isFirst && text.startsWith(BOM) ? text.slice(1) : text
    isFirst = false
    return { text: whole.endsWith('\r') ? whole.slice(0, -1) : whole }
  }
}
