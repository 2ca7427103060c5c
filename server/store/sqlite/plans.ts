// Records by when they are to be looked at next, and what each keeps of its plan.
import { emptyPlan, type PlannedRecord, type PlanRule, type PlanState } from '../../rules/record-plan.ts'
import { type CoordinationRow, parsed, toCoordination } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

type PlanColumns = Pick<CoordinationRow, 'next_due_at' | 'plan'>

export const toPlan = ({ plan, next_due_at: nextDueAt }: PlanColumns): PlanState => ({
  ...emptyPlan,
  ...parsed<Partial<PlanState>>(plan),
  nextDueAt,
})

export function rowOfPlan({ nextDueAt, ...plan }: PlanState): PlanColumns {
  return { next_due_at: nextDueAt, plan: JSON.stringify(plan) }
}

export const toPlanned = (row: CoordinationRow): PlannedRecord => ({ orgId: row.org_id, record: toCoordination(row), plan: toPlan(row) })

export function recordPlan(sql: Sqlite, orgId: string, id: string): PlannedRecord | null {
  const row = sql.get<CoordinationRow>('SELECT * FROM coordinations WHERE org_id = ? AND id = ?', orgId, id)
  return row ? toPlanned(row) : null
}

export function changePlan(sql: Sqlite, orgId: string, id: string, decide: PlanRule): Promise<PlannedRecord | null> {
  return sql.write(() => {
    const before = recordPlan(sql, orgId, id)
    const plan = before && decide(before)
    if (!before || !plan) return before
    const row = rowOfPlan(plan)
    sql.run('UPDATE coordinations SET next_due_at = ?, plan = ? WHERE org_id = ? AND id = ?', row.next_due_at, row.plan, orgId, id)
    return { ...before, plan: toPlan(row) }
  })
}

export function duePlans(sql: Sqlite, now: number, limit: number): PlannedRecord[] {
  return sql
    .all<CoordinationRow>(
      'SELECT * FROM coordinations INDEXED BY coordinations_by_due WHERE next_due_at <= ? ORDER BY next_due_at, org_id, id LIMIT ?',
      now,
      limit,
    )
    .map(toPlanned)
}

export function nextPlanAt(sql: Sqlite): number | null {
  const text =
    'SELECT next_due_at AS due FROM coordinations INDEXED BY coordinations_by_due WHERE next_due_at > 0 ORDER BY next_due_at LIMIT 1'
  return sql.get<{ due: number }>(text)?.due ?? null
}

export function recordPlans(sql: Sqlite, orgId: string, after: string | null, limit: number): PlannedRecord[] {
  return sql
    .all<CoordinationRow>('SELECT * FROM coordinations WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?', orgId, after ?? '', limit)
    .map(toPlanned)
}
