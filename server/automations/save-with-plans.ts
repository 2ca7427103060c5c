// What saving records makes of their plans, by the rules as they are.
import { isDeepStrictEqual } from 'node:util'
import type { Parts } from '../parts.ts'
import { nextDueAt, type Rule } from '../rules/automation.ts'
import { lookAt, savePlan } from '../rules/record-plan.ts'
import type { CoordinationInput } from '../store/records.ts'
import { calendarOf } from './calendar-of.ts'
import { rulesOf } from './rules-of.ts'

type SaveParts = Pick<Parts, 'store' | 'clock' | 'organizationOf' | 'automations'>

/** As the store's, with their plans. */
export async function saveWithPlans(parts: SaveParts, orgId: string, inputs: CoordinationInput[]) {
  const { store, clock } = parts
  const rules = await rulesOf(store, orgId)
  const calendar = calendarOf(parts.organizationOf(orgId))
  const plan = savePlan({
    listens: (type) => rules.some(({ enabled, on, at }) => enabled && on === type && at === undefined),
    nextDueAt: (record, kept) => nextDueAt(record, kept, rules, calendar, clock.now()),
  })
  const done = await store.saveCoordinations(orgId, inputs, clock.now(), plan)
  await lookAgain(
    parts,
    orgId,
    rules,
    done.saved.filter(({ changed }) => changed).map(({ coordination }) => coordination.id),
  )
  return done
}

/**
 * Plans that were written by these rules while somebody else saved a rule: its own look at all records may have come by before, so that
 * they are looked at once more.
 */
export async function lookAgain(
  { store, clock, automations }: Pick<SaveParts, 'store' | 'clock' | 'automations'>,
  orgId: string,
  rules: readonly Rule[],
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0 || isDeepStrictEqual(await rulesOf(store, orgId), rules)) return
  for (const id of ids) await store.changePlan(orgId, id, lookAt(clock.now()))
  automations.planned()
}
