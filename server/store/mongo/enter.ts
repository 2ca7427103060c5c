// Enters a message into its thread: the next `seq` and `queued` (or `received`, internal) in one atomic update. A key is
// reserved first, with the id and the thread of its message, so that a repeat after a crash completes the same one.
import type { Failure, Message } from '../../../shared/model.ts'
import { windowIsOpen } from '../../../shared/window.ts'
import { expiryOf } from '../../rules/message.ts'
import { partsOf } from '../../rules/draft-parts.ts'
import { sentMedia } from '../../rules/media.ts'
import { refuses } from '../../rules/opt-out.ts'
import type { Draft, EnterChecks, Entered, Keyed } from '../records.ts'
import { entersAs, type Held, isAboutToAnswer, unseenAnswer } from '../../rules/conversation.ts'
import { answersOf, noUnseenAnswer } from './answers.ts'
import { append, type Appended, blankMessage, type NewMessage } from './append.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { flushLine, flushWhere, loadConversation } from './flush.ts'
import { holding } from './leases.ts'
import { optOutFactsOf } from './line.ts'
import { newMediaFields } from './media.ts'
import { findMessage } from './messages.ts'
import { toConversation, toMessage } from './rows.ts'
import { insertOnce, repeat } from './write.ts'
import { setTimeout as wait } from 'node:timers/promises'

const keyId = (orgId: string, key: string): string => `${orgId}|${key}`
/** More messages to one contact than all processes together would enter in one moment. */
const ALONE = 32
/** How long a key without its message is left to whoever reserved it. */
const RESERVED_MS = 1_500

export async function findByKey(db: Database, orgId: string, key: string): Promise<Keyed | null> {
  const reserved = await db.keys.findOne({ _id: keyId(orgId, key) })
  const message = reserved && (await findMessage(db, orgId, reserved.messageId))
  if (!message) return null
  const { conversationId, coordinationId = message.coordinationId } = reserved
  return { message: toMessage(message), asked: { conversationId, coordinationId } }
}

export function enter(db: Database, draft: Draft, checks: EnterChecks): Promise<Entered> {
  return withKey(db, draft, (own) => repeat(() => enterOnce(db, own, checks)))
}

/**
 * Runs `write` for the first draft with this key; any other gets the message that it became. Only a write that
 * created something keeps the key.
 */
export async function withKey(db: Database, draft: Draft, write: (draft: Draft) => Promise<Entered>): Promise<Entered> {
  const { orgId, key } = draft
  if (key === null) return write(draft)
  const _id = keyId(orgId, key)
  return db.lock(`key|${_id}`, () => repeat(() => reserveAndWrite(db, _id, draft, write)))
}

async function reserveAndWrite(
  db: Database,
  _id: string,
  draft: Draft,
  write: (draft: Draft) => Promise<Entered>,
): Promise<Entered | undefined> {
  const { orgId, conversationId, askedRecord: coordinationId } = draft
  const { inserted, document: reserved } = await insertOnce(
    db.keys,
    { _id, orgId, messageId: draft.id, conversationId, coordinationId },
    { _id },
  )
  let id = draft.id
  if (!inserted) {
    const first = await completeMessage(db, orgId, reserved.messageId, reserved.conversationId)
    if (first) return repeated(db, first)
    // Whoever reserved it is gone: this draft takes its place. In the same thread under the same id, so that the two
    // are one message should the other only have been slow.
    if (reserved.conversationId === conversationId) id = reserved.messageId
    const taken = await db.keys.updateOne(
      { _id, messageId: reserved.messageId },
      { $set: { messageId: id, conversationId, coordinationId } },
    )
    if (taken.matchedCount === 0) return undefined
  }
  const entered = await write({ ...draft, id })
  if (entered.outcome !== 'created' && entered.outcome !== 'repeated') await db.keys.deleteOne({ _id, messageId: id })
  return entered
}

/** The message that a key was reserved for; a moment is left to one that is being written. */
async function completeMessage(db: Database, orgId: string, id: string, conversationId: string): Promise<MessageDoc | null> {
  for (let waited = 0; ; waited += 50) {
    await loadConversation(db, { _id: conversationId, orgId })
    const message = await findMessage(db, orgId, id)
    if (message || waited >= RESERVED_MS) return message
    await wait(50)
  }
}

