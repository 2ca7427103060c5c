// Whose an address is: the contact behind its keys, found or made, also when first messages arrive together. The key is
// claimed first (unique); whoever meets a key whose contact is not there yet makes that contact under the same id.
import type { Channel } from '../../../shared/model.ts'
import { identityKeys } from '../../../shared/phone.ts'
import type { InboundMessage } from '../records.ts'
import type { Database } from './database.ts'
import type { ContactDoc } from './documents.ts'
import { foldText } from './search.ts'
import { findOrInsert, repeat } from './write.ts'

export const addressKey = (orgId: string, key: string): string => `${orgId}|${key}`

export interface Identity {
  orgId: string
  channel: Channel
  address: string
  phone: string | null
  keys: readonly [string, ...string[]]
  aliases: readonly string[]
  name: { text: string; source: 'given' | 'profile' } | null
  fallbackName: string
  attributes: Record<string, string>
  /** Typed by hand: does not replace the address that the client last wrote from. */
  typed?: boolean
}

export function identityOf(inbound: InboundMessage): Identity {
  const profile = inbound.profileName?.trim()
  return { ...inbound, name: profile ? { text: profile, source: 'profile' } : null }
}

/** Whether it says anything about the contact that is not known. */
export const hasNews = (identity: Identity, contact: ContactDoc): boolean => lesson(identity, contact, null) !== null

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
  return learn(db, identity, contact, now)
}

async function make(db: Database, identity: Identity, id: string, now: number): Promise<ContactDoc> {
  const { orgId, keys, aliases, channel, address, phone } = identity
  // An open record that knows one of these numbers names a new contact, before a profile does.
  const record = await db.coordinations.findOne(
    { orgId, phoneKeys: { $in: [...keys, ...aliases] }, status: 'active' },
    { sort: { updatedAt: -1, id: 1 } },
  )
  const fromRecord = record?.contact.name.trim() ? { text: record.contact.name.trim(), source: 'record' as const } : null
  const given = identity.name?.source === 'given' ? identity.name : null
  const name = given ?? fromRecord ?? identity.name ?? { text: identity.fallbackName, source: 'phone' as const }
  return findOrInsert(db, db.contacts, { _id: id }, () => ({
    _id: id,
    orgId,
    name: name.text,
    nameSource: name.source,
    sortName: foldText(name.text),
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

async function learn(db: Database, identity: Identity, first: ContactDoc, now: number): Promise<{ contact: ContactDoc; renamed: boolean }> {
  const { orgId, keys, aliases } = identity
  let conflict: string | null = null
  for (const key of [keys[0], ...aliases]) {
    if (first.keys.includes(key)) continue
    const owner = await claimKey(db, orgId, key, first._id)
    if (owner !== first._id) conflict = owner
  }
  if (conflict !== null && first.conflict === null)
    await db.contacts.updateOne({ _id: conflict, orgId, conflict: null }, { $set: { conflict: first._id }, $inc: { rev: 1 } })
  let latest: ContactDoc | null = first
  return repeat(async () => {
    const contact: ContactDoc | null = latest ?? (await db.contacts.findOne({ _id: first._id, orgId }))
    latest = null
    if (!contact) throw new Error(`Contact ${first._id} is gone.`)
    const patch = lesson(identity, contact, conflict)
    if (patch === null) return { contact, renamed: false }
    const after = await db.contacts.findOneAndUpdate(
      { _id: contact._id, orgId, rev: contact.rev },
      { $set: { ...patch, updatedAt: now }, $inc: { rev: 1 } },
      { returnDocument: 'after' },
    )
    return after ? { contact: after, renamed: patch.name !== undefined } : undefined
  })
}

/** What is news about the contact; null: nothing. */
function lesson(identity: Identity, contact: ContactDoc, conflict: string | null): Partial<ContactDoc> | null {
  const patch: Partial<ContactDoc> = {}
  const { channel, address, phone } = identity
  if (contact.nameSource === 'phone' && identity.name !== null)
    Object.assign(patch, { name: identity.name.text, nameSource: identity.name.source, sortName: foldText(identity.name.text) })
  const known = contact.addresses.find((one) => one.channel === channel)
  if (!known) patch.addresses = [...contact.addresses, { channel, address, phone, preferred: contact.addresses.length === 0 }]
  else if (!identity.typed && (known.address !== address || (phone !== null && known.phone !== phone)))
    patch.addresses = contact.addresses.map((one) => (one === known ? { ...one, address, phone: phone ?? one.phone } : one))
  const keys = [identity.keys[0], ...identity.aliases].filter((key) => !contact.keys.includes(key))
  if (keys.length > 0) patch.keys = [...contact.keys, ...keys]
  const attributes = JSON.parse(contact.attributes) as Record<string, string>
  const news = Object.keys(identity.attributes).some((name) => !Object.hasOwn(attributes, name))
  if (news) patch.attributes = JSON.stringify({ ...identity.attributes, ...attributes })
  if (conflict !== null && contact.conflict !== conflict) patch.conflict = conflict
  return Object.keys(patch).length === 0 ? null : patch
}

/** Every key under which a record may know this contact: a number counts in all its forms. */
export function allKeys(contact: ContactDoc | null, more: readonly string[]): string[] {
  const forms = contact?.addresses.flatMap(({ address }) => identityKeys(address)) ?? []
  return [...new Set([...more, ...(contact?.keys ?? []), ...forms])]
}
