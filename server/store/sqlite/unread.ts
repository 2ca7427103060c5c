// Read cursors and the numbers made of them: unread = inbound − max(answered, read), absolute and only rising.
import { unreadOf } from '../../../shared/unread.ts'
import { readUpTo, seqToRead } from '../../rules/reading.ts'
import type { AgentRead, ContactUnread, RecordUnread, UnreadNumbers, Viewer } from '../records.ts'
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
    const stored = sql.get<{ read_count: number; read_seq: number }>(
      'SELECT read_count, read_seq FROM readers WHERE conversation_id = ? AND agent_id = ?',
      conversationId,
      viewer.agentId,
    )
    const before = { readCount: stored?.read_count ?? 0, readSeq: stored?.read_seq ?? 0 }
    const readSeq = seqToRead({ lastSeq: row.last_seq }, seq)
    const { ordinal = 0 } =
      sql.get<{ ordinal: number }>('SELECT ordinal FROM messages WHERE conversation_id = ? AND seq = ?', conversationId, readSeq) ?? {}
    const after = readUpTo(before, { readSeq, readCount: ordinal })
    const { readCount } = after ?? before
    const unread = unreadOf({ inboundCount: row.inbound_count, answeredCount: row.answered_count }, readCount)
    if (after === null) return { ...before, unread, changed: false }
    saveReading(sql, viewer.orgId, { ...after, agentId: viewer.agentId, conversationId })
    return { ...after, unread, changed: true }
  })
}

export function saveReading(sql: Sqlite, orgId: string, { agentId, conversationId, readCount, readSeq }: AgentRead): void {
  sql.run(
    `INSERT INTO readers (conversation_id, agent_id, org_id, read_count, read_seq, feed) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (conversation_id, agent_id) DO UPDATE SET read_count = excluded.read_count, read_seq = excluded.read_seq, feed = excluded.feed`,
    conversationId,
    agentId,
    orgId,
    readCount,
    readSeq,
    sql.turn(),
  )
}

const nothingUnfiled = { unfiled: 0, unfiledSince: null }

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

/** A waiting conversation has unread messages too (both end with an answer), so one index serves both. */
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
  const waiting = unfiledOf(sql, viewer.orgId, seen)
  return Object.fromEntries(
    seen.map((id) => [id, { ...(found.get(id) ?? { unread: 0, awaitingSince: null }), ...(waiting.get(id) ?? nothingUnfiled) }]),
  )
}

/** Counts the unfiled messages of the contacts who have one of a record's numbers. */
function unfiledOf(sql: Sqlite, orgId: string, ids: string[]): Map<string, Pick<RecordUnread, 'unfiled' | 'unfiledSince'>> {
  const rows = sql.all<{ record: string; id: string; unfiled: number; since: number }>(
    `SELECT DISTINCT p.coordination_id AS record, c.id, c.inbound_count - c.answered_count AS unfiled, c.awaiting_since AS since
     FROM coordination_phones p INDEXED BY coordination_phones_by_record
     CROSS JOIN contact_keys k ON k.org_id = p.org_id AND k.key = p.key
     CROSS JOIN conversations c INDEXED BY conversations_by_contact ON c.contact_id = k.contact_id
     WHERE p.org_id = ? AND p.coordination_id IN (SELECT value FROM json_each(?))
       AND c.org_id = p.org_id AND c.coordination_id IS NULL AND c.awaiting_since IS NOT NULL ORDER BY since`,
    orgId,
    JSON.stringify(ids),
  )
  const waiting = new Map<string, { unfiled: number; unfiledSince: number | null }>()
  for (const { record, unfiled, since } of rows) {
    const before = waiting.get(record)
    waiting.set(record, { unfiled: (before?.unfiled ?? 0) + unfiled, unfiledSince: before?.unfiledSince ?? since })
  }
  return waiting
}

export function unreadByKey(sql: Sqlite, viewer: Viewer, keys: readonly string[]): ContactUnread[] {
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  return sql.all<ContactUnread>(
    `SELECT k.key, c.contact_id AS contactId, sum(max(0, c.inbound_count - max(c.answered_count, coalesce(r.read_count, 0)))) AS unread,
       min(c.awaiting_since) AS awaitingSince
     FROM contact_keys k CROSS JOIN conversations c INDEXED BY conversations_by_contact ON c.contact_id = k.contact_id
     LEFT JOIN readers r ON r.conversation_id = c.id AND r.agent_id = ?
     WHERE k.org_id = ? AND k.key IN (SELECT value FROM json_each(?))${scope.sql} GROUP BY k.key, c.contact_id`,
    viewer.agentId,
    viewer.orgId,
    JSON.stringify(keys),
    ...scope.values,
  )
}

export function recordsOfContacts(sql: Sqlite, orgId: string, contactIds: readonly string[]): string[] {
  return sql
    .all<{ id: string }>(
      `SELECT DISTINCT p.coordination_id AS id FROM contact_keys k INDEXED BY contact_keys_by_contact
       CROSS JOIN coordination_phones p ON p.org_id = k.org_id AND p.key = k.key
       WHERE k.org_id = ? AND k.contact_id IN (SELECT value FROM json_each(?))`,
      orgId,
      JSON.stringify(contactIds),
    )
    .map(({ id }) => id)
}
