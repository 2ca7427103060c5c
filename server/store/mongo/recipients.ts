// Recipients of campaigns: listed once for a key, settled once, and read with what their messages are.
import type mongoose from 'mongoose'
import {
  hasAnswered,
  newRecipient,
  type Recipient,
  type RecipientDraft,
  type RecipientGroup,
  type RecipientSeen,
} from '../../rules/recipient.ts'
import { type RecipientState, settle, type Settled } from '../../rules/recipient.ts'
import type { Page, PageRequest } from '../records.ts'
import type { Database } from './database.ts'
import type { RecipientDoc } from './documents.ts'
import { readParts, writePosition } from './position.ts'
import { isDuplicate, repeat, withoutConflict } from './write.ts'

export const toRecipient = ({ recipient }: Pick<RecipientDoc, 'recipient'>): Recipient => JSON.parse(recipient) as Recipient

export function docOfRecipient(orgId: string, campaignId: string, recipient: Recipient): RecipientDoc {
  const { id, key, state, dueAt } = recipient
  return { _id: id, orgId, campaignId, key, state, recipient: JSON.stringify(recipient), ...(dueAt === null ? {} : { dueAt }) }
}

export async function listRecipients(db: Database, orgId: string, campaignId: string, drafts: readonly RecipientDraft[]): Promise<number> {
  const first = new Map<string, RecipientDoc>()
  for (const draft of drafts) if (!first.has(draft.key)) first.set(draft.key, docOfRecipient(orgId, campaignId, newRecipient(draft)))
  if (first.size === 0) return 0
  const ids = [...first.values()].map(({ _id }) => _id)
  const before = await db.recipients.countDocuments({ _id: { $in: ids } })
  await repeat(async () => {
    const found = await db.recipients.find({ orgId, campaignId, key: { $in: [...first.keys()] } }, { projection: { key: 1 } }).toArray()
    const there = new Set(found.map(({ key }) => key))
    const missing = [...first.values()].filter(({ key }) => !there.has(key))
    if (missing.length === 0) return true
    try {
      await db.recipients.insertMany(missing, { ordered: false })
      return true
    } catch (error) {
      // Others list the same: who is there by now is looked up again.
      if (isDuplicate(error)) return undefined
      throw error
    }
  })
  return (await db.recipients.countDocuments({ _id: { $in: ids } })) - before
}

export async function recipients(
  db: Database,
  orgId: string,
  campaignId: string,
  state: RecipientState | null,
  { cursor, limit }: PageRequest,
): Promise<Page<RecipientSeen>> {
  const [after] = readParts(cursor, ['string']) ?? []
  const filter = { orgId, campaignId, ...(state === null ? {} : { state }), ...(after === undefined ? {} : { _id: { $gt: after } }) }
  const docs = await db.recipients
    .find(filter as mongoose.mongo.Filter<RecipientDoc>)
    .sort({ _id: 1 })
    .limit(limit + 1)
    .toArray()
  const items = docs.slice(0, limit)
  const last = docs.length > limit ? items.at(-1) : undefined
  return { items: await withMessages(db, orgId, items.map(toRecipient)), nextCursor: last ? writePosition([last._id]) : null }
}

/** One that is pending in its conversation has no status yet. */
async function withMessages(db: Database, orgId: string, all: readonly Recipient[]): Promise<RecipientSeen[]> {
  const ids = all.map(({ messageId }) => messageId).filter((id) => id !== null)
  if (ids.length === 0) return all.map(unsent)
  const messages = await db.messages
    .find({ _id: { $in: ids }, orgId }, { projection: { status: 1, error: 1, queuedAt: 1, conversationId: 1 } })
    .toArray()
  const threadIds = [...new Set(messages.map(({ conversationId }) => conversationId))]
  const threads = await db.conversations.find({ _id: { $in: threadIds } }, { projection: { lastInboundAt: 1 } }).toArray()
  const messageOf = new Map(messages.map((message) => [message._id, message]))
  const heardAt = new Map(threads.map(({ _id, lastInboundAt }) => [_id, lastInboundAt]))
  return all.map((recipient) => {
    const message = messageOf.get(recipient.messageId ?? '')
    if (message === undefined) return unsent(recipient)
    const answered = hasAnswered(message.queuedAt, heardAt.get(message.conversationId) ?? null)
    return { recipient, status: message.status, error: message.error, answered }
  })
}

const unsent = (recipient: Recipient): RecipientSeen => ({ recipient, status: null, error: null, answered: false })

export async function groupRecipients(db: Database, orgId: string, campaignId: string, page: PageRequest): Promise<Page<RecipientGroup>> {
  const { items, nextCursor } = await recipients(db, orgId, campaignId, null, page)
  const groups = new Map<string, RecipientGroup>()
  for (const { recipient, status, answered } of items) {
    const { arm, state } = recipient
    const key = `${arm}|${state}|${status}|${answered}`
    const group = groups.get(key) ?? { arm, state, status, answered, count: 0 }
    group.count++
    groups.set(key, group)
  }
  return { items: [...groups.values()], nextCursor }
}

export async function dueRecipients(db: Database, orgId: string, campaignId: string, now: number, limit: number): Promise<Recipient[]> {
  const due = await db.recipients
    .find({ orgId, campaignId, dueAt: { $lte: now } })
    .sort({ dueAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  return due.map(toRecipient)
}

export async function nextRecipientAt(db: Database, orgId: string, campaignId: string): Promise<number | null> {
  const next = await db.recipients
    .find({ orgId, campaignId, dueAt: { $exists: true } })
    .sort({ dueAt: 1 })
    .limit(1)
    .toArray()
  return next[0]?.dueAt ?? null
}

export const countRecipients = (db: Database, orgId: string, campaignId: string, state: RecipientState, most: number): Promise<number> =>
  db.recipients.countDocuments({ orgId, campaignId, state }, { limit: most })

export async function settleRecipients(db: Database, orgId: string, campaignId: string, settled: readonly Settled[]): Promise<void> {
  if (settled.length === 0) return
  const found = await db.recipients.find({ _id: { $in: settled.map(({ id }) => id) }, orgId, campaignId, state: 'pending' }).toArray()
  const before = new Map(found.map((doc) => [doc._id, toRecipient(doc)]))
  const updates = settled.flatMap((one) => {
    const known = before.get(one.id)
    const after = known ? settle(known, one) : null
    if (after === null) return []
    const replacement = docOfRecipient(orgId, campaignId, after)
    return [{ replaceOne: { filter: { _id: one.id, orgId, state: 'pending' as const }, replacement } }]
  })
  if (updates.length > 0) await withoutConflict(() => db.recipients.bulkWrite(updates, { ordered: false }))
}
