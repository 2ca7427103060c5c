// Reads the rows of a copy, kind by kind, each in the order of its key. Nothing is pending or half done by then.
import type mongoose from 'mongoose'
import type { Copied, CopiedKind, CopiedMessage, RowKey } from '../copied.ts'
import { ownNames, rowKeys } from '../copied.ts'
import type { CopiedPage } from '../copy-end.ts'
import { answersOf } from './answers.ts'
import type { Database } from './database.ts'
import { toCampaign } from './campaigns.ts'
import { toDelivery } from './deliveries.ts'
import type { MessageDoc } from './documents.ts'
import { addressKey } from './identify.ts'
import { optOutFactsOf } from './line.ts'
import { toPlan } from './plans.ts'
import { toRecipient } from './recipients.ts'
import { toConversation, toCoordination, toMessage } from './rows.ts'
import { toSetting } from './settings.ts'
import { toTemplate } from './templates.ts'

type Doc = mongoose.mongo.Document
type Read<K extends CopiedKind> = (db: Database, orgId: string, after: RowKey, limit: number) => Promise<CopiedPage<K>>

export const readCopied = <K extends CopiedKind>(
  db: Database,
  kind: K,
  orgId: string,
  after: RowKey | null,
  limit: number,
): Promise<CopiedPage<K>> => reads[kind](db, orgId, after ?? [], limit)

/** Documents of an organization in the order of a field, which an index has. */
async function pageBy<T extends Doc>(
  collection: mongoose.mongo.Collection<T>,
  where: Doc,
  field: string,
  range: { after: string | number | undefined; limit: number },
): Promise<T[]> {
  const filter = range.after === undefined ? where : { ...where, [field]: { $gt: range.after } }
  return (await collection
    .find(filter as mongoose.mongo.Filter<T>)
    .sort({ [field]: 1 })
    .limit(range.limit)
    .toArray()) as T[]
}

/** The same by two fields: first the rest of those that share the first with the last one. */
async function pageByTwo<T extends Doc>(
  collection: mongoose.mongo.Collection<T>,
  where: Doc,
  [first, second]: [string, string],
  [one, two]: RowKey,
  limit: number,
): Promise<T[]> {
  const rest = one === undefined ? [] : await pageBy(collection, { ...where, [first]: one }, second, { after: two, limit })
  if (rest.length === limit) return rest
  const filter = one === undefined ? where : { ...where, [first]: { $gt: one } }
  const further = await collection
    .find(filter as mongoose.mongo.Filter<T>)
    .sort({ [first]: 1, [second]: 1 })
    .limit(limit - rest.length)
    .toArray()
  return [...rest, ...(further as T[])]
}

/** Those whose id is organization|name, in the order of the names. */
function pageByName<T extends Doc>(collection: mongoose.mongo.Collection<T>, orgId: string, [after = '']: RowKey, limit: number) {
  return pageBy(collection, { orgId }, '_id', { after: `${orgId}|${after}`, limit })
}

function pageOf<K extends CopiedKind>(kind: K, rows: Copied[K][], found: number, limit: number): CopiedPage<K> {
  const last = rows.at(-1)
  return { rows, next: last === undefined || found < limit ? null : rowKeys[kind](last) }
}

const nameIn = (orgId: string, { _id }: { _id: string }): string => _id.slice(orgId.length + 1)
const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

