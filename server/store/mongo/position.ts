// Cursors of lists: the sort values and the id of the last item looked at. Opaque to callers.
import { DomainError } from '../../../shared/problems.ts'

export type Position = readonly [number | null, string]
type Parts = (number | string | null)[]

export function writePosition(position: readonly (number | string | null)[] | null): string | null {
  return position && Buffer.from(JSON.stringify(position)).toString('base64url')
}

export function readPosition(cursor: string | null): Position | null {
  return readParts(cursor, ['number', 'string']) as Position | null
}

/** @throws DomainError `validation_failed` for what is no cursor of this kind of list. */
export function readParts(cursor: string | null, shape: readonly ('string' | 'number')[]): Parts | null {
  if (cursor === null) return null
  const parts = decodeParts(cursor)
  if (parts?.length === shape.length && parts.every((one, index) => one === null || typeof one === shape[index])) return parts
  throw new DomainError('validation_failed', 'This cursor belongs to another list. Begin without a cursor.', {
    issues: [{ path: 'cursor', message: 'is not a cursor of this list' }],
  })
}

/** Null: not one of ours. */
export function decodeParts(cursor: string): Parts | null {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) && parsed.every((part) => part === null || ['number', 'string'].includes(typeof part)) ? parsed : null
  } catch {
    return null
  }
}
