// Copies pending messages from their conversations to `messages`, and completes work that a conversation began. Safe to
// run any number of times at once: each step asks whether it was done. Whoever reads or changes a conversation with
// something pending flushes first; the sweep does it for those that nobody asks for.
import mongoose from 'mongoose'
import { completeWork } from './complete-work.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { lastRecordFields, optOutFields, windowFields } from './line.ts'
import { literal, type Pipeline, repeat, touched, withoutConflict } from './write.ts'

export const hasPending = { pendingSince: { $exists: true } } as const

/** Stores one message, or a tombstone on its place where its key is stored already: `seq` stays whole. */
async function storeOne(db: Database, message: MessageDoc): Promise<void> {
  await repeat(async () => {
    try {
      await db.messages.insertOne(message)
      return true
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoServerError)) throw error
    }
    if (await db.messages.findOne({ _id: message._id }, { projection: { _id: 1 } })) return true
    if (!(await db.messages.findOne({ orgId: message.orgId, key: message.key }, { projection: { _id: 1 } }))) return undefined
    const { open: _, media: __, mediaDue: ___, ...closed } = message
    await db.messages.insertOne({ ...closed, key: `again|${message._id}`, twilioSid: null, text: '', hidden: true }).catch(() => undefined)
    return (await db.messages.findOne({ _id: message._id }, { projection: { _id: 1 } })) ? true : undefined
  })
}

async function store(db: Database, messages: readonly MessageDoc[]): Promise<void> {
  // Messages that another process appended it has mostly copied, too.
  const others = messages.filter((message) => !db.unflushed.has(`${message.orgId}|${message.key}`))
  const copied = await stored(db, others)
  const missing = messages.filter((message) => !copied.has(message._id))
  for (let start = 0; start < missing.length; start += 500) {
    const part = missing.slice(start, start + 500)
    try {
      await db.messages.insertMany(part, { ordered: false })
    } catch (error) {
      if (!(error instanceof mongoose.mongo.MongoServerError)) throw error
      const there = await stored(db, part)
      for (const message of part) if (!there.has(message._id)) await storeOne(db, message)
    }
  }
}

async function stored(db: Database, messages: readonly MessageDoc[]): Promise<Set<string>> {
  if (messages.length === 0) return new Set()
  const found = await db.messages.find({ _id: { $in: messages.map((message) => message._id) } }, { projection: { _id: 1 } }).toArray()
  return new Set(found.map((message) => message._id))
}

/** Window, address, opt-out and last record of each line that these messages belong to. Only ever forward. */
function lineUpdates(messages: readonly MessageDoc[]) {
  return [...Map.groupBy(messages, (message) => message.lineId)].flatMap(([lineId, own]) => {
    const set: Record<string, unknown> = {}
    const newest = newestInbound(own)[0]
    if (newest) Object.assign(set, windowFields(newest))
    const outbound = own.filter((message) => message.direction === 'outbound').toSorted((a, b) => enteredMs(a) - enteredMs(b))
    const last = outbound.at(-1)
    if (last) Object.assign(set, lastRecordFields(last.coordinationId, enteredMs(last)))
    const update: Pipeline = [{ $set: set }, ...optOutStages(saidIn(own))]
    return newest || last ? [{ updateOne: { filter: { _id: lineId }, update } }] : []
  })
}

/** One stage each: of a STOP and a "stop promotions" both count. */
const optOutStages = (speakers: readonly Speaker[]): Pipeline =>
  speakers.map(({ said, createdAt }) => ({ $set: optOutFields(said, createdAt) }))

const enteredMs = (message: MessageDoc): number => message.enteredAt?.getTime() ?? 0

/** Of each line the newest. */
export const newestInbound = (messages: readonly MessageDoc[]): MessageDoc[] =>
  newestOf(messages.filter((message) => message.direction === 'inbound'))

type Speaker = MessageDoc & Required<Pick<MessageDoc, 'said'>>
/** Those that say something about further messages, in the order in which it was said. */
const saidIn = (messages: readonly MessageDoc[]): Speaker[] =>
  messages.filter((message): message is Speaker => message.said !== undefined).toSorted((a, b) => a.createdAt - b.createdAt)

