// Enters a message into its thread: the next `seq` and `queued` (or `received`, internal) in one atomic update. A key is
// reserved first, with the id and the thread of its message, so that a repeat after a crash completes the same one.
import type { Failure } from '../../../shared/model.ts'
import type { Draft, EnterChecks, Entered, Keyed } from '../records.ts'
import { append, type Appended, blankMessage, type NewMessage } from './append.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { flushWhere, loadConversation } from './flush.ts'
import { holding } from './leases.ts'
import { findMessage } from './messages.ts'
import { noChanges, toConversation, toMessage } from './rows.ts'
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
    const first = await settledMessage(db, orgId, reserved.messageId, reserved.conversationId)
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
async function settledMessage(db: Database, orgId: string, id: string, conversationId: string): Promise<MessageDoc | null> {
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
  if (checks.contactLimit === null) return enterInto(db, doc, draft, checks)
  const limit = checks.contactLimit
  const checked = async (): Promise<Entered | undefined> => {
    const until = await limitedUntil(db, doc, draft, limit)
    return until === null ? enterInto(db, doc, draft, checks) : { outcome: 'limited', until }
  }
  return db.lock(`contact|${doc.contactId}`, async () => {
    // Far from the limit this process's own order is enough; near it other processes wait, too.
    const far = limit.max > ALONE && (await limitedUntil(db, doc, draft, { ...limit, max: limit.max - ALONE })) === null
    return far ? checked() : holding(db, doc.orgId, `contact|${doc.contactId}`, checked)
  })
}

async function enterInto(db: Database, doc: ConversationDoc, draft: Draft, checks: EnterChecks): Promise<Entered | undefined> {
  const since = checks.ifNoAnswerSince
  const message = newMessage(draft, doc, draft.createdAt, null)
  const after = await append(db, doc, message, {
    now: draft.createdAt,
    answers: draft.direction === 'outbound' && draft.author.type === 'agent',
    ...(since === null ? {} : { guard: noAnswerSince(draft.author.id ?? '', since) }),
  })
  if (after) return entered(after)
  const latest = await loadConversation(db, { _id: doc._id, orgId: doc.orgId })
  if (!latest) return { outcome: 'missing' }
  const there = await findMessage(db, draft.orgId, draft.id)
  if (there) return repeated(db, there)
  const answer = since === null ? null : answeredSince(latest, draft.author.id ?? '', since)
  const by = answer && (await findMessage(db, draft.orgId, answer.id))
  return by ? { outcome: 'answered', by: toMessage(by) } : undefined
}

export function entered({ doc, message: appended }: Appended): Entered {
  const message = toMessage(appended)
  const conversation = toConversation(doc)
  return {
    outcome: 'created',
    message,
    conversation,
    changes: { ...noChanges(doc.orgId), conversations: [conversation], messages: [message] },
  }
}

/** The rule of the collision guard, as a condition on the conversation. */
function noAnswerSince(agentId: string, seq: number) {
  return {
    $and: [
      { $or: [{ lastAnswer: null }, { 'lastAnswer.by': agentId }, { 'lastAnswer.seq': { $lte: seq } }] },
      { $or: [{ 'lastAnswer.by': { $ne: agentId } }, { otherAnswer: null }, { 'otherAnswer.seq': { $lte: seq } }] },
    ],
  }
}

function answeredSince(doc: ConversationDoc, agentId: string, seq: number) {
  const answer = doc.lastAnswer?.by === agentId ? doc.otherAnswer : doc.lastAnswer
  return answer && answer.seq > seq ? answer : null
}

/** When the oldest of the last `max` messages leaves the counted span; null: there is room. Agents' and automated ones count apart. */
async function limitedUntil(
  db: Database,
  doc: ConversationDoc,
  draft: Draft,
  limit: { max: number; since: number },
): Promise<number | null> {
  if (draft.direction !== 'outbound') return null
  await flushWhere(db, { orgId: doc.orgId, contactId: doc.contactId })
  const counted = await db.messages
    .find({
      orgId: doc.orgId,
      contactId: doc.contactId,
      createdAt: { $gt: limit.since },
      direction: 'outbound',
      'author.type': draft.author.type === 'agent' ? 'agent' : { $ne: 'agent' },
    })
    .sort({ createdAt: -1, _id: -1 })
    .skip(Math.max(0, limit.max - 1))
    .limit(1)
    .toArray()
  return counted[0] ? counted[0].createdAt + (draft.createdAt - limit.since) : null
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
    replyToId: draft.replyToId,
    status: failure ? 'failed' : outbound ? 'queued' : 'received',
    error: failure,
    failedAt: failure ? now : null,
    retryOf: draft.retryOf,
    fallbackOf: draft.fallbackOf,
    clientMessageId: draft.clientMessageId,
    sensitive: draft.sensitive,
    dueAt: draft.dueAt,
    expiresAt: draft.expiresInMs === null ? null : now + draft.expiresInMs,
    expiresInMs: draft.expiresInMs,
    createdAt: draft.createdAt,
    queuedAt: now,
    lane: draft.lane,
    cost: draft.cost,
    ...(outbound && !failure ? { open: true as const } : {}),
  }
}
