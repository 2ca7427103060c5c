// The head of a line, and claiming it. Only the lowest open message of a line is ever sent.
import type { Channel } from '../../../shared/model.ts'
import { claimMessage, waitsUntil } from '../../rules/message.ts'
import { consentOf, refuses } from '../../rules/opt-out.ts'
import type { Claim, Draft, Head, Lane, OpenLine } from '../records.ts'
import { applyChange, factsOf } from './change-message.ts'
import { saveProgress } from './message-row.ts'
import { type MessageRow, toMessage } from './rows.ts'
import { openMessage } from './schema.ts'
import type { Sqlite } from './sqlite.ts'

interface HeadRow extends MessageRow {
  l_address: string
  l_sender: string
  l_channel: Channel
  l_last_inbound_at: number | null
  l_opted_out_at: number | null
  l_marketing_out_at: number | null
}

const selectHead = `SELECT m.*, l.address AS l_address, l.sender AS l_sender, l.channel AS l_channel,
  l.last_inbound_at AS l_last_inbound_at, l.opted_out_at AS l_opted_out_at, l.marketing_out_at AS l_marketing_out_at
FROM messages m CROSS JOIN lines l ON l.id = m.line_id
WHERE m.line_id = ? AND m.${openMessage.replace('status', 'm.status')} ORDER BY m.entered LIMIT 1`

export function claim(sql: Sqlite, orgId: string, lineId: string, options: { now: number; leaseMs: number; fence: number }): Promise<Head> {
  return sql.write(() => {
    const row = sql.get<HeadRow>(selectHead, lineId)
    if (!row || row.org_id !== orgId) return { state: 'empty' }
    if (row.status === 'sending') return { state: 'in_flight', claim: toClaim(row), leaseUntil: row.lease_until ?? 0 }
    if (row.status === 'unconfirmed') return { state: 'unconfirmed', claim: toClaim(row), leaseUntil: row.lease_until ?? 0 }
    const facts = factsOf(row)
    const until = waitsUntil(facts, options.now)
    if (until !== null) return { state: 'waiting', until }
    applyChange(row, claimMessage(options)(facts) ?? {})
    // The preview follows with what becomes of it: a claim alone tells nobody.
    saveProgress(sql, row)
    return { state: 'claimed', claim: toClaim(row) }
  })
}

function toClaim(row: HeadRow): Claim {
  const message = toMessage(row)
  const line = { optedOutAt: row.l_opted_out_at, marketingOutAt: row.l_marketing_out_at }
  return {
    message,
    orgId: row.org_id,
    lineId: row.line_id ?? '',
    channel: row.l_channel,
    sender: row.l_sender,
    address: row.l_address,
    content: row.content === null ? null : (JSON.parse(row.content) as Draft['content']),
    attempt: row.attempt,
    claimedAt: row.claimed_at ?? 0,
    firstClaimedAt: row.first_claimed_at ?? row.claimed_at ?? 0,
    lastInboundAt: row.l_last_inbound_at,
    optedOut: refuses(line, consentOf(message)),
    lane: (row.lane ?? 0) as Lane,
    cost: row.cost ?? 1,
  }
}

export function openLines(sql: Sqlite, after: string | null, limit: number): OpenLine[] {
  return sql
    .all<{ line_id: string; org_id: string; channel: Channel; sender: string; lane: Lane; cost: number; since: number }>(
      `SELECT o.line_id, m.org_id, m.channel, m.sender, m.lane, m.cost, m.entered_at AS since FROM (
         SELECT line_id, min(entered) AS entered FROM messages INDEXED BY messages_open
         WHERE ${openMessage} AND line_id > ? GROUP BY line_id ORDER BY line_id LIMIT ?
       ) o CROSS JOIN messages m INDEXED BY messages_open
         ON m.line_id = o.line_id AND m.entered = o.entered AND m.${openMessage.replace('status', 'm.status')} ORDER BY o.line_id`,
      after ?? '',
      limit,
    )
    .map((row) => ({
      lineId: row.line_id,
      orgId: row.org_id,
      channel: row.channel,
      sender: row.sender,
      lane: row.lane,
      cost: row.cost,
      since: row.since,
    }))
}

export function oldestQueued(sql: Sqlite, orgId: string): { channel: Channel; sender: string; since: number }[] {
  return sql
    .all<{ channel: Channel; sender: string; since: number }>(
      `SELECT channel, sender, min(entered_at) AS since FROM messages INDEXED BY messages_open_by_sender
       WHERE ${openMessage} AND org_id = ? GROUP BY channel, sender`,
      orgId,
    )
    .map(({ channel, sender, since }) => ({ channel, sender, since }))
}
