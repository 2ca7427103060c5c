// Joins a conversation into the thread that its new record has already; the emptied one is erased.
import { takeJoined } from '../../rules/conversation.ts'
import { lineOfJoined } from '../../rules/line.ts'
import { applySteps } from '../../rules/steps.ts'
import { deskOf, previewLast, refreshFailures, saveDesk, setFacts } from './conversation-row.ts'
import { messageById } from './message-row.ts'
import type { ConversationRow } from './rows.ts'
import type { Failing } from '../../rules/failures.ts'
import type { Sqlite } from './sqlite.ts'

/** Leaves `target` changed in memory, to be saved by the caller. */
export function joinConversation(sql: Sqlite, source: ConversationRow, target: ConversationRow): void {
  joinReaders(sql, source, target)
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
}

const lineOf = ({ line_id: id, last_inbound_at: lastInboundAt }: ConversationRow) => ({ id, lastInboundAt })

/** Who had read all of the target has read as far in the joined thread as in the source. */
function joinReaders(sql: Sqlite, source: ConversationRow, target: ConversationRow): void {
  sql.run(
    `INSERT INTO readers (conversation_id, agent_id, org_id, read_count, read_seq, feed)
     SELECT ?, s.agent_id, s.org_id,
       ? + s.read_count, ? + s.read_seq, ?
     FROM readers s LEFT JOIN readers t ON t.conversation_id = ? AND t.agent_id = s.agent_id
     WHERE s.conversation_id = ? AND max(?, coalesce(t.read_count, 0)) >= ?
     ON CONFLICT (conversation_id, agent_id) DO UPDATE SET
       read_count = max(read_count, excluded.read_count), read_seq = max(read_seq, excluded.read_seq), feed = excluded.feed`,
    target.id,
    target.inbound_count,
    target.last_seq,
    sql.turn(),
    target.id,
    source.id,
    target.answered_count,
    target.inbound_count,
  )
}
