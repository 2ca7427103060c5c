// Contacts read, searched and corrected.
import type { Contact } from '../../../shared/model.ts'
import { normalisedAddress } from '../../../shared/phone.ts'
import type { ContactPatch, ContactPatched, Page, PageRequest, Viewer } from '../records.ts'
import { changed } from './changed.ts'
import { addressesOf, claimKey, contactById, findContact, saveContact } from './contact-row.ts'
import { touchConversations } from './conversation-row.ts'
import { takeLine } from './line-row.ts'
import { matcher, readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { conversationsOf } from './receive.ts'
import { type AddressRow, type ContactRow, toContact } from './rows.ts'
import { scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

export function contact(sql: Sqlite, viewer: Viewer, id: string): Contact | null {
  const row = contactById(sql, viewer.orgId, id)
  return row && sees(sql, viewer, id) ? present(sql, viewer, row) : null
}

/** A contact is in scope when one of its conversations is. */
function sees(sql: Sqlite, viewer: Viewer, id: string): boolean {
  if (viewer.scope === null) return true
  const scope = scopeCondition(viewer.scope, 'coordination_id')
  return (
    sql.get(`SELECT 1 FROM conversations WHERE contact_id = ? AND org_id = ?${scope.sql} LIMIT 1`, id, viewer.orgId, ...scope.values) !==
    undefined
  )
}

function present(sql: Sqlite, viewer: Viewer, row: ContactRow): Contact {
  const optOuts = sql.all<{ channel: 'whatsapp' | 'sms'; sender: string; opted_out_at: number }>(
    'SELECT channel, sender, opted_out_at FROM lines WHERE contact_id = ? AND opted_out_at IS NOT NULL',
    row.id,
  )
  const whole = toContact(row, addressesOf(sql, row.id), optOuts)
  return viewer.scope === null ? whole : { ...whole, conflict: null }
}

interface ListRow {
  id: string
  name: string
  external_id: string | null
}

/** By name. Numbers are found in any way of writing them. */
export function contacts(sql: Sqlite, viewer: Viewer, q: string | null, page: PageRequest): Page<Contact> {
  const from = readCursor(page.cursor, ['string', 'string'])
  const scope = scopeCondition(viewer.scope, 'v.coordination_id')
  const rows = sql.each<ListRow>(
    `SELECT c.id, c.name, c.external_id FROM contacts c ${viewer.scope === null ? 'INDEXED BY contacts_by_name' : ''} WHERE c.org_id = ?
       ${viewer.scope === null ? '' : `AND c.id IN (SELECT v.contact_id FROM conversations v WHERE v.org_id = c.org_id${scope.sql})`}
       ${from ? 'AND (c.name COLLATE NOCASE, c.id) > (?, ?)' : ''}
     ORDER BY c.name COLLATE NOCASE, c.id`,
    viewer.orgId,
    ...scope.values,
    ...(from ? [String(from[0]), String(from[1])] : []),
  )
  const wanted = q === null || q.trim() === '' ? null : matcher(q)
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, (row) => {
    if (wanted === null || wanted([row.name, row.external_id])) return true
    return wanted(addressesOf(sql, row.id).flatMap(({ address, phone }) => [address, phone]))
  })
  return {
    items: kept.flatMap((row) => contact(sql, viewer, row.id) ?? []),
    nextCursor: last ? writeCursor([last.name, last.id]) : null,
  }
}

export function updateContact(sql: Sqlite, viewer: Viewer, id: string, patch: ContactPatch, now: number): Promise<ContactPatched> {
  return sql.write(() => {
    const row = contactById(sql, viewer.orgId, id)
    if (!row || !sees(sql, viewer, id)) return { outcome: 'missing' }
    for (const { keys } of patch.addresses ?? []) {
      const holder = findContact(sql, viewer.orgId, keys)
      if (holder && holder.id !== id) return { outcome: 'conflict', contactId: holder.id }
    }
    const touched = new Set<string>()
    if (patch.name !== undefined && patch.name !== row.name) {
      row.name = patch.name
      for (const one of conversationsOf(sql, id)) touched.add(one)
    }
    if (patch.name !== undefined) row.name_source = 'agent'
    if (patch.attributes !== undefined) row.attributes = JSON.stringify(patch.attributes)
    if (patch.tags !== undefined) row.tags = JSON.stringify([...new Set(patch.tags)])
    for (const address of patch.addresses ?? []) for (const one of replaceAddress(sql, row, address)) touched.add(one)
    saveContact(sql, row, now)
    const conversations = touchConversations(sql, viewer.orgId, [...touched])
    return { outcome: 'changed', contact: present(sql, viewer, row), changes: changed(viewer.orgId, { conversations }) }
  })
}

type NewAddress = NonNullable<ContactPatch['addresses']>[number]

/** Gives the contact another number on a channel. Its threads go on there, on lines without the old one's window and opt-out. */
function replaceAddress(sql: Sqlite, row: ContactRow, { channel, phone, keys, preferred }: NewAddress): string[] {
  const addresses = addressesOf(sql, row.id)
  const old = addresses.find((one) => one.channel === channel)
  const same = old !== undefined && normalisedAddress(old.address) === keys[0]
  if (!same) {
    if (old) dropKey(sql, row, old, addresses)
    claimKey(sql, row.org_id, keys[0], row.id)
  }
  sql.run(
    `INSERT INTO contact_addresses (contact_id, channel, address, phone, preferred) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (contact_id, channel) DO UPDATE SET address = excluded.address, phone = excluded.phone, preferred = excluded.preferred`,
    row.id,
    channel,
    same ? old.address : phone,
    phone,
    preferred || addresses.length === 0 ? 1 : 0,
  )
  if (preferred) sql.run('UPDATE contact_addresses SET preferred = 0 WHERE contact_id = ? AND channel <> ?', row.id, channel)
  if (same) return []
  const threads = sql.all<{ id: string; sender: string }>(
    'SELECT id, sender FROM conversations WHERE contact_id = ? AND channel = ?',
    row.id,
    channel,
  )
  for (const { id, sender } of threads) {
    const line = takeLine(sql, { orgId: row.org_id, channel, sender, keys: [keys[0]], address: phone, phone, contactId: row.id })
    sql.run('UPDATE conversations SET line_id = ? WHERE id = ?', line.id, id)
  }
  return threads.map(({ id }) => id)
}

/** The old number is no longer this contact's, unless it is still its number on another channel. */
function dropKey(sql: Sqlite, row: ContactRow, old: AddressRow, addresses: AddressRow[]): void {
  const key = normalisedAddress(old.address)
  const elsewhere = addresses.some((one) => one.channel !== old.channel && normalisedAddress(one.address) === key)
  if (!elsewhere) sql.run('DELETE FROM contact_keys WHERE org_id = ? AND key = ? AND contact_id = ?', row.org_id, key, row.id)
}
