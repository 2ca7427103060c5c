// UUIDv7 (RFC 9562): sorts by time, says nothing about anybody.
import { randomFillSync } from 'node:crypto'

export type NewId = () => string

/** An id source: rising also within one millisecond, and when the clock steps back. */
export function createIds(now: () => number): NewId {
  const bytes = new Uint8Array(16)
  let last = 0
  let counter = 0
  return () => {
    const time = now()
    if (time > last) {
      last = time
      counter = 0
    } else if (++counter > 0xfff) {
      last++
      counter = 0
    }
    randomFillSync(bytes)
    const hex = Buffer.from(bytes.buffer, 8).toString('hex')
    const head = last.toString(16).padStart(12, '0')
    const variant = ((bytes[8] ?? 0) & 0x3f) | 0x80
    return `${head.slice(0, 8)}-${head.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant.toString(16)}${hex.slice(2, 4)}-${hex.slice(4)}`
  }
}
