// Appends a message to its conversation. The conversation's document is the commit point: sequence, counters, preview
// and the whole message in one atomic update; the flush copies it to `messages` afterwards.
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { windowFields } from './flush.ts'
import { toPreview } from './rows.ts'
import { literal, touched, withoutConflict } from './write.ts'
import type mongoose from 'mongoose'

/** The last keys a conversation remembers; older repeats are found among the messages. */
const RECENT = 128

/** What the conversation itself gives a message is left out. */
export type NewMessage = Omit<
  MessageDoc,
  'conversationId' | 'lineId' | 'contactId' | 'coordinationId' | 'seq' | 'ordinal' | 'enteredAt' | 'entry' | 'changedAt'
>

export interface AppendOptions {
  /** By the caller's clock. */
  now: number
  /** For an unfiled conversation that something comes in to. */
  hint?: ConversationDoc['hint']
  /** An agent's answer: outbound, by an agent. */
  answers: boolean
  /** By an agent: moves the conversation in the list also where it answers nobody. */
  byAgent?: boolean
  /** Further conditions on the conversation. */
  guard?: mongoose.mongo.Filter<ConversationDoc>
}

/**
 * Null: the conversation is no more, or is merging into another, or holds this key already, or the guard
 * does not hold.
 */
export async function append(db: Database, conversationId: string, message: NewMessage, options: AppendOptions): Promise<Appended | null> {
  const nextSeq = { $add: ['$lastSeq', 1] }
  const inbound = message.direction === 'inbound'
  const ordinal = inbound ? { $add: ['$inboundCount', 1] } : null
  const enteredAt = { $max: ['$$NOW', '$lastEnteredAt'] }
  const set: Record<string, unknown> = {
    lastSeq: nextSeq,
    ...touched(db.clock.now()),
    recent: { $slice: [{ $concatArrays: ['$recent', [literal(message.key)]] }, -RECENT] },
    lastEnteredAt: enteredAt,
    pendingSince: { $ifNull: ['$pendingSince', '$$NOW'] },
    pending: {
      $concatArrays: [
        '$pending',
        [
          {
            $mergeObjects: [
              literal(message),
              {
                conversationId: '$_id',
                lineId: '$lineId',
                contactId: '$contactId',
                coordinationId: '$coordinationId',
                seq: nextSeq,
                ordinal,
                // The clock is read before the document is locked: of two, the later seq could have the earlier time.
                enteredAt,
                entry: nextSeq,
                changedAt: '$$NOW',
              },
            ],
          },
        ],
      ],
    },
  }
  if (message.direction !== 'internal')
    set.lastMessage = { $mergeObjects: [literal(toPreview(message as MessageDoc, 0)), { seq: nextSeq }] }
  if (inbound) {
    set.inboundCount = ordinal
    set.unanswered = { $subtract: [ordinal, '$answeredCount'] }
    set.awaitingSince = { $ifNull: ['$awaitingSince', message.createdAt] }
    set.activityAt = { $max: ['$activityAt', message.createdAt] }
    set.hint = { $cond: [{ $eq: ['$coordinationId', null] }, literal(options.hint ?? null), null] }
    Object.assign(set, windowFields(message))
  }
  if (options.byAgent) set.activityAt = { $max: ['$activityAt', options.now] }
  if (options.answers) {
    const by = literal(message.author.id ?? '')
    set.answeredCount = '$inboundCount'
    set.unanswered = '$$REMOVE'
    set.awaitingSince = null
    set.activityAt = { $max: ['$activityAt', options.now] }
    set.lastAnswer = { by, id: literal(message._id), seq: nextSeq }
    set.otherAnswer = { $cond: [{ $eq: ['$lastAnswer.by', by] }, '$otherAnswer', '$lastAnswer'] }
  }
  if (inbound || options.answers) {
    set.status = 'open'
    set.snoozedUntil = null
  }
  const after = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id: conversationId, orgId: message.orgId, recent: { $ne: message.key }, gone: { $exists: false }, ...options.guard },
      [{ $set: set }],
      // Without its lists, which are most of it.
      { returnDocument: 'after', projection: { recent: 0, pending: 0 } },
    ),
  )
  if (!after) return null
  db.unflushed.set(`${message.orgId}|${message.key}`, conversationId)
  db.flushSoon(conversationId)
  const { _id, lineId, contactId, coordinationId, lastSeq, inboundCount, lastEnteredAt, changedAt } = after
  return {
    doc: { ...after, recent: [], pending: [] },
    message: {
      ...message,
      conversationId: _id,
      lineId,
      contactId,
      coordinationId,
      seq: lastSeq,
      ordinal: inbound ? inboundCount : null,
      enteredAt: lastEnteredAt,
      entry: lastSeq,
      changedAt,
    },
  }
}

export interface Appended {
  /** The conversation after it, without what is pending in it. */
  doc: ConversationDoc
  message: MessageDoc
}

/** A message with nothing set: each caller names what it has. */
export const blankMessage = {
  address: null,
  phone: null,
  location: null,
  contacts: null,
  button: null,
  template: null,
  moved: null,
  referral: null,
  content: null,
  replyToId: null,
  forwarded: false,
  delay: null,
  error: null,
  retryOf: null,
  fallbackOf: null,
  twilioSid: null,
  clientMessageId: null,
  recovered: false,
  sensitive: false,
  dueAt: null,
  expiresAt: null,
  expiresInMs: null,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  failedAt: null,
  price: null,
  lane: 0,
  cost: 1,
  notBefore: null,
  attempt: 0,
  claimedAt: null,
  firstClaimedAt: null,
  leaseUntil: null,
  fence: null,
  rev: 1,
} satisfies Partial<MessageDoc>
