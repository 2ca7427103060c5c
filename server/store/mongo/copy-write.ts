// Writes the rows of a copy, kind by kind. What is there already stays as it is. All of it counts as changed now, by the
// database's clock.
import type mongoose from 'mongoose'
import { isOpen } from '../../../shared/status.ts'
import { sortNameOf } from '../../rules/contact.ts'
import type { Copied, CopiedKind, CopiedMessage } from '../copied.ts'
import { pushKey, agentKey } from './agents.ts'
import { blankMessage } from './append.ts'
import type { Database } from './database.ts'
import { docOfCampaign } from './campaigns.ts'
import { docOfDelivery } from './deliveries.ts'
import type { MessageDoc } from './documents.ts'
import { addressKey } from './identify.ts'
import { optOutFactsOf } from './line.ts'
import { newMediaFields } from './media.ts'
import { recordKey } from './place.ts'
import { fieldsOfPlan } from './plans.ts'
import { docOfRecipient } from './recipients.ts'
import { docOfSetting } from './settings.ts'
import { docOfTemplate } from './templates.ts'

type Write<K extends CopiedKind> = (db: Database, orgId: string, rows: readonly Copied[K][]) => Promise<void>

export const writeCopied = <K extends CopiedKind>(db: Database, kind: K, orgId: string, rows: readonly Copied[K][]): Promise<void> =>
  writes[kind](db, orgId, rows)

/** Nobody else writes: what is missing is looked up, then inserted. */
async function put<T extends mongoose.mongo.Document & { _id: string }>(
  collection: mongoose.mongo.Collection<T>,
  docs: readonly T[],
): Promise<void> {
  if (docs.length === 0) return
  const ids = { _id: { $in: docs.map((doc) => doc._id) } } as unknown as mongoose.mongo.Filter<T>
  const found = (await collection.find(ids, { projection: { _id: 1 } }).toArray()) as { _id: unknown }[]
  const there = new Set(found.map((doc) => doc._id))
  const missing = docs.filter((doc) => !there.has(doc._id))
  if (missing.length > 0) await collection.insertMany(missing as unknown as mongoose.mongo.OptionalUnlessRequiredId<T>[])
}

async function byId<T extends mongoose.mongo.Document & { _id: string }>(
  collection: mongoose.mongo.Collection<T>,
  ids: Iterable<string>,
): Promise<Map<string, T>> {
  const found = await collection.find({ _id: { $in: [...new Set(ids)] } } as unknown as mongoose.mongo.Filter<T>).toArray()
  return new Map((found as T[]).map((doc) => [doc._id, doc]))
}

const ms = (iso: string | null) => (iso === null ? null : Date.parse(iso))

