// Contacts read, searched and corrected.
import type { Contact, Message } from '../../../shared/model.ts'
import { normalisedAddress } from '../../../shared/phone.ts'
import { changeAddresses } from '../../rules/contact.ts'
import { contactTexts, createMatcher } from '../../rules/search.ts'
import type { ContactPatch, ContactPatched, Page, PageRequest, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, LineDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { addressKey, claimKey, findContactId, named } from './identify.ts'
import { pageOfMessages } from './messages.ts'
import { readParts, writePosition } from './position.ts'
import { noChanges, toContact, toConversation } from './rows.ts'
import { inScope } from './show.ts'
import { literal, repeat, touched, withoutConflict } from './write.ts'

const SCAN = 2000

/** A contact is in scope when one of its conversations is. */
async function sees(db: Database, viewer: Viewer, id: string): Promise<boolean> {
  const { orgId, scope } = viewer
  if (scope === null) return true
  return (await db.conversations.findOne({ orgId, contactId: id, ...inScope(scope) }, { projection: { _id: 1 } })) !== null
}

async function present(db: Database, viewer: Viewer, docs: readonly ContactDoc[]): Promise<Contact[]> {
  if (docs.length === 0) return []
  const lines = await db.lines
    .find({ orgId: viewer.orgId, contactId: { $in: docs.map((doc) => doc._id) }, optedOutAt: { $gt: 0 } })
    .toArray()
  return docs.map((doc) =>
    toContact(
      doc,
      lines.filter((line) => line.contactId === doc._id),
      viewer.scope,
    ),
  )
}

export async function contact(db: Database, viewer: Viewer, id: string): Promise<Contact | null> {
  const doc = await db.contacts.findOne({ _id: id, orgId: viewer.orgId })
  if (!doc || !(await sees(db, viewer, id))) return null
  return (await present(db, viewer, [doc]))[0] ?? null
}

/** By name. Numbers are found in any way of writing them. */
export async function contacts(db: Database, viewer: Viewer, q: string | null, page: PageRequest): Promise<Page<Contact>> {
  const { orgId, scope } = viewer
  const held = scope && (await db.conversations.distinct('contactId', { orgId, ...inScope(scope) }))
  const matches = createMatcher(q)
  const kept: ContactDoc[] = []
  let position = readParts(page.cursor, ['string', 'string'])
  for (let scanned = 0; ; ) {
    const batch = matches ? 200 : page.limit + 1
    const [name, id] = position ?? []
    const found = await db.contacts
      .find({
        orgId,
        ...(held ? { _id: { $in: held } } : {}),
        ...(typeof name === 'string' && typeof id === 'string'
          ? { sortName: { $gte: name }, $or: [{ sortName: { $gt: name } }, { _id: { $gt: id } }] }
          : {}),
      })
      .sort({ sortName: 1, _id: 1 })
      .limit(batch)
      .toArray()
    for (const doc of found) {
      if (!matches || matches(contactTexts(doc, doc.addresses))) {
        if (kept.length === page.limit) return { items: await present(db, viewer, kept), nextCursor: writePosition(position) }
        kept.push(doc)
      }
      position = [doc.sortName, doc._id]
    }
    scanned += found.length
    if (found.length < batch) return { items: await present(db, viewer, kept), nextCursor: null }
    if (scanned >= SCAN) return { items: await present(db, viewer, kept), nextCursor: writePosition(position) }
  }
}

/**
 * New keys are claimed first: who is second finds them taken, and nothing changes. A task is kept until lines and
 * conversations show the change.
 */
export async function updateContact(db: Database, viewer: Viewer, id: string, patch: ContactPatch, now: number): Promise<ContactPatched> {
  const { orgId } = viewer
  const doc = await db.contacts.findOne({ _id: id, orgId })
  if (!doc || !(await sees(db, viewer, id))) return { outcome: 'missing' }
  const claimed: string[] = []
  for (const { keys } of patch.addresses ?? []) {
    const holder = (await findContactId(db, orgId, keys)) ?? null
    const owner = holder === null || holder === id ? await claimKey(db, orgId, keys[0], id) : holder
    if (owner !== id) {
      await release(db, orgId, id, claimed)
      return { outcome: 'conflict', contactId: owner }
    }
    if (!doc.keys.includes(keys[0])) claimed.push(keys[0])
  }
  const taskId = db.newId()
  await db.tasks.insertOne({ _id: taskId, orgId, at: new Date(await db.now()), now, contactId: id, records: null })
  const channels = (patch.addresses ?? []).map(({ channel }) => channel)
  if (channels.length > 0) await flushWhere(db, { orgId, contactId: id })
  const { before, after } = await repeat(async () => {
    const before = await db.contacts.findOne({ _id: id, orgId })
    if (!before) throw new Error(`Contact ${id} is gone.`)
    const after = await db.contacts.findOneAndUpdate(
      { _id: id, orgId, rev: before.rev },
      { $set: { ...fieldsOf(before, patch), updatedAt: now }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    )
    return after ? { before, after } : undefined
  })
  const told = await tellContact(db, after, { addresses: true })
  await release(
    db,
    orgId,
    id,
    before.keys.filter((key) => !after.keys.includes(key)),
  )
  await db.tasks.deleteOne({ _id: taskId })
  const [contact] = await present(db, viewer, [after])
  if (!contact) return { outcome: 'missing' }
  return { outcome: 'changed', contact, changes: { ...noChanges(orgId), conversations: told.map(toConversation) } }
}

async function release(db: Database, orgId: string, contactId: string, keys: readonly string[]): Promise<void> {
  if (keys.length > 0) await db.addresses.deleteMany({ _id: { $in: keys.map((key) => addressKey(orgId, key)) }, orgId, contactId })
}

function fieldsOf(doc: ContactDoc, patch: ContactPatch): Partial<ContactDoc> {
  const fields: Partial<ContactDoc> = {}
  if (patch.name !== undefined) Object.assign(fields, named({ text: patch.name, source: 'agent' }))
  if (patch.attributes !== undefined) fields.attributes = JSON.stringify(patch.attributes)
  if (patch.tags !== undefined) fields.tags = [...new Set(patch.tags)]
  if (patch.addresses === undefined) return fields
  const { addresses, taken, dropped } = changeAddresses(doc.addresses, patch.addresses)
  const keys = [...doc.keys.filter((key) => !dropped.includes(key)), ...taken]
  return { ...fields, addresses, keys: [...new Set(keys)] }
}

/** Brings lines and conversations up to what the contact is now; answers the conversations that changed. */
export async function tellContact(db: Database, contact: ContactDoc, options: { addresses?: boolean } = {}): Promise<ConversationDoc[]> {
  const { orgId, _id: contactId } = contact
  const lines = options.addresses ? await moveLines(db, contact) : []
  const conversations = await db.conversations.find({ orgId, contactId }, { projection: { _id: 1, lineId: 1 } }).toArray()
  const told = await Promise.all(
    conversations.map(async ({ _id, lineId }) => {
      const line = lines.find((one) => one._id === lineId)
      const lineShown = line && { address: literal(line.address), phone: literal(line.phone), lastInboundAt: null, optedOutAt: null }
      const differs = { $ne: ['$contactName', literal(contact.name)] }
      const news = line ? true : differs
      const before = await withoutConflict(() =>
        db.conversations.findOneAndUpdate(
          { _id, orgId, $or: [{ contactRev: { $lt: contact.rev } }, ...(line ? [{ address: { $ne: line.address } }] : [])] },
          [
            {
              $set: {
                ...lineShown,
                contactName: literal(contact.name),
                contactRev: contact.rev,
                rev: { $cond: [news, { $add: ['$rev', 1] }, '$rev'] },
                changedAt: { $cond: [news, touched(0).changedAt, '$changedAt'] },
                updatedAt: { $cond: [news, db.clock.now(), '$updatedAt'] },
              },
            },
          ],
          { returnDocument: 'before' },
        ),
      )
      return before && (line || before.contactName !== contact.name) ? db.conversations.findOne({ _id, orgId }) : null
    }),
  )
  return told.filter((doc) => doc !== null)
}

/** Where a channel's number is another one, its lines start anew: without the old one's window, opt-out and record. */
async function moveLines(db: Database, contact: ContactDoc): Promise<LineDoc[]> {
  const { orgId, _id: contactId } = contact
  const lines = await db.lines.find({ orgId, contactId }).toArray()
  const moved: LineDoc[] = []
  for (const line of lines) {
    const address = contact.addresses.find((one) => one.channel === line.channel)
    if (!address || normalisedAddress(address.address) === normalisedAddress(line.address)) continue
    const after = await db.lines.findOneAndUpdate(
      { _id: line._id, orgId, address: line.address },
      { $set: { address: address.address, phone: address.phone, lastInboundAt: null, optedOutAt: null, lastRecord: null } },
      { returnDocument: 'after' },
    )
    if (after) moved.push(after)
  }
  return moved
}

/** What was said, over records and channels: no plans, and no `moved` lines, since what moved stands at its own place. */
export async function contactMessages(db: Database, viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null> {
  const { orgId, scope } = viewer
  const known = await db.contacts.findOne({ _id: id, orgId }, { projection: { _id: 1 } })
  if (!known || !(await sees(db, viewer, id))) return null
  await flushWhere(db, { orgId, contactId: id })
  return pageOfMessages(db, { orgId, contactId: id, type: { $ne: 'moved' }, ...inScope(scope) }, page, { planned: false })
}
