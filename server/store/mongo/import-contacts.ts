// Rows of a list as contacts: a batch is looked up with a few reads and made with two writes; what changes a contact goes the way
// of every change of one. Rows that lose a race are decided again.
import { nameNewContact } from '../../rules/contact.ts'
import { type ContactDraft, decideImport, type ImportDecision, type KnownContact } from '../../rules/import-contact.ts'
import { noChanges } from '../no-changes.ts'
import type { Changes, ContactImported, ConversationState } from '../records.ts'
import { seesAll } from '../sees-all.ts'
import { updateContact } from './contacts.ts'
import type { Database } from './database.ts'
import type { ContactDoc, CoordinationDoc } from './documents.ts'
import { addressKey, named } from './identify.ts'
import { isDuplicate, repeat, withoutConflict } from './write.ts'

interface Options {
  now: number
  dryRun: boolean
}
interface Row {
  draft: ContactDraft
  index: number
}
type Known = Awaited<ReturnType<typeof lookUp>>
type Change = Extract<ImportDecision, { outcome: 'change' }>

const namesOf = (draft: ContactDraft): string[] => [...keysOf(draft), ...(draft.externalId === null ? [] : [`id ${draft.externalId}`])]
const keysOf = ({ addresses }: ContactDraft): string[] => [...new Set(addresses.flatMap(({ keys }) => keys))]

export async function importContacts(
  db: Database,
  orgId: string,
  drafts: readonly ContactDraft[],
  options: Options,
): Promise<{ imported: ContactImported[]; changes: Changes }> {
  const imported: ContactImported[] = []
  const conversations: ConversationState[] = []
  let left: Row[] = drafts.map((draft, index) => ({ draft, index }))
  while (left.length > 0) {
    left = await repeat(async () => {
      const again = await importRows(db, orgId, left, options, imported, conversations)
      return again.length < left.length ? again : undefined
    })
  }
  return { imported, changes: { ...noChanges(orgId), conversations } }
}

/** Answers the rows that are to be decided again: they lost a race, or are about a contact that an earlier row changes. */
async function importRows(
  db: Database,
  orgId: string,
  rows: readonly Row[],
  { now, dryRun }: Options,
  imported: ContactImported[],
  conversations: ConversationState[],
): Promise<Row[]> {
  const known = await lookUp(db, orgId, rows)
  const creates: (Row & { doc: ContactDoc })[] = []
  const changes: (Row & { decision: Change })[] = []
  const busy = new Set<string>()
  const again: Row[] = []
  /** Numbers and client ids of rows that wait or change something: rows behind that have one wait, so that their order stays. */
  const waiting = new Set<string>()
  const putOff = (row: Row) => {
    again.push(row)
    for (const name of namesOf(row.draft)) waiting.add(name)
  }
  const tell = ({ index }: Row, what: ContactImported) => {
    // One that another round has made stays a new one.
    if (imported[index]?.outcome !== 'created') imported[index] = what
  }
  for (const row of rows) {
    if (namesOf(row.draft).some((name) => waiting.has(name))) {
      putOff(row)
      continue
    }
    const byExternalId = row.draft.externalId === null ? null : (known.byExternalId.get(row.draft.externalId) ?? null)
    const byKeys = keysOf(row.draft).flatMap((key) => known.byKey.get(key) ?? [])
    const decision = decideImport(row.draft, byExternalId && factsOf(byExternalId), byKeys.map(factsOf))
    if (dryRun && decision.outcome === 'create') imported[row.index] = { outcome: 'created', contactId: '' }
    else if (decision.outcome === 'create') {
      const doc = draftDoc(db, orgId, row.draft, known, now)
      creates.push({ ...row, doc })
      busy.add(doc._id)
      for (const key of doc.keys) known.byKey.set(key, doc)
      if (doc.externalId !== null) known.byExternalId.set(doc.externalId, doc)
    } else if (decision.outcome === 'change' || decision.outcome === 'unchanged') {
      if (busy.has(decision.id)) putOff(row)
      else if (decision.outcome === 'change' && !dryRun) {
        busy.add(decision.id)
        changes.push({ ...row, decision })
        for (const name of namesOf(row.draft)) waiting.add(name)
      } else tell(row, { outcome: decision.outcome === 'change' ? 'updated' : 'unchanged', contactId: decision.id })
    } else {
      if (decision.outcome === 'conflict' && !dryRun) await markConflict(db, orgId, decision.between)
      tell(row, { outcome: 'refused', message: decision.message })
    }
  }
  const made = await create(
    db,
    orgId,
    creates.map(({ doc }) => doc),
  )
  for (const row of creates) {
    if (made.has(row.doc._id)) imported[row.index] = { outcome: 'created', contactId: row.doc._id }
    else again.push(row)
  }
  const patched = await Promise.all(changes.map(({ decision }) => updateContact(db, seesAll(orgId), decision.id, decision.change, now)))
  for (const [index, row] of changes.entries()) {
    const result = patched[index]
    if (result?.outcome !== 'changed') again.push(row)
    else {
      tell(row, { outcome: 'updated', contactId: row.decision.id })
      conversations.push(...result.changes.conversations)
    }
  }
  return again.toSorted((a, b) => a.index - b.index)
}

