// The message log: each filter by the index of its way (rules/log-filter.ts); what is left of it is looked at row by row.
import type { Failure, Message } from '../../../shared/model.ts'
import { hideSensitive } from '../../rules/hide-sensitive.ts'
import { asksOfFailures, type LogBranch, logBranches, meetsFailures, meetsFilter } from '../../rules/log-filter.ts'
import { createMatcher, messageTexts } from '../../rules/search.ts'
import type { LogFilter, Page, PageRequest, Viewer } from '../records.ts'
import { ofThread, readStretches, type Stretch, threadIds } from './message-stretches.ts'
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { type Extra, type MessageRow, parsed, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

/** Threads of which a merged history is made at most; callers that see more are answered from the log's own indexes. */
const MERGED_THREADS = 200

/** What the filters look at; the rest of a row is read of those that are listed. */
const looked = [
  ...(['id', 'created_at', 'status', 'direction', 'channel', 'author_type', 'author_id', 'coordination_id'] as const),
  ...(['text', 'author_name', 'sensitive'] as const),
]
const ofFailures = ['error', 'extra', 'media', 'expires_at'] as const
export type LookedRow = Pick<MessageRow, (typeof looked)[number] | (typeof ofFailures)[number]>

export const lookedColumns = (alsoOfFailures: boolean): string => [...looked, ...(alsoOfFailures ? ofFailures : [])].join(', ')

/** Newest first. A page may be short, or empty, and still have a next one. */
export function messageLog(sql: Sqlite, viewer: Viewer, filter: LogFilter, page: PageRequest): Page<Message> {
  const span = { from: filter.from, to: filter.to, before: readCursor(page.cursor, ['number', 'string']) }
  const rows = readStretches<LookedRow>(sql, lookedColumns(asksOfFailures(filter)), stretchesOf(sql, viewer, filter), span)
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, createTest(sql, viewer, filter))
  return { items: load(sql, kept), nextCursor: last ? writeCursor([last.created_at, last.id]) : null }
}

export function createTest(sql: Sqlite, viewer: Viewer, filter: LogFilter): (row: LookedRow) => boolean {
  const scope = viewer.scope === null ? null : new Set(viewer.scope)
  const matches = createMatcher(filter.q)
  const now = sql.clock.now()
  const asksMore = asksOfFailures(filter)
  return (row) => {
    if (scope !== null && !scope.has(row.coordination_id ?? '')) return false
    const author = { type: row.author_type, id: row.author_id }
    if (!meetsFilter(filter, { ...row, author, coordinationId: row.coordination_id })) return false
    if (asksMore && !meetsFailures(filter, failedFacts(row), now)) return false
    return matches === null || matches(messageTexts({ text: row.text, author: { name: row.author_name }, sensitive: row.sensitive === 1 }))
  }
}

const failedFacts = (row: LookedRow) => ({
  ...{ direction: row.direction, status: row.status, text: row.text, expiresAt: row.expires_at },
  error: parsed<Failure>(row.error),
  putAway: parsed<Extra>(row.extra)?.putAway === true,
  hasMedia: (row.media ?? '[]') !== '[]',
})

function load(sql: Sqlite, kept: readonly LookedRow[]): Message[] {
  if (kept.length === 0) return []
  const ids = kept.map(({ id }) => id)
  const rows = sql.all<MessageRow>('SELECT * FROM messages WHERE id IN (SELECT value FROM json_each(?))', JSON.stringify(ids))
  const byId = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = byId.get(id)
    return row === undefined ? [] : [hideSensitive(toMessage(row))]
  })
}

function stretchesOf(sql: Sqlite, viewer: Viewer, filter: LogFilter): Stretch[] {
  const threads = threadsOf(sql, viewer, filter)
  return threads === null ? logBranches(filter).map((branch) => stretchOf(viewer.orgId, branch)) : threads.map(ofThread)
}

/** Null: they are not found by their threads. */
export function threadsOf(sql: Sqlite, viewer: Viewer, filter: LogFilter): string[] | null {
  if (filter.conversationId !== undefined) return threadIds(sql, viewer, 'id = ?', filter.conversationId)
  if (filter.contactId !== undefined) return threadIds(sql, viewer, 'contact_id = ?', filter.contactId)
  if (filter.coordinationId !== undefined) return threadIds(sql, viewer, 'coordination_id = ?', filter.coordinationId)
  if (viewer.scope === null) return null
  const threads = threadIds(sql, viewer, 'coordination_id IS NOT NULL', null)
  return threads.length > MERGED_THREADS ? null : threads
}

function stretchOf(orgId: string, branch: LogBranch): Stretch {
  switch (branch.by) {
    case 'error_code':
      return {
        index: 'messages_by_error_code',
        where: "org_id = ? AND status = 'failed' AND error ->> 'code' = ?",
        values: [orgId, branch.code],
      }
    case 'error_reason':
      return {
        index: 'messages_by_error_reason',
        where: "org_id = ? AND status = 'failed' AND error ->> 'reason' = ?",
        values: [orgId, branch.reason],
      }
    case 'author':
      return {
        index: 'messages_by_author',
        where: "org_id = ? AND author_id = ? AND author_type <> 'contact' AND author_id IS NOT NULL",
        values: [orgId, branch.id],
      }
    case 'author_type':
      return {
        index: 'messages_by_author_type',
        where: "org_id = ? AND author_type = ? AND author_type <> 'contact'",
        values: [orgId, branch.type],
      }
    case 'status':
      return { index: 'messages_by_status', where: 'org_id = ? AND status = ?', values: [orgId, branch.status] }
    case 'internal':
      return { index: 'messages_internal', where: "org_id = ? AND direction = 'internal'", values: [orgId] }
    case 'channel':
      return { index: 'messages_by_channel', where: 'org_id = ? AND channel = ?', values: [orgId, branch.channel] }
  }
}