const writes: { [K in CopiedKind]: Write<K> } = {
  async contacts(db, orgId, rows) {
    // The keys first: who finds one whose contact is missing makes it under the same id.
    await put(
      db.addresses,
      rows.flatMap(({ id, keys }) => keys.map((key) => ({ _id: addressKey(orgId, key), orgId, contactId: id }))),
    )
    await put(
      db.contacts,
      rows.map(({ id, attributes, ...row }) => ({
        ...row,
        _id: id,
        orgId,
        sortName: sortNameOf(row.name),
        attributes: JSON.stringify(attributes),
      })),
    )
  },
  async records(db, orgId, rows) {
    const changedAt = new Date(await db.now())
    await put(
      db.coordinations,
      rows.map(({ record, phoneKeys, plan }) => ({
        _id: recordKey(orgId, record.id),
        orgId,
        id: record.id,
        title: record.title,
        contact: record.contact,
        phoneKeys,
        startsAt: record.startsAt,
        timezone: record.timezone ?? null,
        url: record.url ?? null,
        status: record.status,
        agent: record.agent ?? null,
        data: JSON.stringify(record.data),
        ...(record.provisional ? { provisional: true as const } : {}),
        rev: record.rev,
        changedAt,
        createdAt: Date.parse(record.createdAt),
        updatedAt: Date.parse(record.updatedAt),
        ...fieldsOfPlan(plan),
      })),
    )
  },
  lines: (db, orgId, rows) =>
    put(
      db.lines,
      rows.map(({ id, ...row }) => ({ ...row, _id: id, orgId, lastRecordAt: 0 })),
    ),
  async conversations(db, orgId, rows) {
    const shown = rows.map(({ conversation }) => conversation)
    const [lines, contacts, records, changedAt] = await Promise.all([
      byId(
        db.lines,
        shown.map(({ lineId }) => lineId),
      ),
      byId(
        db.contacts,
        shown.map(({ contact }) => contact.id),
      ),
      byId(
        db.coordinations,
        shown.map(({ coordinationId }) => recordKey(orgId, coordinationId ?? '')),
      ),
      db.now(),
    ])
    await put(
      db.conversations,
      rows.map(({ conversation: row, answers }) => ({
        _id: row.id,
        orgId,
        lineId: row.lineId,
        channel: row.channel,
        sender: row.sender,
        contactId: row.contact.id,
        coordinationId: row.coordinationId,
        status: row.status,
        snoozedUntil: ms(row.snoozedUntil),
        assignee: row.assignee,
        inboundCount: row.inboundCount,
        answeredCount: row.answeredCount,
        ...(row.inboundCount > row.answeredCount ? { unanswered: row.inboundCount - row.answeredCount } : {}),
        awaitingSince: ms(row.awaitingReplySince),
        lastSeq: row.lastSeq,
        // Of no state of its message yet: whatever becomes of that is later.
        lastMessage: row.lastMessage && { ...row.lastMessage, createdAt: Date.parse(row.lastMessage.createdAt), rev: 0 },
        ...(row.failures.length > 0 ? { failures: row.failures } : {}),
        activityAt: ms(row.activityAt),
        tags: row.tags,
        contactName: row.contact.name,
        address: row.contact.address,
        phone: row.contact.phone,
        lastInboundAt: row.lastInboundAt,
        ...optOutFactsOf(lines.get(row.lineId) ?? {}),
        record: row.coordination,
        hint: row.hint,
        contactRev: contacts.get(row.contact.id)?.rev ?? 0,
        recordRev: records.get(recordKey(orgId, row.coordinationId ?? ''))?.rev ?? 0,
        lastEnteredAt: null,
        lastAnswer: answers.last,
        otherAnswer: answers.other,
        recent: [],
        pending: [],
        work: [],
        rev: row.rev,
        changedAt: new Date(changedAt),
        createdAt: Date.parse(row.createdAt),
        updatedAt: Date.parse(row.updatedAt),
      })),
    )
  },
  messages: async (db, orgId, rows) => put(db.messages, await docsOf(db, orgId, rows)),
  planned: async (db, orgId, rows) => put(db.scheduled, await docsOf(db, orgId, rows)),
  keys: (db, orgId, rows) =>
    put(
      db.keys,
      rows.map(({ key, messageId, asked }) => ({ _id: `${orgId}|${key}`, orgId, messageId, ...asked })),
    ),
  moves: (db, orgId, rows) =>
    put(
      db.moves,
      rows.map((row) => moveOf(orgId, row)),
    ),
  async readers(db, orgId, rows) {
    const changedAt = new Date(await db.now())
    await put(
      db.readers,
      rows.map((row) => ({ ...row, _id: `${orgId}|${row.agentId}|${row.conversationId}`, orgId, changedAt })),
    )
  },
  callbacks: (db, orgId, rows) =>
    put(
      db.callbacks,
      rows.map((row) => ({
        ...row,
        _id: `${orgId}|${row.twilioSid}|${row.status}`,
        orgId,
        messageId: null,
        heldAt: new Date(row.heldAt),
      })),
    ),
  leases: (db, orgId, rows) =>
    put(
      db.leases,
      rows.map(({ name, fence }) => ({ _id: `${orgId}|${name}`, orgId, leaseBy: null, leaseUntil: new Date(0), fence })),
    ),
  recoveries: (db, orgId, rows) =>
    put(
      db.recoveries,
      rows.map((row) => ({ ...row, _id: orgId })),
    ),
  agents: (db, orgId, rows) =>
    put(
      db.agents,
      rows.map(({ id, ...row }) => ({ ...row, _id: agentKey(orgId, id), orgId, agentId: id })),
    ),
  pushSubscriptions: (db, orgId, rows) =>
    put(
      db.pushSubscriptions,
      rows.map((row) => ({
        ...row,
        _id: pushKey(orgId, row.endpoint),
        orgId,
        scope: row.scope && [...row.scope],
        expiresAt: new Date(row.expiresAt),
      })),
    ),
  templates: (db, orgId, rows) =>
    put(
      db.templates,
      rows.map((row) => docOfTemplate(orgId, row)),
    ),
  settings: (db, orgId, rows) =>
    put(
      db.settings,
      rows.map((row) => docOfSetting(orgId, row)),
    ),
  deliveries: (db, orgId, rows) =>
    put(
      db.deliveries,
      rows.map((row) => docOfDelivery(orgId, row)),
    ),
  campaigns: (db, orgId, rows) =>
    put(
      db.campaigns,
      rows.map((row) => docOfCampaign(orgId, row)),
    ),
  recipients: (db, orgId, rows) =>
    put(
      db.recipients,
      rows.map(({ campaignId, recipient }) => docOfRecipient(orgId, campaignId, recipient)),
    ),
  kept: (db, _orgId, rows) =>
    put(
      db.kept,
      rows.map(({ name, value }) => ({ _id: name, value })),
    ),
}

