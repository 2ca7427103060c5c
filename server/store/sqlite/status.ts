// Status callbacks: they only rise, are applied once, and wait where they came before their SID.
import { isOpen } from '../../../shared/status.ts'
import { mergeReports, type Report, type StatusNews } from '../../rules/merge-status.ts'
import type { Changes, StatusApplied, StatusReport } from '../records.ts'
import { changed } from './changed.ts'
import { touchPreview } from './conversation-row.ts'
import { messageById, messageBySid, saveProgress } from './message-row.ts'
import { type Extra, json, type MessageRow, parsed, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

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
    let merged = mergeStatus(row, [report])
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
  mergeStatus(
    row,
    held.map(({ report }) => JSON.parse(report) as Report),
  )
  sql.run('DELETE FROM callbacks WHERE org_id = ? AND twilio_sid = ?', row.org_id, row.twilio_sid)
}

/** Changes the row as the reports ask for. */
export function mergeStatus(row: MessageRow, reports: readonly Report[]): StatusNews {
  const { facts, news } = mergeReports(
    {
      status: row.status,
      error: parsed(row.error),
      sentAt: row.sent_at,
      deliveredAt: row.delivered_at,
      readAt: row.read_at,
      failedAt: row.failed_at,
      price: parsed(row.price),
    },
    reports,
  )
  row.status = facts.status
  row.error = json(facts.error)
  row.sent_at = facts.sentAt
  row.delivered_at = facts.deliveredAt
  row.read_at = facts.readAt
  row.failed_at = facts.failedAt
  row.price = json(facts.price)
  return news
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
