// Carries out what is due of a record: answers its events, enters the messages whose time has come, and says when to look again.
// Everything goes under a key of its own, so that a process that was killed in between is completed by the next, and nothing goes twice.
import { isDeepStrictEqual } from 'node:util'
import type { Message } from '../../shared/model.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { answersTo, nextDueAt, planOf, planOfEvent, type PlanCalendar, type PlannedItem, type Rule } from '../rules/automation.ts'
import { type PendingEvent, type PlannedRecord, type PlanState, withoutOld } from '../rules/record-plan.ts'
import { calendarOf } from './calendar-of.ts'
import { contactedOf } from './contacted-of.ts'
import { enterItem } from './enter-item.ts'
import { asksThreads, gatherFacts, type Gathered, silenceOf, threadsOf, waitsForSilence } from './gather-facts.ts'
import { noteEvent } from './note-event.ts'
import { rulesOf } from './rules-of.ts'
import { lookAgain } from './save-with-plans.ts'

/** What an event did. */
export interface CarriedOut {
  line: Message | null
  messages: Message[]
  /** What its rules made of it. */
  items: PlannedItem[]
}

/** A record that changes all the time is carried out at last, as it was read. */
const MOST_TRIES = 5

/** Repeated, it completes what is missing. The answer is what was done for the event with this key. */
export async function carryOut(
  parts: Parts,
  { orgId, record, plan }: PlannedRecord,
  eventKey: string | null = null,
  tries = 1,
): Promise<CarriedOut> {
  const { store, clock } = parts
  const own = parts.organizationOf(orgId)
  const rules = await rulesOf(store, orgId)
  const now = clock.now()
  const spoken = waitsForSilence(rules) ? await threadsOf(parts, orgId, record) : null
  const silence = spoken && silenceOf(spoken, rules)
  const seen: PlanState = { ...plan, silence }
  const wanted = rulesAtWork(record, seen, rules, calendarOf(own), now)
  const calendar = calendarOf(own, wanted.length === 0 ? [] : await contactedOf(parts, own, record, rules))
  const work: Work = {
    parts,
    own,
    rules: wanted,
    record,
    plan: { changed: plan.changed, went: { ...plan.went } },
    now,
    graceMs: (rule) => calendar.durationMs(rule.grace),
  }
  const threads = spoken ?? (asksThreads(wanted.map(({ when }) => when)) ? await threadsOf(parts, orgId, record) : [])
  const gathered = wanted.length === 0 ? null : await gatherFacts(parts, own, record, wanted, threads)

  // What was looked up took a while: nothing goes by what the record no longer is.
  const latest = gathered === null ? null : await store.recordPlan(orgId, record.id)
  if (latest !== null && tries < MOST_TRIES && isOtherwise(latest, { orgId, record, plan }))
    return carryOut(parts, { ...latest, plan: { ...latest.plan, events: allEvents(plan, latest.plan) } }, eventKey, tries + 1)

  const done: CarriedOut = { line: null, messages: [], items: [] }
  const waiting: { event: PendingEvent; at: number }[] = []
  for (const event of plan.events) {
    const answered = await answer(work, event, calendar, gathered)
    if (event.key === eventKey) Object.assign(done, answered)
    if (answered.againAt !== null) waiting.push({ event, at: answered.againAt })
  }
  for (const item of planOf(record, seen, gathered === null ? [] : rules, calendar, now, gathered?.facts()))
    if (item.at <= now && item.at > plan.doneThrough && wanted.includes(item.rule)) {
      const entered = await enter(work, item, null)
      if (entered !== null && item.from !== null) work.plan.went[item.rule.name] = item.from
    }
  const { went } = work.plan
  const known = new Set(plan.events.map(({ key }) => key))
  await store.changePlan(orgId, record.id, ({ record: latest, plan: after }) => {
    const events = after.events.filter(({ key }) => !known.has(key) || waiting.some((one) => one.event.key === key))
    // Also as it was changed meanwhile.
    const coming = () => planOf(latest, { ...after, silence }, rules, calendar, now)
    const changed = withoutOld(after.changed, events, coming, now)
    const next: PlanState = { ...after, events, doneThrough: now, silence, changed, went: { ...after.went, ...went } }
    const isNew = events.some(({ key }) => !known.has(key))
    const times = [nextDueAt(latest, next, rules, calendar, now), ...waiting.map(({ at }) => at), isNew ? now : null]
    return { ...next, nextDueAt: earliest(times) }
  })
  await lookAgain(parts, orgId, rules, [record.id])
  return done
}

interface Work {
  parts: Parts
  own: Organization
  rules: readonly Rule[]
  record: PlannedRecord['record']
  /** Kept up to date with what goes. */
  plan: Pick<PlanState, 'changed' | 'went'>
  now: number
  graceMs(rule: Rule): number
}

/** Whether the host saved the record, or an agent changed its plan, since it was read. */
const isOtherwise = (latest: PlannedRecord, { record, plan }: PlannedRecord): boolean =>
  latest.record.rev !== record.rev || !isDeepStrictEqual(latest.plan.changed, plan.changed)

/** Those that another process has answered meanwhile too: it is done once by their keys, and the answer here says what was done. */
function allEvents(before: PlanState, { events }: PlanState): PendingEvent[] {
  return [...before.events, ...events.filter(({ key }) => !before.events.some((one) => one.key === key))]
}

/** Those that have something to do now: for the others nothing is looked up. */
function rulesAtWork(record: Work['record'], plan: PlanState, rules: readonly Rule[], calendar: PlanCalendar, now: number): Rule[] {
  const due = planOf(record, plan, rules, calendar, now).filter(({ at, skipped, missed }) => at <= now && (skipped !== 'past' || missed))
  const isAtWork = (rule: Rule) => due.some((item) => item.rule === rule) || plan.events.some((event) => answersTo(rule, event))
  return rules.filter((rule) => rule.enabled && isAtWork(rule))
}

function earliest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null)
  return known.length === 0 ? null : Math.min(...known)
}

async function answer(
  work: Work,
  event: PendingEvent,
  calendar: PlanCalendar,
  gathered: Gathered | null,
): Promise<CarriedOut & { againAt: number | null }> {
  const line = await noteEvent(work.parts, work.own, work.record, event)
  const messages: Message[] = []
  let againAt: number | null = null
  if (gathered === null) return { line, messages, items: [], againAt }
  const items = planOfEvent(work.record, event, work.rules, calendar, work.now, gathered.facts(event), work.plan)
  for (const item of items) {
    // Also what an agent took out: it may be put back until then.
    if (item.at > work.now && (item.skipped === null || item.decided === 'skip')) againAt = Math.min(againAt ?? item.at, item.at)
    else {
      const entered = await enter(work, item, event)
      if (entered !== null) messages.push(entered)
      if (entered !== null && item.from !== null) work.plan.went[item.rule.name] = item.from
    }
  }
  return { line, messages, items, againAt }
}

/** Also what cannot go is tried: why is found out, and kept with it. */
async function enter({ parts, own, record, graceMs }: Work, item: PlannedItem, event: PendingEvent | null): Promise<Message | null> {
  const { skipped } = item
  const isTried = item.missed || skipped === null || skipped === 'opted_out' || skipped === 'no_template'
  if (!isTried) return null
  return enterItem(parts, own, record, item, { event, graceMs: graceMs(item.rule) })
}
