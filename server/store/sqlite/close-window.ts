// A line's window counts from an earlier time than it did.
import type { Changes } from '../records.ts'
import type { WindowPlace } from '../store.ts'
import { changed } from './changed.ts'
import { touchConversations } from './conversation-row.ts'
import type { Sqlite } from './sqlite.ts'

export function closeWindow(sql: Sqlite, { orgId, ...place }: WindowPlace, at: number, heardBy: number): Promise<Changes> {
  const [which, ...values] =
    'lineId' in place ? ['id = ?', place.lineId] : ['channel = ? AND sender = ? AND key = ?', place.channel, place.sender, place.key]
  return sql.write(() => {
    const line = sql.get<{ id: string; contact_id: string }>(
      `UPDATE lines SET last_inbound_at = ? WHERE org_id = ? AND ${which} AND last_inbound_at > ? AND last_inbound_at <= ?
       RETURNING id, contact_id`,
      at,
      orgId,
      ...values,
      at,
      heardBy,
    )
    if (!line) return changed(orgId)
    const shown = sql.all<{ id: string }>('SELECT id FROM conversations WHERE contact_id = ? AND line_id = ?', line.contact_id, line.id)
    return changed(orgId, {
      conversations: touchConversations(
        sql,
        orgId,
        shown.map(({ id }) => id),
      ),
    })
  })
}
