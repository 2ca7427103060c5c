// Conversations as rows: found, made, changed in memory and written back. Only inside a write.
import type { Channel } from '../../../shared/model.ts'
import type { ConversationDesk, ConversationFacts, ConversationSteps } from '../../rules/conversation.ts'
import { type Failing, listFailure } from '../../rules/failures.ts'
import { applySteps } from '../../rules/steps.ts'
import type { ConversationState } from '../records.ts'
import { type ConversationRow, type Extra, type MessageRow, parsed, selectConversation, toConversation } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

// Written out once: a text put together at each call would be hashed anew to find its prepared statement.
const selectById = `${selectConversation} WHERE c.id = ? AND c.org_id = ?`
const selectByPlace = `${selectConversation} WHERE c.org_id = ? AND c.channel = ? AND c.sender = ? AND c.contact_id = ? AND ifnull(c.coordination_id, '') = ?`

export function loadConversation(sql: Sqlite, orgId: string, id: string): ConversationRow | undefined {
  return sql.get<ConversationRow>(selectById, id, orgId)
}

/** The state of a conversation that is known to be there. */
export function conversationState(sql: Sqlite, orgId: string, id: string): ConversationState {
  const row = loadConversation(sql, orgId, id)
  if (!row) throw new Error(`Conversation ${id} is missing`)
  return toConversation(row)
}

export interface Place {
  orgId: string
  channel: Channel
  sender: string
  contactId: string
  coordinationId: string | null
}

export function findConversation(sql: Sqlite, place: Place): ConversationRow | undefined {
  return sql.get<ConversationRow>(selectByPlace, place.orgId, place.channel, place.sender, place.contactId, place.coordinationId ?? '')
}

/** The fields of its line and its contact that a conversation shows. */
type Told = Pick<ConversationRow, 'address' | 'phone' | 'last_inbound_at' | 'opted_out_at' | 'marketing_out_at' | 'contact_name'>
const noMessage = {
  m_seq: null,
  m_direction: null,
  m_type: null,
  m_author_type: null,
  m_author_id: null,
  m_author_name: null,
  m_text: null,
  m_sensitive: null,
  m_media: null,
  m_created_at: null,
} satisfies Partial<ConversationRow>

/**
 * The same for a message that is about to be its last one: what the caller knows (`told`) or replaces (the last message) is
 * not read. `others`: the contact has more conversations on this line.
 */
export function findToAppend(sql: Sqlite, place: Place, lineId: string, told: Told): { row: ConversationRow; others: boolean } | undefined {
  const found = sql.get<Omit<ConversationRow, keyof Told | keyof typeof noMessage> & { others: number }>(
    `SELECT c.*, k.title AS k_title, k.starts_at AS k_starts_at, k.status AS k_status, k.contact AS k_contact, h.title AS h_title,
       EXISTS (SELECT 1 FROM conversations o WHERE o.contact_id = c.contact_id AND o.line_id = ? AND o.id <> c.id) AS others
     FROM conversations c
     LEFT JOIN coordinations k ON k.org_id = c.org_id AND k.id = c.coordination_id
     LEFT JOIN coordinations h ON h.org_id = c.org_id AND h.id = c.hint_id
     WHERE c.org_id = ? AND c.channel = ? AND c.sender = ? AND c.contact_id = ? AND ifnull(c.coordination_id, '') = ?`,
    lineId,
    place.orgId,
    place.channel,
    place.sender,
    place.contactId,
    place.coordinationId ?? '',
  )
  return found && { row: { ...found, ...noMessage, ...told }, others: found.others === 1 }
}

