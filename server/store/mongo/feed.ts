// The change feed of an organization, for other processes: by the database's clock, over-reporting rather than missing.
// First what changed by id and `rev` alone, since each reading overlaps with the one before; then what is news, whole.
import type mongoose from 'mongoose'
import { emptyFeed, readKey, readRev, recordKey, templatesKey } from '../news-keys.ts'
import type { Feed, IsNews, Processes } from '../records.ts'
import { toAgent } from './agents.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, DepartureDoc, MessageDoc } from './documents.ts'
import { decodeParts, writePosition } from './position.ts'
import { toConversation, toCoordination, toMessage } from './rows.ts'
import { OVERLAP_MS } from './sync-cursor.ts'
import { insertOnce } from './write.ts'

/** How far back every reading looks. What becomes visible later is found by the next one that looks back for all of OVERLAP_MS. */
const NEAR_MS = 2_000
const FAR_EVERY_MS = 5_000
/** What is told to the host goes on where it was, also after days without any process. */
const CURSOR_LIFE_MS = 7 * 24 * 60 * 60_000
const MOST = 20_000

type ChangedRow = Pick<ConversationDoc, '_id' | 'rev'> & { pending: Pick<MessageDoc, '_id' | 'rev'>[] }

/** The database's time at the last reading, and at the last one that looked far back. */
interface Place {
  time: number
  far: number
}

const writePlace = ({ time, far }: Place): string => writePosition([2, time, far]) ?? ''

function readPlace(cursor: string): Place | null {
  const [kind, time, far, ...rest] = decodeParts(cursor) ?? []
  return kind === 2 && typeof time === 'number' && typeof far === 'number' && rest.length === 0 ? { time, far } : null
}

export async function changesSince(db: Database, orgId: string, since: string | null, isNews: IsNews): Promise<Feed> {
  const time = await db.now()
  const place = since === null ? { time, far: time } : readPlace(since)
  if (place === null || time - place.time > CURSOR_LIFE_MS || place.time > time + OVERLAP_MS)
    return emptyFeed(writePlace({ time, far: time }), true)
  const isFar = time - place.far >= FAR_EVERY_MS
  const feed = emptyFeed(writePlace({ time, far: isFar ? time : place.far }))
  if (since === null) return feed
  const from = new Date(isFar ? place.far - OVERLAP_MS : place.time - NEAR_MS)
  const changed = { orgId, changedAt: { $gte: from } }
  const news = (found: { _id: string; rev: number }[]) => found.filter(({ _id, rev }) => isNews(_id, rev)).map(({ _id }) => _id)
  const briefly = { projection: { rev: 1 }, limit: MOST }

  const [changedRows, departures] = await Promise.all([
    db.conversations.find<ChangedRow>(changed, { ...briefly, projection: { rev: 1, 'pending._id': 1, 'pending.rev': 1 } }).toArray(),
    db.departures.find(changed, { limit: MOST }).sort({ changedAt: 1 }).toArray(),
  ])
  const departed = departures.filter(({ _id }) => isNews(_id, 1))
  const moved = departed.filter(({ gone }) => !gone).map(({ conversationId }) => conversationId)
  const rowIds = new Set([...news(changedRows), ...moved])
  // A row that is known may hold a message that is not: who changed it last was told of its own change alone.
  const holders = changedRows.filter(({ pending }) => news(pending).length > 0).map(({ _id }) => _id)
  const docs = await byIds(db.conversations, orgId, new Set([...rowIds, ...holders]))
  // After the conversations: what is copied off them meanwhile is found here.
  const [changedMessages, changedPlanned, reads, records, agents, templates] = await Promise.all([
    db.messages.find<Pick<MessageDoc, '_id' | 'rev'>>({ ...changed, hidden: { $exists: false } }, briefly).toArray(),
    db.scheduled.find<Pick<MessageDoc, '_id' | 'rev'>>(changed, briefly).toArray(),
    db.readers.find(changed, { limit: MOST }).toArray(),
    db.coordinations.find(changed, { limit: MOST }).toArray(),
    db.agents.find(changed, { limit: MOST }).toArray(),
    db.templateChanges.findOne({ ...changed, _id: orgId }),
  ])
  const lists = [changedRows, departures, changedMessages, changedPlanned, reads, records, agents]
  if (lists.some((list) => list.length === MOST)) return { ...feed, full: true }
  const [messages, planned] = await Promise.all([
    byIds(db.messages, orgId, news(changedMessages)),
    byIds(db.scheduled, orgId, news(changedPlanned)),
  ])
  const pending = docs.flatMap((doc) => doc.pending).filter(({ _id, rev, hidden }) => !hidden && isNews(_id, rev))
  return {
    ...feed,
    conversations: docs.filter((doc) => !doc.gone && (rowIds.has(doc._id) || isNews(doc._id, doc.rev))).map(toConversation),
    messages: newest([...pending, ...planned, ...messages]).map((doc) => ({
      message: toMessage(doc),
      lineId: doc.lineId,
      sender: doc.sender,
      moved: doc.placedAt !== undefined && doc.placedAt >= from,
      enteredMsAgo: doc.enteredAt === null ? null : time - doc.enteredAt.getTime(),
    })),
    left: departed.map((one) => leftBy(one, docs)),
    reads: reads
      .filter((one) => isNews(readKey(one), readRev(one)))
      .map(({ agentId, conversationId, readCount, readSeq }) => ({ agentId, conversationId, readCount, readSeq })),
    coordinations: records.filter(({ id, rev }) => isNews(recordKey(id), rev)).map(toCoordination),
    agents: agents.map(toAgent),
    templates: templates && isNews(templatesKey(orgId), templates.changes) ? templates.changes : null,
  }
}

async function byIds<T extends mongoose.mongo.Document & { _id: string }>(
  collection: mongoose.mongo.Collection<T>,
  orgId: string,
  ids: Iterable<string>,
): Promise<T[]> {
  const wanted = [...ids]
  if (wanted.length === 0) return []
  return (await collection.find({ orgId, _id: { $in: wanted } } as unknown as mongoose.mongo.Filter<T>).toArray()) as T[]
}

/** Of each message its newest state: it may stand on its conversation and in its collection. */
function newest(docs: readonly MessageDoc[]): MessageDoc[] {
  const byId = new Map<string, MessageDoc>()
  for (const doc of docs) if (doc.rev >= (byId.get(doc._id)?.rev ?? 0)) byId.set(doc._id, doc)
  return [...byId.values()]
}

/** Where it is by now: it may have gone on since. */
function leftBy({ _id, conversationId, from, gone }: DepartureDoc, docs: readonly ConversationDoc[]): Feed['left'][number] {
  const now = gone ? undefined : docs.find((doc) => doc._id === conversationId)
  return { key: _id, conversationId, from, ...(now && { to: now.coordinationId }) }
}

export async function beat(db: Database, process: string, forMs: number): Promise<void> {
  if (forMs <= 0) {
    await db.processes.deleteOne({ _id: process })
    return
  }
  const until = new Date((await db.now()) + forMs)
  const known = await db.processes.updateOne({ _id: process }, { $max: { until } })
  if (known.matchedCount === 0) await insertOnce(db.processes, { _id: process, until }, { _id: process })
}

export async function processes(db: Database): Promise<Processes> {
  const time = await db.now()
  const here = await db.processes.find({ until: { $gt: new Date(time) } }, { projection: { _id: 1 } }).toArray()
  return { ids: here.map(({ _id }) => _id), cursor: writePlace({ time, far: time }) }
}
