// Enters what was planned when its time has come: as it was planned, as failed, or as its plan B says.
import type { Message } from '../../../shared/model.ts'
import { windowIsOpen } from '../../../shared/window.ts'
import { enterMessage, entersAs, NEWEST_WHILE_HELD, whileHeld } from '../../rules/conversation.ts'
import { expiryOf } from '../../rules/message.ts'
import { refuses } from '../../rules/opt-out.ts'
import { enterBy, smsInstead, type Way } from '../../rules/plan-b.ts'
import type { Changes, Draft, DueEntered, DueEntry } from '../records.ts'
import { applyChange, factsOf, saveWords } from './change-message.ts'
import { factsOf as conversationFacts, loadConversation, takeSteps } from './conversation-row.ts'
import { created, enterNow, optOutsOf, refusal, repeated } from './enter.ts'
import { enterLine } from './line-row.ts'
import { messageById } from './message-row.ts'
import { type ConversationRow, type Extra, json, type MessageRow, parsed } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function enterScheduled(sql: Sqlite, orgId: string, id: string, now: number, how: DueEntry): Promise<DueEntered> {
  return sql.write(() => {
    const message = messageById(sql, orgId, id)
    if (!message) return { outcome: 'missing' }
    // Put off in the moment in which it was due: not yet.
    if (message.status !== 'scheduled' || (message.due_at ?? 0) > now) return repeated(sql, message)
    const row = loadConversation(sql, orgId, message.conversation_id)
    if (!row) return { outcome: 'missing' }
    const { direction, author_type: authorType, author_id: authorId } = message
    const refused = 'checks' in how ? refusal(sql, row, { direction, authorType, authorId }, how.checks, now) : null
    if (refused) return refused
    const way = wayOf(row, how, now)
    const instead = way?.step === 'sms' ? enterInstead(sql, message, way, now) : null
    if (instead && instead.outcome !== 'created' && instead.outcome !== 'repeated') return instead
    const failure = 'failure' in how ? how.failure : way?.step === null ? way.failure : null
    const outbound = direction === 'outbound'
    message.status = entersAs(direction, failure)
    if (way) applyChange(message, enterBy(factsOf(message), way))
    const held = how.held ? whileHeld(message.created_at, conversationFacts(row), newestOf(sql, row.id)) : null
    takeSteps(row, enterMessage({ direction, authorType, status: message.status, claimedAt: null }, now, held))
    message.seq = row.last_seq
    message.ordinal = row.inbound_count
    message.coordination_id = row.coordination_id
    message.line_id = row.line_id
    message.error = json(failure)
    message.failed_at = failure ? now : null
    message.entered = outbound ? enterLine(sql, row.line_id, row.coordination_id) : null
    message.entered_at = outbound ? now : null
    message.expires_at = expiryOf({ expiresInMs: message.expires_in, dueAt: message.due_at }, now)
    message.rev++
    sql.run(
      `UPDATE messages SET seq = ?, ordinal = ?, coordination_id = ?, line_id = ?, status = ?, error = ?, failed_at = ?, entered = ?,
         entered_at = ?, expires_at = ?, rev = ?, feed = ? WHERE id = ?`,
      message.seq,
      message.ordinal,
      message.coordination_id,
      message.line_id,
      message.status,
      message.error,
      message.failed_at,
      message.entered,
      message.entered_at,
      message.expires_at,
      message.rev,
      sql.turn(),
      id,
    )
    if (way) saveWords(sql, message)
    const entered = created(sql, row, message)
    return instead ? { ...entered, changes: together(entered.changes, instead.changes) } : entered
  })
}

const newestOf = (sql: Sqlite, conversationId: string) =>
  sql.all<{ direction: Message['direction']; createdAt: number }>(
    'SELECT direction, created_at AS createdAt FROM messages WHERE conversation_id = ? AND seq > 0 ORDER BY seq DESC LIMIT ?',
    conversationId,
    NEWEST_WHILE_HELD,
  )

function wayOf(row: ConversationRow, how: DueEntry, now: number): Way | null {
  if (!('checks' in how) || !how.way) return null
  const out = optOutsOf(row)
  const windowOpen = windowIsOpen(row.channel, row.last_inbound_at, now)
  return how.way({ windowOpen, optedOut: refuses(out, 'service'), marketingOut: refuses(out, 'marketing') })
}

/** The SMS in the place of what is due: a message of its own in a thread of its own. */
function enterInstead(sql: Sqlite, planned: MessageRow, { because, place }: Way & { step: 'sms' }, now: number) {
  if (place === null) return { outcome: 'no_thread' } as const
  const thread = loadConversation(sql, planned.org_id, place.conversationId)
  if (!thread) return { outcome: 'missing' } as const
  if (refuses(optOutsOf(thread), 'service')) return { outcome: 'opted_out' } as const
  const { id, text, extra, lane, due_at: dueAt, expires_in: expiresInMs, coordination_id: coordinationId } = planned
  const source = {
    id,
    orgId: planned.org_id,
    author: { type: planned.author_type, id: planned.author_id, name: planned.author_name },
    text,
    planB: parsed<Extra>(extra)?.planB ?? null,
    lane: (lane ?? 0) as Draft['lane'],
    sensitive: planned.sensitive === 1,
    dueAt,
    expiresInMs,
    coordinationId,
  }
  return enterNow(sql, thread, smsInstead(source, { because, place }, now))
}

function together(one: Changes, other: Changes): Changes {
  return { ...one, conversations: [...one.conversations, ...other.conversations], messages: [...one.messages, ...other.messages] }
}
