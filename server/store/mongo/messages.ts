// Reading messages: one, a range of a thread, the log.
import type mongoose from 'mongoose'
import type { Message } from '../../../shared/model.ts'
import { hideSensitive } from '../../rules/hide-sensitive.ts'
import { createMatcher, messageTexts } from '../../rules/search.ts'
import type { LogFilter, MessageRange, Page, PageRequest, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { flushOrg, loadConversation } from './flush.ts'
import { readPosition, writePosition } from './position.ts'
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

/** Newest first by time of writing, of what entered and (where `planned`) of what is scheduled too. */
export async function pageOfMessages(
  db: Database,
  filter: Filter,
  page: PageRequest,
  options: { planned: boolean; matches?: (message: MessageDoc) => boolean },
): Promise<Page<Message>> {
  const items: MessageDoc[] = []
  let position = readPosition(page.cursor)
  for (let scanned = 0; ; ) {
    const batch = Math.min(options.matches ? Math.max(page.limit + 1, 200) : page.limit + 1, SCAN)
    const found = await newest(db, filter, position, batch, options.planned)
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
  filter: Filter,
  position: readonly [number | null, string] | null,
  limit: number,
  planned: boolean,
): Promise<MessageDoc[]> {
  const after: Filter = position
    ? { createdAt: { $lte: position[0] ?? 0 }, $or: [{ createdAt: { $lt: position[0] ?? 0 } }, { _id: { $lt: position[1] } }] }
    : {}
  const both = { $and: [filter, after, shown] } as Filter
  const read = (collection: Database['messages']) => collection.find(both).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray()
  if (!planned) return read(db.messages)
  const [entered, scheduled] = await Promise.all([read(db.messages), read(db.scheduled)])
  const ids = new Set(entered.map((message) => message._id))
  const all = [...entered, ...scheduled.filter((message) => !ids.has(message._id))]
  return all.toSorted((a, b) => b.createdAt - a.createdAt || (a._id < b._id ? 1 : -1)).slice(0, limit)
}

export async function messageLog(db: Database, viewer: Viewer, filter: LogFilter, page: PageRequest): Promise<Page<Message>> {
  const { orgId, scope } = viewer
  if (filter.coordinationId !== undefined && !scopeHolds(scope, filter.coordinationId)) return { items: [], nextCursor: null }
  await flushOrg(db, orgId)
  const time = {
    ...(filter.from === undefined ? {} : { $gte: filter.from }),
    ...(filter.to === undefined ? {} : { $lt: filter.to }),
  }
  const query: Filter = {
    orgId,
    ...inScope(scope),
    ...(filter.coordinationId === undefined ? {} : { coordinationId: filter.coordinationId }),
    ...(filter.status === undefined ? {} : { status: filter.status }),
    ...(filter.direction === undefined ? {} : { direction: filter.direction }),
    ...(filter.channel === undefined ? {} : { channel: filter.channel }),
    ...(filter.authorType === undefined ? {} : { 'author.type': filter.authorType }),
    ...(filter.authorId === undefined ? {} : { 'author.id': filter.authorId }),
    ...(filter.conversationId === undefined ? {} : { conversationId: filter.conversationId }),
    ...(filter.contactId === undefined ? {} : { contactId: filter.contactId }),
    ...(Object.keys(time).length > 0 ? { createdAt: time } : {}),
  }
  const matches = createMatcher(filter.q)
  return pageOfMessages(db, query, page, { planned: true, ...(matches && { matches: (one) => matches(messageTexts(one)) }) })
}
