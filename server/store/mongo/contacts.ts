// Contacts read, searched and corrected.
import type { Contact, Message } from '../../../shared/model.ts'
import { normalisedAddress } from '../../../shared/phone.ts'
import { changeAddresses } from '../../rules/contact.ts'
import { contactTexts, createMatcher } from '../../rules/search.ts'
import type { ContactPatch, ContactPatched, Page, PageRequest, Viewer } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, TaskDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { addressKey, claimKey, findContactId, named } from './identify.ts'
import { takeLine } from './line.ts'
import { pageOfMessages } from './messages.ts'
import { readParts, writePosition } from './position.ts'
import { putOnLine } from './put-on-line.ts'
import { toContact, toConversation } from './rows.ts'
import { inScope } from './show.ts'
import { literal, repeat, touched, withoutConflict } from './write.ts'

const SCAN = 2000

/** A contact is in scope when one of its conversations is. */
async function sees(db: Database, viewer: Viewer, id: string): Promise<boolean> {
  const { orgId, scope } = viewer
  if (scope === null) return true
  return (await db.conversations.findOne({ orgId, contactId: id, ...inScope(scope) }, { projection: { _id: 1 } })) !== null
}

export async function present(db: Database, viewer: Viewer, docs: readonly ContactDoc[]): Promise<Contact[]> {
  if (docs.length === 0) return []
  const lines = await db.lines
    .find({
      orgId: viewer.orgId,
      contactId: { $in: docs.map((doc) => doc._id) },
      $or: [{ optedOutAt: { $gt: 0 } }, { marketingOutAt: { $gt: 0 } }],
    })
    .sort({ _id: 1 })
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
export async function contacts(db: Database, viewer: Viewer, q: string | null, page: PageRequest, tag?: string): Promise<Page<Contact>> {
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
        ...(tag === undefined ? {} : { tags: tag }),
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
  await db.tasks.insertOne({ _id: taskId, orgId, at: new Date(await db.now()), now, contactId: id, moved: [], records: null })
  const { before, after, moved } = await repeat(async () => {
    const before = await db.contacts.findOne({ _id: id, orgId })
    if (!before) throw new Error(`Contact ${id} is gone.`)
    const { fields, moved } = fieldsOf(before, patch)
    // Known before the contact changes: else what a killed process left could not be told from what it never began.
    if (moved.length > 0) await db.tasks.updateOne({ _id: taskId }, { $set: { moved } })
    const after = await db.contacts.findOneAndUpdate(
      { _id: id, orgId, rev: before.rev },
      { $set: { ...fields, updatedAt: now }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    )
    return after ? { before, after, moved } : undefined
  })
  const told = await tellContact(db, after, moved)
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

function fieldsOf(doc: ContactDoc, patch: ContactPatch): { fields: Partial<ContactDoc>; moved: Moved[] } {
  const fields: Partial<ContactDoc> = {}
  if (patch.name !== undefined) Object.assign(fields, named({ text: patch.name, source: patch.namedBy ?? 'agent' }))
  if (patch.externalId !== undefined) fields.externalId = patch.externalId
  if (patch.attributes !== undefined) fields.attributes = JSON.stringify(patch.attributes)
  if (patch.tags !== undefined) fields.tags = [...new Set(patch.tags)]
  if (patch.addresses === undefined) return { fields, moved: [] }
  const { addresses, taken, dropped, moved } = changeAddresses(doc.addresses, patch.addresses)
  const keys = [...doc.keys.filter((key) => !dropped.includes(key)), ...taken]
  return {
    fields: { ...fields, addresses, keys: [...new Set(keys)] },
    moved: moved.map(({ channel, to }) => ({ channel, key: to.keys[0] })),
  }
}

type Moved = NonNullable<TaskDoc['moved']>[number]

/** Brings conversations up to what the contact is now, and to the lines of numbers that are new; answers those that changed. */
export async function tellContact(db: Database, contact: ContactDoc, moved: readonly Moved[] = []): Promise<ConversationDoc[]> {
  const { orgId, _id: contactId } = contact
  const conversations = await db.conversations
    .find({ orgId, contactId }, { projection: { _id: 1, orgId: 1, channel: 1, sender: 1, lineId: 1 } })
    .toArray()
  const put = await moveThreads(db, contact, moved, conversations)
  const renamed = await Promise.all(conversations.map((doc) => renameIn(db, contact, doc)))
  const latest = new Map<string, ConversationDoc>()
  for (const doc of [...put, ...renamed]) if (doc) latest.set(doc._id, doc)
  return [...latest.values()]
}

/** Null: it shows this name, or a later one. */
async function renameIn(db: Database, contact: ContactDoc, { _id, orgId }: Pick<ConversationDoc, '_id' | 'orgId'>) {
  const differs = { $ne: ['$contactName', literal(contact.name)] }
  const before = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id, orgId, contactRev: { $lt: contact.rev } },
      [
        {
          $set: {
            contactName: literal(contact.name),
            contactRev: contact.rev,
            rev: { $cond: [differs, { $add: ['$rev', 1] }, '$rev'] },
            changedAt: { $cond: [differs, touched(0).changedAt, '$changedAt'] },
            updatedAt: { $cond: [differs, db.clock.now(), '$updatedAt'] },
          },
        },
      ],
      { returnDocument: 'before' },
    ),
  )
  return before && before.contactName !== contact.name ? db.conversations.findOne({ _id, orgId }) : null
}

type Thread = Pick<ConversationDoc, '_id' | 'orgId' | 'channel' | 'sender' | 'lineId'>

/** Threads of a channel on which the contact has another number go on there, on lines of that number. */
async function moveThreads(db: Database, contact: ContactDoc, moved: readonly Moved[], threads: readonly Thread[]) {
  const told: ConversationDoc[] = []
  for (const { channel, key } of moved) {
    const address = contact.addresses.find((one) => one.channel === channel)
    // A later change has a task of its own.
    if (!address || normalisedAddress(address.address) !== key) continue
    for (const thread of threads.filter((one) => one.channel === channel)) {
      const { orgId, sender } = thread
      const { line } = await takeLine(db, { ...address, orgId, sender, contactId: contact._id, keys: [key] })
      const put = thread.lineId === line._id ? null : await putOnLine(db, thread, line)
      if (put) told.push(put)
    }
  }
  return told
}

/** Where an older Hilo was killed between a contact and its lines: every thread goes over the line of the number that it has. */
export const movedByOlder = (contact: ContactDoc): Moved[] =>
  contact.addresses.map(({ channel, address }) => ({ channel, key: normalisedAddress(address) }))

/** Everything said, over records and channels: no plans, and no `moved` lines, since moved messages stand at their own places. */
export async function contactMessages(db: Database, viewer: Viewer, id: string, page: PageRequest): Promise<Page<Message> | null> {
  const { orgId, scope } = viewer
  const known = await db.contacts.findOne({ _id: id, orgId }, { projection: { _id: 1 } })
  if (!known || !(await sees(db, viewer, id))) return null
  await flushWhere(db, { orgId, contactId: id })
  return pageOfMessages(db, [{ filter: { orgId, contactId: id, type: { $ne: 'moved' }, ...inScope(scope) } }], page, { planned: false })
}
