// The conversation of a contact about a record: found, or made once, also when many ask at the same moment.
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, CoordinationDoc, LineDoc } from './documents.ts'
import { optOutFactsOf, shownLine, windowFields } from './line.ts'
import { settleLine } from './put-on-line.ts'
import { insertOnce, literal, literals, touched, withoutConflict } from './write.ts'

export function shownRecord(record: Pick<CoordinationDoc, 'id' | 'title' | 'startsAt' | 'status' | 'contact'> | null) {
  if (record === null) return null
  const { phone, phones } = record.contact
  return {
    ...{ id: record.id, title: record.title, startsAt: record.startsAt, status: record.status },
    ...{ phone, ...(phones ? { phones } : {}) },
  }
}

export const recordKey = (orgId: string, id: string): string => `${orgId}|${id}`

/** The contact's conversation with this sender about this record; one that is missing is made on the line. */
export async function takeConversation(
  db: Database,
  line: LineDoc,
  contact: ContactDoc,
  coordinationId: string | null,
  now: number,
): Promise<{ created: boolean; doc: ConversationDoc }> {
  const { orgId, channel, sender } = line
  const key = { orgId, channel, sender, contactId: contact._id, coordinationId }
  const found = await db.conversations.findOne(key)
  if (found) return { created: false, doc: found }
  return db.lock(`conversation|${JSON.stringify(key)}`, () => makeConversation(db, line, contact, key, now))
}

type ConversationKey = Pick<ConversationDoc, 'orgId' | 'channel' | 'sender' | 'contactId' | 'coordinationId'>

async function makeConversation(
  db: Database,
  line: LineDoc,
  contact: ContactDoc,
  key: ConversationKey,
  now: number,
): Promise<{ created: boolean; doc: ConversationDoc }> {
  const { orgId, coordinationId } = key
  const found = await db.conversations.findOne(key)
  if (found) return { created: false, doc: found }
  await settleLine(db, line)
  const [latest, record, at] = await Promise.all([
    db.lines.findOne({ _id: line._id, orgId }),
    coordinationId === null ? null : db.coordinations.findOne({ _id: recordKey(orgId, coordinationId) }),
    db.now(),
  ])
  const made: ConversationDoc = {
    _id: db.newId(),
    ...key,
    lineId: line._id,
    status: 'open',
    snoozedUntil: null,
    assignee: null,
    inboundCount: 0,
    answeredCount: 0,
    awaitingSince: null,
    lastSeq: 0,
    lastMessage: null,
    activityAt: null,
    tags: [],
    contactName: contact.name,
    ...shownLine(latest ?? line),
    record: shownRecord(record),
    hint: null,
    contactRev: contact.rev,
    recordRev: record?.rev ?? 0,
    lastEnteredAt: null,
    lastAnswer: null,
    otherAnswer: null,
    recent: [],
    pending: [],
    work: [],
    rev: 1,
    changedAt: new Date(at),
    createdAt: now,
    updatedAt: now,
  }
  const { inserted, document } = await insertOnce(db.conversations, made, key)
  if (!inserted) return { created: false, doc: document }
  await settleLine(db, line)
  return { created: true, doc: await refreshShown(db, document) }
}

/**
 * Brings the copies of contact, line and record up to date. Called once after a conversation is there: what changed
 * while it was made is seen here, what changes later tells the conversations that it finds.
 */
export async function refreshShown(db: Database, doc: ConversationDoc): Promise<ConversationDoc> {
  const { orgId } = doc
  const [line, contact, record] = await Promise.all([
    db.lines.findOne({ _id: doc.lineId, orgId }),
    db.contacts.findOne({ _id: doc.contactId, orgId }),
    doc.coordinationId === null ? null : db.coordinations.findOne({ _id: recordKey(orgId, doc.coordinationId) }),
  ])
  const set: Record<string, unknown> = {}
  if (line && (line.lastInboundAt ?? 0) > (doc.lastInboundAt ?? 0))
    Object.assign(set, windowFields({ createdAt: line.lastInboundAt ?? 0, address: line.address, phone: line.phone }))
  if (line && (line.optSaidAt ?? 0) > (doc.optSaidAt ?? 0)) Object.assign(set, literals(optOutFactsOf(line)))
  if (contact && contact.rev > doc.contactRev && contact.name !== doc.contactName) {
    const newer = { $lt: ['$contactRev', contact.rev] }
    Object.assign(set, {
      contactName: { $cond: [newer, literal(contact.name), '$contactName'] },
      contactRev: { $max: ['$contactRev', contact.rev] },
    })
  }
  if (record && record.rev > doc.recordRev) {
    const newer = { $and: [{ $eq: ['$coordinationId', literal(record.id)] }, { $lt: ['$recordRev', record.rev] }] }
    Object.assign(set, {
      record: { $cond: [newer, literal(shownRecord(record)), '$record'] },
      recordRev: { $cond: [newer, record.rev, '$recordRev'] },
    })
  }
  if (Object.keys(set).length === 0) return doc
  const after = await withoutConflict(() =>
    db.conversations.findOneAndUpdate({ _id: doc._id, orgId }, [{ $set: { ...set, ...touched(db.clock.now()) } }], {
      returnDocument: 'after',
    }),
  )
  return after ?? doc
}
