// Rows of a list as contacts: looked up, decided and written in one transaction.
import { decideImport, type ContactDraft, type KnownContact } from '../../rules/import-contact.ts'
import type { Changes, ContactImported } from '../records.ts'
import { changed } from './changed.ts'
import { addressesOf, claimKey, contactById, makeContact, saveAddresses, saveContact } from './contact-row.ts'
import { patchContact } from './contacts.ts'
import { touchConversations } from './conversation-row.ts'
import type { ContactRow } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function importContacts(
  sql: Sqlite,
  orgId: string,
  drafts: readonly ContactDraft[],
  { now, dryRun }: { now: number; dryRun: boolean },
): Promise<{ imported: ContactImported[]; changes: Changes }> {
  return sql.write(() => {
    const touched = new Set<string>()
    const imported = drafts.map((draft) => importOne(sql, orgId, draft, dryRun, now, touched))
    return { imported, changes: changed(orgId, { conversations: touchConversations(sql, orgId, [...touched]) }) }
  })
}

function importOne(sql: Sqlite, orgId: string, draft: ContactDraft, dryRun: boolean, now: number, touched: Set<string>): ContactImported {
  const rows = rowsOf(sql, orgId, draft)
  const decision = decideImport(
    draft,
    rows.byExternalId && known(sql, rows.byExternalId),
    rows.byKeys.map((row) => known(sql, row)),
  )
  switch (decision.outcome) {
    case 'create':
      return { outcome: 'created', contactId: dryRun ? '' : create(sql, orgId, draft, now) }
    case 'unchanged':
      return { outcome: 'unchanged', contactId: decision.id }
    case 'change': {
      const row = contactById(sql, orgId, decision.id)
      if (row && !dryRun) for (const id of patchContact(sql, row, decision.change, now)) touched.add(id)
      return { outcome: 'updated', contactId: decision.id }
    }
    case 'conflict':
      if (!dryRun) markConflict(sql, orgId, decision.between, now)
      return { outcome: 'refused', message: decision.message }
    case 'refused':
      return decision
  }
}

function rowsOf(
  sql: Sqlite,
  orgId: string,
  { externalId, addresses }: ContactDraft,
): { byExternalId: ContactRow | null; byKeys: ContactRow[] } {
  const byExternalId =
    externalId === null
      ? undefined
      : sql.get<ContactRow>('SELECT * FROM contacts WHERE org_id = ? AND external_id = ? ORDER BY id LIMIT 1', orgId, externalId)
  const keys = [...new Set(addresses.flatMap((one) => one.keys))]
  const byKeys = keys.flatMap(
    (key) =>
      sql.get<ContactRow>(
        'SELECT c.* FROM contact_keys k JOIN contacts c ON c.id = k.contact_id WHERE k.org_id = ? AND k.key = ?',
        orgId,
        key,
      ) ?? [],
  )
  return { byExternalId: byExternalId ?? null, byKeys }
}

const known = (sql: Sqlite, row: ContactRow): KnownContact => ({
  id: row.id,
  name: row.name,
  nameSource: row.name_source,
  externalId: row.external_id,
  addresses: addressesOf(sql, row.id),
  attributes: JSON.parse(row.attributes) as Record<string, string>,
  tags: JSON.parse(row.tags) as string[],
})

function create(sql: Sqlite, orgId: string, draft: ContactDraft, now: number): string {
  const keys = [...new Set(draft.addresses.flatMap((one) => one.keys))]
  const { name, externalId, attributes, tags, fallbackName } = draft
  const { id } = makeContact(
    sql,
    orgId,
    { keys, names: { list: name }, externalId, attributes, tags: [...new Set(tags)], fallbackName },
    now,
  )
  for (const [key] of draft.addresses.map((one) => one.keys)) claimKey(sql, orgId, key, id)
  const preferred = Math.max(
    0,
    draft.addresses.findIndex((one) => one.preferred),
  )
  const addresses = draft.addresses.map(({ channel, phone }, index) => ({ channel, address: phone, phone, preferred: index === preferred }))
  saveAddresses(sql, id, addresses)
  return id
}

/** Two that claim the same show each other, so that somebody can merge them. */
function markConflict(sql: Sqlite, orgId: string, [one = '', other = '']: string[], now: number): void {
  if (other === '') return
  for (const [id, with_] of [
    [one, other],
    [other, one],
  ] as const) {
    const row = contactById(sql, orgId, id)
    if (row && row.conflict_id === null) saveContact(sql, { ...row, conflict_id: with_ }, now)
  }
}
