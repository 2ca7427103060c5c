// A page of the message log as lines of a table. Runs in the reader's thread: a million lines hold no socket up.
import { messageColumns, threadColumns } from '../../rules/log-table.ts'
import { linesOf } from '../../rules/text-table.ts'
import type { LogFilter, LogTable, PageRequest, TextPage, Viewer } from '../records.ts'
import { logThreads } from './log-threads.ts'
import { messageLog } from './message-log.ts'
import type { Sqlite } from './sqlite.ts'

export function logTable(sql: Sqlite, viewer: Viewer, filter: LogFilter, { of, locale }: LogTable, page: PageRequest): TextPage {
  if (of === 'conversations') {
    const { items, nextCursor } = logThreads(sql, viewer, filter, page)
    return { text: linesOf(threadColumns, items), nextCursor }
  }
  const { items, nextCursor } = messageLog(sql, viewer, filter, page)
  return { text: linesOf(messageColumns(locale), items), nextCursor }
}
