// A contact and all that is about it, erased: messages first, the contact last, so that who is killed on the way finds it again.
import { whoStays } from '../../rules/contact.ts'
import { eraseRecipient } from '../../rules/recipient.ts'
import { erasedName, REMEMBER_ERASED_MS } from '../erased-name.ts'
import { noChanges } from '../no-changes.ts'
import type { Changes, ContactErased } from '../records.ts'
import { depart } from './complete-work.ts'
import type { Database } from './database.ts'
import type { ContactDoc, MessageDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { addressKey, named } from './identify.ts'
import { docOfRecipient, toRecipient } from './recipients.ts'
import { insertOnce } from './write.ts'

const PART = 500

export async function eraseContact(db: Database, orgId: string, id: string, now: number): Promise<ContactErased> {
  const contact = await db.contacts.findOne({ _id: id, orgId })
  if (!contact) return { outcome: 'missing' }
  await flushWhere(db, { orgId, contactId: id })
  const inFlight = { orgId, contactId: id, open: true as const, status: { $in: ['sending', 'unconfirmed'] as MessageDoc['status'][] } }
  if (await db.messages.findOne({ ...inFlight, twilioSid: null }, { projection: { _id: 1 } })) return { outcome: 'busy' }
  const left: Changes['left'] = []
  // Once more for what came in or was written meanwhile.
  for (let round = 0; round < 3; round++) {
    await flushWhere(db, { orgId, contactId: id })
    await eraseMessages(db, orgId, id, now)
    left.push(...(await eraseThreads(db, orgId, id)))
  }
  await eraseRecipients(db, orgId, contact.keys)
  await db.tasks.deleteMany({ orgId, contactId: id })
  await db.contacts.updateMany({ orgId, conflict: id }, { $set: { conflict: null }, $inc: { rev: 1 } })
  const stays = await eraseIdentity(db, contact, now)
  return { outcome: 'erased', stays, changes: { ...noChanges(orgId), left } }
}

async function eraseMessages(db: Database, orgId: string, contactId: string, now: number): Promise<void> {
  await db.scheduled.deleteMany({ orgId, contactId })
  for (;;) {
    const rows = await db.messages
      .find({ orgId, contactId }, { projection: { key: 1, clientMessageId: 1, twilioSid: 1, createdAt: 1 } })
      .limit(PART)
      .toArray()
    if (rows.length === 0) return
    const sids = rows.flatMap(({ twilioSid }) => twilioSid ?? [])
    const recent = rows.flatMap(({ twilioSid, createdAt }) => (createdAt > now - REMEMBER_ERASED_MS ? (twilioSid ?? []) : []))
    for (const sid of recent) {
      const _id = erasedName(orgId, sid)
      await insertOnce(db.kept, { _id, value: '' }, { _id })
    }
    await db.callbacks.deleteMany({ orgId, twilioSid: { $in: sids } })
    await db.keys.deleteMany({ _id: { $in: rows.map(({ key }) => `${orgId}|${key}`) } })
    await db.messages.deleteMany({ orgId, _id: { $in: rows.map(({ _id }) => _id) } })
  }
}

async function eraseThreads(db: Database, orgId: string, contactId: string): Promise<Changes['left']> {
  const threads = await db.conversations.find({ orgId, contactId }, { projection: { coordinationId: 1 } }).toArray()
  for (const { _id, coordinationId: from } of threads) {
    await db.readers.deleteMany({ orgId, conversationId: _id })
    await depart(db, { _id: `erased|${_id}`, orgId, conversationId: _id, from, to: null, gone: true })
    await db.conversations.deleteOne({ _id, orgId })
  }
  return threads.map(({ _id, coordinationId }) => ({ conversationId: _id, from: coordinationId }))
}

/** The lines, the numbers, then the contact itself. True: that it opted out stays. */
async function eraseIdentity(db: Database, { _id, orgId, keys, addresses }: ContactDoc, now: number): Promise<boolean> {
  const isOut = { $or: [{ optedOutAt: { $gt: 0 } }, { marketingOutAt: { $gt: 0 } }] }
  const lines = await db.lines.find({ orgId, contactId: _id, ...isOut }).toArray()
  await db.lines.deleteMany({ orgId, contactId: _id, _id: { $nin: lines.map((line) => line._id) } })
  const out = new Set(lines.map(({ key }) => key))
  const spare = keys.filter((key) => !out.has(key)).map((key) => addressKey(orgId, key))
  await db.addresses.deleteMany({ _id: { $in: spare }, orgId, contactId: _id })
  if (out.size === 0) {
    await db.contacts.deleteOne({ _id, orgId })
    return false
  }
  await db.lines.updateMany({ orgId, contactId: _id }, { $set: { lastRecord: null, lastInboundAt: null } })
  const stays = whoStays(addresses, out)
  const fields = { ...named({ text: stays.name, source: 'phone' }), addresses: stays.addresses, keys: keys.filter((key) => out.has(key)) }
  const nothing = { externalId: null, attributes: '{}', tags: [], conflict: null, updatedAt: now }
  await db.contacts.updateOne({ _id, orgId }, { $set: { ...fields, ...nothing }, $inc: { rev: 1 } })
  return true
}

async function eraseRecipients(db: Database, orgId: string, keys: readonly string[]): Promise<void> {
  for await (const { _id: campaignId } of db.campaigns.find({ orgId }, { projection: { _id: 1 } }))
    for (const doc of await db.recipients.find({ orgId, campaignId, key: { $in: [...keys] } }).toArray())
      await db.recipients.replaceOne({ _id: doc._id, orgId }, docOfRecipient(orgId, campaignId, eraseRecipient(toRecipient(doc))))
}
