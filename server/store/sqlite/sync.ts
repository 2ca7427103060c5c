// The change feed as one caller may see it. A cursor names this database, the caller's scope and a place in the feed;
// a place is never skipped, since writes become visible in the order of their numbers.
import type { Synced, Viewer } from '../records.ts'
import { viewerHash } from '../viewer-hash.ts'
import { conversations } from './conversations.ts'
import { SCAN_BUDGET } from './paging.ts'
import { toOwnConversation } from './rows.ts'
import { loadOwnMany, scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

export function sync(sql: Sqlite, viewer: Viewer, since: string | null, limit: number): Synced {
  const now = feed(sql)
  const cursor = ['s1', sql.storeId, now.toString(36), viewerHash(viewer)].join('.')
  const after = since === null ? null : placeOf(sql, since, viewerHash(viewer))
  const changes = after === null || after > now ? null : changedSince(sql, viewer, after, limit)
  if (changes)
    return {
      cursor,
      conversations: loadOwnMany(sql, viewer, changes.ids).map(toOwnConversation),
      removed: changes.removed,
      full: false,
    }
  const page = conversations(sql, viewer, { sort: 'activity' }, { cursor: null, limit })
  return { cursor, conversations: page.items, removed: [], full: true }
}

export function feed(sql: Sqlite): number {
  return sql.get<{ value: number }>('SELECT value FROM feed WHERE one = 1')?.value ?? 0
}

function placeOf(sql: Sqlite, cursor: string, hash: string | null): number | null {
  const [kind, store, place, scope, ...rest] = cursor.split('.')
  if (kind !== 's1' || store !== sql.storeId || place === undefined || rest.length > 0) return null
  if (!/^[0-9a-z]{1,11}$/.test(place) || (hash !== null && scope !== hash)) return null
  return Number.parseInt(place, 36)
}

/** The place in the feed that a cursor of any scope names; 0, which is everything, for what is no cursor of ours. */
export function changedAfter(sql: Sqlite, cursor: string): number {
  const place = placeOf(sql, cursor, null)
  return place === null || place > feed(sql) ? 0 : place
}

/** Null: more than fits, or something went into or out of the scope. */
function changedSince(sql: Sqlite, viewer: Viewer, after: number, limit: number): { ids: string[]; removed: string[] } | null {
  const departures = sql.all<{ conversation_id: string; from_record: string | null; to_record: string | null; erased: number }>(
    'SELECT conversation_id, from_record, to_record, erased FROM departures WHERE org_id = ? AND feed > ? ORDER BY feed LIMIT ?',
    viewer.orgId,
    after,
    SCAN_BUDGET,
  )
  if (departures.length === SCAN_BUDGET) return null
  if (viewer.scope !== null) {
    const scope = new Set(viewer.scope)
    if (departures.some(({ from_record, to_record }) => scope.has(from_record ?? '') || scope.has(to_record ?? ''))) return null
  }
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  const changed = sql.all<{ id: string; coordination_id: string | null }>(
    'SELECT id, coordination_id FROM conversations INDEXED BY conversations_by_feed WHERE org_id = ? AND feed > ? ORDER BY feed LIMIT ?',
    viewer.orgId,
    after,
    viewer.scope === null ? limit + 1 : SCAN_BUDGET,
  )
  if (viewer.scope !== null && changed.length === SCAN_BUDGET) return null
  const mine = new Set(viewer.scope)
  const ids = new Set(changed.filter((row) => viewer.scope === null || mine.has(row.coordination_id ?? '')).map((row) => row.id))
  const read = sql.all<{ id: string }>(
    `SELECT c.id FROM readers r INDEXED BY readers_by_feed CROSS JOIN conversations c ON c.id = r.conversation_id
     WHERE r.org_id = ? AND r.agent_id = ? AND r.feed > ?${scope.sql} ORDER BY r.feed LIMIT ?`,
    viewer.orgId,
    viewer.agentId,
    after,
    ...scope.values,
    limit + 1,
  )
  for (const { id } of read) ids.add(id)
  if (ids.size > limit) return null
  const removed = departures.filter(({ erased }) => erased === 1 && viewer.scope === null).map((row) => row.conversation_id)
  return { ids: [...ids], removed: [...new Set(removed)] }
}
