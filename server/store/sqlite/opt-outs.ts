// Who wants no more messages: said about a line by others than its client, and listed.
import { listOptOuts, type OptOutSaid } from '../../rules/opt-out.ts'
import type { ListedOptOut, OptOutSaved, Page, PageRequest } from '../records.ts'
import { changed } from './changed.ts'
import { touchConversations } from './conversation-row.ts'
import { type LineRow, optOutFactsOf, sayOnLine } from './line-row.ts'
import { readCursor, writeCursor } from './paging.ts'
import { conversationsOnLine } from './receive.ts'
import type { Sqlite } from './sqlite.ts'

export function sayOptOut(sql: Sqlite, orgId: string, lineId: string, said: OptOutSaid, at: number): Promise<OptOutSaved> {
  return sql.write(() => {
    const line = sql.get<LineRow>('SELECT * FROM lines WHERE id = ? AND org_id = ?', lineId, orgId)
    if (!line || !sayOnLine(sql, line, said, at)) return { changed: false, changes: changed(orgId) }
    const conversations = touchConversations(sql, orgId, conversationsOnLine(sql, line.contact_id, lineId))
    return { changed: true, changes: changed(orgId, { conversations }) }
  })
}

/** In the order of their lines. */
export function optOuts(sql: Sqlite, orgId: string, page: PageRequest): Page<ListedOptOut> {
  const [after = ''] = readCursor(page.cursor, ['string']) ?? []
  const rows = sql.all<LineRow & { name: string }>(
    `SELECT l.*, p.name FROM lines l INDEXED BY lines_opted_out CROSS JOIN contacts p ON p.id = l.contact_id
     WHERE l.org_id = ? AND (l.opted_out_at IS NOT NULL OR l.marketing_out_at IS NOT NULL) AND l.id > ? ORDER BY l.id LIMIT ?`,
    orgId,
    after,
    page.limit + 1,
  )
  const shown = rows.slice(0, page.limit)
  const items = shown.flatMap((row) =>
    listOptOuts(optOutFactsOf(row)).map((one) => ({
      ...{ channel: row.channel, sender: row.sender, ...one },
      contact: { id: row.contact_id, name: row.name, address: row.address, phone: row.phone },
    })),
  )
  return { items, nextCursor: rows.length > page.limit ? writeCursor([shown.at(-1)?.id ?? '']) : null }
}