function newestOf(messages: readonly MessageDoc[]): MessageDoc[] {
  const newest = new Map<string, MessageDoc>()
  for (const message of messages) if (message.createdAt >= (newest.get(message.lineId)?.createdAt ?? 0)) newest.set(message.lineId, message)
  return [...newest.values()]
}

/**
 * The other conversations of a line show its window and its opt-out too: they change with it. Those that a flush has told already
 * are answered too: only who received the message tells the browsers.
 */
export async function tellLines(db: Database, messages: readonly MessageDoc[]): Promise<ConversationDoc[]> {
  const newest = newestInbound(messages)
  if (newest.length === 0) return []
  const messageOf = new Map(newest.map((message) => [message.lineId, message]))
  const speakersOf = Map.groupBy(saidIn(messages), (message) => message.lineId)
  const siblings = await db.conversations
    .find(
      {
        orgId: { $in: [...new Set(newest.map((message) => message.orgId))] },
        contactId: { $in: newest.map((message) => message.contactId) },
      },
      { projection: { _id: 1, lineId: 1, lastInboundAt: 1, optSaidAt: 1 } },
    )
    .toArray()
  const told = await Promise.all(
    siblings.map(({ _id, lineId, lastInboundAt, optSaidAt }) => {
      const message = messageOf.get(lineId)
      const heard = message && _id !== message.conversationId && (lastInboundAt ?? 0) <= message.createdAt ? message : null
      const said = (speakersOf.get(lineId) ?? []).filter((one) => _id !== one.conversationId && (optSaidAt ?? 0) <= one.createdAt)
      return tellThread(db, { _id, lineId }, heard, said)
    }),
  )
  return told.filter((doc) => doc !== null)
}

async function tellThread(
  db: Database,
  { _id, lineId }: Pick<ConversationDoc, '_id' | 'lineId'>,
  heard: MessageDoc | null,
  said: readonly Speaker[],
): Promise<ConversationDoc | null> {
  const last = said.at(-1)
  const message = heard ?? last
  if (message === undefined) return null
  const { orgId } = message
  const before = (field: 'lastInboundAt' | 'optSaidAt', one: MessageDoc | null | undefined) =>
    one ? [{ [field]: null }, { [field]: { $lt: one.createdAt } }] : []
  const after = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id, orgId, lineId, $or: [...before('lastInboundAt', heard), ...before('optSaidAt', last)] },
      [{ $set: { ...(heard ? windowFields(heard) : {}), ...touched(db.clock.now()) } }, ...optOutStages(said)],
      { returnDocument: 'after' },
    ),
  )
  const now = heard ? { lastInboundAt: heard.createdAt } : { optSaidAt: message.createdAt }
  return after ?? (await db.conversations.findOne({ _id, orgId, lineId, ...now }))
}

/** The pending messages without these. */
export const pendingBut = (ids: Iterable<string>) => ({
  $filter: { input: '$pending', as: 'message', cond: { $not: [{ $in: ['$$message._id', literal([...ids])] }] } },
})

/** Takes copied messages off their conversations, and the mark where nothing is left. */
async function release(db: Database, copied: readonly (readonly [conversationId: string, ids: Iterable<string>])[]): Promise<void> {
  // Few at a time: who appends to one of them waits for all that are written with it.
  for (let start = 0; start < copied.length; start += 32) {
    const updates = copied.slice(start, start + 32).map(([_id, ids]) => ({
      updateOne: { filter: { _id }, update: [{ $set: { pending: pendingBut(ids) } }, clearMark] as Pipeline },
    }))
    await withoutConflict(() => db.conversations.bulkWrite(updates, { ordered: false }))
  }
}

/** Copied messages that were not taken off since. */
export async function releaseCopied(
  db: Database,
  left: readonly (readonly [conversationId: string, ids: ReadonlySet<string>])[],
): Promise<void> {
  const still = left.filter(([id, ids]) => db.copied.get(id) === ids)
  for (const [id] of still) db.copied.delete(id)
  await release(db, still)
}

