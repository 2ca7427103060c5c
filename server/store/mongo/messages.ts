// Reading messages: one, a range of a thread, the log.
import mongoose from 'mongoose'
import type { Message } from '../../../shared/model.ts'
import { hideSensitive } from '../../rules/hide-sensitive.ts'
import type { MessageRange, Page, PageRequest, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushOrg, loadConversation } from './flush.ts'
import { type Position, readPosition, writePosition } from './position.ts'
import { toMessage } from './rows.ts'
import { inScope, scopeHolds } from './show.ts'
import { OVERLAP_MS, readCursor } from './sync-cursor.ts'

type Filter = mongoose.mongo.Filter<MessageDoc>
const shown = { hidden: { $exists: false } } as const
/** Most documents that one page of a search looks at. */
const SCAN = 2000

/** Entered or scheduled. What is not found may be pending somewhere: then that is flushed first. */
export async function findMessage(db: Database, orgId: string, id: string): Promise<MessageDoc | null> {
  const filter = { _id: id, orgId, ...shown }
  const found = (await db.messages.findOne(filter)) ?? (await db.scheduled.findOne(filter))
  if (found && found.seq !== null) return found
  // Also where nothing is left to flush: another flush may just have finished.
  await flushOrg(db, orgId)
  return (await db.messages.findOne(filter)) ?? (await db.scheduled.findOne(filter))
}

export async function message(db: Database, viewer: Viewer, id: string): Promise<Message | null> {
  const found = await findMessage(db, viewer.orgId, id)
  return found && scopeHolds(viewer.scope, found.coordinationId) ? toMessage(found) : null
}

export async function messages(
  db: Database,
  viewer: Viewer,
  conversationId: string,
  range: MessageRange,
): Promise<{ items: Message[]; hasMore: boolean } | null> {
  const { orgId, scope } = viewer
  const doc = await loadConversation(db, { _id: conversationId, orgId, ...inScope(scope) })
  if (!doc) return null
  const since = range.changedSince === undefined ? null : readCursor(range.changedSince)
  const seq = {
    ...(range.after === undefined ? {} : { $gt: range.after }),
    ...(range.before === undefined ? {} : { $lt: range.before }),
  }
  const filter: Filter = {
    orgId,
    conversationId,
    ...(Object.keys(seq).length > 0 ? { seq } : {}),
    ...(since === null ? {} : { changedAt: { $gte: new Date(since.time - OVERLAP_MS) } }),
    ...shown,
  }
  // The newest, or those just before a place; else from the start of the range on.
  const backwards = range.after === undefined && range.changedSince === undefined
  const found = await db.messages
    .find(filter)
    .sort({ seq: backwards ? -1 : 1 })
    .limit(range.limit + 1)
    .toArray()
  const items = found.slice(0, range.limit)
  if (backwards) items.reverse()
  return { items: items.map(toMessage), hasMore: found.length > range.limit }
}

const listed = (doc: MessageDoc) => hideSensitive(toMessage(doc))

/** Some messages, and the index that holds them in the order of time. */
export interface Way {
  filter: Filter
  index?: string
}

/**
 * Newest first by time of writing, of what entered and (where `planned`) of what is scheduled too. Several ways are read as one
 * list.
 */
export async function pageOfMessages(
  db: Database,
  ways: readonly Way[],
  page: PageRequest,
  options: { planned: boolean; matches?: (message: MessageDoc) => boolean },
): Promise<Page<Message>> {
  const items: MessageDoc[] = []
  let position = readPosition(page.cursor)
  for (let scanned = 0; ; ) {
    const batch = Math.min(options.matches ? Math.max(page.limit + 1, 200) : page.limit + 1, SCAN)
    const found = await newest(db, ways, position, batch, options.planned)
    for (const message of found) {
      if (options.matches && !options.matches(message)) {
        position = [message.createdAt, message._id]
        continue
      }
      if (items.length === page.limit) return { items: items.map(listed), nextCursor: writePosition(position) }
      items.push(message)
      position = [message.createdAt, message._id]
    }
    scanned += found.length
    if (found.length < batch) return { items: items.map(listed), nextCursor: null }
    if (scanned >= SCAN) return { items: items.map(listed), nextCursor: writePosition(position) }
  }
}

async function newest(
  db: Database,
  ways: readonly Way[],
  position: Position | null,
  limit: number,
  planned: boolean,
): Promise<MessageDoc[]> {
  const collections = planned ? [db.messages, db.scheduled] : [db.messages]
  const lists = await Promise.all(collections.flatMap((collection) => ways.map((way) => readDown(db, collection, way, position, limit))))
  const [only] = lists
  if (only !== undefined && lists.length === 1) return only
  // One that enters in this moment is in both collections: the entered one counts.
  const byId = new Map<string, MessageDoc>()
  for (const message of lists.flat()) if (!byId.has(message._id)) byId.set(message._id, message)
  return [...byId.values()].toSorted((a, b) => b.createdAt - a.createdAt || (a._id < b._id ? 1 : -1)).slice(0, limit)
}

const HOUR_MS = 3600_000
/** How far back one read goes, and the next: some servers sort all that a condition holds before they take the newest of it. */
const spans = [HOUR_MS, 8 * HOUR_MS, 64 * HOUR_MS, 512 * HOUR_MS, 4096 * HOUR_MS, Number.POSITIVE_INFINITY]

/** A copy of a database may have come without its indexes: it is read all the same, more slowly. */
const NO_SUCH_INDEX = 2

async function readBy(collection: Database['messages'], all: Filter, limit: number, index: Way['index']): Promise<MessageDoc[]> {
  const read = () => collection.find(all).sort({ createdAt: -1, _id: -1 }).limit(limit)
  if (index === undefined) return read().toArray()
  try {
    return await read().hint(index).toArray()
  } catch (error) {
    if (error instanceof mongoose.mongo.MongoServerError && error.code === NO_SUCH_INDEX) return read().toArray()
    throw error
  }
}

async function readDown(
  db: Database,
  collection: Database['messages'],
  { filter, index }: Way,
  position: Position | null,
  limit: number,
): Promise<MessageDoc[]> {
  const found: MessageDoc[] = []
  const top = position?.[0] ?? db.clock.now()
  let above: Filter = position ? { createdAt: { $lte: top }, $or: [{ createdAt: { $lt: top } }, { _id: { $lt: position[1] } }] } : {}
  for (const span of spans) {
    const bottom = top - span
    const within: Filter = bottom > 0 ? { createdAt: { $gte: bottom } } : {}
    const all = { $and: [filter, above, within, shown] } as Filter
    found.push(...(await readBy(collection, all, limit - found.length, index)))
    if (found.length === limit || bottom <= 0) break
    above = { createdAt: { $lt: bottom } }
  }
  return found
}
