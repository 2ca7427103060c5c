// Lines as rows. A line is found by any form of its number and kept under the normalised one.
import type { Channel, Coordination } from '../../../shared/model.ts'
import type { Sqlite } from './sqlite.ts'

export interface LineRow {
  id: string
  org_id: string
  channel: Channel
  sender: string
  key: string
  address: string
  phone: string | null
  contact_id: string
  last_inbound_at: number | null
  opted_out_at: number | null
  has_record: number
  last_record: string | null
  entered: number
  /** Status of that record; null where it was never saved. */
  record_status: Coordination['status'] | null
}

const selectLine = `SELECT l.*, k.status AS record_status FROM lines l
LEFT JOIN coordinations k ON k.org_id = l.org_id AND k.id = l.last_record
WHERE l.org_id = ? AND l.channel = ? AND l.sender = ? AND l.key = ?`

export interface LineRequest {
  orgId: string
  channel: Channel
  sender: string
  keys: readonly [string, ...string[]]
  address: string
  phone: string | null
  contactId: string
}

/** Finds or makes the line. One that was another contact's forgets that contact's record. */
export function takeLine(sql: Sqlite, request: LineRequest): LineRow {
  const { orgId, channel, sender, keys, contactId } = request
  for (const key of keys) {
    const line = sql.get<LineRow>(selectLine, orgId, channel, sender, key)
    if (!line || (key !== keys[0] && line.contact_id !== contactId)) continue
    if (line.key !== keys[0]) {
      line.key = keys[0]
      sql.run('UPDATE lines SET key = ? WHERE id = ?', line.key, line.id)
    }
    if (line.contact_id !== contactId) {
      Object.assign(line, { contact_id: contactId, has_record: 0, last_record: null, record_status: null })
      sql.run('UPDATE lines SET contact_id = ?, has_record = 0, last_record = NULL WHERE id = ?', contactId, line.id)
    }
    return line
  }
  const id = sql.newId()
  sql.run(
    'INSERT INTO lines (id, org_id, channel, sender, key, address, phone, contact_id) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    id,
    orgId,
    channel,
    sender,
    keys[0],
    request.address,
    request.phone,
    contactId,
  )
  return {
    id,
    org_id: orgId,
    channel,
    sender,
    key: keys[0],
    address: request.address,
    phone: request.phone,
    contact_id: contactId,
    last_inbound_at: null,
    opted_out_at: null,
    has_record: 0,
    last_record: null,
    entered: 0,
    record_status: null,
  }
}

/** A message enters the outbox on this line: its place in the order, and the record that the line is now about. */
export function enterLine(sql: Sqlite, lineId: string, coordinationId: string | null): number {
  const row = sql.get<{ entered: number }>(
    'UPDATE lines SET entered = entered + 1, has_record = 1, last_record = ? WHERE id = ? RETURNING entered',
    coordinationId,
    lineId,
  )
  if (!row) throw new Error(`Line ${lineId} is missing`)
  return row.entered
}

/** Filing makes a record the line's last one. */
export function fileLine(sql: Sqlite, lineId: string, coordinationId: string | null): void {
  sql.run('UPDATE lines SET has_record = 1, last_record = ? WHERE id = ?', coordinationId, lineId)
}
