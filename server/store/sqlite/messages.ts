// Messages read: a stretch of a thread, one, and the histories of a contact and of a record.
import type { Message } from '../../../shared/model.ts'
import { hideSensitive } from '../../rules/hide-sensitive.ts'
import type { MessageRange, Page, PageRequest, Viewer } from '../records.ts'
import { ofThread, readStretches, threadIds } from './message-stretches.ts'
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { type MessageRow, toMessage } from './rows.ts'
import { inScope, loadOwn } from './scope.ts'
import type { Sqlite } from './sqlite.ts'
import { changedAfter } from './sync.ts'

export function message(sql: Sqlite, viewer: Viewer, id: string): Message | null {
  const row = sql.get<MessageRow>('SELECT * FROM messages WHERE id = ? AND org_id = ?', id, viewer.orgId)
  return row && inScope(viewer.scope, row.coordination_id) ? toMessage(row) : null
}

export function messages(
  sql: Sqlite,
  viewer: Viewer,
  conversationId: string,
  range: MessageRange,
): { items: Message[]; hasMore: boolean } | null {
  if (!loadOwn(sql, viewer, conversationId)) return null
  const feed = range.changedSince === undefined ? 0 : changedAfter(sql, range.changedSince)
  const backwards = range.after === undefined && range.changedSince === undefined
  const rows = sql.all<MessageRow>(
    `SELECT * FROM messages WHERE conversation_id = ? AND seq IS NOT NULL AND seq > ? AND seq < ?${feed > 0 ? ' AND feed > ?' : ''}
     ORDER BY seq ${backwards ? 'DESC' : 'ASC'} LIMIT ?`,
    conversationId,
    range.after ?? 0,
    range.before ?? Number.MAX_SAFE_INTEGER,
    ...(feed > 0 ? [feed] : []),
    range.limit + 1,
  )
  const items = rows.slice(0, range.limit).map(toMessage)
  return { items: backwards ? items.reverse() : items, hasMore: rows.length > range.limit }
}

/** Everything said: no plans, and no `moved` lines, since moved messages stand at their own places. */
function history(sql: Sqlite, threads: string[], page: PageRequest): Page<Message> {
  const before = readCursor(page.cursor, ['number', 'string'])
  const rows = readStretches<MessageRow>(sql, '*', threads.map(ofThread), { before })
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, (row) => row.seq !== null && row.type !== 'moved')
  return { items: kept.map(listed), nextCursor: last ? writeCursor([last.created_at, last.id]) : null }
}

export function contactMessages(sql: Sqlite, viewer: Viewer, id: string, page: PageRequest): Page<Message> | null {
  const threads = threadIds(sql, viewer, 'contact_id = ?', id)
  if (threads.length > 0) return history(sql, threads, page)
  const known = viewer.scope === null && sql.get('SELECT 1 FROM contacts WHERE id = ? AND org_id = ?', id, viewer.orgId) !== undefined
  return known ? { items: [], nextCursor: null } : null
}

export function coordinationMessages(sql: Sqlite, viewer: Viewer, id: string, page: PageRequest): Page<Message> | null {
  if (!inScope(viewer.scope, id)) return null
  const threads = threadIds(sql, viewer, 'coordination_id = ?', id)
  if (threads.length > 0) return history(sql, threads, page)
  const known = sql.get('SELECT 1 FROM coordinations WHERE org_id = ? AND id = ?', viewer.orgId, id) !== undefined
  return known ? { items: [], nextCursor: null } : null
}

const listed = (row: MessageRow) => hideSensitive(toMessage(row))
