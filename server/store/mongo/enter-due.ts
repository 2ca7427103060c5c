// Enters what was planned when its time has come: as it was planned, as failed, or as its plan B says.
import type { Failure } from '../../../shared/model.ts'
import { NEWEST_WHILE_HELD, whileHeld } from '../../rules/conversation.ts'
import { filesOf } from '../../rules/media.ts'
import { refuses } from '../../rules/opt-out.ts'
import { begunBySms, enterBy, type SmsWay, smsInstead } from '../../rules/plan-b.ts'
import type { DueEntered, DueEntry, Entered, EnterChecks } from '../records.ts'
import type { NewMessage } from './append.ts'
import { factsOf, patchOf } from './change-message.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { enterChecked, hasOpenWindow, newMessage, repeated } from './enter.ts'
import { flushWhere, loadConversation } from './flush.ts'
import { findMessage } from './messages.ts'
import { repeat, updateOf } from './write.ts'

/**
 * Marked first, so that it can no longer be canceled; entered; then removed here. Killed in between, it is still due,
 * and the repeat finds how far it came.
 */
export function enterScheduled(db: Database, orgId: string, id: string, now: number, how: DueEntry): Promise<DueEntered> {
  return db.lock(`scheduled|${id}`, () => repeat(() => enterScheduledOnce(db, orgId, id, now, how)))
}

async function enterScheduledOnce(db: Database, orgId: string, id: string, now: number, how: DueEntry): Promise<DueEntered | undefined> {
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
  const decided = await decide(db, planned, doc, how, now)
  if (decided === undefined) return undefined
  if (decided === 'no_thread') return leavePlanned(db, planned, { outcome: decided })
  const { due, failure } = decided
  const sms = begunBySms(factsOf(due).planB)
  const instead = sms && (await enterInstead(db, due, sms, how, now))
  if (instead === undefined) return undefined
  if (instead && instead.outcome !== 'created' && instead.outcome !== 'repeated')
    return instead.outcome === 'closed' ? undefined : leavePlanned(db, due, instead)
  const held = how.held ? whileHeld(due.createdAt, doc, await newestOf(db, doc)) : null
  const entered =
    sms && instead
      ? await enterChecked(db, doc, replaced(due, doc, now, sms), null, now, held)
      : await enterChecked(db, doc, asDue(due, doc, now, failure), 'checks' in how ? checksOf(how) : null, now, held)
  if (!entered || entered.outcome === 'repeated' || entered.outcome === 'missing') return undefined
  // Refused: it stays planned, and can be canceled again.
  if (entered.outcome !== 'created') return leavePlanned(db, due, entered)
  await flushWhere(db, { _id: doc._id, orgId })
  await db.scheduled.deleteOne({ _id: id, orgId })
  if (!instead) return entered
  const { changes } = entered
  const conversations = [...changes.conversations, instead.conversation]
  return { ...entered, changes: { ...changes, conversations, messages: [...changes.messages, instead.message] } }
}

/** The step was chosen by what the line takes, and is looked at once more as it enters. */
const checksOf = ({ checks, way }: Extract<DueEntry, { checks: EnterChecks }>): EnterChecks =>
  way ? { ...checks, consent: 'service' } : checks

async function leavePlanned<Refused>(db: Database, { _id, orgId }: MessageDoc, refused: Refused): Promise<Refused> {
  await db.scheduled.updateOne({ _id, orgId }, { $unset: { entering: '' } })
  return refused
}

/**
 * The step of a plan B is written down before anything is sent: killed after that, or beside another process, it goes this way and no
 * other. Undefined: another process was first.
 */
async function decide(
  db: Database,
  planned: MessageDoc,
  doc: ConversationDoc,
  how: DueEntry,
  now: number,
): Promise<{ due: MessageDoc; failure: Failure | null } | 'no_thread' | undefined> {
  if ('failure' in how) return { due: planned, failure: how.failure }
  const facts = factsOf(planned)
  if (!how.way || facts.planB?.taken) return { due: planned, failure: null }
  const windowOpen = await hasOpenWindow(db, doc, now)
  const way = how.way({ windowOpen, optedOut: refuses(doc, 'service'), marketingOut: refuses(doc, 'marketing') })
  if (way.step === null) return { due: planned, failure: way.failure }
  if (way.step === 'sms' && way.place === null) return 'no_thread'
  const { _id, orgId, rev } = planned
  const { planB = null, ...words } = enterBy({ ...facts, sensitive: false }, way)
  const change = way.step === 'template' ? { planB, ...words } : { planB }
  const due = await db.scheduled.findOneAndUpdate({ _id, orgId, rev }, updateOf(patchOf(planned, change)), { returnDocument: 'after' })
  return due ? { due, failure: null } : undefined
}

function asDue(due: MessageDoc, doc: ConversationDoc, now: number, failure: Failure | null): NewMessage {
  const { direction } = due
  const facts = factsOf(due)
  const { taken: _, ...untaken } = facts.planB ?? { sms: false }
  const planB = facts.planB && failure ? untaken : facts.planB
  const draft = { ...due, ...facts, planB, media: filesOf(facts.media), id: due._id, key: null, askedRecord: null }
  return {
    ...newMessage({ ...draft, direction: direction === 'inbound' ? 'outbound' : direction }, doc, now, failure),
    rev: due.rev + 1,
  }
}

/** It keeps its place in its own thread, and nothing of it goes over that line. */
function replaced(due: MessageDoc, doc: ConversationDoc, now: number, sms: SmsWay): NewMessage {
  const { open: _, ...message } = asDue(due, doc, now, null)
  const facts = factsOf(due)
  const { text = message.text, planB = null } = enterBy(facts, sms)
  return { ...message, status: 'canceled', text, planB: JSON.stringify(planB) }
}

/** The SMS in the place of what is due: a message of its own in a thread of its own, under an id that is written down. */
async function enterInstead(
  db: Database,
  due: MessageDoc,
  { because, place }: SmsWay,
  how: DueEntry,
  now: number,
): Promise<Entered | null | undefined> {
  const { _id, orgId } = due
  const thread = await loadConversation(db, { _id: place.conversationId, orgId })
  const sent = await findMessage(db, orgId, place.id)
  if (sent) return repeated(db, sent)
  // Decided, and then it may not go: it fails in its own thread.
  if ('failure' in how) return null
  if (!thread) return { outcome: 'missing' }
  const draft = smsInstead({ ...due, ...factsOf(due), id: _id }, { because, place }, now)
  return enterChecked(db, thread, newMessage(draft, thread, now, null), { ...how.checks, openWindow: false, consent: 'service' }, now)
}

const newestOf = (db: Database, { _id, orgId }: ConversationDoc) =>
  db.messages
    .find({ orgId, conversationId: _id, seq: { $gt: 0 } }, { projection: { direction: 1, createdAt: 1 } })
    .sort({ seq: -1 })
    .limit(NEWEST_WHILE_HELD)
    .toArray()

/** Its conversation merged into another, which takes what was planned with it. */
async function missingOrMoved(db: Database, planned: MessageDoc): Promise<Entered | undefined> {
  const latest = await db.scheduled.findOne({ _id: planned._id })
  return latest && latest.conversationId !== planned.conversationId ? undefined : { outcome: 'missing' }
}
