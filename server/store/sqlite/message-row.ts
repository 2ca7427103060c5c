// Messages as rows: found, inserted, changed. Only inside a write.
import type { MessageRow } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

const none: Omit<
  MessageRow,
  | 'id'
  | 'org_id'
  | 'conversation_id'
  | 'direction'
  | 'type'
  | 'channel'
  | 'author_type'
  | 'author_name'
  | 'text'
  | 'status'
  | 'created_at'
  | 'ordinal'
> = {
  coordination_id: null,
  seq: null,
  author_id: null,
  extra: null,
  twilio_sid: null,
  rev: 1,
  feed: 0,
  reply_to_id: null,
  forwarded: 0,
  recovered: 0,
  listed: 0,
  sensitive: 0,
  line_id: null,
  sender: null,
  entered: null,
  entered_at: null,
  lane: null,
  cost: null,
  content: null,
  key: null,
  asked: null,
  client_message_id: null,
  retry_of: null,
  fallback_of: null,
  due_at: null,
  expires_in: null,
  expires_at: null,
  attempt: 0,
  claimed_at: null,
  first_claimed_at: null,
  lease_until: null,
  fence: null,
  not_before: null,
  delay: null,
  error: null,
  sent_at: null,
  delivered_at: null,
  read_at: null,
  failed_at: null,
  price: null,
  media: null,
  media_due: null,
}
type New = Omit<MessageRow, keyof typeof none> & Partial<MessageRow>

const inboundColumns = [
  'id',
  'org_id',
  'conversation_id',
  'coordination_id',
  'seq',
  'ordinal',
  'direction',
  'type',
  'channel',
  'author_type',
  'author_id',
  'author_name',
  'text',
  'extra',
  'status',
  'twilio_sid',
  'created_at',
  'feed',
  'reply_to_id',
  'forwarded',
  'recovered',
  'listed',
  'media',
  'media_due',
] as const satisfies readonly (keyof MessageRow)[]
const ownColumns = [
  ...inboundColumns,
  'sensitive',
  'line_id',
  'sender',
  'entered',
  'entered_at',
  'lane',
  'cost',
  'content',
  'key',
  'asked',
  'client_message_id',
  'retry_of',
  'fallback_of',
  'due_at',
  'expires_in',
  'expires_at',
  'error',
  'failed_at',
] as const satisfies readonly (keyof MessageRow)[]
const insert = (columns: readonly string[]) => `INSERT INTO messages (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
const insertInbound = insert(inboundColumns)
const insertOwn = insert(ownColumns)

export function insertMessage(sql: Sqlite, fields: New): MessageRow {
  const row: MessageRow = { ...none, ...fields, feed: sql.turn() }
  if (row.direction === 'inbound') sql.run(insertInbound, ...inboundColumns.map((column) => row[column]))
  else sql.run(insertOwn, ...ownColumns.map((column) => row[column]))
  return row
}

export function messageBySid(sql: Sqlite, orgId: string, twilioSid: string): MessageRow | undefined {
  return sql.get<MessageRow>('SELECT * FROM messages WHERE org_id = ? AND twilio_sid = ?', orgId, twilioSid)
}
export function messageByKey(sql: Sqlite, orgId: string, key: string): MessageRow | undefined {
  return sql.get<MessageRow>('SELECT * FROM messages WHERE org_id = ? AND key = ?', orgId, key)
}
export function messageById(sql: Sqlite, orgId: string, id: string): MessageRow | undefined {
  return sql.get<MessageRow>('SELECT * FROM messages WHERE id = ? AND org_id = ?', id, orgId)
}

/** The columns that change on a message's way out; its place and words are written elsewhere. */
export function saveProgress(sql: Sqlite, row: MessageRow): void {
  row.rev++
  row.feed = sql.turn()
  sql.run(
    `UPDATE messages SET status = ?, twilio_sid = ?, attempt = ?, claimed_at = ?, first_claimed_at = ?, lease_until = ?, fence = ?,
       not_before = ?, delay = ?, error = ?, sent_at = ?, delivered_at = ?, read_at = ?, failed_at = ?, price = ?, rev = ?, feed = ?
     WHERE id = ?`,
    row.status,
    row.twilio_sid,
    row.attempt,
    row.claimed_at,
    row.first_claimed_at,
    row.lease_until,
    row.fence,
    row.not_before,
    row.delay,
    row.error,
    row.sent_at,
    row.delivered_at,
    row.read_at,
    row.failed_at,
    row.price,
    row.rev,
    row.feed,
    row.id,
  )
}
