// What saving a record makes of its plan, by the rules as they are.
import type { Parts } from '../parts.ts'
import { nextDueAt } from '../rules/automation.ts'
import { savePlan, type SavePlan } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { rulesOf } from './rules-of.ts'

export async function savePlanOf(
  { store, clock, organizationOf }: Pick<Parts, 'store' | 'clock' | 'organizationOf'>,
  orgId: string,
): Promise<SavePlan> {
  const rules = await rulesOf(store, orgId)
  const calendar = calendarOf(organizationOf(orgId))
  return savePlan({
    listens: (type) => rules.some(({ enabled, on, at }) => enabled && on === type && at === undefined),
    nextDueAt: (record, plan) => nextDueAt(record, plan, rules, calendar, clock.now()),
  })
}