const reads: { [K in CopiedKind]: Read<K> } = {
  async contacts(db, orgId, [after], limit) {
    const docs = await pageBy(db.contacts, { orgId }, '_id', { after, limit })
    const keyIds = docs.flatMap((doc) => doc.keys.map((key) => addressKey(orgId, key)))
    const owners = new Map((await db.addresses.find({ _id: { $in: keyIds } }).toArray()).map((one) => [one._id, one.contactId]))
    const rows = docs.map((doc) => ({
      id: doc._id,
      name: doc.name,
      nameSource: doc.nameSource,
      externalId: doc.externalId,
      addresses: doc.addresses
        .toSorted((a, b) => byBytes(b.channel, a.channel))
        .map(({ channel, address, phone, preferred }) => ({ channel, address, phone, preferred })),
      // One that a change which was cut short left behind leads to another.
      keys: [...new Set(doc.keys)].filter((key) => owners.get(addressKey(orgId, key)) === doc._id).toSorted(byBytes),
      attributes: JSON.parse(doc.attributes) as Record<string, string>,
      tags: doc.tags,
      conflict: doc.conflict,
      rev: doc.rev,
      createdAt: doc.createdAt,
      updatedAt: doc.updatedAt,
    }))
    return pageOf('contacts', rows, docs.length, limit)
  },
  async records(db, orgId, [after], limit) {
    const docs = await pageBy(db.coordinations, { orgId }, 'id', { after, limit })
    const rows = docs.map((doc) => ({
      ...{ record: toCoordination(doc), phoneKeys: [...new Set(doc.phoneKeys)].toSorted(byBytes) },
      plan: toPlan(doc),
    }))
    return pageOf('records', rows, docs.length, limit)
  },
  async lines(db, orgId, [after], limit) {
    const docs = await pageBy(db.lines, { orgId }, '_id', { after, limit })
    const rows = docs.map(({ _id: id, channel, sender, key, address, phone, contactId, lastInboundAt, lastRecord, ...line }) => ({
      ...{ id, channel, sender, key, address, phone, contactId, lastInboundAt },
      ...optOutFactsOf(line),
      lastRecord: lastRecord && { coordinationId: lastRecord.coordinationId },
    }))
    return pageOf('lines', rows, docs.length, limit)
  },
  async conversations(db, orgId, [after], limit) {
    const docs = await pageBy(db.conversations, { orgId }, '_id', { after, limit })
    return pageOf(
      'conversations',
      docs.map((doc) => ({ conversation: toConversation(doc), answers: answersOf(doc) })),
      docs.length,
      limit,
    )
  },
  async messages(db, orgId, after, limit) {
    const docs = await pageByTwo(db.messages, { orgId }, ['conversationId', 'seq'], after, limit)
    const [conversationId, seq] = after
    let thread = conversationId
    let ordinal = conversationId === undefined ? 0 : await inboundUpTo(db, orgId, conversationId, seq ?? 0)
    const counted = docs.map((doc) => {
      if (doc.conversationId !== thread) ordinal = 0
      thread = doc.conversationId
      ordinal = doc.ordinal ?? ordinal
      return { doc, ordinal }
    })
    // A place in the order without a message is none.
    const shown = counted.filter(({ doc }) => !doc.hidden)
    const rows = await Promise.all(shown.map(({ doc, ordinal: own }) => toCopied(db, doc, own)))
    const last = docs.at(-1)
    return { rows, next: last === undefined || docs.length < limit ? null : [last.conversationId, last.seq ?? 0] }
  },
  async planned(db, orgId, [after], limit) {
    const docs = await pageBy(db.scheduled, { orgId }, '_id', { after, limit })
    // What entered stands in its thread; its plan was left behind.
    const entered = new Set((await byIds(db, orgId, new Set(docs.map((doc) => doc._id)))).map((doc) => doc._id))
    const rows = await Promise.all(docs.filter((doc) => !entered.has(doc._id)).map((doc) => toCopied(db, doc, null)))
    const last = docs.at(-1)
    return { rows, next: last === undefined || docs.length < limit ? null : [last._id] }
  },
  async keys(db, orgId, after, limit) {
    const docs = await pageByName(db.keys, orgId, after, limit)
    const ids = new Set(docs.map((doc) => doc.messageId))
    const planned = await db.scheduled.find({ _id: { $in: [...ids] }, orgId }, { projection: { coordinationId: 1 } }).toArray()
    const records = new Map([...planned, ...(await byIds(db, orgId, ids))].map((doc) => [doc._id, doc.coordinationId]))
    const rows = docs.flatMap((doc) => {
      const { messageId, conversationId, coordinationId = records.get(messageId) ?? null } = doc
      // Reserved by a process that was killed before it wrote: free.
      return records.has(messageId) ? [{ key: nameIn(orgId, doc), messageId, asked: { conversationId, coordinationId } }] : []
    })
    const last = docs.at(-1)
    return { rows, next: last === undefined || docs.length < limit ? null : [nameIn(orgId, last)] }
  },
  async moves(db, orgId, [after], limit) {
    const docs = await pageBy(db.moves, { orgId }, '_id', { after, limit })
    const all = docs.flatMap((doc) => doc.parts.flatMap((part) => part.messages))
    const there = new Set((await byIds(db, orgId, new Set(all.flatMap(({ id, lineId }) => [id, lineId])))).map((doc) => doc._id))
    const rows = docs.map(({ _id: id, parts, undo }) => ({
      id,
      undoneAt: undo?.at ?? null,
      messages: parts
        .flatMap((part) => part.messages)
        .filter((one) => there.has(one.id) && there.has(one.lineId))
        .map((one) => ({ id: one.id, placeId: one.lineId, inbound: one.inbound })),
    }))
    return pageOf('moves', rows, docs.length, limit)
  },
  async readers(db, orgId, after, limit) {
    const docs = await pageByTwo(db.readers, { orgId }, ['conversationId', 'agentId'], after, limit)
    const ids = [...new Set(docs.map((doc) => doc.conversationId))]
    const there = new Set(
      (await db.conversations.find({ _id: { $in: ids }, orgId }, { projection: { _id: 1 } }).toArray()).map((doc) => doc._id),
    )
    const rows = docs
      .filter((doc) => there.has(doc.conversationId))
      .map(({ conversationId, agentId, readCount, readSeq }) => ({ conversationId, agentId, readCount, readSeq }))
    const last = docs.at(-1)
    return { rows, next: last === undefined || docs.length < limit ? null : [last.conversationId, last.agentId] }
  },
  async callbacks(db, orgId, after, limit) {
    const docs = await pageByTwo(db.callbacks, { orgId }, ['twilioSid', 'status'], after, limit)
    const rows = docs.map(({ twilioSid, status, failure, at, price, heldAt }) => ({
      ...{ twilioSid, status, failure, at, price },
      heldAt: heldAt.getTime(),
    }))
    return pageOf('callbacks', rows, docs.length, limit)
  },
  async leases(db, orgId, after, limit) {
    const docs = await pageByName(db.leases, orgId, after, limit)
    return pageOf(
      'leases',
      docs.map((doc) => ({ name: nameIn(orgId, doc), fence: doc.fence })),
      docs.length,
      limit,
    )
  },
  async recoveries(db, orgId) {
    const doc = await db.recoveries.findOne({ _id: orgId })
    if (!doc) return { rows: [], next: null }
    const { startedAt, position, statusesAt } = doc
    return { rows: [{ startedAt, position, statusesAt }], next: null }
  },
  async agents(db, orgId, after, limit) {
    const docs = await pageByName(db.agents, orgId, after, limit)
    const rows = docs.map(({ agentId, name, presence, settings, seenAt }) => ({ id: agentId, name, presence, settings, seenAt }))
    return pageOf('agents', rows, docs.length, limit)
  },
  async pushSubscriptions(db, orgId, [after], limit) {
    const docs = await pageBy(db.pushSubscriptions, { orgId }, 'endpoint', { after, limit })
    const rows = docs.map(({ endpoint, agentId, p256dh, auth, scope, locale, page, expiresAt }) => ({
      ...{ endpoint, agentId, p256dh, auth, scope, locale, page },
      expiresAt: expiresAt.getTime(),
    }))
    return pageOf('pushSubscriptions', rows, docs.length, limit)
  },
  async templates(db, orgId, after, limit) {
    const docs = await pageByTwo(db.templates, { orgId }, ['name', 'language'], after, limit)
    return pageOf('templates', docs.map(toTemplate), docs.length, limit)
  },
  async settings(db, orgId, after, limit) {
    const docs = await pageByTwo(db.settings, { orgId }, ['kind', 'name'], after, limit)
    return pageOf('settings', docs.map(toSetting), docs.length, limit)
  },
  async deliveries(db, orgId, [after], limit) {
    const docs = await pageBy(db.deliveries, { orgId }, '_id', { after, limit })
    return pageOf('deliveries', docs.map(toDelivery), docs.length, limit)
  },
  async campaigns(db, orgId, [after], limit) {
    const docs = await pageBy(db.campaigns, { orgId }, '_id', { after, limit })
    return pageOf('campaigns', docs.map(toCampaign), docs.length, limit)
  },
  async recipients(db, orgId, [after], limit) {
    const docs = await pageBy(db.recipients, { orgId }, '_id', { after, limit })
    const rows = docs.map((doc) => ({ campaignId: doc.campaignId, recipient: toRecipient(doc) }))
    return pageOf('recipients', rows, docs.length, limit)
  },
  async kept(db, _orgId, [after], limit) {
    const docs = await pageBy(db.kept, {}, '_id', { after, limit })
    const rows = docs.filter((doc) => !ownNames.includes(doc._id)).map(({ _id: name, value }) => ({ name, value }))
    const last = docs.at(-1)
    return { rows, next: last === undefined || docs.length < limit ? null : [last._id] }
  },
}