/** What only its steps asked for is left empty: it is whole. */
function moveOf(orgId: string, { id, undoneAt, messages }: Copied['moves']) {
  const nobody = { id: '', name: '' }
  const place = { seq: 0, ordinal: null, unanswered: false, person: false, createdAt: 0 }
  return {
    _id: id,
    orgId,
    state: undoneAt === null ? ('moved' as const) : ('undone' as const),
    to: null,
    parts:
      messages.length === 0
        ? []
        : [
            {
              sourceId: '',
              from: null,
              messages: messages.map((one) => ({ ...place, id: one.id, lineId: one.placeId, inbound: one.inbound })),
            },
          ],
    by: nobody,
    at: 0,
    undo: undoneAt === null ? null : { by: nobody, at: undoneAt, items: [] },
  }
}

async function docsOf(db: Database, orgId: string, rows: readonly CopiedMessage[]): Promise<MessageDoc[]> {
  const [threads, changedAt] = await Promise.all([
    byId(
      db.conversations,
      rows.map(({ message }) => message.conversationId),
    ),
    db.now(),
  ])
  return rows.map(({ message, ordinal, listed, content, media, expiresInMs, sending }) => {
    const thread = threads.get(message.conversationId)
    if (!thread) throw new Error(`Conversation ${message.conversationId} is missing.`)
    const { id, media: _shown, location, contacts, button, template, moved, arrived, referral, putAway, erased, planB, ...same } = message
    const { place = null, enteredAt = null, ...own } = sending ?? { lineId: thread.lineId, sender: thread.sender }
    const createdAt = Date.parse(message.createdAt)
    return {
      ...blankMessage,
      ...same,
      ...own,
      _id: id,
      orgId,
      contactId: thread.contactId,
      ordinal,
      key: message.direction === 'inbound' ? (message.twilioSid ?? id) : id,
      location: location ?? null,
      contacts: contacts ?? null,
      button: button ?? null,
      template: template ? JSON.stringify(template) : null,
      moved: moved ?? null,
      ...(arrived ? { arrived } : {}),
      ...(putAway ? { putAway } : {}),
      ...(erased ? { erased } : {}),
      ...(planB ? { planB: JSON.stringify(planB) } : {}),
      referral: referral ?? null,
      content: content && JSON.stringify(content),
      ...newMediaFields(media),
      ...(listed ? { listed: true as const } : {}),
      dueAt: ms(message.dueAt),
      expiresAt: ms(message.expiresAt),
      expiresInMs,
      createdAt,
      sentAt: ms(message.sentAt),
      deliveredAt: ms(message.deliveredAt),
      readAt: ms(message.readAt),
      failedAt: ms(message.failedAt),
      queuedAt: enteredAt ?? createdAt,
      // Before whatever enters from now on.
      enteredAt: place === null ? null : new Date(place),
      entry: 0,
      ...(sending && isOpen(message.status, message.twilioSid) ? { open: true as const } : {}),
      changedAt: new Date(changedAt),
    }
  })
}
