// Two contacts become one, and two again. What is to change hands is kept first; each step does no harm when it is done again, and
// the contact that goes is erased last, so that the same call does the rest of what a killed process began.
import {
  type ContactMerge,
  type ContactSelf,
  mergeName,
  mergeSelves,
  threadsCollide,
  undoneName,
  unmergeSelf,
} from '../../rules/merge-contact.ts'
import type { OptOutScope, OptOutSource } from '../../../shared/model.ts'
import { noChanges } from '../no-changes.ts'
import type { ContactsMerged, ContactsUnmerged, Viewer } from '../records.ts'
import { present, tellContact } from './contacts.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc } from './documents.ts'
import { flushWhere } from './flush.ts'
import { addressKey, named } from './identify.ts'
import { optOutFactsOf } from './line.ts'
import { sayOptOut } from './opt-outs.ts'
import { toConversation } from './rows.ts'
import { insertOnce, literal, touched, withoutConflict } from './write.ts'

const selfOf = (doc: ContactDoc): ContactSelf => ({
  ...{ name: doc.name, nameSource: doc.nameSource, externalId: doc.externalId, addresses: doc.addresses },
  ...{ attributes: JSON.parse(doc.attributes) as Record<string, string>, tags: doc.tags },
})

const fieldsOf = ({ name, nameSource, externalId, addresses, attributes, tags }: ContactSelf) => ({
  ...named({ text: name, source: nameSource }),
  ...{ externalId, addresses, attributes: JSON.stringify(attributes), tags },
})

const threadsOf = (db: Database, orgId: string, contactId: string) =>
  db.conversations
    .find({ orgId, contactId }, { projection: { channel: 1, sender: 1, coordinationId: 1 } })
    .sort({ _id: 1 })
    .toArray()
const linesOf = (db: Database, orgId: string, contactId: string) => db.lines.find({ orgId, contactId }).sort({ _id: 1 }).toArray()

export async function mergeContacts(db: Database, viewer: Viewer, fromId: string, intoId: string, now: number): Promise<ContactsMerged> {
  const { orgId } = viewer
  const [from, into] = await Promise.all([fromId, intoId].map((_id) => db.contacts.findOne({ _id, orgId })))
  if (!from || !into || fromId === intoId) return { outcome: 'missing' }
  await flushWhere(db, { orgId, contactId: { $in: [fromId, intoId] } })
  const [own, other] = await Promise.all([threadsOf(db, orgId, intoId), threadsOf(db, orgId, fromId)])
  if (threadsCollide(own, other)) return { outcome: 'threads' }
  const [before, gone] = [selfOf(into), selfOf(from)]
  const after = mergeSelves(before, gone)
  if (after === null) return { outcome: 'clients' }
  const merge: ContactMerge = {
    ...{ fromId, intoId, from: { ...gone, createdAt: from.createdAt }, before, after },
    lines: (await linesOf(db, orgId, fromId)).map(({ _id }) => _id),
    keys: from.keys.toSorted(),
    conversations: other.map(({ _id }) => _id),
  }
  const undoId = await keepMerge(db, orgId, merge)
  const optedOut = await keepStricter(db, orgId, intoId, fromId, now)
  const changed = await db.contacts.findOneAndUpdate(
    { _id: intoId, orgId },
    [
      {
        $set: {
          ...Object.fromEntries(Object.entries(fieldsOf(after)).map(([name, value]) => [name, literal(value)])),
          keys: { $setUnion: ['$keys', literal(from.keys)] },
          conflict: { $cond: [{ $eq: ['$conflict', literal(fromId)] }, null, '$conflict'] },
          rev: { $add: ['$rev', 1] },
          updatedAt: now,
        },
      },
    ],
    { returnDocument: 'after' },
  )
  if (!changed) return { outcome: 'missing' }
  const handed = await handOver(db, orgId, merge, fromId, changed)
  await db.contacts.updateMany({ orgId, conflict: fromId }, { $set: { conflict: null }, $inc: { rev: 1 } })
  await db.contacts.deleteOne({ _id: fromId, orgId })
  const renamed = await tellContact(db, changed)
  const [contact] = await present(db, viewer, [changed])
  if (!contact) return { outcome: 'missing' }
  const told = [...optedOut, ...[...handed, ...renamed].map(({ _id }) => _id)]
  return { outcome: 'merged', undoId, contact, changes: { ...noChanges(orgId), conversations: await asTheyAre(db, orgId, told) } }
}

const asTheyAre = async (db: Database, orgId: string, ids: readonly string[]) =>
  (await db.conversations.find({ orgId, _id: { $in: [...new Set(ids)] } }).toArray()).map(toConversation)

