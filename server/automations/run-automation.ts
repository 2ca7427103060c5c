// Runs a rule now, for records that are named or that match: an event of each record, answered by that rule alone. Calendar, opt-outs
// and limits hold as for everything that goes by itself.
import type { z } from 'zod'
import type { RunItem, runBody } from '../../shared/automations.ts'
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { type Rule, withHours } from '../rules/automation.ts'
import { holds } from '../rules/condition.ts'
import { addEvent, type PendingEvent } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { carryOut, type CarriedOut } from './carry-out.ts'
import { itemKey } from './enter-item.ts'
import { asksThreads, lookUpIn, threadsOf } from './gather-facts.ts'
import { createTogether } from './go-together.ts'
import { rulesOf } from './rules-of.ts'

/** Of one call; shared/automations.ts has the same number for the ids. */
const MOST = 1000
const PAGE = 200
/** Records at a time. */
const AT_ONCE = 16
/** What is not done by then is done by the plan loop; the same call again says what became of it. */
const ANSWER_MS = 8_000

export interface Run {
  automation: string
  key: string
  items: RunItem[]
}

/**
 * Durable before it resolves, and once for each record by the key of the call: the same call again, at the same time or after a crash,
 * sends nothing twice and completes what is missing.
 *
 * @param key unique among the runs of this rule.
 * @throws DomainError `not_found`, `conflict` (the rule is switched off), `validation_failed` (more records than one call takes),
 * `unavailable`.
 */
export async function runAutomation(
  parts: Parts,
  caller: Caller,
  name: string,
  { coordinationIds, where, channel, data, key }: z.output<typeof runBody> & { key: string },
): Promise<Run> {
  const { store, clock } = parts
  const rule = (await rulesOf(store, caller.orgId)).find((one) => one.name === name)
  if (rule === undefined) throw new DomainError('not_found', 'There is no such automation. Save it first: PUT /api/automations/:name.')
  if (!rule.enabled) throw new DomainError('conflict', 'This automation is switched off. Save it with enabled: true, and run it again.')
  const ids = coordinationIds ? [...new Set(coordinationIds)] : await matching(parts, caller, rule, where ?? {})
  const event: PendingEvent = {
    ...{ type: 'automation.run', key: `run|${key}`, at: clock.now(), rule: name },
    ...(data === undefined ? {} : { data }),
    ...(channel === undefined ? {} : { channel }),
  }
  // All of it is kept before anything goes.
  const kept = new Map(
    await each(
      parts,
      ids,
      (id) => id,
      async (batch, id) => [id, await keep(batch, caller, id, event)] as const,
    ),
  )
  const clientOf = (id: string) => {
    const one = kept.get(id) ?? null
    return one !== null && 'planned' in one ? one.planned.record.contact.phone : id
  }
  parts.automations.planned()
  const until = clock.elapsed() + ANSWER_MS
  const items = await each(parts, ids, clientOf, async (batch, id): Promise<RunItem> => {
    const one = kept.get(id) ?? null
    if (one === null) return { coordinationId: id, result: 'not_found', reason: null, dueAt: null, messageId: null }
    if ('message' in one) return resultOf(id, one.message, null, event.at)
    if (clock.elapsed() > until) return planned(id, event.at)
    const done = await carryOut(batch, one.planned, event.key).catch(notNow)
    return done === null ? planned(id, event.at) : resultOf(id, done.messages[0] ?? null, done.items[0] ?? null, event.at)
  })
  return { automation: name, key, items }
}

/** The message of an earlier call, or the record with the event; null: there is no such record in the token's scope. */
async function keep({ store }: Parts, { orgId, scope }: Caller, id: string, event: PendingEvent) {
  if (scope !== null && !scope.includes(id)) return null
  const before = await store.findByKey(orgId, itemKey(id, `${event.key}|${event.rule}`))
  if (before !== null) return { message: before.message }
  const record = await store.changePlan(orgId, id, addEvent(event))
  return record && { planned: record }
}

/** Active records for which these conditions and those of the rule hold. */
async function matching(parts: Parts, { orgId, scope }: Caller, rule: Rule, where: Rule['when']): Promise<string[]> {
  const isAsked = asksThreads([where, rule.when])
  const calendar = calendarOf(parts.organizationOf(orgId))
  const found: string[] = []
  for (let after: string | null = null; ; ) {
    const page = await parts.store.recordPlans(orgId, after, PAGE)
    for (const { record } of page) {
      if (record.status !== 'active' || (scope !== null && !scope.includes(record.id))) continue
      const threads = isAsked ? await threadsOf(parts, orgId, record) : []
      const lookUp = withHours(lookUpIn(record, threads, undefined), calendar, parts.clock.now())
      if (!holds(where, lookUp) || !holds(rule.when, lookUp)) continue
      found.push(record.id)
      if (found.length > MOST)
        throw new DomainError(
          'validation_failed',
          `More than ${MOST} records match: nothing was sent. Narrow where, or name them in parts.`,
          {
            issues: [{ path: 'where', message: `matches more than ${MOST} records` }],
          },
        )
    }
    after = page.at(-1)?.record.id ?? null
    if (page.length < PAGE || after === null) return found
  }
}

const planned = (coordinationId: string, at: number): RunItem => ({
  ...{ coordinationId, result: 'planned', reason: null, dueAt: new Date(at).toISOString(), messageId: null },
})

function resultOf(coordinationId: string, message: Message | null, item: CarriedOut['items'][number] | null, now: number): RunItem {
  if (message !== null) {
    const { id: messageId, dueAt, status, error } = message
    if (status === 'canceled') return { coordinationId, result: 'skipped', reason: error?.reason ?? null, dueAt, messageId }
    return { coordinationId, result: 'queued', reason: null, dueAt, messageId }
  }
  if (item !== null && item.skipped === null && item.at > now) return planned(coordinationId, item.at)
  return { coordinationId, result: 'skipped', reason: item?.skipped ?? 'disabled', dueAt: null, messageId: null }
}

/** The plan loop tries it again. */
function notNow(error: unknown): null {
  if (error instanceof DomainError && error.code === 'unavailable') throw error
  return null
}

/** In the order of what is given. */
async function each<Given, Made>(
  parts: Parts,
  all: readonly Given[],
  clientOf: (one: Given) => string,
  make: (batch: Parts, one: Given) => Promise<Made>,
): Promise<Made[]> {
  const made = new Array<Made>(all.length)
  const together = createTogether(parts.store)
  const batch = { ...parts, store: together.store }
  await together.each([...all.entries()], { atOnce: AT_ONCE, clientOf: ([, one]) => clientOf(one) }, async ([at, one]) => {
    made[at] = await make(batch, one)
  })
  return made
}
