// A contact and all that is about it, erased: messages in parts, since each deletion holds up whatever else is written.
import { whoStays } from '../../rules/contact.ts'
import { eraseRecipient, type Recipient } from '../../rules/recipient.ts'
import { erasedName, REMEMBER_ERASED_MS } from '../erased-name.ts'
import type { ContactErased } from '../records.ts'
import { changed } from './changed.ts'
import { addressesOf, contactById, rename, saveAddresses, saveContact } from './contact-row.ts'
import type { Sqlite } from './sqlite.ts'
import { noteDeparture } from './update-conversation.ts'

const PART = 500

export async function eraseContact(sql: Sqlite, orgId: string, id: string, now: number): Promise<ContactErased> {
  const begun = await sql.write(() => begin(sql, orgId, id))
  if (begun !== 'begun') return { outcome: begun }
  for (;;) {
    const left = await sql.write(() => eraseMessages(sql, orgId, id, now))
    if (left === 0) break
  }
  return sql.write(() => finish(sql, orgId, id, now))
}

const OWN = 'SELECT id FROM conversations WHERE contact_id = ?'

function begin(sql: Sqlite, orgId: string, id: string): 'begun' | 'busy' | 'missing' {
  if (!contactById(sql, orgId, id)) return 'missing'
  const open = sql.get(
    `SELECT 1 FROM messages WHERE conversation_id IN (${OWN}) AND twilio_sid IS NULL AND status IN ('sending', 'unconfirmed') LIMIT 1`,
    id,
  )
  if (open) return 'busy'
  sql.run('UPDATE conversations SET last_message_id = NULL, last_status = NULL WHERE contact_id = ?', id)
  return 'begun'
}

interface Gone {
  id: string
  twilio_sid: string | null
  direction: string
  created_at: number
}

/** Answers how many there were. */
function eraseMessages(sql: Sqlite, orgId: string, contactId: string, now: number): number {
  const rows = sql.all<Gone>(
    `SELECT id, twilio_sid, direction, created_at FROM messages WHERE conversation_id IN (${OWN}) LIMIT ?`,
    contactId,
    PART,
  )
  for (const { id, twilio_sid: sid, created_at: at } of rows) {
    sql.run('DELETE FROM moved_messages WHERE message_id = ?', id)
    sql.run('DELETE FROM moved_messages WHERE place_id = ?', id)
    sql.run('DELETE FROM messages WHERE id = ?', id)
    if (sid === null) continue
    sql.run('DELETE FROM callbacks WHERE org_id = ? AND twilio_sid = ?', orgId, sid)
    if (at > now - REMEMBER_ERASED_MS)
      sql.run("INSERT INTO kept (name, value) VALUES (?, '') ON CONFLICT (name) DO NOTHING", erasedName(orgId, sid))
  }
  return rows.length
}

function finish(sql: Sqlite, orgId: string, id: string, now: number): ContactErased {
  const row = contactById(sql, orgId, id)
  if (!row) return { outcome: 'missing' }
  // What came in or was written meanwhile goes too.
  while (eraseMessages(sql, orgId, id, now) > 0);
  const threads = sql.all<{ id: string; coordination_id: string | null }>(
    'SELECT id, coordination_id FROM conversations WHERE contact_id = ?',
    id,
  )
  for (const { id: conversationId, coordination_id: from } of threads) {
    sql.run('DELETE FROM readers WHERE conversation_id = ?', conversationId)
    noteDeparture(sql, orgId, conversationId, from, null, true)
    sql.run('DELETE FROM conversations WHERE id = ?', conversationId)
  }
  const keys = sql.all<{ key: string }>('SELECT key FROM contact_keys WHERE contact_id = ?', id).map(({ key }) => key)
  eraseRecipients(sql, orgId, keys)
  sql.run('DELETE FROM lines WHERE contact_id = ? AND opted_out_at IS NULL AND marketing_out_at IS NULL', id)
  const out = new Set(sql.all<{ key: string }>('SELECT key FROM lines WHERE contact_id = ?', id).map(({ key }) => key))
  const left = threads.map(({ id: conversationId, coordination_id: from }) => ({ conversationId, from }))
  sql.run('UPDATE contacts SET conflict_id = NULL, rev = rev + 1 WHERE org_id = ? AND conflict_id = ?', orgId, id)
  const stays = whoStays(addressesOf(sql, id), out)
  sql.run('DELETE FROM contact_addresses WHERE contact_id = ?', id)
  for (const key of keys)
    if (!out.has(key)) sql.run('DELETE FROM contact_keys WHERE org_id = ? AND key = ? AND contact_id = ?', orgId, key, id)
  if (out.size === 0) sql.run('DELETE FROM contacts WHERE id = ?', id)
  else {
    sql.run('UPDATE lines SET has_record = 0, last_record = NULL, last_inbound_at = NULL WHERE contact_id = ?', id)
    rename(row, { text: stays.name, source: 'phone' })
    saveAddresses(sql, id, stays.addresses)
    saveContact(sql, { ...row, external_id: null, attributes: '{}', tags: '[]', conflict_id: null }, now)
  }
  return { outcome: 'erased', stays: out.size > 0, changes: changed(orgId, { left }) }
}

function eraseRecipients(sql: Sqlite, orgId: string, keys: readonly string[]): void {
  for (const key of keys) {
    const rows = sql.all<{ recipient: string }>(
      `SELECT r.recipient FROM campaigns c CROSS JOIN recipients r INDEXED BY recipients_by_key
       ON r.org_id = c.org_id AND r.campaign_id = c.id AND r.key = ? WHERE c.org_id = ?`,
      key,
      orgId,
    )
    for (const { recipient } of rows) {
      const erased = eraseRecipient(JSON.parse(recipient) as Recipient)
      sql.run(
        'UPDATE recipients SET key = ?, state = ?, due_at = ?, recipient = ? WHERE id = ?',
        erased.key,
        erased.state,
        erased.dueAt,
        JSON.stringify(erased),
        erased.id,
      )
    }
  }
}
