// Contacts read, searched and corrected.
import type { Contact } from '../../../shared/model.ts'
import { changeAddresses } from '../../rules/contact.ts'
import { contactTexts, createMatcher } from '../../rules/search.ts'
import type { ContactPatch, ContactPatched, Page, PageRequest, Viewer } from '../records.ts'
import { changed } from './changed.ts'
import { addressesOf, claimKey, contactById, findContact, rename, saveAddresses, saveContact } from './contact-row.ts'
import { touchConversations } from './conversation-row.ts'
import { type OptOutRow, takeLine } from './line-row.ts'
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { conversationsOf } from './receive.ts'
import { type ContactRow, toContact } from './rows.ts'
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

export function present(sql: Sqlite, viewer: Viewer, row: ContactRow): Contact {
  const optOuts = sql.all<OptOutRow & { channel: 'whatsapp' | 'sms'; sender: string }>(
    `SELECT channel, sender, opted_out_at, opted_out_by, marketing_out_at, marketing_out_by, opt_said_at FROM lines
     WHERE contact_id = ? AND (opted_out_at IS NOT NULL OR marketing_out_at IS NOT NULL) ORDER BY id`,
    row.id,
  )
  const whole = toContact(row, addressesOf(sql, row.id), optOuts)
  return viewer.scope === null ? whole : { ...whole, conflict: null }
}

interface ListRow {
  id: string
  name: string
  sort_name: string
  external_id: string | null
  tags: string
}

/** By name. Numbers are found in any way of writing them. */
export function contacts(sql: Sqlite, viewer: Viewer, q: string | null, page: PageRequest, tag?: string): Page<Contact> {
  const from = readCursor(page.cursor, ['string', 'string'])
  const scope = scopeCondition(viewer.scope, 'v.coordination_id')
  const rows = sql.each<ListRow>(
    `SELECT c.id, c.name, c.sort_name, c.external_id, c.tags FROM contacts c ${viewer.scope === null ? 'INDEXED BY contacts_by_sort_name' : ''} WHERE c.org_id = ?
       ${viewer.scope === null ? '' : `AND c.id IN (SELECT v.contact_id FROM conversations v WHERE v.org_id = c.org_id${scope.sql})`}
       ${from ? 'AND (c.sort_name, c.id) > (?, ?)' : ''}
     ORDER BY c.sort_name, c.id`,
    viewer.orgId,
    ...scope.values,
    ...(from ? [String(from[0]), String(from[1])] : []),
  )
  const matches = createMatcher(q)
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, (row) => {
    const tags = JSON.parse(row.tags) as string[]
    if (tag !== undefined && !tags.includes(tag)) return false
    return matches === null || matches(contactTexts({ name: row.name, externalId: row.external_id, tags }, addressesOf(sql, row.id)))
  })
  return {
    items: kept.flatMap((row) => contact(sql, viewer, row.id) ?? []),
    nextCursor: last ? writeCursor([last.sort_name, last.id]) : null,
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
    const conversations = touchConversations(sql, viewer.orgId, [...patchContact(sql, row, patch, now)])
    return { outcome: 'changed', contact: present(sql, viewer, row), changes: changed(viewer.orgId, { conversations }) }
  })
}

/** Its numbers are nobody else's. Answers the conversations that show the change. */
export function patchContact(sql: Sqlite, row: ContactRow, patch: ContactPatch, now: number): Set<string> {
  const touched = new Set<string>()
  if (patch.name !== undefined) {
    if (patch.name !== row.name) for (const one of conversationsOf(sql, row.id)) touched.add(one)
    rename(row, { text: patch.name, source: patch.namedBy ?? 'agent' })
  }
  if (patch.externalId !== undefined) row.external_id = patch.externalId
  if (patch.attributes !== undefined) row.attributes = JSON.stringify(patch.attributes)
  if (patch.tags !== undefined) row.tags = JSON.stringify([...new Set(patch.tags)])
  for (const one of giveAddresses(sql, row, patch.addresses ?? [])) touched.add(one)
  saveContact(sql, row, now)
  return touched
}

/** Gives the contact other numbers. Its threads go on there, on lines without the old one's window and opt-out. */
function giveAddresses(sql: Sqlite, row: ContactRow, given: NonNullable<ContactPatch['addresses']>): string[] {
  const { addresses, taken, dropped, moved } = changeAddresses(addressesOf(sql, row.id), given)
  for (const key of dropped) sql.run('DELETE FROM contact_keys WHERE org_id = ? AND key = ? AND contact_id = ?', row.org_id, key, row.id)
  for (const key of taken) claimKey(sql, row.org_id, key, row.id)
  saveAddresses(sql, row.id, addresses)
  return moved.flatMap(({ channel, to }) => {
    const threads = sql.all<{ id: string; sender: string }>(
      'SELECT id, sender FROM conversations WHERE contact_id = ? AND channel = ?',
      row.id,
      channel,
    )
    const place = { orgId: row.org_id, channel, keys: [to.keys[0]] as [string], address: to.phone, phone: to.phone, contactId: row.id }
    for (const { id, sender } of threads)
      sql.run('UPDATE conversations SET line_id = ? WHERE id = ?', takeLine(sql, { ...place, sender }).id, id)
    return threads.map(({ id }) => id)
  })
}
