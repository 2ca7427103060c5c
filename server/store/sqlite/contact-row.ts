// Contacts as rows: one per identity, found by its keys in their order. Only inside a write.
import type { Contact, ConversationStatus } from '../../../shared/model.ts'
import { identityKeys } from '../../../shared/phone.ts'
import { type Name, nameNewContact, sortNameOf, type ToldNames } from '../../rules/contact.ts'
import type { AddressRow, ContactRow } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function contactById(sql: Sqlite, orgId: string, id: string): ContactRow | undefined {
  return sql.get<ContactRow>('SELECT * FROM contacts WHERE id = ? AND org_id = ?', id, orgId)
}

type FoundContact = ContactRow & { found_by: string }

/** `found_by`: the key that it was found by. The caller's own copy. */
export function findContact(sql: Sqlite, orgId: string, keys: readonly string[]): FoundContact | undefined {
  for (const key of keys) {
    const found = sql.remember(['contacts', 'contact_keys'], `contact ${orgId} ${key}`, () =>
      sql.get<FoundContact>(
        'SELECT c.*, k.key AS found_by FROM contact_keys k JOIN contacts c ON c.id = k.contact_id WHERE k.org_id = ? AND k.key = ?',
        orgId,
        key,
      ),
    )
    if (found) return { ...found }
  }
  return undefined
}

/** The facts of a contact as it is made. */
interface NewContact {
  keys: readonly string[]
  names: ToldNames & { list?: string | null }
  fallbackName: string
  attributes: Readonly<Record<string, string>>
  externalId?: string | null
  tags?: readonly string[]
}

