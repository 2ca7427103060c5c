// Takes Twilio's news of a message: the SID that it gave, and its status callbacks, which wait where they came before the SID.
import { erasedName } from '../erased-name.ts'
import { mayTakeSid, takeSid, applyReports } from '../../rules/message.ts'
import type { Report } from '../../rules/merge-status.ts'
import type { Answer, Claim, StatusApplied, StatusReport } from '../records.ts'
import { factsOf, saveChange } from './change-message.ts'
import { messageById, messageBySid } from './message-row.ts'
import { type MessageRow, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

/** Callbacks of SIDs that never become ours (sent by other programs) are forgotten after this long. */
const HELD_MS = 3 * 24 * 60 * 60_000

export function accepted(sql: Sqlite, claim: Claim, answer: Answer): Promise<StatusApplied> {
  return sql.write(() => {
    const { orgId, attempt } = claim
    const row = messageById(sql, orgId, claim.message.id)
    if (!row) return { outcome: 'held' }
    if (row.twilio_sid === answer.twilioSid) return report(sql, row, answer)
    // Its SID is another message's: it says nothing about this one.
    if (messageBySid(sql, orgId, answer.twilioSid)) return { outcome: 'unchanged', message: toMessage(row) }
    return attach(sql, row, answer.twilioSid, answer, attempt)
  })
}

export function applyStatus(sql: Sqlite, told: StatusReport): Promise<StatusApplied> {
  return sql.write(() => {
    const { orgId, twilioSid, messageId } = told
    const bySid = messageBySid(sql, orgId, twilioSid)
    if (bySid) return report(sql, bySid, told)
    const named = messageId === null ? undefined : messageById(sql, orgId, messageId)
    return named && mayTakeSid(factsOf(named)) ? attach(sql, named, twilioSid, told, null) : hold(sql, told)
  })
}

/** Of a message whose SID is known. */
function report(sql: Sqlite, row: MessageRow, told: Report): StatusApplied {
  const applied = applyReports(factsOf(row), [told])
  if (applied === null) return { outcome: 'unchanged', message: toMessage(row) }
  return { outcome: 'applied', ...saveChange(sql, row, applied.change) }
}

/** Gives the message its SID, with what was held for it. */
function attach(sql: Sqlite, row: MessageRow, twilioSid: string, told: Report, attempt: number | null): StatusApplied {
  const change = takeSid(factsOf(row), twilioSid, [told, ...heldFor(sql, row.org_id, twilioSid)], attempt)
  if (change === null) return { outcome: 'unchanged', message: toMessage(row) }
  sql.run('DELETE FROM callbacks WHERE org_id = ? AND twilio_sid = ?', row.org_id, twilioSid)
  return { outcome: 'applied', ...saveChange(sql, row, change) }
}

function heldFor(sql: Sqlite, orgId: string, twilioSid: string): Report[] {
  return sql
    .all<{ report: string }>('SELECT report FROM callbacks WHERE org_id = ? AND twilio_sid = ?', orgId, twilioSid)
    .map((held) => JSON.parse(held.report) as Report)
}

function hold(sql: Sqlite, { orgId, twilioSid, status, failure, at, price }: StatusReport): StatusApplied {
  const now = sql.clock.now()
  const kept = sql.run(
    'INSERT INTO callbacks (org_id, twilio_sid, status, report, held_at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
    orgId,
    twilioSid,
    status,
    JSON.stringify({ status, failure, at, price }),
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

export function knownSids(sql: Sqlite, orgId: string, sids: string[]): Set<string> {
  const rows = sql.all<{ twilio_sid: string }>(
    'SELECT twilio_sid FROM messages WHERE org_id = ? AND twilio_sid IN (SELECT value FROM json_each(?))',
    orgId,
    JSON.stringify(sids),
  )
  const erased = new Map(sids.map((sid) => [erasedName(orgId, sid), sid]))
  const gone = sql.all<{ name: string }>(
    'SELECT name FROM kept WHERE name IN (SELECT value FROM json_each(?))',
    JSON.stringify([...erased.keys()]),
  )
  return new Set([...rows.map((row) => row.twilio_sid), ...gone.flatMap(({ name }) => erased.get(name) ?? [])])
}
