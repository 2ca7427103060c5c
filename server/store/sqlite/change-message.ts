// Changes a message by a rule: reads what the rule looks at, commits exactly what it answers.
import { expireClaim, type MessageChange, type MessageFacts, type MessageRule } from '../../rules/message.ts'
import type { Changes, MessageChanged } from '../records.ts'
import { changed } from './changed.ts'
import { touchPreview } from './conversation-row.ts'
import { messageById, saveProgress } from './message-row.ts'
import { type Extra, json, type MessageRow, parsed, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function changeMessage(sql: Sqlite, orgId: string, id: string, decide: MessageRule): Promise<MessageChanged | null> {
  return sql.write(() => {
    const row = messageById(sql, orgId, id)
    if (!row) return null
    const change = decide(factsOf(row))
    if (change === null) return { changed: false, message: toMessage(row), changes: changed(orgId) }
    return { changed: true, ...saveChange(sql, row, change) }
  })
}

export function expireClaims(sql: Sqlite, orgId: string, sender: string, options: { now: number; fence: number }): Promise<Changes> {
  return sql.write(() => {
    const rows = sql.all<MessageRow>(
      `SELECT * FROM messages INDEXED BY messages_in_flight
       WHERE org_id = ? AND sender = ? AND twilio_sid IS NULL AND status = 'sending' AND (fence < ? OR lease_until <= ?)`,
      orgId,
      sender,
      options.fence,
      options.now,
    )
    const all = changed(orgId)
    for (const row of rows) {
      const change = expireClaim(options)(factsOf(row))
      if (change === null) continue
      const { changes } = saveChange(sql, row, change)
      all.messages.push(...changes.messages)
      all.conversations.push(...changes.conversations)
    }
    return all
  })
}

export function factsOf(row: MessageRow): MessageFacts {
  return {
    status: row.status,
    direction: row.direction,
    sensitive: row.sensitive === 1,
    text: row.text,
    template: parsed<Extra>(row.extra)?.template ?? null,
    content: parsed(row.content),
    twilioSid: row.twilio_sid,
    attempt: row.attempt,
    claimedAt: row.claimed_at,
    firstClaimedAt: row.first_claimed_at,
    leaseUntil: row.lease_until,
    fence: row.fence,
    notBefore: row.not_before,
    delay: parsed(row.delay),
    error: parsed(row.error),
    sentAt: row.sent_at,
    deliveredAt: row.delivered_at,
    readAt: row.read_at,
    failedAt: row.failed_at,
    price: parsed(row.price),
  }
}

/** The row with the change in it. */
export function applyChange(row: MessageRow, change: MessageChange): void {
  const next = { ...factsOf(row), ...change }
  row.status = next.status
  row.twilio_sid = next.twilioSid
  row.attempt = next.attempt
  row.claimed_at = next.claimedAt
  row.first_claimed_at = next.firstClaimedAt
  row.lease_until = next.leaseUntil
  row.fence = next.fence
  row.not_before = next.notBefore
  row.delay = json(next.delay)
  row.error = json(next.error)
  row.sent_at = next.sentAt
  row.delivered_at = next.deliveredAt
  row.read_at = next.readAt
  row.failed_at = next.failedAt
  row.price = json(next.price)
  if (change.text !== undefined) row.text = change.text
  if (change.content !== undefined) row.content = json(change.content)
  if (change.template && row.extra !== null) row.extra = JSON.stringify({ ...(JSON.parse(row.extra) as Extra), template: change.template })
}

/** Writes the change, and the conversation that shows it. */
export function saveChange(sql: Sqlite, row: MessageRow, change: MessageChange) {
  applyChange(row, change)
  saveProgress(sql, row)
  if (change.text !== undefined)
    sql.run('UPDATE messages SET text = ?, extra = ?, content = ? WHERE id = ?', row.text, row.extra, row.content, row.id)
  const message = toMessage(row)
  return { message, changes: changed(row.org_id, { conversations: touchPreview(sql, row), messages: [message] }) }
}
