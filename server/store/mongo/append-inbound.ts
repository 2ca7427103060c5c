// Appends inbound messages to their conversations: for each one atomic update that holds only on the state that was read
// (`rev`), with sequence, counters, preview and the whole messages. It is their commit point; all of a group go together.
import { enterMessage, takeInbound } from '../../rules/conversation.ts'
import { afterInbound } from '../../rules/line.ts'
import { afterOptOut, eventOf, takesOther } from '../../rules/opt-out.ts'
import { newMedia } from '../../rules/media.ts'
import { applySteps } from '../../rules/steps.ts'
import type { Received } from '../records.ts'
import { blankMessage } from './append.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, MessageDoc } from './documents.ts'
import { pendingBut, tellLines } from './flush.ts'
import { optOutFactsOf } from './line.ts'
import type { Arrival } from './look-up.ts'
import { newMediaFields } from './media.ts'
import { toConversation, toMessage, toPreview } from './rows.ts'
import { literal, literals, type Pipeline, writeTogether } from './write.ts'

export interface InboundBatch {
  /** To the thread as it was read, after what was added to it before. */
  add(
    arrival: Arrival,
    thread: ConversationDoc,
    contact: ContactDoc,
    more: { quotedId: string | null; hint: ConversationDoc['hint'] },
  ): void
  /** Those that were written; what is missing lost a race, and nothing of it was. */
  write(): Promise<Map<Arrival, Received>>
}

interface Appended {
  arrival: Arrival
  message: MessageDoc
  /** The thread's line that tells of an opt-out that came with it. */
  event: MessageDoc | null
  /** The conversation after them. */
  doc: ConversationDoc
}

const messagesOf = ({ message, event }: Appended): MessageDoc[] => (event ? [message, event] : [message])

export function createInboundBatch(db: Database): InboundBatch {
  const byThread = new Map<string, Thread>()
  return {
    add(arrival, thread, contact, { quotedId, hint }) {
      const own = byThread.get(thread._id) ?? { read: thread, appended: [], copied: new Set(db.copied.get(thread._id)) }
      byThread.set(thread._id, own)
      const before = own.appended.at(-1)?.doc ?? thread
      const message = messageOf(arrival, before, contact, quotedId)
      const doc = after(before, message, hint, db.clock.now())
      const event = message.said && takesOther(optOutFactsOf(before), doc) ? optOutLine(db.newId(), message, message.said, doc) : null
      own.appended.push({ arrival, message, event, doc: event ? { ...doc, lastSeq: event.seq ?? doc.lastSeq } : doc })
    },
    async write() {
      const threads = [...byThread.values()]
      if (threads.length === 0) return new Map()
      const written = await writeAll(db, threads)
      for (const { read, copied } of written) forgetCopied(db, read._id, copied)
      const appended = written.flatMap((thread) => thread.appended)
      for (const message of appended.flatMap(messagesOf)) {
        db.unflushed.set(`${message.orgId}|${message.key}`, message.conversationId)
        db.flushSoon(message.conversationId)
      }
      const told = await tellLines(
        db,
        appended.map((one) => one.message),
      )
      return new Map(appended.map((one) => [one.arrival, received(one, told)]))
    },
  }
}

interface Thread {
  read: ConversationDoc
  appended: Appended[]
  /** Copied before: taken off by this write. */
  copied: ReadonlySet<string>
}

async function writeAll(db: Database, threads: readonly Thread[]): Promise<readonly Thread[]> {
  const all = await writeTogether(
    db.conversations,
    threads.map((thread) => {
      const { _id, orgId, rev } = thread.read
      return { filter: { _id, orgId, rev, gone: { $exists: false } }, update: pipelineOf(thread) }
    }),
  )
  if (all) return threads
  // Whoever has its message, pending or copied already, was written.
  const firstOf = ({ appended }: Thread) => appended[0]?.message._id ?? ''
  const docs = await db.conversations
    .find({ _id: { $in: threads.map(({ read }) => read._id) } }, { projection: { 'pending._id': 1 } })
    .toArray()
  const there = new Set(docs.flatMap((doc) => doc.pending.map((message) => message._id)))
  const copied = await db.messages.find({ _id: { $in: threads.map(firstOf) } }, { projection: { _id: 1 } }).toArray()
  for (const { _id } of copied) there.add(_id)
  return threads.filter((thread) => there.has(firstOf(thread)))
}