export function makeConversation(sql: Sqlite, place: Place, lineId: string, at: number): ConversationRow {
  const id = sql.newId()
  sql.run(
    `INSERT INTO conversations (id, org_id, channel, sender, contact_id, line_id, coordination_id, feed, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    id,
    place.orgId,
    place.channel,
    place.sender,
    place.contactId,
    lineId,
    place.coordinationId,
    sql.turn(),
    at,
    at,
  )
  const row = loadConversation(sql, place.orgId, id)
  if (!row) throw new Error(`Conversation ${id} was not made`)
  return row
}

export const factsOf = (row: ConversationRow): ConversationFacts => ({
  status: row.status,
  snoozedUntil: row.snoozed_until,
  lastSeq: row.last_seq,
  inboundCount: row.inbound_count,
  answeredCount: row.answered_count,
  awaitingSince: row.awaiting_since,
  activityAt: row.activity_at,
})

/** The row with a rule's steps taken; saved by the caller. */
export function takeSteps(row: ConversationRow, steps: ConversationSteps): void {
  setFacts(row, applySteps(factsOf(row), steps))
}

export function setFacts(row: ConversationRow, after: ConversationFacts): void {
  row.status = after.status
  row.snoozed_until = after.snoozedUntil
  row.last_seq = after.lastSeq
  row.inbound_count = after.inboundCount
  row.answered_count = after.answeredCount
  row.awaiting_since = after.awaitingSince
  row.activity_at = after.activityAt
}

/** With what agents set by hand. */
export function deskOf(row: ConversationRow): ConversationDesk {
  const assignee = row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' }
  return { ...factsOf(row), assignee, tags: JSON.parse(row.tags) as string[] }
}

/** Writes what agents set by hand and no message changes; the rest is for `saveConversation`. */
export function saveDesk(sql: Sqlite, row: ConversationRow, { assignee, tags }: ConversationDesk): void {
  row.assignee_id = assignee?.id ?? null
  row.assignee_name = assignee?.name ?? null
  row.tags = JSON.stringify(tags)
  sql.run(
    'UPDATE conversations SET assignee_id = ?, assignee_name = ?, tags = ? WHERE id = ?',
    row.assignee_id,
    row.assignee_name,
    row.tags,
    row.id,
  )
}

/** Writes what messages change. `rev` rises in the row too. */
export function saveConversation(sql: Sqlite, row: ConversationRow): void {
  rise(sql, row)
  sql.run(
    `UPDATE conversations SET last_seq = ?, last_message_id = ?, last_status = ?, inbound_count = ?, answered_count = ?, awaiting_since = ?,
       activity_at = ?, status = ?, snoozed_until = ?, hint_id = ?, line_id = ?, rev = ?, feed = ?, updated_at = ? WHERE id = ?`,
    row.last_seq,
    row.last_message_id,
    row.last_status,
    row.inbound_count,
    row.answered_count,
    row.awaiting_since,
    row.activity_at,
    row.status,
    row.snoozed_until,
    row.hint_id,
    row.line_id,
    row.rev,
    row.feed,
    row.updated_at,
    row.id,
  )
}

/** The same where one more inbound message changed nothing else: fewer columns, and above all fewer indexes. */
export function saveAppended(sql: Sqlite, row: ConversationRow): void {
  rise(sql, row)
  sql.run(
    `UPDATE conversations SET last_seq = ?, last_message_id = ?, last_status = ?, inbound_count = ?, activity_at = ?, status = ?,
       rev = ?, feed = ?, updated_at = ? WHERE id = ?`,
    row.last_seq,
    row.last_message_id,
    row.last_status,
    row.inbound_count,
    row.activity_at,
    row.status,
    row.rev,
    row.feed,
    row.updated_at,
    row.id,
  )
}

function rise(sql: Sqlite, row: ConversationRow): void {
  row.rev++
  row.feed = sql.turn()
  row.updated_at = sql.clock.now()
}

/** Marks conversations as changed, where something that they show did. */
export function touchConversations(sql: Sqlite, orgId: string, ids: readonly string[]): ConversationState[] {
  const now = sql.clock.now()
  return ids.map((id) => {
    sql.run('UPDATE conversations SET rev = rev + 1, feed = ?, updated_at = ? WHERE id = ?', sql.turn(), now, id)
    return conversationState(sql, orgId, id)
  })
}

/** Where the status of a conversation's last message changed, or its media (`showsElse`), the conversation did too. */
export function touchPreview(sql: Sqlite, message: MessageRow, showsElse = false): ConversationState[] {
  const touched = sql.run(
    'UPDATE conversations SET last_status = ?, rev = rev + 1, feed = ?, updated_at = ? WHERE id = ? AND last_message_id = ? AND (last_status <> ? OR ?)',
    message.status,
    sql.turn(),
    sql.clock.now(),
    message.conversation_id,
    message.id,
    message.status,
    showsElse ? 1 : 0,
  )
  return touched === 0 ? [] : [conversationState(sql, message.org_id, message.conversation_id)]
}

/** Lists or unlists the message among the failures of this conversation; the caller tells. Answers whether anything changed. */
export function refreshFailures(sql: Sqlite, row: ConversationRow, message: MessageRow): boolean {
  const { id, direction, status, error, extra, conversation_id } = message
  const putAway = parsed<Extra>(extra)?.putAway === true
  const facts = { id, direction, status, error: parsed<Failing['error']>(error), putAway }
  const failures = listFailure(JSON.parse(row.failures) as Failing[], facts, conversation_id === row.id)
  if (failures === null) return false
  row.failures = JSON.stringify(failures)
  sql.run('UPDATE conversations SET failures = ? WHERE id = ?', row.failures, row.id)
  return true
}

/** Makes a message that has its place the one that the list shows. */
export function preview(row: ConversationRow, message: MessageRow): void {
  row.last_message_id = message.id
  row.m_seq = message.seq
  row.m_direction = message.direction
  row.m_type = message.type
  row.m_author_type = message.author_type
  row.m_author_id = message.author_id
  row.m_author_name = message.author_name
  row.m_text = message.text
  row.m_sensitive = message.sensitive
  row.m_media = message.media
  row.last_status = message.status
  row.m_created_at = message.created_at
}

/** Shows the last message that went in or out, after places changed. */
export function previewLast(sql: Sqlite, row: ConversationRow): void {
  const last = sql.get<MessageRow>(
    "SELECT * FROM messages WHERE conversation_id = ? AND seq IS NOT NULL AND direction IN ('inbound', 'outbound') ORDER BY seq DESC LIMIT 1",
    row.id,
  )
  if (last) preview(row, last)
  else row.last_message_id = null
}
