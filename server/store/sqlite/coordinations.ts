// The host's records: saved with the numbers that link them to contacts, read, searched.
import type { Coordination } from '../../../shared/model.ts'
import { isFirstSave, isSameRecord, isShownAlike } from '../../rules/coordination.ts'
import { saveUnknown, type SavePlan } from '../../rules/record-plan.ts'
import { createMatcher, recordTexts } from '../../rules/search.ts'
import type { Changes, CoordinationInput, CoordinationSaved, Page, PageRequest, Viewer } from '../records.ts'
import { changed } from './changed.ts'
import { touchConversations } from './conversation-row.ts'
import { rowOfPlan, toPlanned } from './plans.ts'
import { readCursor, SCAN_BUDGET, scan, writeCursor } from './paging.ts'
import { type CoordinationRow, toCoordination } from './rows.ts'
import { inScope, scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

export function saveCoordinations(
  sql: Sqlite,
  orgId: string,
  inputs: CoordinationInput[],
  now: number,
  plan: SavePlan = saveUnknown,
): Promise<{ saved: CoordinationSaved[]; changes: Changes }> {
  return sql.write(() => {
    const shown = new Set<string>()
    const saved = inputs.map((input) => {
      const row = find(sql, orgId, input.id)
      const before = row && toCoordination(row)
      if (before && isSameRecord(before, input)) return { created: false, changed: false, coordination: before }
      const coordination = toCoordination(save(sql, orgId, input, row, now, plan))
      if (!before || !isShownAlike(before, coordination)) for (const id of showing(sql, orgId, input.id)) shown.add(id)
      return { created: isFirstSave(before), changed: true, coordination }
    })
    return { saved, changes: changed(orgId, { conversations: touchConversations(sql, orgId, [...shown]) }) }
  })
}

function find(sql: Sqlite, orgId: string, id: string): CoordinationRow | undefined {
  return sql.get<CoordinationRow>('SELECT * FROM coordinations WHERE org_id = ? AND id = ?', orgId, id)
}

function save(
  sql: Sqlite,
  orgId: string,
  input: CoordinationInput,
  before: CoordinationRow | undefined,
  now: number,
  plan: SavePlan,
): CoordinationRow {
  const row: CoordinationRow = {
    org_id: orgId,
    id: input.id,
    title: input.title,
    contact: JSON.stringify(input.contact),
    starts_at: input.startsAt,
    timezone: input.timezone,
    url: input.url,
    status: input.status,
    agent_id: input.agent?.id ?? null,
    agent_name: input.agent?.name ?? null,
    data: JSON.stringify(input.data),
    provisional: input.provisional ? 1 : 0,
    rev: (before?.rev ?? 0) + 1,
    created_at: before?.created_at ?? now,
    updated_at: now,
    feed: sql.turn(),
    next_due_at: null,
    plan: null,
  }
  Object.assign(row, rowOfPlan(plan(before ? toPlanned(before) : null, toCoordination(row), now)))
  const columns = Object.keys(row) as (keyof CoordinationRow)[]
  sql.run(
    `INSERT INTO coordinations (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
     ON CONFLICT (org_id, id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    ...columns.map((column) => row[column]),
  )
  sql.run('DELETE FROM coordination_phones WHERE org_id = ? AND coordination_id = ?', orgId, input.id)
  for (const key of new Set(input.phoneKeys))
    sql.run('INSERT INTO coordination_phones (org_id, key, coordination_id) VALUES (?, ?, ?)', orgId, key, input.id)
  return row
}

/** Conversations that are about this record, or hint at it. */
function showing(sql: Sqlite, orgId: string, id: string): string[] {
  return sql
    .all<{ id: string }>(
      `SELECT id FROM conversations INDEXED BY conversations_by_record WHERE org_id = ? AND coordination_id = ?
       UNION ALL SELECT id FROM conversations INDEXED BY conversations_by_hint WHERE org_id = ? AND hint_id = ?`,
      orgId,
      id,
      orgId,
      id,
    )
    .map((row) => row.id)
}

export function coordination(sql: Sqlite, viewer: Viewer, id: string): Coordination | null {
  if (!inScope(viewer.scope, id)) return null
  const row = find(sql, viewer.orgId, id)
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