function pipelineOf({ read, appended, copied }: Thread): Pipeline {
  const { doc } = appended.at(-1) as Appended
  const others = read.pending.some((message) => !copied.has(message._id))
  // The clock is read before the document is locked: of two, the later seq could have the earlier time.
  const enteredAt = { $max: ['$$NOW', '$lastEnteredAt'] }
  const pending = appended.flatMap(messagesOf).map(({ enteredAt: _, changedAt: __, ...message }) => ({
    $mergeObjects: [literal(message), { enteredAt, changedAt: '$$NOW' }],
  }))
  const { rev, updatedAt, lastSeq, inboundCount, answeredCount, unanswered, awaitingSince, activityAt, lastInboundAt } = doc
  const { status, snoozedUntil, lastMessage, hint, address, phone } = doc
  return [
    {
      $set: {
        ...{ rev, updatedAt, lastSeq, inboundCount, answeredCount, unanswered, awaitingSince, activityAt, lastInboundAt },
        ...{ status, snoozedUntil },
        ...literals(optOutFactsOf(doc)),
        ...{ lastMessage: literal(lastMessage), hint: literal(hint), address: literal(address), phone: literal(phone) },
        lastEnteredAt: enteredAt,
        changedAt: '$$NOW',
        pendingSince: others ? { $ifNull: ['$pendingSince', '$$NOW'] } : '$$NOW',
        pending: { $concatArrays: [copied.size > 0 ? pendingBut(copied) : '$pending', pending] },
      },
    },
  ]
}

/** Told in the same step as the message that says it. */
function optOutLine(id: string, message: MessageDoc, said: NonNullable<MessageDoc['said']>, doc: ConversationDoc): MessageDoc {
  const entering = { direction: 'internal', authorType: 'system', status: 'received', claimedAt: null } as const
  const { lastSeq } = applySteps(doc, enterMessage(entering, message.createdAt))
  const { orgId, conversationId, lineId, contactId, coordinationId, channel, sender, createdAt, queuedAt, changedAt } = message
  return {
    ...blankMessage,
    ...{ _id: id, orgId, conversationId, lineId, contactId, coordinationId, channel, sender, createdAt, queuedAt, changedAt },
    ...{ seq: lastSeq, entry: lastSeq, ordinal: null, enteredAt: null, key: id },
    ...{ direction: 'internal', type: 'event', status: 'received', text: '' },
    author: { type: 'system', id: null, name: '' },
    event: eventOf(said, coordinationId !== null),
  }
}

function after(doc: ConversationDoc, message: MessageDoc, hint: ConversationDoc['hint'], now: number): ConversationDoc {
  const heard = applySteps(afterInbound(doc, message), takeInbound(message))
  const next = message.said ? afterOptOut({ ...heard, ...optOutFactsOf(heard) }, message.said, message.createdAt) : heard
  return {
    ...next,
    rev: doc.rev + 1,
    updatedAt: now,
    unanswered: next.inboundCount - next.answeredCount,
    lastMessage: toPreview(message, next.lastSeq),
    hint: doc.coordinationId === null ? hint : null,
  }
}

/** These are no longer pending. */
function forgetCopied(db: Database, conversationId: string, ids: ReadonlySet<string>): void {
  const left = new Set([...(db.copied.get(conversationId) ?? [])].filter((id) => !ids.has(id)))
  if (left.size > 0) db.copied.set(conversationId, left)
  else db.copied.delete(conversationId)
}

function messageOf({ inbound, key }: Arrival, doc: ConversationDoc, contact: ContactDoc, replyToId: string | null): MessageDoc {
  return {
    ...blankMessage,
    _id: inbound.id,
    orgId: inbound.orgId,
    conversationId: doc._id,
    lineId: doc.lineId,
    contactId: doc.contactId,
    coordinationId: doc.coordinationId,
    seq: doc.lastSeq + 1,
    ordinal: doc.inboundCount + 1,
    entry: doc.lastSeq + 1,
    enteredAt: null,
    key,
    direction: 'inbound',
    type: inbound.type,
    channel: inbound.channel,
    sender: inbound.sender,
    address: inbound.address,
    phone: inbound.phone,
    author: { type: 'contact', id: contact._id, name: contact.name },
    text: inbound.text,
    location: inbound.location ?? null,
    contacts: inbound.contacts ?? null,
    button: inbound.button ?? null,
    referral: inbound.referral ?? null,
    replyToId,
    forwarded: inbound.forwarded,
    status: 'received',
    twilioSid: inbound.twilioSid,
    recovered: inbound.recovered,
    ...(inbound.listed ? { listed: true } : {}),
    ...(inbound.said ? { said: inbound.said } : {}),
    ...newMediaFields(newMedia(inbound.id, inbound.media, inbound.createdAt)),
    createdAt: inbound.createdAt,
    queuedAt: inbound.createdAt,
    // Both times are the database's, set as it is written.
    changedAt: new Date(0),
  }
}

function received({ arrival, message: kept, event, doc }: Appended, told: readonly ConversationDoc[]): Received {
  const ofLine = told.filter((one) => one.lineId === doc.lineId)
  const latest = new Map<string, ConversationDoc>()
  for (const one of [...arrival.told, doc, ...ofLine]) if (one.rev >= (latest.get(one._id)?.rev ?? 0)) latest.set(one._id, one)
  const message = toMessage(kept)
  const conversations = [...latest.values()].map(toConversation)
  const conversation = toConversation(latest.get(doc._id) ?? doc)
  return {
    outcome: 'created',
    message,
    conversation,
    changes: { ...noChanges(kept.orgId), conversations, messages: event ? [message, toMessage(event)] : [message] },
  }
}