/** An open record that knows one of these numbers may name it. */
export function makeContact(sql: Sqlite, orgId: string, told: NewContact, at: number): ContactRow {
  const record = sql.get<{ contact: string }>(
    `SELECT k.contact FROM coordination_phones p JOIN coordinations k ON k.org_id = p.org_id AND k.id = p.coordination_id
     WHERE p.org_id = ? AND p.key IN (SELECT value FROM json_each(?)) AND k.status = 'active' ORDER BY k.updated_at DESC, k.id LIMIT 1`,
    orgId,
    JSON.stringify(told.keys),
  )
  const client = record === undefined ? null : (JSON.parse(record.contact) as { name?: string; externalId?: string })
  const name = nameNewContact({ ...told.names, record: told.names.list ?? client?.name ?? null, fallback: told.fallbackName })
  const row: ContactRow = {
    id: sql.newId(),
    org_id: orgId,
    name: name.text,
    name_source: name.source,
    sort_name: sortNameOf(name.text),
    external_id: told.externalId ?? client?.externalId ?? null,
    attributes: JSON.stringify(told.attributes),
    tags: JSON.stringify(told.tags ?? []),
    conflict_id: null,
    rev: 1,
    created_at: at,
    updated_at: at,
  }
  sql.run(
    `INSERT INTO contacts (id, org_id, name, name_source, sort_name, external_id, attributes, tags, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    row.id,
    orgId,
    row.name,
    row.name_source,
    row.sort_name,
    row.external_id,
    row.attributes,
    row.tags,
    at,
    at,
  )
  return row
}

/** Names the contact; saved by the caller. */
export function rename(row: ContactRow, name: Name): void {
  row.name = name.text
  row.name_source = name.source
  row.sort_name = sortNameOf(name.text)
}

export function saveContact(sql: Sqlite, row: ContactRow, at: number): void {
  row.rev++
  row.updated_at = at
  sql.run(
    'UPDATE contacts SET name = ?, name_source = ?, sort_name = ?, external_id = ?, attributes = ?, tags = ?, conflict_id = ?, rev = ?, updated_at = ? WHERE id = ?',
    row.name,
    row.name_source,
    row.sort_name,
    row.external_id,
    row.attributes,
    row.tags,
    row.conflict_id,
    row.rev,
    row.updated_at,
    row.id,
  )
}

/** Gives the contact a key. Answers the other contact that has it already. */
export function claimKey(sql: Sqlite, orgId: string, key: string, contactId: string): string | null {
  const holder = sql.get<{ contact_id: string }>('SELECT contact_id FROM contact_keys WHERE org_id = ? AND key = ?', orgId, key)
  if (holder) return holder.contact_id === contactId ? null : holder.contact_id
  sql.run('INSERT INTO contact_keys (org_id, key, contact_id) VALUES (?, ?, ?)', orgId, key, contactId)
  return null
}

export function addressesOf(sql: Sqlite, contactId: string): Contact['addresses'] {
  return sql
    .all<AddressRow>('SELECT * FROM contact_addresses WHERE contact_id = ? ORDER BY channel DESC', contactId)
    .map(({ channel, address, phone, preferred }) => ({ channel, address, phone, preferred: preferred === 1 }))
}

/** The same inside of a write, where it is read for every message. */
export function knownAddresses(sql: Sqlite, contactId: string): readonly Contact['addresses'][number][] {
  return sql.remember(['contact_addresses'], `addresses ${contactId}`, () => addressesOf(sql, contactId))
}

export function saveAddresses(sql: Sqlite, contactId: string, addresses: readonly Contact['addresses'][number][]): void {
  for (const { channel, address, phone, preferred } of addresses)
    sql.run(
      `INSERT INTO contact_addresses (contact_id, channel, address, phone, preferred) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (contact_id, channel) DO UPDATE SET address = excluded.address, phone = excluded.phone, preferred = excluded.preferred`,
      contactId,
      channel,
      address,
      phone,
      preferred ? 1 : 0,
    )
}

/** Every key under which a record may know this contact: a number counts in all its forms. */
export function allKeys(sql: Sqlite, contactId: string, more: readonly string[]): string[] {
  const own = sql.remember(['contact_keys', 'contact_addresses'], `keys ${contactId}`, () => [
    ...sql.all<{ key: string }>('SELECT key FROM contact_keys WHERE contact_id = ?', contactId).map(({ key }) => key),
    ...addressesOf(sql, contactId).flatMap(({ address }) => identityKeys(address)),
  ])
  return [...new Set([...more, ...own])]
}

/** Whether these numbers have closed records, and which active ones: at most two, which is already too many to choose. */
export function recordsOf(sql: Sqlite, orgId: string, keys: readonly string[]): { open: readonly string[]; anyClosed: boolean } {
  const list = JSON.stringify(keys)
  return sql.remember(['coordinations', 'coordination_phones'], `records ${orgId} ${list}`, () => {
    const rows = sql.all<{ id: string; active: number }>(
      `SELECT DISTINCT k.id, k.status = 'active' AS active FROM coordination_phones p
       JOIN coordinations k ON k.org_id = p.org_id AND k.id = p.coordination_id
       WHERE p.org_id = ? AND p.key IN (SELECT value FROM json_each(?)) ORDER BY active DESC, k.id`,
      orgId,
      list,
    )
    const open = rows.filter((row) => row.active === 1).map((row) => row.id)
    return { open: open.slice(0, 2), anyClosed: open.length < rows.length }
  })
}

/** Of the closed records of these numbers, the one that this contact was last spoken with about. */
export function closedCoordination(sql: Sqlite, orgId: string, contactId: string, keys: readonly string[]): string | null {
  const row = sql.get<{ id: string; status: ConversationStatus }>(
    `SELECT k.id FROM coordination_phones p JOIN coordinations k ON k.org_id = p.org_id AND k.id = p.coordination_id
     LEFT JOIN conversations c ON c.contact_id = ? AND c.org_id = k.org_id AND c.coordination_id = k.id
     LEFT JOIN messages m ON m.id = c.last_message_id
     WHERE p.org_id = ? AND p.key IN (SELECT value FROM json_each(?)) AND k.status <> 'active'
     ORDER BY m.created_at DESC NULLS LAST, k.updated_at DESC, k.id DESC LIMIT 1`,
    contactId,
    orgId,
    JSON.stringify(keys),
  )
  return row?.id ?? null
}
