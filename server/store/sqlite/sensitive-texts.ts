// Sensitive messages that still say something: few, since nearly all are delivered in a moment.
import type { Sqlite } from './sqlite.ts'

export function sensitiveTexts(sql: Sqlite, after: string | null, limit: number): { orgId: string; id: string }[] {
  return sql.all(
    `SELECT org_id AS orgId, id FROM messages INDEXED BY messages_sensitive
     WHERE sensitive = 1 AND text <> '' AND seq IS NOT NULL AND id > ? ORDER BY id LIMIT ?`,
    after ?? '',
    limit,
  )
}