async function byIds(db: Database, orgId: string, ids: ReadonlySet<string>) {
  const projection = { coordinationId: 1 }
  return ids.size === 0 ? [] : db.messages.find({ _id: { $in: [...ids] }, orgId, seq: { $gt: 0 } }, { projection }).toArray()
}

/** Of a thread that the page before ended in. */
async function inboundUpTo(db: Database, orgId: string, conversationId: string | number, seq: string | number): Promise<number> {
  const last = await db.messages.findOne(
    { orgId, conversationId: String(conversationId), seq: { $lte: Number(seq) }, ordinal: { $gt: 0 } },
    { sort: { seq: -1 }, projection: { ordinal: 1 } },
  )
  return last?.ordinal ?? 0
}

async function toCopied(db: Database, doc: MessageDoc, ordinal: number | null): Promise<CopiedMessage> {
  const { lineId, sender, lane, cost, notBefore, attempt, claimedAt, firstClaimedAt, leaseUntil, fence } = doc
  return {
    message: toMessage(doc),
    ordinal,
    listed: doc.listed ?? false,
    content: doc.content === null ? null : (JSON.parse(doc.content) as CopiedMessage['content']),
    media: doc.media ?? [],
    expiresInMs: doc.expiresInMs,
    sending:
      doc.direction === 'outbound'
        ? {
            ...{ lineId, sender, lane, cost, notBefore, attempt, claimedAt, firstClaimedAt, leaseUntil, fence },
            place: doc.open ? await placeOf(db, doc) : null,
            enteredAt: doc.seq === null ? null : doc.queuedAt,
          }
        : null,
  }
}

function placeOf(db: Database, { _id, orgId, lineId, enteredAt, entry }: MessageDoc): Promise<number> {
  const notAfter = [{ enteredAt: { $lt: enteredAt } }, { enteredAt, entry: { $lt: entry } }, { enteredAt, entry, _id: { $lte: _id } }]
  return db.messages.countDocuments({ orgId, lineId, open: true, $or: notAfter } as mongoose.mongo.Filter<MessageDoc>)
}
