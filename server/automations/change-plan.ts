// An agent changes one message of a record's plan: it does not go, goes now, or goes at another time.
import type { z } from 'zod'
import type { Message } from '../../shared/model.ts'
import type { planChange } from '../../shared/automations.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import type { PlanDecision, PlanState } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { enterItem } from './enter-item.ts'
import { rulesOf } from './rules-of.ts'
import { plannedItems } from './show-plan.ts'

const FURTHEST_MS = 366 * 24 * 3600_000

/** @throws DomainError `not_found`, `conflict` (it is no part of the plan any more), `validation_failed`. */
export async function changePlan(
  parts: Parts,
  caller: Caller,
  coordinationId: string,
  { key, action, dueAt }: z.output<typeof planChange>,
): Promise<Message | null> {
  const { store, clock, automations } = parts
  const { orgId } = caller
  const own = parts.organizationOf(orgId)
  const planned = await store.recordPlan(orgId, coordinationId)
  if (planned === null) throw new DomainError('not_found', 'There is no such record, or it is not yours to see.')
  const item = (await plannedItems(parts, own, planned, await rulesOf(store, orgId))).find((one) => one.key === key)
  if (item === undefined) throw new DomainError('conflict', 'This is no part of the plan any more: record or rule changed. Look again.')
  const now = clock.now()
  const isOver = item.skipped === 'past' && item.at <= now
  if (isOver || item.decided === 'send' || (item.skipped === 'canceled' && item.decided === null))
    throw new DomainError('conflict', 'It went, or its time is over.')
  const at = action === 'move' ? Date.parse(dueAt ?? '') : null
  if (at !== null && !(at > now && at <= now + FURTHEST_MS))
    throw new DomainError('validation_failed', 'Give the time to which it moves, within a year.', {
      issues: [{ path: 'dueAt', message: 'must be ahead, within a year' }],
    })
  const graceMs = calendarOf(own).durationMs(item.rule.grace)
  const asked = { event: item.event, graceMs }
  const sent = action === 'send' ? await enterItem(parts, own, planned.record, { ...item, missed: false }, asked) : null
  await store.changePlan(orgId, coordinationId, ({ plan }) => {
    const { [item.decisionKey]: _, [key]: _before, ...others } = plan.changed
    const changed: PlanState['changed'] = action === 'restore' ? others : { ...others, [item.decisionKey]: decisionOf(action, at) }
    const went = action === 'send' && item.from !== null ? { ...plan.went, [item.rule.name]: item.from } : plan.went
    return { ...plan, changed, went, nextDueAt: now }
  })
  automations.planned()
  return sent
}

function decisionOf(action: 'skip' | 'send' | 'move', at: number | null): PlanDecision {
  if (at !== null) return { at }
  return action === 'send' ? { skip: true, sent: true } : { skip: true }
}