/** Of this process's own knowledge: copied already. */
export const isCopied = (db: Pick<Database, 'copied'>, message: MessageDoc): boolean =>
  db.copied.get(message.conversationId)?.has(message._id) ?? false

/** Pipeline stage: no mark without anything pending or unfinished. */
export const clearMark = {
  $set: {
    pendingSince: {
      $cond: [
        { $and: [{ $eq: [{ $size: '$pending' }, 0] }, { $eq: [{ $size: '$work' }, 0] }, { $not: ['$gone'] }] },
        '$$REMOVE',
        '$pendingSince',
      ],
    },
  },
}

/** Copies pending messages, and no more. `leave`: they stay where they were for now, as `copied`. */
export async function copyPending(db: Database, docs: readonly ConversationDoc[], { leave = false } = {}): Promise<void> {
  const waiting = docs.filter((doc) => doc.pending.length > 0)
  const messages = waiting.flatMap((doc) => doc.pending).filter((message) => !isCopied(db, message))
  if (messages.length > 0) {
    await store(db, messages)
    const updates = lineUpdates(messages)
    if (updates.length > 0) await withoutConflict(() => db.lines.bulkWrite(updates, { ordered: false }))
    await tellLines(db, messages)
    for (const message of messages) db.unflushed.delete(`${message.orgId}|${message.key}`)
  }
  if (leave) {
    for (const { _id, pending } of waiting) {
      const copied = db.copied.get(_id) ?? new Set()
      for (const message of pending) copied.add(message._id)
      db.copied.set(_id, copied)
    }
    return
  }
  for (const { _id } of waiting) db.copied.delete(_id)
  await release(
    db,
    waiting.map((doc) => [doc._id, doc.pending.map((message) => message._id)] as const),
  )
}

/** True: a conversation changed beyond its pending messages, read it again. */
export async function flush(db: Database, docs: readonly ConversationDoc[], options: { leave?: boolean } = {}): Promise<boolean> {
  await copyPending(db, docs, options)
  let worked = false
  for (const doc of docs) {
    if (doc.work.length === 0 && !doc.gone) continue
    await completeWork(db, doc)
    worked = true
  }
  return worked
}

/** Flushes whatever of these has something pending; the answer is how many had. */
export async function flushWhere(db: Database, filter: mongoose.mongo.Filter<ConversationDoc>): Promise<number> {
  let flushed = 0
  for (let round = 0; round < 100; round++) {
    const docs = await db.conversations
      .find({ ...filter, ...hasPending })
      .limit(200)
      .toArray()
    if (docs.length === 0) return flushed
    await flush(db, docs)
    flushed += docs.length
    if (docs.length < 200) return flushed
  }
  return flushed
}

export const flushLine = (db: Database, orgId: string, lineId: string): Promise<number> => flushWhere(db, { orgId, lineId })
export const flushOrg = (db: Database, orgId: string): Promise<number> => flushWhere(db, { orgId })

/** One conversation, flushed: its messages and its line are complete. */
export async function loadConversation(db: Database, filter: mongoose.mongo.Filter<ConversationDoc>): Promise<ConversationDoc | null> {
  return repeat<ConversationDoc | null>(async () => {
    const doc = await db.conversations.findOne(filter)
    if (!doc?.pendingSince) return doc
    return (await flush(db, [doc])) ? undefined : { ...doc, pending: [] }
  })
}

/** A page of them, flushed. Those that vanish by it (merged into another) are left out. */
export async function flushPage(db: Database, docs: readonly ConversationDoc[]): Promise<ConversationDoc[]> {
  const pending = docs.filter((doc) => doc.pendingSince)
  if (pending.length === 0) return [...docs]
  if (!(await flush(db, pending))) return [...docs]
  const again = await db.conversations.find({ _id: { $in: docs.map((doc) => doc._id) } }).toArray()
  const byId = new Map(again.map((doc) => [doc._id, doc]))
  return docs.flatMap((doc) => byId.get(doc._id) ?? [])
}