const factsOf = (doc: ContactDoc): KnownContact => ({
  ...{ id: doc._id, name: doc.name, nameSource: doc.nameSource, externalId: doc.externalId, addresses: doc.addresses, tags: doc.tags },
  attributes: JSON.parse(doc.attributes) as Record<string, string>,
})

async function lookUp(db: Database, orgId: string, rows: readonly Row[]) {
  const keys = [...new Set(rows.flatMap(({ draft }) => keysOf(draft)))]
  const externalIds = [...new Set(rows.flatMap(({ draft }) => draft.externalId ?? []))]
  const [owners, named, records] = await Promise.all([
    db.addresses.find({ _id: { $in: keys.map((key) => addressKey(orgId, key)) } }).toArray(),
    db.contacts
      .find({ orgId, externalId: { $in: externalIds, $gt: '' } })
      .sort({ _id: -1 })
      .toArray(),
    db.coordinations
      .find({ orgId, phoneKeys: { $in: keys }, status: 'active' }, { projection: { phoneKeys: 1, contact: 1 } })
      .sort({ updatedAt: -1, id: 1 })
      .toArray(),
  ])
  const docs = await db.contacts.find({ orgId, _id: { $in: owners.map(({ contactId }) => contactId) } }).toArray()
  const byId = new Map(docs.map((doc) => [doc._id, doc]))
  const byKey = new Map<string, ContactDoc>()
  /** Keys that a killed process claimed for a contact that it did not make. */
  const claimed = new Map<string, string>()
  for (const { _id, contactId } of owners) {
    const key = _id.slice(addressKey(orgId, '').length)
    const doc = byId.get(contactId)
    if (doc) byKey.set(key, doc)
    else claimed.set(key, contactId)
  }
  const byExternalId = new Map(named.map((doc) => [doc.externalId ?? '', doc]))
  return { byKey, byExternalId, claimed, records }
}

function draftDoc(db: Database, orgId: string, draft: ContactDraft, known: Known, now: number): ContactDoc {
  const { name, fallbackName, addresses, attributes, tags } = draft
  const keys = keysOf(draft)
  const record = known.records.find(({ phoneKeys }: Pick<CoordinationDoc, 'phoneKeys'>) => phoneKeys.some((key) => keys.includes(key)))
  const preferred = Math.max(
    0,
    addresses.findIndex((one) => one.preferred),
  )
  return {
    _id: keys.map((key) => known.claimed.get(key)).find((id) => id !== undefined) ?? db.newId(),
    orgId,
    ...named(nameNewContact({ record: name ?? record?.contact.name ?? null, fallback: fallbackName })),
    externalId: draft.externalId ?? record?.contact.externalId ?? null,
    addresses: addresses.map(({ channel, phone }, index) => ({ channel, address: phone, phone, preferred: index === preferred })),
    keys: [...new Set(addresses.map((one) => one.keys[0]))],
    attributes: JSON.stringify(attributes),
    conflict: null,
    tags: [...new Set(tags)],
    rev: 1,
    createdAt: now,
    updatedAt: now,
  }
}

/** The keys first, as everywhere: who meets one whose contact is not there yet makes it under the same id. Answers the ids that were made. */
async function create(db: Database, orgId: string, docs: readonly ContactDoc[]): Promise<Set<string>> {
  if (docs.length === 0) return new Set()
  const claims = docs.flatMap(({ _id, keys }) => keys.map((key) => ({ _id: addressKey(orgId, key), orgId, contactId: _id })))
  await insertMissing(() => db.addresses.insertMany(claims, { ordered: false }))
  const owners = await db.addresses.find({ _id: { $in: claims.map(({ _id }) => _id) } }).toArray()
  const ownerOf = new Map(owners.map(({ _id, contactId }) => [_id, contactId]))
  const isWhole = ({ _id, keys }: ContactDoc) => keys.every((key) => ownerOf.get(addressKey(orgId, key)) === _id)
  const won = docs.filter(isWhole)
  const lost = docs.filter((doc) => !isWhole(doc)).map(({ _id }) => _id)
  if (won.length > 0) await insertMissing(() => db.contacts.insertMany([...won], { ordered: false }))
  const there = await db.contacts.find({ orgId, _id: { $in: docs.map(({ _id }) => _id) } }).toArray()
  const isThere = new Set(there.map(({ _id }) => _id))
  const spare = lost.filter((id) => !isThere.has(id))
  if (spare.length > 0) await db.addresses.deleteMany({ orgId, contactId: { $in: spare } })
  // Made by somebody else under this id: it does not say what the row says.
  const same = new Map(won.map((doc) => [doc._id, doc]))
  const isOurs = (doc: ContactDoc) => doc.name === same.get(doc._id)?.name && doc.attributes === same.get(doc._id)?.attributes
  return new Set(there.filter(isOurs).map(({ _id }) => _id))
}

async function insertMissing(insert: () => Promise<unknown>): Promise<void> {
  try {
    await withoutConflict(insert)
  } catch (error) {
    // Others make the same: who is there by now is looked up.
    if (!isDuplicate(error)) throw error
  }
}

/** Two that claim the same show each other, so that somebody can merge them. */
async function markConflict(db: Database, orgId: string, [one = '', other = '']: string[]): Promise<void> {
  if (other === '') return
  for (const [_id, conflict] of [
    [one, other],
    [other, one],
  ] as const)
    await db.contacts.updateOne({ _id, orgId, conflict: null }, { $set: { conflict }, $inc: { rev: 1 } })
}
