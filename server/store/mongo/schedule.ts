// Messages for later, in a collection of their own until they enter: no place in the thread, in nobody's preview.
import type { Message } from '../../../shared/model.ts'
import type { ConversationState, Draft, EnterChecks, Entered } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import { holdMessage } from '../../rules/conversation.ts'
import { partsOf } from '../../rules/draft-parts.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import type { NewMessage } from './append.ts'
import { answerPlanned, newMessage, refusal, repeated, withKey } from './enter.ts'
import { loadConversation, flushPage } from './flush.ts'
import { toConversation, toMessage } from './rows.ts'
import { stepFields } from './steps.ts'
import { isDuplicate, repeat, touched, withoutConflict } from './write.ts'

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
    const changedAt = new Date(await db.now())
    const planned = ({ open: _, ...one }: NewMessage): MessageDoc => ({
      ...one,
      conversationId: doc._id,
      lineId: doc.lineId,
      contactId: doc.contactId,
      coordinationId: doc.coordinationId,
      seq: null,
      ordinal: null,
      ...(own.canceled ? { status: 'canceled', error: own.canceled } : { status: 'scheduled' }),
      expiresAt: null,
      enteredAt: null,
      entry: 0,
      changedAt,
    })
    const [message, ...others] = partsOf(own).map((part) => planned(newMessage(part, doc, own.createdAt, null))) as [
      MessageDoc,
      ...MessageDoc[],
    ]
    const there = await insertTogether(db, message, others)
    if (there) return repeated(db, there)
    const [shown, ...also] = [message, ...others].map(toMessage) as [Message, ...Message[]]
    return {
      outcome: 'created',
      message: shown,
      conversation: toConversation(opened ?? doc),
      changes: {
        ...noChanges(own.orgId, 'entered'),
        conversations: opened ? [toConversation(opened)] : [],
        messages: [shown, ...also],
      },
    }
  })
}

/** By one command, so that a process that is killed leaves all or nothing. The first one where it was there before. */
async function insertTogether(db: Database, first: MessageDoc, others: readonly MessageDoc[]): Promise<MessageDoc | null> {
  const { there } = await repeat(async () => {
    try {
      await db.scheduled.insertMany([...others, first], { ordered: false })
      return { there: null }
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    const there = await db.scheduled.findOne({ _id: first._id })
    return there ? { there } : undefined
  })
  return there
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
