// Whose an address is: the contact behind its keys, found or made, also when first messages arrive together. The key is
// claimed first (unique); whoever meets a key whose contact is not there yet makes that contact under the same id.
import { identityKeys } from '../../../shared/phone.ts'
import { mergeIdentity, type Name, nameNewContact, sortNameOf, type Told } from '../../rules/contact.ts'
import type { InboundMessage } from '../records.ts'
import type { Database } from './database.ts'
import type { ContactDoc } from './documents.ts'
import { findOrInsert, repeat } from './write.ts'

export const addressKey = (orgId: string, key: string): string => `${orgId}|${key}`

export interface Identity extends Told {
  orgId: string
  keys: readonly [string, ...string[]]
  aliases: readonly string[]
  fallbackName: string
}

export const identityOf = (inbound: InboundMessage): Identity => ({ ...inbound, names: { profile: inbound.profileName } })

/** Whether it says anything about the contact that is not known. */
export const hasNews = (identity: Identity, contact: ContactDoc): boolean => patchOf(identity, contact, null) !== null

/** The id of the contact under the best of these keys; the contact itself may not be there yet. */
export async function findContactId(db: Database, orgId: string, keys: readonly string[]): Promise<string | null> {
  const found = await db.addresses.find({ _id: { $in: keys.map((key) => addressKey(orgId, key)) } }).toArray()
  const owner = new Map(found.map((address) => [address._id, address.contactId]))
  for (const key of keys) {
    const contactId = owner.get(addressKey(orgId, key))
    if (contactId !== undefined) return contactId
  }
  return null
}

/** Gives the contact a key; the answer is who has it. */
export async function claimKey(db: Database, orgId: string, key: string, contactId: string): Promise<string> {
  const _id = addressKey(orgId, key)
  const address = await findOrInsert(db, db.addresses, { _id }, () => ({ _id, orgId, contactId }))
  return address.contactId
}

/** The contact, with all that this message or call says about it. `renamed`: its conversations show another name. */
export async function identify(
  db: Database,
  identity: Identity,
  known: { id: string | null; contact: ContactDoc | null },
  now: number,
): Promise<{ contact: ContactDoc; renamed: boolean }> {
  const { orgId, keys } = identity
  const id = known.id ?? (await claimKey(db, orgId, keys[0], db.newId()))
  const found = known.contact ?? (await db.contacts.findOne({ _id: id, orgId }))
  const contact = found ?? (await make(db, identity, id, now))
  return update(db, identity, contact, now)
}

async function make(db: Database, identity: Identity, id: string, now: number): Promise<ContactDoc> {
  const { orgId, keys, aliases, channel, address, phone } = identity
  // An open record that knows one of these numbers names a new contact, before a profile does.
  const record = await db.coordinations.findOne(
    { orgId, phoneKeys: { $in: [...keys, ...aliases] }, status: 'active' },
    { sort: { updatedAt: -1, id: 1 } },
  )
  const name = nameNewContact({ ...identity.names, record: record?.contact.name ?? null, fallback: identity.fallbackName })
  return findOrInsert(db, db.contacts, { _id: id }, () => ({
    _id: id,
    orgId,
    ...named(name),
    externalId: record?.contact.externalId ?? null,
    addresses: [{ channel, address, phone, preferred: true }],
    keys: [keys[0]],
    attributes: JSON.stringify(identity.attributes),
    conflict: null,
    tags: [],
    rev: 1,
    createdAt: now,
    updatedAt: now,
  }))
}

async function update(
  db: Database,
  identity: Identity,
  first: ContactDoc,
  now: number,
): Promise<{ contact: ContactDoc; renamed: boolean }> {
  const { orgId, keys, aliases } = identity
  let conflict: string | null = null
  for (const key of [keys[0], ...aliases]) {
    if (first.keys.includes(key)) continue
    const owner = await claimKey(db, orgId, key, first._id)
    if (owner !== first._id) conflict = owner
  }
  if (conflict !== null && first.conflict !== conflict)
    await db.contacts.updateOne({ _id: conflict, orgId, conflict: null }, { $set: { conflict: first._id }, $inc: { rev: 1 } })
  let latest: ContactDoc | null = first
  return repeat(async () => {
    const contact: ContactDoc | null = latest ?? (await db.contacts.findOne({ _id: first._id, orgId }))
    latest = null
    if (!contact) throw new Error(`Contact ${first._id} is gone.`)
    const patch = patchOf(identity, contact, conflict)
    if (patch === null) return { contact, renamed: false }
    const after = await db.contacts.findOneAndUpdate(
      { _id: contact._id, orgId, rev: contact.rev },
      { $set: { ...patch, updatedAt: now }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    )
    return after ? { contact: after, renamed: patch.name !== undefined } : undefined
  })
}

/** The change to the document; null: none. */
function patchOf(identity: Identity, contact: ContactDoc, conflict: string | null): Partial<ContactDoc> | null {
  const news = mergeIdentity({ ...contact, attributes: JSON.parse(contact.attributes) as Record<string, string> }, identity)
  const keys = [identity.keys[0], ...identity.aliases].filter((key) => !contact.keys.includes(key))
  const patch: Partial<ContactDoc> = {
    ...(news.name && named(news.name)),
    ...(news.addresses && { addresses: [...news.addresses] }),
    ...(news.attributes && { attributes: JSON.stringify(news.attributes) }),
    ...(keys.length > 0 && { keys: [...contact.keys, ...keys] }),
    ...(conflict !== null && contact.conflict !== conflict && { conflict }),
  }
  return Object.keys(patch).length === 0 ? null : patch
}

export const named = ({ text, source }: Name) => ({ name: text, nameSource: source, sortName: sortNameOf(text) })

/** Every key under which a record may know this contact: a number counts in all its forms. */
export function allKeys(contact: ContactDoc | null, more: readonly string[]): string[] {
  const forms = contact?.addresses.flatMap(({ address }) => identityKeys(address)) ?? []
  return [...new Set([...more, ...(contact?.keys ?? []), ...forms])]
}
