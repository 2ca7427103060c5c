// Status callbacks: they only rise, are applied once, and wait where they came before their SID.
import type { MessageStatus } from '../../../shared/model.ts'
import { isOpen, statusRank, statusRises } from '../../../shared/status.ts'
import type { Changes, StatusApplied, StatusReport } from '../records.ts'
import { changed } from './changed.ts'
import { touchPreview } from './conversation-row.ts'
import { messageById, messageBySid, saveProgress } from './message-row.ts'
import { type Extra, json, type MessageRow, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

type Report = Pick<StatusReport, 'status' | 'failure' | 'at' | 'price'>

/** Callbacks of SIDs that never become ours (sent by other programs) are forgotten after this long. */
const HELD_MS = 3 * 24 * 60 * 60_000

export function applyStatus(sql: Sqlite, report: StatusReport): Promise<StatusApplied> {
  return sql.write(() => {
    const { orgId, twilioSid } = report
    const bySid = messageBySid(sql, orgId, twilioSid)
    const row = bySid ?? attachable(sql, report)
    if (!row) return hold(sql, report)
    const lineId = row.line_id ?? ''
    const released = isOpen(row.status, row.twilio_sid)
    const attached = !bySid
    row.twilio_sid = twilioSid
    if (attached) forgetOwnEnd(row)
    let merged = mergeStatus(row, report)
    if (attached) {
      row.delay = null
      row.lease_until = null
      mergeHeld(sql, row)
      merged = 'status'
    }
    if (merged === 'nothing') return { outcome: 'unchanged', message: toMessage(row), lineId }
    saveProgress(sql, row)
    const message = toMessage(row)
    const conversations = merged === 'time' ? [] : touchPreview(sql, row)
    return { outcome: 'applied', message, changes: changed(orgId, { conversations, messages: [message] }), lineId, released }
  })
}

/** That it failed or was canceled was our own finding while nobody knew; with a SID, Twilio's word counts. */
export function forgetOwnEnd(row: MessageRow): void {
  if (row.status !== 'failed' && row.status !== 'canceled') return
  row.status = 'unconfirmed'
  row.error = null
  row.failed_at = null
}

/** The message of the callback's path, where it was given to Twilio and its SID is not known. */
function attachable(sql: Sqlite, report: StatusReport): MessageRow | null {
  const row = report.messageId === null ? undefined : messageById(sql, report.orgId, report.messageId)
  return row && row.direction === 'outbound' && row.twilio_sid === null && row.claimed_at !== null ? row : null
}

function hold(sql: Sqlite, report: StatusReport): StatusApplied {
  const now = sql.clock.now()
  const kept = sql.run(
    'INSERT INTO callbacks (org_id, twilio_sid, status, report, held_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    report.orgId,
    report.twilioSid,
    report.status,
    JSON.stringify({ status: report.status, failure: report.failure, at: report.at, price: report.price }),
    now,
  )
  if (kept > 0)
    sql.run(
      `DELETE FROM callbacks WHERE (org_id, twilio_sid, status) IN
         (SELECT org_id, twilio_sid, status FROM callbacks WHERE held_at < ? ORDER BY held_at LIMIT 20)`,
      now - HELD_MS,
    )
  return { outcome: 'held' }
}

/** Merges what came before the SID was known; the row is saved by the caller. */
export function mergeHeld(sql: Sqlite, row: MessageRow): void {
  if (row.twilio_sid === null) return
  const held = sql.all<{ report: string }>('SELECT report FROM callbacks WHERE org_id = ? AND twilio_sid = ?', row.org_id, row.twilio_sid)
  if (held.length === 0) return
  const reports = held.map(({ report }) => JSON.parse(report) as Report)
  reports.sort((a, b) => statusRank(a.status) - statusRank(b.status) || a.at - b.at)
  for (const report of reports) mergeStatus(row, report)
  sql.run('DELETE FROM callbacks WHERE org_id = ? AND twilio_sid = ?', row.org_id, row.twilio_sid)
}

/** The first time that each was reported is kept, whatever the order of the reports. */
const times: Partial<Record<MessageStatus, 'sent_at' | 'delivered_at' | 'read_at' | 'failed_at'>> = {
  sent: 'sent_at',
  delivered: 'delivered_at',
  read: 'read_at',
  failed: 'failed_at',
}

/** What a report changes in the row: its status (or price), only a time, or nothing. */
export function mergeStatus(row: MessageRow, report: Report): 'status' | 'time' | 'nothing' {
  const rises = statusRises(row.status, report.status)
  const column = times[report.status]
  const before = column === undefined ? null : row[column]
  const time = column !== undefined && (before === null || report.at < before)
  if (column !== undefined && time) row[column] = report.at
  const price = report.price ? JSON.stringify({ ...report.price, estimated: false }) : row.price
  const priced = price !== row.price
  row.price = price
  if (rises) {
    row.status = report.status
    if (report.status === 'failed') row.error = json(report.failure)
    if (report.status === 'delivered' || report.status === 'read') row.error = null
  }
  return rises || priced ? 'status' : time ? 'time' : 'nothing'
}

/** Erases what a `sensitive` message said, also the values in its template. */
export function eraseText(sql: Sqlite, orgId: string, id: string): Promise<Changes> {
  return sql.write(() => {
    const row = messageById(sql, orgId, id)
    if (!row || row.sensitive === 0) return changed(orgId)
    const extra = row.extra === null ? {} : (JSON.parse(row.extra) as Extra)
    if (extra.template) extra.template = { ...extra.template, variables: {} }
    row.text = ''
    row.extra = row.extra === null ? null : JSON.stringify(extra)
    row.content = null
    row.rev++
    sql.run(
      'UPDATE messages SET text = ?, extra = ?, content = NULL, rev = ?, feed = ? WHERE id = ?',
      row.text,
      row.extra,
      row.rev,
      sql.turn(),
      id,
    )
    const message = toMessage(row)
    return changed(orgId, { conversations: touchPreview(sql, row), messages: [message] })
  })
}

export function knownSids(sql: Sqlite, orgId: string, sids: string[]): Set<string> {
  const rows = sql.all<{ twilio_sid: string }>(
    'SELECT twilio_sid FROM messages WHERE org_id = ? AND twilio_sid IN (SELECT value FROM json_each(?))',
    orgId,
    JSON.stringify(sids),
  )
  return new Set(rows.map((row) => row.twilio_sid))
}
