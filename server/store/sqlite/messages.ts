// Messages read: a stretch of a thread, one, the log, and the histories of a contact and of a record.
import type { Message } from '../../../shared/model.ts'
import { hideSensitive } from '../../rules/hide-sensitive.ts'
import { createMatcher, messageTexts } from '../../rules/search.ts'
import type { LogFilter, MessageRange, Page, PageRequest, Viewer } from '../records.ts'
import { type Position, readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { type MessageRow, toMessage } from './rows.ts'
import { inScope, loadOwn, scopeCondition } from './scope.ts'
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

/** Threads of which a merged history is made at most; callers that see more are answered from the log's own index. */
const MERGED_THREADS = 200

/** Newest first. Of a contact, a record or a small scope the threads are merged; else the log's order is scanned. */
export function messageLog(sql: Sqlite, viewer: Viewer, filter: LogFilter, page: PageRequest): Page<Message> {
  const { orgId } = viewer
  const threads = threadsOf(sql, viewer, filter)
  const { where, values } = span(filter, readCursor(page.cursor, ['number', 'string']))
  const rows = threads
    ? merge(threads.map((id) => stretch(sql, 'conversation_id = ?', id, where, values)))
    : stretch(sql, 'org_id = ?', orgId, where, values)
  const scope = new Set(viewer.scope)
  const matches = createMatcher(filter.q)
  const { kept, last } = scan(
    rows,
    page.limit,
    SCAN_BUDGET,
    (row) =>
      (viewer.scope === null || scope.has(row.coordination_id ?? '')) &&
      (filter.coordinationId === undefined || row.coordination_id === filter.coordinationId) &&
      (filter.status === undefined || row.status === filter.status) &&
      (filter.direction === undefined || row.direction === filter.direction) &&
      (filter.channel === undefined || row.channel === filter.channel) &&
      (filter.authorType === undefined || row.author_type === filter.authorType) &&
      (filter.authorId === undefined || row.author_id === filter.authorId) &&
      (matches === null || matches(messageTexts({ text: row.text, author: { name: row.author_name }, sensitive: row.sensitive === 1 }))),
  )
  return { items: kept.map(listed), nextCursor: last ? writeCursor([last.created_at, last.id]) : null }
}

/** Everything said: no plans, and no `moved` lines, since moved messages stand at their own places. */
function history(sql: Sqlite, threads: string[], page: PageRequest): Page<Message> {
  const { where, values } = span({}, readCursor(page.cursor, ['number', 'string']))
  const rows = merge(threads.map((id) => stretch(sql, 'conversation_id = ?', id, where, values)))
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

function threadsOf(sql: Sqlite, viewer: Viewer, filter: LogFilter): string[] | null {
  if (filter.conversationId !== undefined) return threadIds(sql, viewer, 'id = ?', filter.conversationId)
  if (filter.contactId !== undefined) return threadIds(sql, viewer, 'contact_id = ?', filter.contactId)
  if (filter.coordinationId !== undefined) return threadIds(sql, viewer, 'coordination_id = ?', filter.coordinationId)
  if (viewer.scope === null) return null
  const threads = threadIds(sql, viewer, 'coordination_id IS NOT NULL', null)
  return threads.length > MERGED_THREADS ? null : threads
}

function threadIds(sql: Sqlite, viewer: Viewer, condition: string, value: string | null): string[] {
  const scope = scopeCondition(viewer.scope, 'coordination_id')
  return sql
    .all<{ id: string }>(
      `SELECT id FROM conversations WHERE org_id = ? AND ${condition}${scope.sql}`,
      viewer.orgId,
      ...(value === null ? [] : [value]),
      ...scope.values,
    )
    .map(({ id }) => id)
}

function span(filter: LogFilter, from: Position | null): { where: string; values: (string | number)[] } {
  let where = ''
  const values: (string | number)[] = []
  const also = (condition: string, ...more: (string | number)[]) => {
    where += ` AND ${condition}`
    values.push(...more)
  }
  if (filter.from !== undefined) also('created_at >= ?', filter.from)
  if (filter.to !== undefined) also('created_at < ?', filter.to)
  if (from) also('(created_at, id) < (?, ?)', Number(from[0]), String(from[1]))
  return { where, values }
}

/** Read in pieces: several of these are open at once when threads are merged, and a statement runs once at a time. */
const PIECE = 50

function* stretch(
  sql: Sqlite,
  by: 'conversation_id = ?' | 'org_id = ?',
  id: string,
  where: string,
  values: (string | number)[],
): Generator<MessageRow> {
  const index = by === 'org_id = ?' ? 'messages_log' : 'messages_by_time'
  let extra = ''
  let more: (string | number)[] = []
  while (true) {
    const rows = sql.all<MessageRow>(
      `SELECT * FROM messages INDEXED BY ${index} WHERE ${by}${where}${extra} ORDER BY created_at DESC, id DESC LIMIT ${PIECE}`,
      id,
      ...values,
      ...more,
    )
    yield* rows
    const last = rows.at(-1)
    if (!last || rows.length < PIECE) return
    extra = ' AND (created_at, id) < (?, ?)'
    more = [last.created_at, last.id]
  }
}

function* merge(sources: Generator<MessageRow>[]): Generator<MessageRow> {
  const heads = sources.flatMap((source) => {
    const next = source.next()
    return next.done ? [] : [{ source, row: next.value }]
  })
  while (heads.length > 0) {
    let newest = 0
    for (let index = 1; index < heads.length; index++) if (comesFirst(heads[index]?.row, heads[newest]?.row)) newest = index
    const head = heads[newest]
    if (!head) return
    yield head.row
    const next = head.source.next()
    if (next.done) heads.splice(newest, 1)
    else head.row = next.value
  }
}

function comesFirst(a: MessageRow | undefined, b: MessageRow | undefined): boolean {
  if (!a || !b) return false
  return a.created_at > b.created_at || (a.created_at === b.created_at && a.id > b.id)
}
