// Two contacts become one, and two again: lines, numbers and conversations change hands as they are.
import {
  type ContactMerge,
  type ContactSelf,
  mergeName,
  mergeSelves,
  threadsCollide,
  undoneName,
  unmergeSelf,
} from '../../rules/merge-contact.ts'
import type { ContactsMerged, ContactsUnmerged, Viewer } from '../records.ts'
import { changed } from './changed.ts'
import { addressesOf, contactById, rename, saveAddresses, saveContact } from './contact-row.ts'
import { present } from './contacts.ts'
import { touchConversations } from './conversation-row.ts'
import { type LineRow, sayOnLine } from './line-row.ts'
import type { ContactRow } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

const selfOf = (sql: Sqlite, row: ContactRow): ContactSelf => ({
  ...{ name: row.name, nameSource: row.name_source, externalId: row.external_id, addresses: addressesOf(sql, row.id) },
  ...{ attributes: JSON.parse(row.attributes) as Record<string, string>, tags: JSON.parse(row.tags) as string[] },
})

interface Thread {
  id: string
  channel: string
  sender: string
  coordinationId: string | null
}
const threadsOf = (sql: Sqlite, contactId: string): Thread[] =>
  sql.all('SELECT id, channel, sender, coordination_id AS coordinationId FROM conversations WHERE contact_id = ? ORDER BY id', contactId)
const linesOf = (sql: Sqlite, contactId: string): LineRow[] => sql.all('SELECT * FROM lines WHERE contact_id = ? ORDER BY id', contactId)

export function mergeContacts(sql: Sqlite, viewer: Viewer, fromId: string, intoId: string, now: number): Promise<ContactsMerged> {
  return sql.write(() => {
    const { orgId } = viewer
    const [from, into] = [contactById(sql, orgId, fromId), contactById(sql, orgId, intoId)]
    if (!from || !into || fromId === intoId) return { outcome: 'missing' }
    const [own, other] = [threadsOf(sql, intoId), threadsOf(sql, fromId)]
    if (threadsCollide(own, other)) return { outcome: 'threads' }
    const [before, gone] = [selfOf(sql, into), selfOf(sql, from)]
    const after = mergeSelves(before, gone)
    if (after === null) return { outcome: 'clients' }
    const merge: ContactMerge = {
      ...{ fromId, intoId, from: { ...gone, createdAt: from.created_at }, before, after },
      lines: linesOf(sql, fromId).map(({ id }) => id),
      keys: sql.all<{ key: string }>('SELECT key FROM contact_keys WHERE contact_id = ? ORDER BY key', fromId).map(({ key }) => key),
      conversations: other.map(({ id }) => id),
    }
    const undoId = sql.newId()
    sql.run('INSERT INTO kept (name, value) VALUES (?, ?)', mergeName(orgId, undoId), JSON.stringify(merge))
    keepStricter(sql, intoId, fromId, now)
    handOver(sql, orgId, merge, fromId, intoId)
    sql.run('DELETE FROM contact_addresses WHERE contact_id = ?', fromId)
    sql.run('UPDATE contacts SET conflict_id = NULL, rev = rev + 1 WHERE org_id = ? AND conflict_id = ? AND id <> ?', orgId, fromId, intoId)
    sql.run('DELETE FROM contacts WHERE id = ?', fromId)
    saveSelf(sql, { ...into, conflict_id: into.conflict_id === fromId ? null : into.conflict_id }, after, now)
    const conversations = touchConversations(
      sql,
      orgId,
      [...own, ...other].map(({ id }) => id),
    )
    const row = contactById(sql, orgId, intoId)
    return row
      ? { outcome: 'merged', undoId, contact: present(sql, viewer, row), changes: changed(orgId, { conversations }) }
      : { outcome: 'missing' }
  })
}

/** Where the one opted out of a sender, the other did: nobody says yes for both. */
function keepStricter(sql: Sqlite, intoId: string, fromId: string, now: number): void {
  const [own, other] = [linesOf(sql, intoId), linesOf(sql, fromId)]
  for (const [lines, others] of [
    [own, other],
    [other, own],
  ] as const)
    for (const line of lines)
      for (const one of others.filter(({ channel, sender }) => channel === line.channel && sender === line.sender)) {
        if (one.opted_out_at !== null) sayOnLine(sql, line, { out: true, scope: 'all', source: one.opted_out_by ?? 'host' }, now)
        if (one.marketing_out_at !== null)
          sayOnLine(sql, line, { out: true, scope: 'marketing', source: one.marketing_out_by ?? 'host' }, now)
      }
}

function handOver(sql: Sqlite, orgId: string, { lines, keys, conversations }: ContactMerge, fromId: string, toId: string): void {
  for (const id of lines) sql.run('UPDATE lines SET contact_id = ? WHERE id = ? AND contact_id = ?', toId, id, fromId)
  for (const key of keys)
    sql.run('UPDATE contact_keys SET contact_id = ? WHERE org_id = ? AND key = ? AND contact_id = ?', toId, orgId, key, fromId)
  for (const id of conversations) sql.run('UPDATE conversations SET contact_id = ? WHERE id = ? AND contact_id = ?', toId, id, fromId)
}

function saveSelf(sql: Sqlite, row: ContactRow, self: ContactSelf, now: number): void {
  rename(row, { text: self.name, source: self.nameSource })
  sql.run('DELETE FROM contact_addresses WHERE contact_id = ?', row.id)
  saveAddresses(sql, row.id, self.addresses)
  const said = { external_id: self.externalId, attributes: JSON.stringify(self.attributes), tags: JSON.stringify(self.tags) }
  saveContact(sql, Object.assign(row, said), now)
}

export function unmergeContacts(sql: Sqlite, viewer: Viewer, undoId: string, now: number): Promise<ContactsUnmerged> {
  return sql.write(() => {
    const { orgId } = viewer
    const kept = sql.get<{ value: string }>('SELECT value FROM kept WHERE name = ?', mergeName(orgId, undoId))
    if (!kept) return { outcome: 'missing' }
    if (sql.get('SELECT 1 FROM kept WHERE name = ?', undoneName(orgId, undoId))) return { outcome: 'done_before' }
    const merge = JSON.parse(kept.value) as ContactMerge
    const { fromId, intoId, from } = merge
    const into = contactById(sql, orgId, intoId)
    if (!into || contactById(sql, orgId, fromId)) return { outcome: 'missing' }
    sql.run("INSERT INTO kept (name, value) VALUES (?, '')", undoneName(orgId, undoId))
    sql.run(
      "INSERT INTO contacts (id, org_id, name, name_source, sort_name, created_at, updated_at) VALUES (?, ?, '', 'phone', '', ?, ?)",
      fromId,
      orgId,
      from.createdAt,
      now,
    )
    const again = contactById(sql, orgId, fromId)
    if (!again) return { outcome: 'missing' }
    saveSelf(sql, again, from, now)
    handOver(sql, orgId, merge, intoId, fromId)
    const self = unmergeSelf(selfOf(sql, into), merge)
    const shown = self.name === into.name ? [] : threadsOf(sql, intoId).map(({ id }) => id)
    saveSelf(sql, into, self, now)
    const conversations = touchConversations(sql, orgId, [...threadsOf(sql, fromId).map(({ id }) => id), ...shown])
    const contacts = [into, again].map((row) => present(sql, viewer, row))
    return { outcome: 'unmerged', contacts, changes: changed(orgId, { conversations }) }
  })
}
