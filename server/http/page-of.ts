// Pages: what a query asks for, and the shape in which lists answer.
import { z } from 'zod'
import type { Page, PageRequest } from '../store/records.ts'

const DEFAULT_LIMIT = 50

export function pageOf(query: { cursor?: string | undefined; limit?: number | undefined }, fallback = DEFAULT_LIMIT): PageRequest {
  return { cursor: query.cursor ?? null, limit: query.limit ?? fallback }
}

/** `{ items, nextCursor }` of something. */
export function pageShape<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** So long a page is filled on. */
const FILL_MS = 150

/** A store's page may be short where it looked at much and found little: then it is asked for more, for a moment. */
export async function fillPage<Item>(asked: PageRequest, read: (page: PageRequest) => Promise<Page<Item>>): Promise<Page<Item>> {
  const began = performance.now()
  const items: Item[] = []
  for (let { cursor } = asked; ; ) {
    const page = await read({ cursor, limit: asked.limit - items.length })
    items.push(...page.items)
    cursor = page.nextCursor
    if (cursor === null || items.length >= asked.limit || performance.now() - began > FILL_MS) return { items, nextCursor: cursor }
    // Others go in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
