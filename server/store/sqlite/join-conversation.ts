// Joins a conversation into the thread that its new record has already; the emptied one is erased.
import { takeJoined } from '../../rules/conversation.ts'
import { lineOfJoined } from '../../rules/line.ts'
import { applySteps } from '../../rules/steps.ts'
import { joinReading } from '../../rules/reading.ts'
import { deskOf, factsOf, previewLast, refreshFailures, saveDesk, setFacts } from './conversation-row.ts'
import { messageById } from './message-row.ts'
import type { ConversationRow } from './rows.ts'
import type { Failing } from '../../rules/failures.ts'
import type { AgentRead } from '../records.ts'
import { saveReading } from './unread.ts'
import type { Sqlite } from './sqlite.ts'

/** Leaves `target` changed in memory, to be saved by the caller. Answers the cursors there that rose. */
export function joinConversation(sql: Sqlite, source: ConversationRow, target: ConversationRow): AgentRead[] {
  const reads = joinReaders(sql, source, target)
  sql.run(
    `UPDATE messages SET conversation_id = ?, coordination_id = ?, seq = seq + ?, ordinal = ordinal + ?, rev = rev + 1, feed = ?
     WHERE conversation_id = ? AND seq IS NOT NULL`,
    target.id,
    target.coordination_id,
    target.last_seq,
    target.inbound_count,
    sql.turn(),
    source.id,
  )
  // Planned messages have no place yet and go along.
  sql.run(
    'UPDATE messages SET conversation_id = ?, coordination_id = ?, rev = rev + 1, feed = ? WHERE conversation_id = ?',
    target.id,
    target.coordination_id,
    sql.turn(),
    source.id,
  )
  const joined = applySteps(deskOf(target), takeJoined(deskOf(source)))
  setFacts(target, joined)
  saveDesk(sql, target, joined)
  target.line_id = lineOfJoined(lineOf(target), lineOf(source)).id
  for (const { messageId } of JSON.parse(source.failures) as Failing[]) {
    const message = messageById(sql, target.org_id, messageId)
    if (message) refreshFailures(sql, target, message)
  }
  sql.run('DELETE FROM readers WHERE conversation_id = ?', source.id)
  sql.run('DELETE FROM conversations WHERE id = ?', source.id)
  previewLast(sql, target)
  return reads
}

const lineOf = ({ line_id: id, last_inbound_at: lastInboundAt }: ConversationRow) => ({ id, lastInboundAt })

/** Answers the cursors that rose. */
function joinReaders(sql: Sqlite, source: ConversationRow, target: ConversationRow): AgentRead[] {
  const readers = sql.all<AgentRead>(
    `SELECT agent_id AS agentId, read_count AS readCount, read_seq AS readSeq, conversation_id AS conversationId FROM readers
     WHERE conversation_id IN (?, ?)`,
    source.id,
    target.id,
  )
  const [there, here] = [source, target].map(({ id }) => readers.filter((one) => one.conversationId === id))
  const raised = (there ?? []).flatMap((one) => {
    const own = here?.find(({ agentId }) => agentId === one.agentId) ?? { readCount: 0, readSeq: 0 }
    const after = joinReading(own, one, factsOf(target))
    return after ? { ...after, agentId: one.agentId, conversationId: target.id } : []
  })
  for (const one of raised) saveReading(sql, target.org_id, one)
  return raised
}
