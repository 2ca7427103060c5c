// Enters messages into their thread: the next `seq` and `queued` (or `received`, internal) in one step.
import type { Message } from '../../../shared/model.ts'
import {
  type Answers,
  enterMessage,
  entersAs,
  isAboutToAnswer,
  isPreviewed,
  latestAnswers,
  type ThreadMessage,
  unseenAnswer,
} from '../../rules/conversation.ts'
import { expiryOf } from '../../rules/message.ts'
import { partsOf } from '../../rules/draft-parts.ts'
import { sentMedia } from '../../rules/media.ts'
import { refuses } from '../../rules/opt-out.ts'
import { windowIsOpen } from '../../../shared/window.ts'
import type { Draft, EnterChecks, Entered, Keyed } from '../records.ts'
import { changed } from './changed.ts'
import { conversationState, loadConversation, preview, refreshFailures, saveConversation, takeSteps } from './conversation-row.ts'
import { enterLine } from './line-row.ts'
import { mediaColumnsOf } from './media.ts'
import { insertMessage, messageByKey } from './message-row.ts'
import { type ConversationRow, type Extra, json, type MessageRow, toConversation, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function enter(sql: Sqlite, draft: Draft, checks: EnterChecks): Promise<Entered> {
  return sql.write(() => {
    const { orgId } = draft
    const first = draft.key === null ? undefined : messageByKey(sql, orgId, draft.key)
    if (first) return repeated(sql, first)
    const row = loadConversation(sql, orgId, draft.conversationId)
    if (!row) return { outcome: 'missing' }
    return newRefusal(sql, row, draft, checks, draft.createdAt) ?? enterAll(sql, row, draft)
  })
}

function enterAll(sql: Sqlite, row: ConversationRow, draft: Draft): Created {
  const [first, ...others] = partsOf(draft)
  const entered = enterNow(sql, row, first)
  const after = others.map((part) => enterNow(sql, row, part))
  const { conversation, changes } = after.at(-1) ?? entered
  return { ...entered, conversation, changes: { ...changes, messages: [entered, ...after].map((one) => one.message) } }
}

export function enterNow(sql: Sqlite, row: ConversationRow, draft: Draft): Created {
  const { direction, author, createdAt: at } = draft
  const outbound = direction === 'outbound'
  const status = entersAs(direction, null)
  takeSteps(row, enterMessage({ direction, authorType: author.type, status, claimedAt: null }, at))
  const message = insertMessage(sql, {
    ...fieldsOf(draft, row),
    seq: row.last_seq,
    ordinal: row.inbound_count,
    status,
    entered: outbound ? enterLine(sql, row.line_id, row.coordination_id) : null,
    entered_at: outbound ? at : null,
    expires_at: expiryOf(draft, at),
  })
  return created(sql, row, message)
}

export type Created = Extract<Entered, { outcome: 'created' | 'repeated' }>

export function created(sql: Sqlite, row: ConversationRow, message: MessageRow): Created {
  if (isPreviewed(message.direction)) preview(row, message)
  if (message.status === 'failed') refreshFailures(sql, row, message)
  saveConversation(sql, row)
  const conversation = toConversation(row)
  const wire = toMessage(message)
  return {
    outcome: 'created',
    message: wire,
    conversation,
    changes: changed(row.org_id, { news: 'entered', conversations: [conversation], messages: [wire] }),
  }
}

export function repeated(sql: Sqlite, first: MessageRow): Entered {
  return {
    outcome: 'repeated',
    message: toMessage(first),
    conversation: conversationState(sql, first.org_id, first.conversation_id),
    changes: changed(first.org_id),
  }
}

function askedOf({ conversationId, askedRecord }: Draft): Keyed['asked'] {
  return { conversationId, coordinationId: askedRecord }
}

/** A draft's content, without its place. */
export function fieldsOf(draft: Draft, row: ConversationRow) {
  const { template, planB, marketing, event } = draft
  const extra: Extra = {
    ...(template ? { template } : {}),
    ...(planB ? { planB } : {}),
    ...(marketing ? { marketing } : {}),
    ...(event ? { event } : {}),
  }
  return {
    id: draft.id,
    org_id: draft.orgId,
    conversation_id: row.id,
    coordination_id: row.coordination_id,
    direction: draft.direction,
    type: draft.type,
    channel: row.channel,
    author_type: draft.author.type,
    author_id: draft.author.id,
    author_name: draft.author.name,
    text: draft.text,
    extra: Object.keys(extra).length > 0 ? JSON.stringify(extra) : null,
    created_at: draft.createdAt,
    reply_to_id: draft.replyToId,
    sensitive: draft.sensitive ? 1 : 0,
    line_id: row.line_id,
    sender: row.sender,
    lane: draft.lane,
    cost: draft.cost,
    content: json(draft.content),
    key: draft.key,
    asked: draft.key === null ? null : JSON.stringify(askedOf(draft)),
    client_message_id: draft.clientMessageId,
    retry_of: draft.retryOf,
    fallback_of: draft.fallbackOf,
    due_at: draft.dueAt,
    expires_in: draft.expiresInMs,
    ...mediaColumnsOf(sentMedia(draft.id, draft.media ?? [])),
  }
}

export const optOutsOf = ({ opted_out_at: optedOutAt, marketing_out_at: marketingOutAt }: ConversationRow) => ({
  optedOutAt,
  marketingOutAt,
})

interface Writer {
  direction: Message['direction']
  authorType: Message['author']['type']
  authorId: string | null
}

export function refusal(sql: Sqlite, row: ConversationRow, by: Writer, checks: EnterChecks, now: number): Entered | null {
  const { ifNoAnswerSince, contactLimit } = checks
  const answer = ifNoAnswerSince === null ? null : answeredByOther(sql, row.id, by.authorId, ifNoAnswerSince)
  if (answer) return { outcome: 'answered', by: answer }
  if (checks.consent !== null && refuses(optOutsOf(row), checks.consent)) return { outcome: 'opted_out' }
  if (checks.openWindow && !windowIsOpen(row.channel, row.last_inbound_at, now)) return { outcome: 'closed' }
  const until = contactLimit === null || by.direction !== 'outbound' ? null : limitedUntil(sql, row, by, contactLimit, now)
  return until === null ? null : { outcome: 'limited', until }
}

/** Of what was written just now: also where a colleague's answer goes in a moment. */
export function newRefusal(sql: Sqlite, row: ConversationRow, draft: Draft, checks: EnterChecks, now: number): Entered | null {
  const { direction, author } = draft
  const refused = refusal(sql, row, { direction, authorType: author.type, authorId: author.id }, checks, now)
  if (refused || checks.ifNoAnswerSince === null) return refused
  const planned = sql.all<MessageRow>('SELECT * FROM messages WHERE conversation_id = ? AND seq IS NULL', row.id)
  const by = planned.find(({ id, author_type: authorType, author_id: authorId, status, due_at: dueAt }) =>
    isAboutToAnswer({ id, authorType, authorId, status, dueAt }, author.id ?? '', draft.createdAt),
  )
  return by ? { outcome: 'answered', by: toMessage(by) } : null
}

function answeredByOther(sql: Sqlite, conversationId: string, authorId: string | null, since: number): Message | null {
  const answer = unseenAnswer(answersOf(sql, conversationId, since), authorId ?? '', since)
  const row = answer && sql.get<MessageRow>('SELECT * FROM messages WHERE id = ?', answer.id)
  return row ? toMessage(row) : null
}

/** Who answered the thread after this seq. */
export const answersOf = (sql: Sqlite, conversationId: string, since: number): Answers =>
  latestAnswers(messagesSince(sql, conversationId, since))

/** The newest first. */
function* messagesSince(sql: Sqlite, conversationId: string, since: number): Iterable<ThreadMessage> {
  const rows = sql.each<Omit<ThreadMessage, 'wasMoved'> & { wasMoved: number }>(
    `SELECT m.id, m.seq, m.direction, m.author_type AS authorType, m.author_id AS authorId, m.status, m.claimed_at AS claimedAt,
       EXISTS (SELECT 1 FROM moved_messages n JOIN moves v ON v.id = n.move_id WHERE n.message_id = m.id AND v.undone_at IS NULL) AS wasMoved
     FROM messages m WHERE m.conversation_id = ? AND m.seq > ? ORDER BY m.seq DESC`,
    conversationId,
    since,
  )
  for (const row of rows) yield { ...row, wasMoved: row.wasMoved === 1 }
}

/** When the oldest of the last `max` messages leaves the span that is counted; null: there is room. Agents and automations count apart. */
function limitedUntil(
  sql: Sqlite,
  row: ConversationRow,
  by: Writer,
  limit: NonNullable<EnterChecks['contactLimit']>,
  now: number,
): number | null {
  const counted = sql.get<{ entered_at: number }>(
    `SELECT m.entered_at FROM conversations c CROSS JOIN messages m INDEXED BY messages_entered ON m.conversation_id = c.id
     WHERE c.contact_id = ? AND m.entered_at > ? AND (m.author_type = 'agent') = ? AND NOT (m.status IN ('failed', 'canceled') AND m.claimed_at IS NULL)
     ORDER BY m.entered_at DESC LIMIT 1 OFFSET ?`,
    row.contact_id,
    limit.since,
    by.authorType === 'agent' ? 1 : 0,
    Math.max(0, limit.max - 1),
  )
  return counted ? counted.entered_at + (now - limit.since) : null
}
