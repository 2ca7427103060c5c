// Changes state, assignee, tags and record. Filing is committed by the conversation's own document; what follows from it
// (its messages, what is planned, the line, the feed) is work that whoever meets it completes.
import { type ConversationDesk, patchConversation } from '../../rules/conversation.ts'
import type { AgentRead, Changes, ConversationPatch, OwnConversationState, Viewer } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc } from './documents.ts'
import { loadConversation } from './flush.ts'
import { recordKey, refreshShown, shownRecord } from './place.ts'
import { toConversation, toMessage } from './rows.ts'
import { inScope, scopeHolds, showOwn } from './show.ts'
import { literal, repeat, touched } from './write.ts'
import mongoose from 'mongoose'

/** Of a filed conversation, as many of the newest messages are told of as a screen may show. */
const TOLD_MESSAGES = 100

export async function updateConversation(
  db: Database,
  viewer: Viewer,
  id: string,
  patch: ConversationPatch,
): Promise<{ conversation: OwnConversationState; changes: Changes; reads: AgentRead[] } | null> {
  const { orgId } = viewer
  if (patch.coordinationId !== undefined && !scopeHolds(viewer.scope, patch.coordinationId)) return null
  const change = () => changeConversation(db, viewer, id, patch)
  return patch.coordinationId === undefined ? change() : db.lock(`moves|${orgId}`, change)
}

async function changeConversation(
  db: Database,
  viewer: Viewer,
  id: string,
  patch: ConversationPatch,
): Promise<{ conversation: OwnConversationState; changes: Changes; reads: AgentRead[] } | null> {
  const { orgId, scope } = viewer
  const changes = noChanges(orgId)
  const reads: AgentRead[] = []
  const doc = await repeat<ConversationDoc | null>(async () => {
    const current = await loadConversation(db, { _id: id, orgId, ...inScope(scope) })
    if (!current) return null
    if (patch.coordinationId === undefined || patch.coordinationId === current.coordinationId) return current
    return file(db, current, patch.coordinationId, changes, reads)
  })
  if (!doc) return null
  const patched = await apply(db, doc, patch)
  const latest = patched ?? doc
  if (patched || changes.left.length > 0) changes.conversations.push(toConversation(latest))
  const [conversation] = await showOwn(db, viewer, [latest])
  return conversation ? { conversation, changes, reads } : null
}

/** All but the record; null: nothing changed, or it is no more. */
function apply(db: Database, doc: ConversationDoc, patch: ConversationPatch): Promise<ConversationDoc | null> {
  return repeat<ConversationDoc | null>(async () => {
    const current = await loadConversation(db, { _id: doc._id, orgId: doc.orgId })
    if (!current) return null
    const change = patchConversation(deskOf(current), patch)
    if (change === null) return null
    const fields = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, literal(value)]))
    const { answeredCount = current.answeredCount } = change
    const left = current.inboundCount - answeredCount
    const unanswered = left > 0 ? left : '$$REMOVE'
    const after = await db.conversations.findOneAndUpdate(
      { _id: doc._id, orgId: doc.orgId, rev: current.rev },
      [{ $set: { ...fields, unanswered, ...touched(db.clock.now()) } }],
      { returnDocument: 'after' },
    )
    return after ?? undefined
  })
}

const deskOf = (doc: ConversationDoc): ConversationDesk => ({
  status: doc.status,
  snoozedUntil: doc.snoozedUntil,
  lastSeq: doc.lastSeq,
  inboundCount: doc.inboundCount,
  answeredCount: doc.answeredCount,
  awaitingSince: doc.awaitingSince,
  activityAt: doc.activityAt,
  assignee: doc.assignee,
  tags: doc.tags,
})

/** Undefined: it changed meanwhile, look again. */
async function file(
  db: Database,
  doc: ConversationDoc,
  to: string | null,
  changes: Changes,
  reads: AgentRead[],
): Promise<ConversationDoc | undefined> {
  const { orgId, channel, sender, contactId, coordinationId: from } = doc
  const workId = db.newId()
  const target = await db.conversations.findOne({ orgId, channel, sender, contactId, coordinationId: to })
  const untouched = { _id: doc._id, orgId, coordinationId: from, pendingSince: { $exists: false }, gone: { $exists: false } }
  if (target) {
    const merging = await db.conversations.findOneAndUpdate(
      untouched,
      [{ $set: { gone: { id: workId, to: literal(to), at: await db.now() }, pendingSince: '$$NOW' } }],
      { returnDocument: 'after' },
    )
    if (!merging) return undefined
    await loadConversation(db, { _id: doc._id, orgId })
    const joined = await loadConversation(db, { orgId, channel, sender, contactId, coordinationId: to })
    if (!joined) return undefined
    changes.left.push({ conversationId: doc._id, from })
    // Counted from where the thread ended: what came in meanwhile stands among those that joined, or behind them.
    await tellMessages(db, joined, joined._id === target._id ? target.lastSeq : 0, changes)
    const rose = await db.readers.find({ orgId, conversationId: joined._id, readSeq: { $gt: target.lastSeq } }).toArray()
    reads.push(...rose.map(({ agentId, conversationId, readCount, readSeq }) => ({ agentId, conversationId, readCount, readSeq })))
    return joined
  }
  const record = to === null ? null : await db.coordinations.findOne({ _id: recordKey(orgId, to) })
  const work = { kind: 'filed', id: workId, from, to, at: await db.now() }
  try {
    const filed = await db.conversations.findOneAndUpdate(
      untouched,
      [
        {
          $set: {
            coordinationId: literal(to),
            record: literal(shownRecord(record)),
            recordRev: record?.rev ?? 0,
            hint: null,
            work: { $concatArrays: ['$work', [literal(work)]] },
            pendingSince: '$$NOW',
            ...touched(db.clock.now()),
          },
        },
      ],
      { returnDocument: 'after' },
    )
    if (!filed) return undefined
  } catch (error) {
    // Somebody made the record's thread meanwhile: then this one joins it.
    if (error instanceof mongoose.mongo.MongoServerError && error.code === 11000) return undefined
    throw error
  }
  const flushed = await loadConversation(db, { _id: doc._id, orgId })
  if (!flushed) return undefined
  changes.left.push({ conversationId: doc._id, from, to })
  await tellMessages(db, flushed, 0, changes)
  return refreshShown(db, flushed)
}

/** The newest of those behind this place in the thread, and what is planned. */
async function tellMessages(db: Database, doc: ConversationDoc, afterSeq: number, changes: Changes): Promise<void> {
  const told = await db.messages
    .find({ orgId: doc.orgId, conversationId: doc._id, seq: { $gt: afterSeq }, hidden: { $exists: false } })
    .sort({ seq: -1 })
    .limit(TOLD_MESSAGES)
    .toArray()
  const planned = await db.scheduled
    .find({ orgId: doc.orgId, conversationId: doc._id, status: 'scheduled' })
    .sort({ _id: 1 })
    .limit(TOLD_MESSAGES)
    .toArray()
  changes.messages.push(...[...told.reverse(), ...planned].map(toMessage))
}

export async function snoozeEnds(db: Database, now: number, limit: number): Promise<{ orgId: string; conversationId: string }[]> {
  const due = await db.conversations
    .find({ snoozedUntil: { $gt: 0, $lte: now } }, { projection: { orgId: 1 } })
    .sort({ snoozedUntil: 1 })
    .limit(limit)
    .toArray()
  return due.map(({ orgId, _id }) => ({ orgId, conversationId: _id }))
}
