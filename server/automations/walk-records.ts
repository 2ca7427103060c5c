// A rule that is new or counts from another time, and a calendar that changed, concern every record: each is told when it is due next.
// A page at a time; how far it came is kept with what asked for it.
import type { Parts } from '../parts.ts'
import { nextDueAt } from '../rules/automation.ts'
import type { PlanRule } from '../rules/record-plan.ts'
import type { Setting, SettingRule } from '../store/records.ts'
import { calendarOf } from './calendar-of.ts'
import { waitsForSilence } from './gather-facts.ts'
import { keptTerms } from './plan-terms.ts'
import { rulesOf } from './rules-of.ts'

const PAGE = 200
const A_TURN = 25

/** Looks at one page for the first that asks for it. False: nothing does. */
export async function walkRecords(parts: Pick<Parts, 'store' | 'clock' | 'organizationOf'>, orgId: string): Promise<boolean> {
  const { store, clock } = parts
  const asking = [...(await store.settings(orgId, 'automation')), await keptTerms(parts, orgId)].find((one) => walkOf(one) !== null)
  if (!asking) return false
  const rules = await rulesOf(store, orgId)
  const calendar = calendarOf(parts.organizationOf(orgId))
  const isAsked = waitsForSilence(rules)
  const replan: PlanRule = ({ record, plan }) => {
    const now = clock.now()
    // What silence there is, is found out by a look at its threads.
    const next = isAsked || plan.events.length > 0 ? now : nextDueAt(record, plan, rules, calendar, now)
    return next === plan.nextDueAt ? null : { ...plan, nextDueAt: earlier(next, plan.nextDueAt, now) }
  }
  const page = await store.recordPlans(orgId, walkOf(asking)?.after ?? null, PAGE)
  // All in one turn would hold up whoever writes meanwhile.
  for (let from = 0; from < page.length; from += A_TURN)
    await Promise.all(page.slice(from, from + A_TURN).map(({ record }) => store.changePlan(orgId, record.id, replan)))
  const last = page.at(-1)?.record.id
  await store.changeSetting(
    orgId,
    asking.kind,
    asking.name,
    (before) => {
      // Changed meanwhile: it begins anew.
      if (before === null || before.rev !== asking.rev) return null
      const { walk: _, ...value } = before.value
      return page.length < PAGE || last === undefined ? value : { ...value, walk: { after: last } }
    },
    clock.now(),
  )
  return true
}

/** Null: all records were looked at for it. */
function walkOf(setting: Setting | null): { after: string | null } | null {
  const walk = setting?.value.walk
  return typeof walk === 'object' && walk !== null ? (walk as { after: string | null }) : null
}

/** Every record is looked at once more. */
export const walkAgain: SettingRule = (before) => before && { ...before.value, walk: { after: null } }

/** What is due already stays so: somebody is about to look at it. */
const earlier = (next: number | null, before: number | null, now: number): number | null =>
  before !== null && before <= now ? before : next
