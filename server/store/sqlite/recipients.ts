// Recipients of campaigns: listed once for a key, settled once, and read with what their messages are.
import type { Failure, MessageStatus } from '../../../shared/model.ts'
import {
  hasAnswered,
  newRecipient,
  type Recipient,
  type RecipientDraft,
  type RecipientGroup,
  type RecipientSeen,
} from '../../rules/recipient.ts'
import { type RecipientState, settle, type Settled } from '../../rules/recipient.ts'
import type { Page, PageRequest } from '../records.ts'
import { readCursor, writeCursor } from './paging.ts'
import type { Sqlite } from './sqlite.ts'

export interface RecipientRow {
  id: string
  org_id: string
  campaign_id: string
  key: string
  state: RecipientState
  due_at: number | null
  recipient: string
}

export const toRecipient = ({ recipient }: Pick<RecipientRow, 'recipient'>): Recipient => JSON.parse(recipient) as Recipient

export const rowOfRecipient = (orgId: string, campaignId: string, recipient: Recipient): RecipientRow => ({
  ...{ id: recipient.id, org_id: orgId, campaign_id: campaignId, key: recipient.key, state: recipient.state },
  ...{ due_at: recipient.dueAt, recipient: JSON.stringify(recipient) },
})

export function listRecipients(sql: Sqlite, orgId: string, campaignId: string, drafts: readonly RecipientDraft[]): Promise<number> {
  return sql.write(() => {
    let added = 0
    for (const draft of drafts) {
      const { id, org_id, campaign_id, key, state, due_at, recipient } = rowOfRecipient(orgId, campaignId, newRecipient(draft))
      added += sql.run(
        `INSERT INTO recipients (id, org_id, campaign_id, key, state, due_at, recipient) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (org_id, campaign_id, key) DO NOTHING`,
        ...[id, org_id, campaign_id, key, state, due_at, recipient],
      )
    }
    return added
  })
}

type SeenRow = RecipientRow & {
  message_status: MessageStatus | null
  error: string | null
  entered_at: number | null
  last_inbound_at: number | null
}

export function recipients(
  sql: Sqlite,
  orgId: string,
  campaignId: string,
  state: RecipientState | null,
  { cursor, limit }: PageRequest,
): Page<RecipientSeen> {
  const from = readCursor(cursor, ['string'])
  const rows = sql.all<SeenRow>(
    `SELECT r.*, m.status AS message_status, m.error, m.entered_at, l.last_inbound_at
     FROM recipients r INDEXED BY ${state === null ? 'recipients_by_campaign' : 'recipients_by_state'}
     LEFT JOIN messages m ON m.id = r.recipient ->> 'messageId' LEFT JOIN lines l ON l.id = m.line_id
     WHERE r.org_id = ? AND r.campaign_id = ? ${state === null ? '' : 'AND r.state = ?'} ${from ? 'AND r.id > ?' : ''}
     ORDER BY r.id LIMIT ?`,
    ...[orgId, campaignId, ...(state === null ? [] : [state]), ...(from ?? []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return {
    items: items.map((row) => ({
      recipient: toRecipient(row),
      status: row.message_status,
      error: row.error === null ? null : (JSON.parse(row.error) as Failure),
      answered: hasAnswered(row.entered_at, row.last_inbound_at),
    })),
    nextCursor: last ? writeCursor([last.id]) : null,
  }
}

type GroupRow = Omit<RecipientGroup, 'answered'> & { answered: number; last: string }

/** `answered` as `hasAnswered` says it. */
export function groupRecipients(sql: Sqlite, orgId: string, campaignId: string, { cursor, limit }: PageRequest): Page<RecipientGroup> {
  const from = readCursor(cursor, ['string'])
  const rows = sql.all<GroupRow>(
    `WITH page AS MATERIALIZED (
       SELECT id, state, recipient ->> 'arm' AS arm, recipient ->> 'messageId' AS message_id
       FROM recipients INDEXED BY recipients_by_campaign WHERE org_id = ? AND campaign_id = ? ${from ? 'AND id > ?' : ''}
       ORDER BY id LIMIT ?)
     SELECT p.arm, p.state, m.status, ifnull(l.last_inbound_at > m.entered_at, 0) AS answered, count(*) AS count, max(p.id) AS last
     FROM page p LEFT JOIN messages m ON m.id = p.message_id LEFT JOIN lines l ON l.id = m.line_id GROUP BY 1, 2, 3, 4`,
    ...[orgId, campaignId, ...(from ?? []), limit],
  )
  const seen = rows.reduce((sum, { count }) => sum + count, 0)
  const last =
    rows
      .map((row) => row.last)
      .toSorted()
      .at(-1) ?? ''
  return {
    items: rows.map(({ arm, state, status, answered, count }) => ({ arm, state, status, answered: answered === 1, count })),
    nextCursor: seen < limit ? null : writeCursor([last]),
  }
}

export const dueRecipients = (sql: Sqlite, orgId: string, campaignId: string, now: number, limit: number): Recipient[] =>
  sql
    .all<RecipientRow>(
      `SELECT * FROM recipients INDEXED BY recipients_due WHERE org_id = ? AND campaign_id = ? AND due_at <= ?
       ORDER BY due_at, id LIMIT ?`,
      ...[orgId, campaignId, now, limit],
    )
    .map(toRecipient)

export function nextRecipientAt(sql: Sqlite, orgId: string, campaignId: string): number | null {
  const next = sql.get<{ due_at: number }>(
    `SELECT due_at FROM recipients INDEXED BY recipients_due WHERE org_id = ? AND campaign_id = ? AND due_at IS NOT NULL
     ORDER BY due_at LIMIT 1`,
    ...[orgId, campaignId],
  )
  return next?.due_at ?? null
}

export function countRecipients(sql: Sqlite, orgId: string, campaignId: string, state: RecipientState, most: number): number {
  const found = sql.get<{ n: number }>(
    `SELECT count(*) AS n FROM (SELECT 1 FROM recipients INDEXED BY recipients_by_state
     WHERE org_id = ? AND campaign_id = ? AND state = ? LIMIT ?)`,
    ...[orgId, campaignId, state, most],
  )
  return found?.n ?? 0
}

export function settleRecipients(sql: Sqlite, orgId: string, campaignId: string, settled: readonly Settled[]): Promise<void> {
  return sql.write(() => {
    for (const one of settled) {
      const row = sql.get<RecipientRow>('SELECT * FROM recipients WHERE id = ?', one.id)
      if (row === undefined || row.org_id !== orgId || row.campaign_id !== campaignId) continue
      const after = settle(toRecipient(row), one)
      if (after !== null)
        sql.run(
          'UPDATE recipients SET state = ?, due_at = ?, recipient = ? WHERE id = ?',
          after.state,
          after.dueAt,
          JSON.stringify(after),
          one.id,
        )
    }
  })
}
