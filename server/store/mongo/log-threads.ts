// The message log by conversation, each with the sums of what it holds of a filter; and the log as lines of a table.
import type mongoose from 'mongoose'
import type { LogThread } from '../../../shared/model.ts'
import { addToSums, messageColumns, type Sums, threadColumns } from '../../rules/log-table.ts'
import { linesOf } from '../../rules/text-table.ts'
import type { LogFilter, LogTable, Page, PageRequest, TextPage, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { flushOrg } from './flush.ts'
import { conditionsOf, createTest, messageLog } from './message-log.ts'
import { readPosition, writePosition } from './position.ts'
import { inScope, scopeHolds } from './show.ts'

type Row = Pick<ConversationDoc, '_id' | 'activityAt' | 'channel' | 'contactId' | 'contactName' | 'phone' | 'address' | 'coordinationId'>

/** Conversations read at a time, and most that one page looks at. */
const PIECE = 100
const SCAN = 2000

export async function logThreads(db: Database, viewer: Viewer, filter: LogFilter, page: PageRequest): Promise<Page<LogThread>> {
  if (filter.coordinationId !== undefined && !scopeHolds(viewer.scope, filter.coordinationId)) return { items: [], nextCursor: null }
  await flushOrg(db, viewer.orgId)
  const items: LogThread[] = []
  let position = readPosition(page.cursor)
  for (let looked = 0; looked < SCAN; ) {
    const isActive = position === null || position[0] !== null
    const rows = await nextRows(db, viewer, filter, position)
    const sums = await sumUp(db, viewer, filter, rows)
    for (const row of rows) {
      if (items.length === page.limit) return { items, nextCursor: writePosition(position) }
      const found = sums.get(row._id)
      if (found !== undefined) items.push(show(row, found))
      position = [row.activityAt, row._id]
    }
    looked += rows.length
    if (rows.length === PIECE) continue
    if (!isActive) return { items, nextCursor: null }
    // Those with nothing but what went by itself come behind the others.
    position = [null, '']
  }
  return { items, nextCursor: writePosition(position) }
}

function nextRows(
  db: Database,
  { orgId, scope }: Viewer,
  filter: LogFilter,
  position: readonly [number | null, string] | null,
): Promise<Row[]> {
  const { conversationId, contactId, coordinationId } = filter
  const base = {
    ...{ orgId, ...inScope(scope) },
    ...(coordinationId === undefined ? {} : { coordinationId }),
    ...(contactId === undefined ? {} : { contactId }),
    ...(conversationId === undefined ? {} : { _id: conversationId }),
  }
  const isActive = position === null || position[0] !== null
  const from = fromPosition(position)
  return db.conversations
    .find({ $and: [base, isActive ? { activityAt: { $gt: 0 } } : { activityAt: null }, from] } as mongoose.mongo.Filter<ConversationDoc>, {
      projection: { activityAt: 1, channel: 1, contactId: 1, contactName: 1, phone: 1, address: 1, coordinationId: 1 },
    })
    .sort({ activityAt: -1, _id: -1 })
    .limit(PIECE)
    .toArray()
}

function fromPosition(position: readonly [number | null, string] | null): object {
  if (position === null) return {}
  const [at, id] = position
  if (at !== null) return { activityAt: { $lte: at }, $or: [{ activityAt: { $lt: at } }, { _id: { $lt: id } }] }
  return id === '' ? {} : { _id: { $lt: id } }
}

async function sumUp(db: Database, viewer: Viewer, filter: LogFilter, rows: readonly Row[]): Promise<Map<string, Sums>> {
  const sums = new Map<string, Sums>()
  if (rows.length === 0) return sums
  const test = createTest(db, filter)
  const { contactId: _, ...own } = filter
  const wanted = { $and: [conditionsOf(viewer, own), { conversationId: { $in: rows.map((row) => row._id) }, hidden: { $exists: false } }] }
  const seen = new Set<string>()
  // What enters in this moment is in both collections: the entered one counts.
  for (const collection of [db.messages, db.scheduled]) {
    for await (const doc of collection.find(wanted as mongoose.mongo.Filter<MessageDoc>, { batchSize: 500 })) {
      if ((test !== null && !test(doc)) || (collection === db.scheduled && seen.has(doc._id))) continue
      if (collection === db.messages && doc.dueAt !== null) seen.add(doc._id)
      const { direction, status, price, createdAt: at } = doc
      sums.set(doc.conversationId, addToSums(sums.get(doc.conversationId) ?? null, { direction, status, price, at }))
    }
  }
  return sums
}

function show(row: Row, { firstAt, lastAt, ...sums }: Sums): LogThread {
  return {
    ...{ conversationId: row._id, channel: row.channel, coordinationId: row.coordinationId },
    contact: { id: row.contactId, name: row.contactName, phone: row.phone, address: row.address },
    ...sums,
    ...{ firstAt: new Date(firstAt).toISOString(), lastAt: new Date(lastAt).toISOString() },
  }
}

export async function logTable(
  db: Database,
  viewer: Viewer,
  filter: LogFilter,
  { of, locale }: LogTable,
  page: PageRequest,
): Promise<TextPage> {
  if (of === 'conversations') {
    const { items, nextCursor } = await logThreads(db, viewer, filter, page)
    return { text: linesOf(threadColumns, items), nextCursor }
  }
  const { items, nextCursor } = await messageLog(db, viewer, filter, page)
  return { text: linesOf(messageColumns(locale), items), nextCursor }
}
