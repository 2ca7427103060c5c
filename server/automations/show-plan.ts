// The plan as people see it: what will go for a record, when, how it would read now, and why not.
import type { PlanItem } from '../../shared/automations.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { answersTo, type PlannedItem, planOf, planOfEvent, type Rule } from '../rules/automation.ts'
import type { PlannedRecord } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { contactedOf } from './contacted-of.ts'
import { gatherFacts, silenceOf, templateOf, threadsOf } from './gather-facts.ts'

type Reads = Pick<Parts, 'store' | 'clock'>

/** By the rules given, whether they are saved or not: what has a time, and what an event waits to send. */
export async function plannedItems(
  parts: Reads,
  own: Organization,
  planned: PlannedRecord,
  rules: readonly Rule[],
): Promise<PlannedItem[]> {
  const { record, plan } = planned
  const now = parts.clock.now()
  const wanted = rules.filter((rule) => rule.at !== undefined || plan.events.some((event) => answersTo(rule, event)))
  const threads = await threadsOf(parts, own.id, record)
  const gathered = await gatherFacts(parts, own, record, wanted, threads)
  const calendar = calendarOf(own, await contactedOf(parts, own, record, rules))
  const timed = planOf(record, { ...plan, silence: silenceOf(threads, rules) }, rules, calendar, now, gathered.facts())
  const answers = plan.events
    .flatMap((event) => planOfEvent(record, event, wanted, calendar, now, gathered.facts(event), plan))
    .filter(({ skipped, decided }) => skipped === null || decided !== null)
  return [...timed, ...answers].toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
}

export const presentItem = ({ rule, key, at, channel, text, skipped, decided }: PlannedItem): PlanItem => ({
  ...{ automation: rule.name, dueAt: new Date(at).toISOString(), channel, template: templateOf(rule).name, text },
  ...{ purpose: rule.purpose, skipped, decided, key },
})
