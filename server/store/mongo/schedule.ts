// Messages for later, in a collection of their own until they enter: no place in the thread, in nobody's preview.
import type { Message } from '../../../shared/model.ts'
import type { ConversationState, Draft, EnterChecks, Entered } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import { holdMessage } from '../../rules/conversation.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { answerPlanned, newMessage, refusal, repeated, withKey } from './enter.ts'
import { loadConversation, flushPage } from './flush.ts'
import { toConversation, toMessage } from './rows.ts'
import { stepFields } from './steps.ts'
import { insertOnce, touched, withoutConflict } from './write.ts'

export const schedule = (db: Database, draft: Draft): Promise<Entered> => keep(db, draft, null)
export const hold = (db: Database, draft: Draft, checks: EnterChecks): Promise<Entered> => keep(db, draft, checks)

/** The checks of what is held are looked at before it is kept, and once more as it enters: of two at once both may be kept. */
function keep(db: Database, draft: Draft, checks: EnterChecks | null): Promise<Entered> {
  return withKey(db, draft, async (own) => {
    const doc = await loadConversation(db, { _id: own.conversationId, orgId: own.orgId })
    if (!doc) return { outcome: 'missing' }
    const { open: _, ...fields } = newMessage(own, doc, own.createdAt, null)
    const refused =
      checks && ((await refusal(db, doc, fields, checks, own.dueAt ?? own.createdAt)) ?? (await answerPlanned(db, doc, own, checks)))
    if (refused) return refused
    // Before it is kept: killed in between, the same call again keeps it.
    const opened = checks !== null && doc.status !== 'open' ? await open(db, doc) : null
    const message: MessageDoc = {
      ...fields,
      conversationId: doc._id,
      lineId: doc.lineId,
      contactId: doc.contactId,
      coordinationId: doc.coordinationId,
      seq: null,
      ordinal: null,
      status: 'scheduled',
      expiresAt: null,
      enteredAt: null,
      entry: 0,
      changedAt: new Date(await db.now()),
    }
    const { inserted, document } = await insertOnce(db.scheduled, message, { _id: message._id })
    if (!inserted) return repeated(db, document)
    const shown = toMessage(document)
    return {
      outcome: 'created',
      message: shown,
      conversation: toConversation(opened ?? doc),
      changes: { ...noChanges(own.orgId, 'entered'), conversations: opened ? [toConversation(opened)] : [], messages: [shown] },
    }
  })
}

/** Null: somebody else opened it. */
function open(db: Database, { _id, orgId }: ConversationDoc): Promise<ConversationDoc | null> {
  return withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id, orgId, status: { $ne: 'open' }, gone: { $exists: false } },
      [{ $set: { ...stepFields(holdMessage()), ...touched(db.clock.now()) } }],
      { returnDocument: 'after' },
    ),
  )
}

export async function dueMessages(
  db: Database,
  now: number,
  limit: number,
): Promise<{ orgId: string; message: Message; conversation: ConversationState }[]> {
  const due = await db.scheduled
    .find({ status: 'scheduled', dueAt: { $lte: now } })
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  if (due.length === 0) return []
  const docs = await db.conversations.find({ _id: { $in: [...new Set(due.map((message) => message.conversationId))] } }).toArray()
  const byId = new Map((await flushPage(db, docs)).map((doc) => [doc._id, doc]))
  return due.flatMap((message) => {
    const doc = byId.get(message.conversationId)
    return doc ? [{ orgId: message.orgId, message: toMessage(message), conversation: toConversation(doc) }] : []
  })
}

export async function nextDueAt(db: Database): Promise<number | null> {
  const [next] = await db.scheduled
    .find({ status: 'scheduled', dueAt: { $gt: 0 } }, { projection: { dueAt: 1 } })
    .sort({ dueAt: 1 })
    .limit(1)
    .toArray()
  return next?.dueAt ?? null
}
