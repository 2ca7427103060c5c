// Messages for later, in a collection of their own until they enter: no place in the thread, in nobody's preview.
import type { Message } from '../../../shared/model.ts'
import type { ConversationState, Draft, DueEntry, EnterChecks, Entered } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { answerPlanned, enterChecked, newMessage, refusal, repeated, withKey } from './enter.ts'
import { flushWhere, loadConversation, flushPage } from './flush.ts'
import { findMessage } from './messages.ts'
import { toConversation, toMessage } from './rows.ts'
import { insertOnce, repeat } from './write.ts'

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
      conversation: toConversation(doc),
      changes: { ...noChanges(own.orgId, 'entered'), messages: [shown] },
    }
  })
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

/**
 * Marked first, so that it can no longer be canceled; entered; then removed here. Killed in between, it is still due,
 * and the repeat finds how far it came.
 */
export function enterScheduled(db: Database, orgId: string, id: string, now: number, how: DueEntry): Promise<Entered> {
  return db.lock(`scheduled|${id}`, () => repeat(() => enterScheduledOnce(db, orgId, id, now, how)))
}

async function enterScheduledOnce(db: Database, orgId: string, id: string, now: number, how: DueEntry): Promise<Entered | undefined> {
  const planned = await db.scheduled.findOneAndUpdate(
    // Put off in the moment in which it was due: not yet.
    { _id: id, orgId, status: 'scheduled', dueAt: { $not: { $gt: now } } },
    { $set: { entering: true } },
    { returnDocument: 'after' },
  )
  const doc = planned && (await loadConversation(db, { _id: planned.conversationId, orgId }))
  const there = await findMessage(db, orgId, id)
  if (there && there.seq !== null) {
    await db.scheduled.deleteOne({ _id: id, orgId })
    return repeated(db, there)
  }
  if (!planned) return there ? repeated(db, there) : { outcome: 'missing' }
  if (!doc) return (await db.conversations.findOne({ _id: planned.conversationId })) ? undefined : missingOrMoved(db, planned)
  const draft: Draft = {
    ...planned,
    id,
    direction: planned.direction === 'inbound' ? 'outbound' : planned.direction,
    template: planned.template === null ? null : (JSON.parse(planned.template) as Draft['template']),
    content: planned.content === null ? null : (JSON.parse(planned.content) as Draft['content']),
    key: null,
    askedRecord: null,
  }
  const failure = 'failure' in how ? how.failure : null
  const message = { ...newMessage(draft, doc, now, failure), rev: planned.rev + 1 }
  const entered = await enterChecked(db, doc, message, 'checks' in how ? how.checks : null, now, how.held)
  if (!entered || entered.outcome === 'repeated' || entered.outcome === 'missing') return undefined
  if (entered.outcome !== 'created') {
    // Refused: it stays planned, and can be canceled again.
    await db.scheduled.updateOne({ _id: id, orgId }, { $unset: { entering: '' } })
    return entered
  }
  await flushWhere(db, { _id: doc._id, orgId })
  await db.scheduled.deleteOne({ _id: id, orgId })
  return entered
}

/** Its conversation merged into another, which takes what was planned with it. */
async function missingOrMoved(db: Database, planned: MessageDoc): Promise<Entered | undefined> {
  const latest = await db.scheduled.findOne({ _id: planned._id })
  return latest && latest.conversationId !== planned.conversationId ? undefined : { outcome: 'missing' }
}
