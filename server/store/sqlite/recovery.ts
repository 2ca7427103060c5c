// How far an organization has been compared with the provider's list, and the sent messages that may still change.
import type { MessageStatus } from '../../../shared/model.ts'
import type { RecoveryState, SentState } from '../records.ts'
import type { Sqlite } from './sqlite.ts'

export async function recovery(sql: Sqlite, orgId: string, now: number): Promise<RecoveryState> {
  const read = () =>
    sql.get<RecoveryState>('SELECT started_at AS startedAt, position, statuses_at AS statusesAt FROM recoveries WHERE org_id = ?', orgId)
  const known = read()
  if (known) return { ...known }
  return sql.write(() => {
    sql.run(
      'INSERT INTO recoveries (org_id, started_at, position, statuses_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING',
      orgId,
      now,
      now,
      now,
    )
    return { ...(read() ?? { startedAt: now, position: now, statusesAt: now }) }
  })
}

export function advanceRecovery(sql: Sqlite, orgId: string, to: { position?: number; statusesAt?: number }): Promise<void> {
  return sql.write(() => {
    sql.run(
      'UPDATE recoveries SET position = max(position, ?), statuses_at = max(statuses_at, ?) WHERE org_id = ?',
      to.position ?? 0,
      to.statusesAt ?? 0,
      orgId,
    )
  })
}

interface SentRow {
  id: string
  twilio_sid: string
  status: MessageStatus
  price: string | null
  claimed_at: number | null
}
const columns = 'id, twilio_sid, status, price, claimed_at'

export function sentStates(sql: Sqlite, orgId: string, sids: string[]): SentState[] {
  return sql
    .all<SentRow>(
      `SELECT ${columns} FROM messages
       WHERE org_id = ? AND twilio_sid IN (SELECT value FROM json_each(?)) AND direction = 'outbound'`,
      orgId,
      JSON.stringify(sids),
    )
    .map(toState)
}

export function incompleteSends(
  sql: Sqlite,
  orgId: string,
  range: { from: number; to: number; after: Pick<SentState, 'claimedAt' | 'id'> | null; limit: number },
): SentState[] {
  return sql
    .all<SentRow>(
      `SELECT ${columns} FROM messages INDEXED BY messages_sent
       WHERE org_id = ? AND claimed_at > ? AND claimed_at <= ? AND (claimed_at, id) > (?, ?)
         AND twilio_sid IS NOT NULL AND (price IS NULL OR status NOT IN ('read', 'failed', 'canceled'))
       ORDER BY claimed_at, id LIMIT ?`,
      orgId,
      range.from,
      range.to,
      range.after?.claimedAt ?? 0,
      range.after?.id ?? '',
      range.limit,
    )
    .map(toState)
}

function toState(row: SentRow): SentState {
  return {
    id: row.id,
    twilioSid: row.twilio_sid,
    status: row.status,
    priced: row.price !== null,
    claimedAt: row.claimed_at ?? 0,
  }
}
