// The host's records, read and searched.
import type { Coordination } from '../../../shared/model.ts'
import { createMatcher, recordTexts } from '../../rules/search.ts'
import type { Page, PageRequest, Viewer } from '../records.ts'
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { type CoordinationRow, toCoordination } from './rows.ts'
import { findRecord } from './save-coordinations.ts'
import { inScope, scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

export function coordination(sql: Sqlite, viewer: Viewer, id: string): Coordination | null {
  if (!inScope(viewer.scope, id)) return null
  const row = findRecord(sql, viewer.orgId, id)
  return row ? toCoordination(row) : null
}

/** The latest saved first. */
export function coordinations(
  sql: Sqlite,
  viewer: Viewer,
  filter: { q?: string; status?: Coordination['status']; phoneKeys?: string[] },
  page: PageRequest,
): Page<Coordination> {
  const from = readCursor(page.cursor, ['number', 'string'])
  const scope = scopeCondition(viewer.scope, 'k.id')
  const byPhone =
    filter.phoneKeys === undefined
      ? { sql: '', values: [] }
      : {
          sql: ' AND k.id IN (SELECT p.coordination_id FROM coordination_phones p WHERE p.org_id = ? AND p.key IN (SELECT value FROM json_each(?)))',
          values: [viewer.orgId, JSON.stringify(filter.phoneKeys)],
        }
  const chosen = viewer.scope !== null || filter.phoneKeys !== undefined
  const rows = sql.each<CoordinationRow>(
    `SELECT k.* FROM coordinations k ${chosen ? '' : 'INDEXED BY coordinations_by_update'} WHERE k.org_id = ?${scope.sql}${byPhone.sql}
       ${from ? 'AND (k.updated_at, k.id) < (?, ?)' : ''} ORDER BY k.updated_at DESC, k.id DESC`,
    viewer.orgId,
    ...scope.values,
    ...byPhone.values,
    ...(from ? [Number(from[0]), String(from[1])] : []),
  )
  const matches = createMatcher(filter.q)
  const { kept, last } = scan(rows, page.limit, SCAN_BUDGET, (row) => {
    if (filter.status !== undefined && row.status !== filter.status) return false
    return matches === null || matches(recordTexts({ ...row, contact: JSON.parse(row.contact) as Coordination['contact'] }))
  })
  return { items: kept.map(toCoordination), nextCursor: last ? writeCursor([last.updated_at, last.id]) : null }
}
