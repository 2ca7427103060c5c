// Scope in SQL, in one place: unfiled conversations are outside every scope but the whole organization.
import type { Scope, Viewer } from '../records.ts'
import { type ConversationRow, type OwnConversationRow, selectConversation } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export const inScope = (scope: Scope, coordinationId: string | null) =>
  scope === null || (coordinationId !== null && scope.includes(coordinationId))

/** An SQL condition on a column that holds a record's id, and its value. */
export function scopeCondition(scope: Scope, column: string): { sql: string; values: string[] } {
  return scope === null
    ? { sql: '', values: [] }
    : { sql: ` AND ${column} IN (SELECT value FROM json_each(?))`, values: [JSON.stringify(scope)] }
}

export const selectOwn = `${selectConversation.replace('SELECT c.*,', 'SELECT c.*, r.read_count, r.read_seq,')}
LEFT JOIN readers r ON r.conversation_id = c.id AND r.agent_id = ?`

export function loadOwn(sql: Sqlite, viewer: Viewer, id: string): OwnConversationRow | undefined {
  const row = sql.get<OwnConversationRow>(`${selectOwn} WHERE c.id = ? AND c.org_id = ?`, viewer.agentId, id, viewer.orgId)
  return row && inScope(viewer.scope, row.coordination_id) ? row : undefined
}

/** Rows with these ids, in their order. */
export function loadOwnMany(sql: Sqlite, viewer: Viewer, ids: readonly string[]): OwnConversationRow[] {
  if (ids.length === 0) return []
  const rows = sql.all<OwnConversationRow>(
    `${selectOwn} WHERE c.id IN (SELECT value FROM json_each(?)) AND c.org_id = ?`,
    viewer.agentId,
    JSON.stringify(ids),
    viewer.orgId,
  )
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => byId.get(id) ?? [])
}

/** A conversation as it is for the write that may change it, if the caller may see it. */
export function visible(row: ConversationRow | undefined, viewer: Viewer): row is ConversationRow {
  return row !== undefined && row.org_id === viewer.orgId && inScope(viewer.scope, row.coordination_id)
}
