// The message log by conversation: each with the sums of what it holds of a filter. Runs in the reader's thread, where a long thread
// holds nobody up.
import type { LogThread, Message } from '../../../shared/model.ts'
import { addToSums, type Sums } from '../../rules/log-table.ts'
import { asksOfFailures } from '../../rules/log-filter.ts'
import type { LogFilter, Page, PageRequest, Viewer } from '../records.ts'
import { createTest, lookedColumns, type LookedRow, threadsOf } from './message-log.ts'
import { ofThread, readStretches } from './message-stretches.ts'
import { type Position, readCursor, SCAN_BUDGET, writeCursor } from './paging.ts'
import { iso, type MessageRow, parsed } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

interface ThreadRow {
  id: string
  activity_at: number | null
  channel: LogThread['channel']
  coordination_id: string | null
  contact_id: string
  name: string
  phone: string | null
  address: string
}

/** Conversations read at a time. */
const PIECE = 100

const select = `SELECT c.id, c.activity_at, c.channel, c.coordination_id, c.contact_id, p.name, l.phone, l.address FROM conversations c`
const joins = 'CROSS JOIN lines l ON l.id = c.line_id CROSS JOIN contacts p ON p.id = c.contact_id'

export function logThreads(sql: Sqlite, viewer: Viewer, filter: LogFilter, page: PageRequest): Page<LogThread> {
  const test = createTest(sql, viewer, filter)
  const items: LogThread[] = []
  let last: Position | null = null
  let looked = 0
  for (const row of walk(sql, viewer, threadsOf(sql, viewer, filter), readCursor(page.cursor, ['number', 'string']))) {
    if (items.length === page.limit || looked >= SCAN_BUDGET) return { items, nextCursor: writeCursor(last ?? []) }
    const sums = sumUp(sql, row.id, filter, test)
    if (sums !== null) items.push(show(row, sums))
    last = [row.activity_at, row.id]
    looked++
  }
  return { items, nextCursor: null }
}

function sumUp(sql: Sqlite, id: string, filter: LogFilter, test: (row: LookedRow) => boolean): Sums | null {
  let sums: Sums | null = null
  const rows = readStretches<LookedRow & Pick<MessageRow, 'price'>>(
    sql,
    `${lookedColumns(asksOfFailures(filter))}, price`,
    [ofThread(id)],
    filter,
  )
  for (const row of rows) {
    if (!test(row)) continue
    const { direction, status, created_at: at } = row
    sums = addToSums(sums, { direction, status, at, price: parsed<Message['price']>(row.price) })
  }
  return sums
}

function show(row: ThreadRow, { firstAt, lastAt, ...sums }: Sums): LogThread {
  return {
    ...{ conversationId: row.id, channel: row.channel, coordinationId: row.coordination_id },
    contact: { id: row.contact_id, name: row.name, phone: row.phone, address: row.address },
    ...sums,
    ...{ firstAt: iso(firstAt), lastAt: iso(lastAt) },
  }
}

/** Those in which people wrote last come first, then those with nothing but what went by itself. */
function* walk(sql: Sqlite, viewer: Viewer, threads: readonly string[] | null, from: Position | null): Generator<ThreadRow> {
  if (threads !== null) return yield* walkThese(sql, threads, from)
  if (from === null || from[0] !== null) {
    let [at, id] = from === null ? [Number.MAX_SAFE_INTEGER, ''] : [Number(from[0]), String(from[1])]
    for (;;) {
      const rows = sql.all<ThreadRow>(
        `${select} INDEXED BY conversations_by_activity ${joins}
         WHERE c.org_id = ? AND c.activity_at IS NOT NULL AND (c.activity_at, c.id) < (?, ?)
         ORDER BY c.activity_at DESC, c.id DESC LIMIT ${PIECE}`,
        viewer.orgId,
        at,
        id,
      )
      yield* rows
      const end = rows.at(-1)
      if (end === undefined || rows.length < PIECE) break
      at = end.activity_at ?? 0
      id = end.id
    }
  }
  let after = from !== null && from[0] === null ? String(from[1]) : ''
  for (;;) {
    const rows = sql.all<ThreadRow>(
      `${select} INDEXED BY conversations_idle ${joins}
       WHERE c.org_id = ? AND c.activity_at IS NULL AND c.id > ? ORDER BY c.id LIMIT ${PIECE}`,
      viewer.orgId,
      after,
    )
    yield* rows
    const end = rows.at(-1)
    if (end === undefined || rows.length < PIECE) return
    after = end.id
  }
}

/** Of one client, record or scope there are few. */
function* walkThese(sql: Sqlite, threads: readonly string[], from: Position | null): Generator<ThreadRow> {
  const rows = sql.all<ThreadRow>(`${select} ${joins} WHERE c.id IN (SELECT value FROM json_each(?))`, JSON.stringify(threads))
  const placed = rows.toSorted((a, b) => (b.activity_at ?? 0) - (a.activity_at ?? 0) || (a.id < b.id ? 1 : -1))
  const begin = from === null ? 0 : placed.findIndex(({ id }) => id === from[1]) + 1
  yield* placed.slice(begin)
}
