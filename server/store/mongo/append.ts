// Appends a message of ours to its conversation, or several at once. The conversation's document is the commit point: sequence, counters,
// preview and the whole message in one atomic update; the flush copies it to `messages` afterwards.
import { hash } from 'node:crypto'
import { enterMessage, type Held, isAnswer, isPreviewed } from '../../rules/conversation.ts'
import { listFailure, MOST_FAILURES } from '../../rules/failures.ts'
import { answerFields } from './answers.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { toPreview } from './rows.ts'
import { stepFields } from './steps.ts'
import { literal, touched, withoutConflict } from './write.ts'
import type mongoose from 'mongoose'

/** The last keys and finished steps that a conversation remembers; older repeats are found among the messages. */
const RECENT = 64
/** The list with one more. */
export const recentWith = (key: string) => ({ $slice: [{ $concatArrays: ['$recent', [literal(key)]] }, -RECENT] })
/** Enough to tell them apart: the list is part of what every write of the conversation costs. */
const brief = (key: string): string => hash('sha1', key, 'base64url').slice(0, 12)

/** Fields that the conversation itself gives a message are left out. */
export type NewMessage = Omit<
  MessageDoc,
  'conversationId' | 'lineId' | 'contactId' | 'coordinationId' | 'seq' | 'ordinal' | 'enteredAt' | 'entry' | 'changedAt'
>

export interface AppendOptions {
  /** By the caller's clock. */
  now: number
  /** Of one that was held for a moment. */
  held?: Held | null
  /** Further conditions on the conversation. */
  guard?: mongoose.mongo.Filter<ConversationDoc>
}

/**
 * To the conversation as it was read, whatever else it got since; several stay together. Null: it is no more, or is merging into
 * another, or holds the key of the first already, or got so much that it may have held it, or the guard does not hold.
 */
export async function append(
  db: Database,
  read: Pick<ConversationDoc, '_id' | 'lastSeq'>,
  messages: readonly [NewMessage, ...NewMessage[]],
  options: AppendOptions,
): Promise<Appended | null> {
  const [first] = messages
  // Each stage sees what the one before it left.
  const stages = messages.map((message) => ({ $set: fieldsAfter(db, message, options.now, message === first ? options.held : null) }))
  const after = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      {
        _id: read._id,
        orgId: first.orgId,
        recent: { $ne: brief(first.key) },
        lastSeq: { $lt: read.lastSeq + RECENT },
        gone: { $exists: false },
        ...options.guard,
      },
      stages,
      // Without its lists, which are most of it.
      { returnDocument: 'after', projection: { recent: 0, pending: 0 } },
    ),
  )
  if (!after) return null
  const { _id, lineId, contactId, coordinationId, lastSeq, lastEnteredAt, changedAt } = after
  for (const { orgId, key } of messages) db.unflushed.set(`${orgId}|${key}`, _id)
  db.flushSoon(_id)
  return {
    doc: { ...after, recent: [], pending: [] },
    messages: messages.map((message, place) => {
      const seq = lastSeq - messages.length + 1 + place
      const where = { conversationId: _id, lineId, contactId, coordinationId, seq, ordinal: null, enteredAt: lastEnteredAt, entry: seq }
      return { ...message, ...where, changedAt }
    }),
  }
}

function fieldsAfter(db: Database, message: NewMessage, now: number, held: Held | null | undefined): Record<string, unknown> {
  const { direction, author, status, claimedAt } = message
  const entering = { direction, authorType: author.type, status, claimedAt }
  const steps = stepFields(enterMessage(entering, now, held))
  const nextSeq = steps.lastSeq
  const enteredAt = { $max: ['$$NOW', '$lastEnteredAt'] }
  const set: Record<string, unknown> = {
    ...steps,
    ...touched(db.clock.now()),
    recent: recentWith(brief(message.key)),
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
                ordinal: null,
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
  if (isPreviewed(message.direction)) set.lastMessage = { $mergeObjects: [literal(toPreview(message as MessageDoc, 0)), { seq: nextSeq }] }
  const failures = listFailure([], { ...message, id: message._id, putAway: false })
  if (failures) set.failures = { $slice: [{ $concatArrays: [{ $ifNull: ['$failures', []] }, literal(failures)] }, -MOST_FAILURES] }
  if (isAnswer({ ...entering, wasMoved: false })) Object.assign(set, answerFields(message.author.id ?? '', message._id, nextSeq))
  return set
}

export interface Appended {
  /** The conversation after them, without what is pending in it. */
  doc: ConversationDoc
  messages: MessageDoc[]
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
