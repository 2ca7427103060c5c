// Lines as rows: found and made as server/rules/line.ts says.
import type { Channel, Coordination, OptOutSource } from '../../../shared/model.ts'
import { afterInbound, changeLine, findLine, type LineChange, type LinePlace } from '../../rules/line.ts'
import { afterOptOut, takesOther, type OptOutFacts, type OptOutSaid } from '../../rules/opt-out.ts'
import type { InboundMessage } from '../records.ts'
import type { Sqlite } from './sqlite.ts'

/** A line's opt-outs, also as a conversation shows them. */
export interface OptOutRow {
  opted_out_at: number | null
  opted_out_by: OptOutSource | null
  marketing_out_at: number | null
  marketing_out_by: OptOutSource | null
  opt_said_at: number | null
}

export interface LineRow extends OptOutRow {
  id: string
  org_id: string
  channel: Channel
  sender: string
  key: string
  address: string
  phone: string | null
  contact_id: string
  last_inbound_at: number | null
  has_record: number
  last_record: string | null
  entered: number
  /** Status of that record; null where it was never saved. */
  record_status: Coordination['status'] | null
}

const selectLine = `SELECT l.*, k.status AS record_status FROM lines l
LEFT JOIN coordinations k ON k.org_id = l.org_id AND k.id = l.last_record
WHERE l.org_id = ? AND l.channel = ? AND l.sender = ? AND l.key = ?`

/** Finds or makes the line. */
export function takeLine(sql: Sqlite, request: LinePlace): LineRow {
  const { orgId, channel, sender, keys, contactId } = request
  const found = findLine(request, (key) => {
    const row = sql.get<LineRow>(selectLine, orgId, channel, sender, key)
    return row && { key, contactId: row.contact_id, row }
  })
  if (found) {
    const change = changeLine(found, request)
    if (change) applyChange(sql, found.row, change)
    return found.row
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
    ...{ opted_out_at: null, opted_out_by: null, marketing_out_at: null, marketing_out_by: null, opt_said_at: null },
    has_record: 0,
    last_record: null,
    entered: 0,
    record_status: null,
  }
}

function applyChange(sql: Sqlite, row: LineRow, { key, contactId, lastRecord }: LineChange): void {
  if (key !== undefined) row.key = key
  if (contactId !== undefined) row.contact_id = contactId
  if (lastRecord === null) Object.assign(row, { has_record: 0, last_record: null, record_status: null })
  sql.run(
    'UPDATE lines SET key = ?, contact_id = ?, has_record = ?, last_record = ? WHERE id = ?',
    row.key,
    row.contact_id,
    row.has_record,
    row.last_record,
    row.id,
  )
}

/** An inbound message came on it. */
export function hearOnLine(sql: Sqlite, row: LineRow, message: Pick<InboundMessage, 'createdAt' | 'address' | 'phone'>): void {
  const { address, phone, last_inbound_at: lastInboundAt } = row
  const before = { address, phone, lastInboundAt }
  const after = afterInbound(before, message)
  if (after === before) return
  Object.assign(row, { address: after.address, phone: after.phone, last_inbound_at: after.lastInboundAt })
  sql.run('UPDATE lines SET last_inbound_at = ?, address = ?, phone = ? WHERE id = ?', row.last_inbound_at, row.address, row.phone, row.id)
}

export const optOutFactsOf = (row: OptOutRow): OptOutFacts => ({
  optedOutAt: row.opted_out_at,
  optedOutBy: row.opted_out_by,
  marketingOutAt: row.marketing_out_at,
  marketingOutBy: row.marketing_out_by,
  optSaidAt: row.opt_said_at,
})

export const toOptOutRow = (facts: OptOutFacts): OptOutRow => ({
  opted_out_at: facts.optedOutAt,
  opted_out_by: facts.optedOutBy,
  marketing_out_at: facts.marketingOutAt,
  marketing_out_by: facts.marketingOutBy,
  opt_said_at: facts.optSaidAt,
})

/** Something was said about further messages. True: the line takes other messages than before. */
export function sayOnLine(sql: Sqlite, row: LineRow, said: OptOutSaid, at: number): boolean {
  const before = optOutFactsOf(row)
  const after = afterOptOut(before, said, at)
  if (after === before) return false
  const columns = toOptOutRow(after)
  Object.assign(row, columns)
  sql.run(
    'UPDATE lines SET opted_out_at = ?, opted_out_by = ?, marketing_out_at = ?, marketing_out_by = ?, opt_said_at = ? WHERE id = ?',
    columns.opted_out_at,
    columns.opted_out_by,
    columns.marketing_out_at,
    columns.marketing_out_by,
    columns.opt_said_at,
    row.id,
  )
  return takesOther(before, after)
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