/** Begun before by a process that was killed: that one goes on, since it knows what was whose. */
async function keepMerge(db: Database, orgId: string, merge: ContactMerge): Promise<string> {
  const begun = `merging|${orgId}|${merge.fromId}|${merge.intoId}`
  const undoId = (await insertOnce(db.kept, { _id: begun, value: db.newId() }, { _id: begun })).document.value
  const _id = mergeName(orgId, undoId)
  const { document } = await insertOnce(db.kept, { _id, value: JSON.stringify(merge) }, { _id })
  Object.assign(merge, JSON.parse(document.value))
  return undoId
}

/** Where the one opted out of a sender, the other did: nobody says yes for both. */
async function keepStricter(db: Database, orgId: string, intoId: string, fromId: string, now: number): Promise<string[]> {
  const told: string[] = []
  const [own, other] = await Promise.all([linesOf(db, orgId, intoId), linesOf(db, orgId, fromId)])
  for (const [lines, others] of [
    [own, other],
    [other, own],
  ] as const)
    for (const line of lines)
      for (const one of others.filter(({ channel, sender }) => channel === line.channel && sender === line.sender)) {
        const { optedOutAt, optedOutBy, marketingOutAt, marketingOutBy } = optOutFactsOf(one)
        const say = async (scope: OptOutScope, source: OptOutSource | null) => {
          const { changes } = await sayOptOut(db, orgId, line._id, { out: true, scope, source: source ?? 'host' }, now)
          told.push(...changes.conversations.map(({ id }) => id))
        }
        if (optedOutAt !== null) await say('all', optedOutBy)
        if (marketingOutAt !== null) await say('marketing', marketingOutBy)
      }
  return told
}

async function handOver(
  db: Database,
  orgId: string,
  { lines, keys, conversations }: ContactMerge,
  fromId: string,
  to: ContactDoc,
): Promise<ConversationDoc[]> {
  const toId = to._id
  const ids = keys.map((key) => addressKey(orgId, key))
  await db.addresses.updateMany({ _id: { $in: ids }, orgId, contactId: fromId }, { $set: { contactId: toId } })
  await db.lines.updateMany({ orgId, _id: { $in: lines }, contactId: fromId }, { $set: { contactId: toId } })
  const handed: ConversationDoc[] = []
  for (const _id of conversations) {
    await flushWhere(db, { _id, orgId })
    const set = { contactId: literal(toId), contactName: literal(to.name), contactRev: to.rev, ...touched(db.clock.now()) }
    const doc = await withoutConflict(() =>
      db.conversations.findOneAndUpdate({ _id, orgId, contactId: fromId }, [{ $set: set }], { returnDocument: 'after' }),
    )
    if (doc) handed.push(doc)
    await db.messages.updateMany({ orgId, conversationId: _id }, { $set: { contactId: toId } })
    await db.scheduled.updateMany({ orgId, conversationId: _id }, { $set: { contactId: toId } })
  }
  return handed
}

export async function unmergeContacts(db: Database, viewer: Viewer, undoId: string, now: number): Promise<ContactsUnmerged> {
  const { orgId } = viewer
  const kept = await db.kept.findOne({ _id: mergeName(orgId, undoId) })
  if (!kept) return { outcome: 'missing' }
  if (await db.kept.findOne({ _id: undoneName(orgId, undoId) })) return { outcome: 'done_before' }
  const merge = JSON.parse(kept.value) as ContactMerge
  const { fromId, intoId, from } = merge
  const into = await db.contacts.findOne({ _id: intoId, orgId })
  if (!into) return { outcome: 'missing' }
  const { createdAt, ...self } = from
  const again: ContactDoc = {
    ...{ _id: fromId, orgId, ...fieldsOf(self), keys: merge.keys, conflict: null, rev: 1, createdAt, updatedAt: now },
  }
  const { document } = await insertOnce(db.contacts, again, { _id: fromId, orgId })
  const own = unmergeSelf(selfOf(into), merge)
  const back = await db.contacts.findOneAndUpdate(
    { _id: intoId, orgId },
    { $set: { ...fieldsOf(own), keys: into.keys.filter((key) => !merge.keys.includes(key)), updatedAt: now }, $inc: { rev: 1 } },
    { returnDocument: 'after' },
  )
  if (!back) return { outcome: 'missing' }
  const handed = await handOver(db, orgId, merge, intoId, document)
  const renamed = await tellContact(db, back)
  const done = await insertOnce(db.kept, { _id: undoneName(orgId, undoId), value: '' }, { _id: undoneName(orgId, undoId) })
  await db.kept.deleteOne({ _id: `merging|${orgId}|${fromId}|${intoId}` })
  if (!done.inserted) return { outcome: 'done_before' }
  const contacts = await present(db, viewer, [back, document])
  return {
    outcome: 'unmerged',
    contacts,
    changes: {
      ...noChanges(orgId),
      conversations: await asTheyAre(
        db,
        orgId,
        [...renamed, ...handed].map(({ _id }) => _id),
      ),
    },
  }
}
