// UUIDv7 (RFC 9562): sorts by time, says nothing about anybody.
import { randomFillSync } from 'node:crypto'

export type NewId = () => string

/** An id source: rising also within one millisecond, and when the clock steps back. */
export function createIds(now: () => number): NewId {
  // Randomness is drawn for many ids at once: asking for it is most of what an id costs.
  const pool = Buffer.alloc(4096)
  let used = pool.length
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
    if (used + 8 > pool.length) {
      randomFillSync(pool)
      used = 0
    }
    const variant = ((pool[used] ?? 0) & 0x3f) | 0x80
    const hex = pool.toString('hex', used, used + 8)
    used += 8
    const head = last.toString(16).padStart(12, '0')
    return `${head.slice(0, 8)}-${head.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${variant.toString(16)}${hex.slice(2, 4)}-${hex.slice(4)}`
  }
}
