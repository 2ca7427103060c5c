// Messages newest first, each stretch of them in the order of one index; several stretches are read as one.
import type { Viewer } from '../records.ts'
import type { Position } from './paging.ts'
import { scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

type Value = string | number

/** What one index holds in the order of time. A partial index is used where its own condition stands in `where`, word for word. */
export interface Stretch {
  index: string
  where: string
  values: readonly Value[]
}

export interface Span {
  /** `from` ≤ written at < `to`. */
  from?: number | undefined
  to?: number | undefined
  /** Where the page before ended. */
  before?: Position | null
}

export const ofThread = (id: string): Stretch => ({ index: 'messages_by_time', where: 'conversation_id = ?', values: [id] })

interface Placed {
  id: string
  created_at: number
}

export function readStretches<Row extends Placed>(sql: Sqlite, columns: string, stretches: readonly Stretch[], span: Span): Iterable<Row> {
  const { where, values } = between(span)
  const sources = stretches.map((one) => read<Row>(sql, columns, one, where, values))
  const [only] = sources
  return only !== undefined && sources.length === 1 ? only : merge(sources)
}

export function threadIds(sql: Sqlite, viewer: Viewer, condition: string, value: string | null): string[] {
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

function between({ from, to, before }: Span): { where: string; values: Value[] } {
  let where = ''
  const values: Value[] = []
  const also = (condition: string, ...more: Value[]) => {
    where += ` AND ${condition}`
    values.push(...more)
  }
  if (from !== undefined) also('created_at >= ?', from)
  if (to !== undefined) also('created_at < ?', to)
  if (before) also('(created_at, id) < (?, ?)', Number(before[0]), String(before[1]))
  return { where, values }
}

/** Read in pieces: several of these are open at once when they are merged, and a statement runs once at a time. */
const PIECE = 50

function* read<Row extends Placed>(
  sql: Sqlite,
  columns: string,
  { index, where: own, values: ownValues }: Stretch,
  where: string,
  values: readonly Value[],
): Generator<Row> {
  let extra = ''
  let more: Value[] = []
  while (true) {
    const rows = sql.all<Row>(
      `SELECT ${columns} FROM messages INDEXED BY ${index} WHERE ${own}${where}${extra} ORDER BY created_at DESC, id DESC LIMIT ${PIECE}`,
      ...ownValues,
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

function* merge<Row extends Placed>(sources: readonly Generator<Row>[]): Generator<Row> {
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

function comesFirst(a: Placed | undefined, b: Placed | undefined): boolean {
  if (!a || !b) return false
  return a.created_at > b.created_at || (a.created_at === b.created_at && a.id > b.id)
}
