// The change feed of the whole organization: a place is never skipped, since writes become visible in the order of their
// numbers. One process owns the file, so that nobody reads it all the time: it has no index that each message would pay for.
import { emptyFeed, readKey, readRev, recordKey, templatesKey } from '../news-keys.ts'
import type { Feed, IsNews } from '../records.ts'
import { type AgentRow, toAgent } from './agents.ts'
import { conversationState } from './conversation-row.ts'
import { type CoordinationRow, type MessageRow, toCoordination, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'
import { feed as placeNow } from './sync.ts'

interface Departure {
  feed: number
  conversation_id: string
  from_record: string | null
  erased: number
}
interface ReadRow {
  agent_id: string
  conversation_id: string
  read_count: number
  read_seq: number
}

function placeOf(sql: Sqlite, cursor: string): number | null {
  const [kind, store, place, ...rest] = cursor.split('.')
  if (kind !== 'f1' || store !== sql.storeId || place === undefined || !/^[0-9a-z]{1,11}$/.test(place) || rest.length > 0) return null
  return Number.parseInt(place, 36)
}

export function changesSince(sql: Sqlite, orgId: string, since: string | null, isNews: IsNews): Feed {
  const now = placeNow(sql)
  const cursor = ['f1', sql.storeId, now.toString(36)].join('.')
  if (since === null) return emptyFeed(cursor)
  const after = placeOf(sql, since)
  if (after === null || after > now) return emptyFeed(cursor, true)

  const rows = sql
    .all<{ id: string; rev: number }>(
      'SELECT id, rev FROM conversations INDEXED BY conversations_by_feed WHERE org_id = ? AND feed > ? ORDER BY feed',
      orgId,
      after,
    )
    .filter(({ id, rev }) => isNews(id, rev))
  const departures = sql
    .all<Departure>(
      'SELECT feed, conversation_id, from_record, erased FROM departures WHERE org_id = ? AND feed > ? ORDER BY feed',
      orgId,
      after,
    )
    .map((one) => ({ ...one, key: JSON.stringify(['left', one.feed, one.conversation_id, one.from_record]) }))
    .filter(({ key }) => isNews(key, 1))
  const gone = new Set(departures.filter(({ erased }) => erased === 1).map((one) => one.conversation_id))
  const moved = departures.map((one) => one.conversation_id).filter((id) => !gone.has(id))
  const states = [...new Set([...rows.map(({ id }) => id), ...moved])].map((id) => conversationState(sql, orgId, id))
  const messages = sql
    .all<MessageRow>(
      `SELECT m.* FROM conversations c INDEXED BY conversations_by_feed
       CROSS JOIN messages m INDEXED BY messages_by_feed ON m.conversation_id = c.id AND m.feed > ? WHERE c.org_id = ? ORDER BY m.feed, m.seq`,
      after,
      orgId,
    )
    .filter(({ id, rev }) => isNews(id, rev))
  const reads = sql
    .all<ReadRow>(
      `SELECT r.agent_id, r.conversation_id, r.read_count, r.read_seq FROM conversations c INDEXED BY conversations_by_feed
       CROSS JOIN readers r ON r.conversation_id = c.id AND r.feed > ? WHERE c.org_id = ?`,
      after,
      orgId,
    )
    .map((row) => ({
      agentId: row.agent_id,
      conversationId: row.conversation_id,
      readCount: row.read_count,
      readSeq: row.read_seq,
    }))
  const templates = sql.get<{ changes: number }>('SELECT changes FROM template_changes WHERE org_id = ? AND feed > ?', orgId, after)
  return {
    ...emptyFeed(cursor),
    conversations: states,
    messages: messages.map((row) => ({
      message: toMessage(row),
      lineId: row.line_id,
      sender: row.sender,
      moved: departures.length > 0,
      enteredMsAgo: row.entered_at === null ? null : sql.clock.now() - row.entered_at,
    })),
    left: departures.map(({ key, conversation_id: conversationId, from_record: from }) => {
      const to = states.find(({ id }) => id === conversationId)
      return { key, conversationId, from, ...(to && { to: to.coordinationId }) }
    }),
    reads: reads.filter((one) => isNews(readKey(one), readRev(one))),
    coordinations: sql
      .all<CoordinationRow>('SELECT * FROM coordinations INDEXED BY coordinations_by_feed WHERE org_id = ? AND feed > ?', orgId, after)
      .filter(({ id, rev }) => isNews(recordKey(id), rev))
      .map(toCoordination),
    agents: sql
      .all<AgentRow>(
        'SELECT id, name, presence, settings, seen_at FROM agents INDEXED BY agents_by_feed WHERE org_id = ? AND feed > ?',
        orgId,
        after,
      )
      .map(toAgent),
    templates: templates && isNews(templatesKey(orgId), templates.changes) ? templates.changes : null,
  }
}
