// Read cursors and the numbers made of them: unread = inbound − max(answered, read), absolute and only rising.
import type { RecordUnread, UnreadNumbers, Viewer } from '../records.ts'
import { scopeCondition, visible } from './scope.ts'
import { loadConversation } from './conversation-row.ts'
import type { Sqlite } from './sqlite.ts'

export function markRead(
  sql: Sqlite,
  viewer: Viewer,
  conversationId: string,
  seq: number,
): Promise<{ unread: number; readCount: number; readSeq: number; changed: boolean } | null> {
  return sql.write(() => {
    const row = loadConversation(sql, viewer.orgId, conversationId)
    if (!visible(row, viewer)) return null
    const before = sql.get<{ read_count: number; read_seq: number }>(
      'SELECT read_count, read_seq FROM readers WHERE conversation_id = ? AND agent_id = ?',
      conversationId,
      viewer.agentId,
    ) ?? { read_count: 0, read_seq: 0 }
    const readSeq = Math.min(seq, row.last_seq)
    const numbers = (readCount: number, upTo: number) => ({
      unread: Math.max(0, row.inbound_count - Math.max(row.answered_count, readCount)),
      readCount,
      readSeq: upTo,
    })
    if (readSeq <= before.read_seq) return { ...numbers(before.read_count, before.read_seq), changed: false }
    const ordinal = sql.get<{ ordinal: number }>(
      'SELECT ordinal FROM messages WHERE conversation_id = ? AND seq = ?',
      conversationId,
      readSeq,
    )
    const readCount = Math.max(before.read_count, ordinal?.ordinal ?? 0)
    sql.run(
      `INSERT INTO readers (conversation_id, agent_id, org_id, read_count, read_seq, feed) VALUES (?, ?, ?, ?, ?, ?)
       ON CONFLICT (conversation_id, agent_id) DO UPDATE SET read_count = excluded.read_count, read_seq = excluded.read_seq, feed = excluded.feed`,
      conversationId,
      viewer.agentId,
      viewer.orgId,
      readCount,
      readSeq,
      sql.turn(),
    )
    return { ...numbers(readCount, readSeq), changed: true }
  })
}

interface Sums {
  total: number
  conversations: number
  awaiting: number
}

/** All callers of one scope share one aggregate; what each has read is taken off by one query for all of them. */
export function unread(sql: Sqlite, viewers: Viewer[]): UnreadNumbers[] {
  const version = sql.get<{ value: number }>('SELECT value FROM feed WHERE one = 1')?.value ?? 0
  const groups = new Map<string, Viewer[]>()
  for (const viewer of viewers) {
    const key = JSON.stringify([viewer.orgId, viewer.scope === null ? null : [...viewer.scope].sort()])
    groups.set(key, [...(groups.get(key) ?? []), viewer])
  }
  const answers = new Map<Viewer, UnreadNumbers>()
  for (const group of groups.values()) {
    const [first] = group
    if (!first) continue
    const sums = sumAll(sql, first)
    const read = readBy(sql, first, [...new Set(group.map((viewer) => viewer.agentId))])
    for (const viewer of group) {
      const own = read.get(viewer.agentId)
      answers.set(viewer, {
        version,
        total: sums.total - (own?.messages ?? 0),
        conversations: sums.conversations - (own?.conversations ?? 0),
        awaitingReply: sums.awaiting,
      })
    }
  }
  return viewers.map((viewer) => answers.get(viewer) ?? { version, total: 0, conversations: 0, awaitingReply: 0 })
}

/** What waits is counted unread too (both end with an answer), so one index serves both. */
function unanswered(viewer: Viewer) {
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  const index = viewer.scope === null ? 'conversations_unanswered' : 'conversations_by_record'
  return {
    from: `conversations c INDEXED BY ${index}`,
    where: `c.org_id = ? AND c.inbound_count > c.answered_count${scope.sql}`,
    values: [viewer.orgId, ...scope.values],
  }
}

function sumAll(sql: Sqlite, viewer: Viewer): Sums {
  const { from, where, values } = unanswered(viewer)
  const all = sql.get<{ total: number | null; conversations: number }>(
    `SELECT sum(c.inbound_count - c.answered_count) AS total, count(*) AS conversations FROM ${from} WHERE ${where}`,
    ...values,
  )
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  const waiting = sql.get<{ n: number }>(
    `SELECT count(*) AS n FROM conversations c INDEXED BY ${viewer.scope === null ? 'conversations_waiting' : 'conversations_by_record'}
     WHERE c.org_id = ? AND c.awaiting_since IS NOT NULL${scope.sql}`,
    viewer.orgId,
    ...scope.values,
  )
  return { total: all?.total ?? 0, conversations: all?.conversations ?? 0, awaiting: waiting?.n ?? 0 }
}

/** Per agent, what of the unanswered they have read. */
function readBy(sql: Sqlite, viewer: Viewer, agents: string[]): Map<string, { messages: number; conversations: number }> {
  const { from, where, values } = unanswered(viewer)
  const rows = sql.all<{ agent_id: string; messages: number; conversations: number }>(
    `SELECT r.agent_id, sum(min(r.read_count, c.inbound_count) - c.answered_count) AS messages,
       count(*) FILTER (WHERE r.read_count >= c.inbound_count) AS conversations
     FROM ${from} CROSS JOIN readers r ON r.conversation_id = c.id
     WHERE ${where} AND r.agent_id IN (SELECT value FROM json_each(?)) AND r.read_count > c.answered_count GROUP BY r.agent_id`,
    ...values,
    JSON.stringify(agents),
  )
  return new Map(rows.map(({ agent_id, messages, conversations }) => [agent_id, { messages, conversations }]))
}

export function unreadByCoordination(sql: Sqlite, viewer: Viewer, ids: string[]): Record<string, RecordUnread> {
  const scope = viewer.scope === null ? null : new Set(viewer.scope)
  const seen = ids.filter((id) => scope === null || scope.has(id))
  const rows = sql.all<{ id: string; unread: number; awaiting: number | null }>(
    `SELECT c.coordination_id AS id, sum(max(0, c.inbound_count - max(c.answered_count, coalesce(r.read_count, 0)))) AS unread,
       min(c.awaiting_since) AS awaiting
     FROM conversations c INDEXED BY conversations_by_record LEFT JOIN readers r ON r.conversation_id = c.id AND r.agent_id = ?
     WHERE c.org_id = ? AND c.coordination_id IN (SELECT value FROM json_each(?)) GROUP BY c.coordination_id`,
    viewer.agentId,
    viewer.orgId,
    JSON.stringify(seen),
  )
  const found = new Map(rows.map(({ id, unread, awaiting }) => [id, { unread, awaitingSince: awaiting }]))
  return Object.fromEntries(seen.map((id) => [id, found.get(id) ?? { unread: 0, awaitingSince: null }]))
}
