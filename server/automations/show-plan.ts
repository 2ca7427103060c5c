// The plan as people see it: what will go for a record, when, how it would read now, and why not.
import type { PlanItem } from '../../shared/automations.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { type PlannedItem, planOf, type Rule } from '../rules/automation.ts'
import type { PlannedRecord } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { contactedOf } from './contacted-of.ts'
import { gatherFacts, silenceOf, templateOf, threadsOf } from './gather-facts.ts'

type Reads = Pick<Parts, 'store' | 'clock'>

/** By the rules given, whether they are saved or not. */
export async function plannedItems(
  parts: Reads,
  own: Organization,
  planned: PlannedRecord,
  rules: readonly Rule[],
): Promise<PlannedItem[]> {
  const { record, plan } = planned
  const timed = rules.filter(({ at }) => at !== undefined)
  const threads = await threadsOf(parts, own.id, record)
  const gathered = await gatherFacts(parts, own, record, timed, threads)
  const calendar = calendarOf(own, await contactedOf(parts, own, record, rules))
  return planOf(record, { ...plan, silence: silenceOf(threads, rules) }, rules, calendar, parts.clock.now(), gathered.facts())
}

export const presentItem = ({ rule, key, at, channel, text, skipped }: PlannedItem): PlanItem => ({
  ...{ automation: rule.name, dueAt: new Date(at).toISOString(), channel, template: templateOf(rule).name, text },
  ...{ purpose: rule.purpose, skipped, key },
})