export async function repeated(db: Database, first: MessageDoc): Promise<Entered> {
  const doc = await loadConversation(db, { _id: first.conversationId, orgId: first.orgId })
  if (!doc) return { outcome: 'missing' }
  return { outcome: 'repeated', message: toMessage(first), conversation: toConversation(doc), changes: noChanges(first.orgId) }
}

async function enterOnce(db: Database, draft: Draft, checks: EnterChecks): Promise<Entered | undefined> {
  const doc = await db.conversations.findOne({ _id: draft.conversationId, orgId: draft.orgId })
  if (!doc) return { outcome: 'missing' }
  if (doc.gone) {
    await loadConversation(db, { _id: doc._id })
    return undefined
  }
  const refused = await answerPlanned(db, doc, draft, checks)
  const [first, ...others] = partsOf(draft)
  const make = (part: Draft) => newMessage(part, doc, part.createdAt, null)
  return refused ?? enterChecked(db, doc, make(first), checks, draft.createdAt, null, others.map(make))
}

/** A colleague's answer that goes in a moment. */
export async function answerPlanned(db: Database, doc: ConversationDoc, draft: Draft, checks: EnterChecks): Promise<Entered | null> {
  if (checks.ifNoAnswerSince === null) return null
  const planned = await db.scheduled.find({ orgId: doc.orgId, conversationId: doc._id }).toArray()
  const by = planned.find(({ _id: id, author, status, dueAt }) =>
    isAboutToAnswer({ id, authorType: author.type, authorId: author.id, status, dueAt }, draft.author.id ?? '', draft.createdAt),
  )
  return by ? { outcome: 'answered', by: toMessage(by) } : null
}

/** Appends it where the checks, if any, let it. Undefined: the conversation changed meanwhile, look again. */
export async function enterChecked(
  db: Database,
  doc: ConversationDoc,
  message: NewMessage,
  checks: EnterChecks | null,
  now: number,
  held: Held | null = null,
  others: readonly NewMessage[] = [],
): Promise<Entered | undefined> {
  if (checks === null) return appendGuarded(db, doc, message, { ifNoAnswerSince: null, consent: null }, now, held, others)
  const limit = message.direction === 'outbound' ? checks.contactLimit : null
  const checked = async () =>
    (await refusal(db, doc, message, { ...checks, contactLimit: limit }, now)) ?? appendGuarded(db, doc, message, checks, now, held, others)
  if (limit === null) return checked()
  return db.lock(`contact|${doc.contactId}`, async () => {
    // Far from the limit this process's own order is enough; near it other processes wait, too.
    const far = limit.max > ALONE && (await limitedUntil(db, doc, message, { ...limit, max: limit.max - ALONE }, now)) === null
    return far ? checked() : holding(db, doc.orgId, `contact|${doc.contactId}`, checked)
  })
}

/** The answer of a colleague and an opt-out are looked at once more by the append itself; a window that is open stays so at that moment. */
export async function refusal(
  db: Database,
  doc: ConversationDoc,
  message: Omit<NewMessage, 'open'>,
  checks: EnterChecks,
  now: number,
): Promise<Entered | null> {
  const answered = await answerSince(db, doc, message, checks.ifNoAnswerSince)
  if (answered) return answered
  if (checks.consent !== null && refuses(optOutFactsOf(doc), checks.consent)) return { outcome: 'opted_out' }
  if (checks.openWindow && !(await hasOpenWindow(db, doc, now))) return { outcome: 'closed' }
  const until = checks.contactLimit === null ? null : await limitedUntil(db, doc, message, checks.contactLimit, now)
  return until === null ? null : { outcome: 'limited', until }
}

/** A message of the line in another conversation is here only once it is flushed. */
export async function hasOpenWindow(db: Database, doc: ConversationDoc, now: number): Promise<boolean> {
  if (windowIsOpen(doc.channel, doc.lastInboundAt, now)) return true
  await flushLine(db, doc.orgId, doc.lineId)
  const latest = await db.conversations.findOne({ _id: doc._id, orgId: doc.orgId }, { projection: { lastInboundAt: 1 } })
  return windowIsOpen(doc.channel, latest?.lastInboundAt ?? null, now)
}

