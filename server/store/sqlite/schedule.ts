// Messages for later: kept without a place in the thread until they are due.
import type { Message } from '../../../shared/model.ts'
import type { ConversationState, Draft, EnterChecks, Entered } from '../records.ts'
import { changed } from './changed.ts'
import { holdMessage } from '../../rules/conversation.ts'
import { partsOf } from '../../rules/draft-parts.ts'
import { loadConversation, saveConversation, takeSteps } from './conversation-row.ts'
import { fieldsOf, newRefusal, repeated } from './enter.ts'
import { insertMessage, messageByKey } from './message-row.ts'
import { type ConversationRow, json, type MessageRow, selectConversation, toConversation, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export const schedule = (sql: Sqlite, draft: Draft): Promise<Entered> => keep(sql, draft, null)
export const hold = (sql: Sqlite, draft: Draft, checks: EnterChecks): Promise<Entered> => keep(sql, draft, checks)

function keep(sql: Sqlite, draft: Draft, checks: EnterChecks | null): Promise<Entered> {
  return sql.write(() => {
    const first = draft.key === null ? undefined : messageByKey(sql, draft.orgId, draft.key)
    if (first) return repeated(sql, first)
    const row = loadConversation(sql, draft.orgId, draft.conversationId)
    if (!row) return { outcome: 'missing' }
    const refused = checks && newRefusal(sql, row, draft, checks, draft.dueAt ?? draft.createdAt)
    if (refused) return refused
    const [message, ...others] = partsOf(draft).map((part) =>
      toMessage(
        insertMessage(sql, {
          ...{ ...fieldsOf(part, row), ordinal: row.inbound_count },
          ...(part.canceled ? { status: 'canceled', error: json(part.canceled) } : { status: 'scheduled' }),
        }),
      ),
    ) as [Message, ...Message[]]
    const opens = checks !== null && row.status !== 'open'
    if (opens) {
      takeSteps(row, holdMessage())
      saveConversation(sql, row)
    }
    const conversation = toConversation(row)
    return {
      outcome: 'created',
      message,
      conversation,
      changes: changed(draft.orgId, { news: 'entered', conversations: opens ? [conversation] : [], messages: [message, ...others] }),
    }
  })
}

export function dueMessages(
  sql: Sqlite,
  now: number,
  limit: number,
): { orgId: string; message: Message; conversation: ConversationState }[] {
  return sql
    .all<MessageRow>("SELECT * FROM messages WHERE status = 'scheduled' AND due_at <= ? ORDER BY due_at, id LIMIT ?", now, limit)
    .flatMap((row) => {
      const conversation = sql.get<ConversationRow>(`${selectConversation} WHERE c.id = ?`, row.conversation_id)
      return conversation ? [{ orgId: row.org_id, message: toMessage(row), conversation: toConversation(conversation) }] : []
    })
}

export function nextDueAt(sql: Sqlite): number | null {
  return sql.get<{ due: number | null }>("SELECT min(due_at) AS due FROM messages WHERE status = 'scheduled'")?.due ?? null
}
