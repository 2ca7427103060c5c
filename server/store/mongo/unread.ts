// Unread numbers: absolute, from the conversations in which something is unanswered, and the read cursors in them.
import { unreadOf } from '../../../shared/unread.ts'
import { readUpTo, seqToRead } from '../../rules/reading.ts'
import type { ContactUnread, RecordUnread, UnreadNumbers, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { ConversationDoc } from './documents.ts'
import { loadConversation } from './flush.ts'
import { addressKey } from './identify.ts'
import { recordKey } from './place.ts'
import { raiseReading } from './raise-reading.ts'
import { inScope, scopeHolds } from './show.ts'
import { sumUnread } from './sum-unread.ts'

type Counted = Pick<ConversationDoc, '_id' | 'coordinationId' | 'inboundCount' | 'answeredCount' | 'awaitingSince'>
const counted = { _id: 1, coordinationId: 1, inboundCount: 1, answeredCount: 1, awaitingSince: 1 } as const

/** Raises the cursor: readSeq at most to the last seq, readCount to the inbound messages up to there. */
export async function markRead(
  db: Database,
  viewer: Viewer,
  conversationId: string,
  seq: number,
): Promise<{ unread: number; readCount: number; readSeq: number; changed: boolean } | null> {
  const { orgId, agentId, scope } = viewer
  const doc = await loadConversation(db, { _id: conversationId, orgId, ...inScope(scope) })
  if (!doc) return null
  const readSeq = seqToRead(doc, seq)
  const readCount = readSeq === doc.lastSeq ? doc.inboundCount : await inboundUpTo(db, doc, readSeq)
  const before = await raiseReading(db, { orgId, agentId, conversationId }, { readSeq, readCount })
  const after = readUpTo(before, { readSeq, readCount })
  const { readCount: held, readSeq: upTo } = after ?? before
  return { readCount: held, readSeq: upTo, unread: unreadOf(doc, held), changed: after !== null }
}

/** The highest ordinal with a seq up to this one. */
async function inboundUpTo(db: Database, doc: ConversationDoc, seq: number): Promise<number> {
  const [last] = await db.messages
    .find({ orgId: doc.orgId, conversationId: doc._id, seq: { $lte: seq }, ordinal: { $gt: 0 } }, { projection: { ordinal: 1 } })
    .sort({ seq: -1 })
    .limit(1)
    .toArray()
  return last?.ordinal ?? 0
}

export async function unread(db: Database, viewers: readonly Viewer[]): Promise<UnreadNumbers[]> {
  const [first] = viewers
  if (!first) return []
  const { orgId } = first
  const version = await db.now()
  const filed = viewers.every((viewer) => viewer.scope !== null) ? [...new Set(viewers.flatMap((viewer) => viewer.scope ?? []))] : null
  const docs = await db.conversations
    .find({ orgId, unanswered: { $gt: 0 }, ...inScope(filed) }, { projection: counted })
    .limit(db.countOneByOne + 1)
    .toArray()
  if (docs.length > db.countOneByOne) return sumUnread(db, viewers, version)
  const readOf = await readCounts(db, orgId, docs, [...new Set(viewers.map((viewer) => viewer.agentId))])
  return viewers.map(({ scope, agentId }) => {
    const numbers = { version, total: 0, conversations: 0, awaitingReply: 0 }
    const held = scope && new Set(scope)
    for (const doc of docs) {
      if (held && (doc.coordinationId === null || !held.has(doc.coordinationId))) continue
      const count = unreadOf(doc, readOf(agentId, doc._id))
      numbers.total += count
      numbers.conversations += count > 0 ? 1 : 0
      numbers.awaitingReply += doc.awaitingSince === null ? 0 : 1
    }
    return numbers
  })
}

export async function unreadByCoordination(db: Database, viewer: Viewer, ids: readonly string[]): Promise<Record<string, RecordUnread>> {
  const { orgId, agentId, scope } = viewer
  const held = [...new Set(ids)].filter((id) => scopeHolds(scope, id))
  const numbers = new Map<string, RecordUnread>(held.map((id) => [id, { unread: 0, awaitingSince: null, unfiled: 0, unfiledSince: null }]))
  if (held.length > 0) {
    await countUnfiled(db, orgId, numbers)
    const docs = await db.conversations
      .find({ orgId, coordinationId: { $in: held }, unanswered: { $gt: 0 } }, { projection: counted })
      .toArray()
    const readOf = await readCounts(db, orgId, docs, [agentId])
    for (const doc of docs) {
      const of = numbers.get(doc.coordinationId ?? '')
      if (!of) continue
      of.unread += unreadOf(doc, readOf(agentId, doc._id))
      const since = doc.awaitingSince
      if (since !== null && (of.awaitingSince === null || since < of.awaitingSince)) of.awaitingSince = since
    }
  }
  return Object.fromEntries(numbers)
}

/** Counts the unfiled messages of the contacts who have one of a record's numbers. */
async function countUnfiled(db: Database, orgId: string, numbers: ReadonlyMap<string, RecordUnread>): Promise<void> {
  const records = await db.coordinations
    .find({ _id: { $in: [...numbers.keys()].map((id) => recordKey(orgId, id)) } }, { projection: { id: 1, phoneKeys: 1 } })
    .toArray()
  const keys = new Set(records.flatMap((record) => record.phoneKeys).map((key) => addressKey(orgId, key)))
  const owners = new Map((await db.addresses.find({ _id: { $in: [...keys] } }).toArray()).map((one) => [one._id, one.contactId]))
  if (owners.size === 0) return
  const waiting = await db.conversations
    .find(
      { orgId, contactId: { $in: [...new Set(owners.values())] }, coordinationId: null, awaitingSince: { $gt: 0 } },
      { projection: { ...counted, contactId: 1 } },
    )
    .toArray()
  const byContact = Map.groupBy(waiting, (doc) => doc.contactId)
  for (const { id, phoneKeys } of records) {
    const of = numbers.get(id)
    if (!of) continue
    for (const contactId of new Set(phoneKeys.map((key) => owners.get(addressKey(orgId, key)) ?? '')))
      for (const { inboundCount, answeredCount, awaitingSince } of byContact.get(contactId) ?? []) {
        of.unfiled += inboundCount - answeredCount
        of.unfiledSince = Math.min(of.unfiledSince ?? Number.POSITIVE_INFINITY, awaitingSince ?? Number.POSITIVE_INFINITY)
      }
  }
}

export async function unreadByKey(db: Database, viewer: Viewer, keys: readonly string[]): Promise<ContactUnread[]> {
  const { orgId, agentId, scope } = viewer
  const byId = new Map(keys.map((key) => [addressKey(orgId, key), key]))
  const owners = await db.addresses.find({ _id: { $in: [...byId.keys()] } }).toArray()
  if (owners.length === 0) return []
  const docs = await db.conversations
    .find(
      { orgId, contactId: { $in: [...new Set(owners.map((one) => one.contactId))] }, ...inScope(scope) },
      { projection: { ...counted, contactId: 1 } },
    )
    .toArray()
  const readOf = await readCounts(db, orgId, docs, [agentId])
  const byContact = Map.groupBy(docs, (doc) => doc.contactId)
  return owners.flatMap(({ _id, contactId }) => {
    const own = byContact.get(contactId)
    if (!own) return []
    const since = own.flatMap((doc) => doc.awaitingSince ?? [])
    const unread = own.reduce((sum, doc) => sum + unreadOf(doc, readOf(agentId, doc._id)), 0)
    return { key: byId.get(_id) ?? '', contactId, unread, awaitingSince: since.length === 0 ? null : Math.min(...since) }
  })
}

export async function recordsOfContacts(db: Database, orgId: string, contactIds: readonly string[]): Promise<string[]> {
  const contacts = await db.contacts.find({ _id: { $in: [...contactIds] }, orgId }, { projection: { keys: 1 } }).toArray()
  const keys = [...new Set(contacts.flatMap((contact) => contact.keys))]
  if (keys.length === 0) return []
  const records = await db.coordinations.find({ orgId, phoneKeys: { $in: keys } }, { projection: { id: 1 } }).toArray()
  return records.map((record) => record.id)
}

async function readCounts(db: Database, orgId: string, docs: readonly Counted[], agentIds: readonly string[]) {
  const ids = docs.map((doc) => doc._id)
  const readers =
    ids.length === 0
      ? []
      : await db.readers
          .find(
            { orgId, conversationId: { $in: ids }, agentId: { $in: [...agentIds] } },
            { projection: { agentId: 1, conversationId: 1, readCount: 1 } },
          )
          .toArray()
  const counts = new Map(readers.map((reader) => [`${reader.agentId}|${reader.conversationId}`, reader.readCount]))
  return (agentId: string, conversationId: string) => counts.get(`${agentId}|${conversationId}`) ?? 0
}