async function appendGuarded(
  db: Database,
  doc: ConversationDoc,
  message: NewMessage,
  { ifNoAnswerSince: since, consent }: Pick<EnterChecks, 'ifNoAnswerSince' | 'consent'>,
  now: number,
  held: Held | null,
  others: readonly NewMessage[],
): Promise<Entered | undefined> {
  const guard = {
    ...(since === null ? {} : noUnseenAnswer(message.author.id ?? '', since)),
    // Nobody opted out since it was read.
    ...(consent === null ? {} : { optedOutAt: null, ...(consent === 'marketing' ? { marketingOutAt: null } : {}) }),
    // What the client wrote was looked at: nothing came since.
    ...(held === null ? {} : { inboundCount: doc.inboundCount, awaitingSince: doc.awaitingSince }),
  }
  const after = await append(db, doc, [message, ...others], { now, held, guard })
  if (after) return entered(after)
  const latest = await loadConversation(db, { _id: doc._id, orgId: doc.orgId })
  if (!latest) return { outcome: 'missing' }
  const there = await findMessage(db, message.orgId, message._id)
  if (there?.seq) return repeated(db, there)
  return (await answerSince(db, latest, message, since)) ?? undefined
}

async function answerSince(
  db: Database,
  doc: ConversationDoc,
  { author, orgId }: Omit<NewMessage, 'open'>,
  since: number | null,
): Promise<Entered | null> {
  const answer = since === null ? null : unseenAnswer(answersOf(doc), author.id ?? '', since)
  const by = answer && (await findMessage(db, orgId, answer.id))
  return by && { outcome: 'answered', by: toMessage(by) }
}

export function entered({ doc, messages }: Appended): Entered {
  const [message, ...others] = messages.map(toMessage) as [Message, ...Message[]]
  const conversation = toConversation(doc)
  return {
    outcome: 'created',
    message,
    conversation,
    changes: { ...noChanges(doc.orgId, 'entered'), conversations: [conversation], messages: [message, ...others] },
  }
}

/** When the oldest of the last `max` messages leaves the counted span; null: there is room. Agents' and automated ones count apart. */
async function limitedUntil(
  db: Database,
  doc: ConversationDoc,
  { author }: Omit<NewMessage, 'open'>,
  limit: NonNullable<EnterChecks['contactLimit']>,
  now: number,
): Promise<number | null> {
  await flushWhere(db, { orgId: doc.orgId, contactId: doc.contactId })
  const counted = await db.messages
    .find({
      orgId: doc.orgId,
      contactId: doc.contactId,
      direction: 'outbound',
      queuedAt: { $gt: limit.since },
      'author.type': author.type === 'agent' ? 'agent' : { $ne: 'agent' },
      $nor: [{ status: { $in: ['failed', 'canceled'] }, claimedAt: null }],
    })
    .sort({ queuedAt: -1 })
    .skip(Math.max(0, limit.max - 1))
    .limit(1)
    .toArray()
  return counted[0] ? counted[0].queuedAt + (now - limit.since) : null
}

/** A draft as it enters now; with a failure, as failed. */
export function newMessage(draft: Draft, doc: ConversationDoc, now: number, failure: Failure | null): NewMessage {
  const outbound = draft.direction === 'outbound'
  return {
    ...blankMessage,
    _id: draft.id,
    orgId: draft.orgId,
    key: draft.id,
    direction: draft.direction,
    type: draft.type,
    channel: doc.channel,
    sender: doc.sender,
    author: draft.author,
    text: draft.text,
    template: draft.template ? JSON.stringify(draft.template) : null,
    content: draft.content && JSON.stringify(draft.content),
    ...(draft.planB ? { planB: JSON.stringify(draft.planB) } : {}),
    ...(draft.marketing ? { marketing: true as const } : {}),
    ...(draft.event ? { event: draft.event } : {}),
    replyToId: draft.replyToId,
    status: entersAs(draft.direction, failure),
    error: failure,
    failedAt: failure ? now : null,
    retryOf: draft.retryOf,
    fallbackOf: draft.fallbackOf,
    clientMessageId: draft.clientMessageId,
    sensitive: draft.sensitive,
    dueAt: draft.dueAt,
    expiresAt: expiryOf(draft, now),
    expiresInMs: draft.expiresInMs,
    createdAt: draft.createdAt,
    queuedAt: now,
    lane: draft.lane,
    cost: draft.cost,
    ...newMediaFields(sentMedia(draft.id, draft.media ?? [])),
    ...(outbound && !failure ? { open: true as const } : {}),
  }
}
