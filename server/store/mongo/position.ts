// Cursors of lists: the sort value and id of the last item looked at. Opaque to callers; anything else starts anew.

export type Position = readonly [number | null, string]

export function writePosition(position: readonly (number | string | null)[] | null): string | null {
  return position && Buffer.from(JSON.stringify(position)).toString('base64url')
}

export function readPosition(cursor: string | null): Position | null {
  const parts = readParts(cursor)
  if (!parts) return null
  const [value, id] = parts
  return (value === null || typeof value === 'number') && typeof id === 'string' ? [value, id] : null
}

export function readParts(cursor: string | null): (number | string | null)[] | null {
  if (cursor === null) return null
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    return Array.isArray(parsed) && parsed.every((part) => part === null || ['number', 'string'].includes(typeof part)) ? parsed : null
  } catch {
    return null
  }
}
