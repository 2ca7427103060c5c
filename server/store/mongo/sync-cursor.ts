// The cursor of the change feed: the database's time at the start of the read, whose it is, and the newest
// departure that was told. Opaque to callers.
import { decodeParts, writePosition } from './position.ts'

/** A write becomes visible after its time was taken: the next read starts this much earlier. */
export const OVERLAP_MS = 5_000
/** Departures are kept for 31 days; an older cursor starts anew. */
export const CURSOR_LIFE_MS = 30 * 24 * 60 * 60_000

export interface SyncCursor {
  time: number
  viewer: string
  /** Of the departures that were told: the newest's time, and how many within the overlap before it. */
  departedAt: number
  departed: number
}

export function writeCursor(cursor: SyncCursor): string {
  return writePosition([1, cursor.time, cursor.viewer, cursor.departedAt, cursor.departed]) ?? ''
}

export function readCursor(text: string): SyncCursor | null {
  const parts = decodeParts(text)
  if (parts?.length !== 5 || parts[0] !== 1) return null
  const [, time, viewer, departedAt, departed] = parts
  if (typeof time !== 'number' || typeof viewer !== 'string' || typeof departedAt !== 'number' || typeof departed !== 'number') return null
  return Number.isSafeInteger(time) && time > 0 ? { time, viewer, departedAt, departed } : null
}
