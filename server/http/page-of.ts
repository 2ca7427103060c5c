// Pages: what a query asks for, and the shape in which lists answer.
import { z } from 'zod'
import type { PageRequest } from '../store/records.ts'

const DEFAULT_LIMIT = 50

export function pageOf(query: { cursor?: string | undefined; limit?: number | undefined }, fallback = DEFAULT_LIMIT): PageRequest {
  return { cursor: query.cursor ?? null, limit: query.limit ?? fallback }
}

/** `{ items, nextCursor }` of something. */
export function pageShape<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}
