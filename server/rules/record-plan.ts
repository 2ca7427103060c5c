// What a record keeps of its plan beside itself, and what saving the record makes of that. The plan as such is computed (automation.ts).
import type { Channel, Coordination, Message } from '../../shared/model.ts'
import { isFirstSave } from './coordination.ts'

/** Something that happened to the record, and that automations have not answered yet. */
export interface PendingEvent {
  type: string
  /** Unique among those of the record: the same again is the same event. */
  key: string
  at: number
  data?: Coordination['data']
  /** First of all ways. */
  channel?: Channel
  /** This rule alone is to answer it: somebody runs it now. */
  rule?: string
  by?: Message['author']
}

/** Times are ms since the epoch. */
export interface PlanState {
  /** When it is to be looked at next; null: nothing is to come. */
  nextDueAt: number | null
  /** All that was due by then is done. */
  doneThrough: number
  /** Since when a time of the record is as it is, by its name; `*`: all of them. What was due before is not made up for. */
  since: Record<string, number>
  events: PendingEvent[]
  /** What an agent decided about items of the plan, by their keys. */
  changed: Record<string, PlanDecision>
  /** By rule, what it counted from when it went last: a change of zone alone does not send it again. */
  went: Record<string, string>
  /** The silence in its threads, as of the last look; null: nobody wrote. */
  silence: SilenceFacts | null
}

/** It does not go, went at once, or goes at another time. */
export type PlanDecision = { skip: true; sent?: true } | { at: number }

export interface SilenceFacts {
  lastInboundAt: number | null
  /** The last word was ours then; null: it was the client's, or a rule's that waits for silence itself. */
  lastOutboundAt: number | null
  windowClosesAt: number | null
  /** The client's last word was answered. */
  answered: boolean
}

export const emptyPlan: PlanState = { nextDueAt: null, doneThrough: 0, since: {}, events: [], changed: {}, went: {}, silence: null }

/** A record with what it keeps of its plan. */
export interface PlannedRecord {
  orgId: string
  record: Coordination
  plan: PlanState
}

/** What becomes of a record's plan as the record is saved. Pure; may be called more than once. */
export type SavePlan = (before: Omit<PlannedRecord, 'orgId'> | null, after: Coordination, now: number) => PlanState

/** What becomes of a record's plan; null: nothing. Pure; may be called more than once, with the latest state. */
export type PlanRule = (planned: PlannedRecord) => PlanState | null

/** Which events are worth a look, and when the record is to be looked at: as its rules say. */
export interface PlanKnowledge {
  listens(type: string): boolean
  nextDueAt(record: Coordination, plan: PlanState): number | null
}

/** Where the rules are not known: somebody who knows them looks at once. */
const unknown: PlanKnowledge = { listens: () => true, nextDueAt: (record) => Date.parse(record.updatedAt) }

export const savePlan =
  (knowledge: PlanKnowledge): SavePlan =>
  (before, after, now) => {
    const plan = before?.plan ?? emptyPlan
    const happened = eventsOf(before?.record ?? null, after, now).filter(
      ({ type }) => type !== 'coordination.created' || knowledge.listens(type),
    )
    const next: PlanState = {
      ...plan,
      since: sinceOf(before?.record ?? null, after, plan.since, now),
      events: [...plan.events, ...happened],
    }
    return { ...next, nextDueAt: next.events.length > 0 ? Math.min(now, plan.nextDueAt ?? now) : knowledge.nextDueAt(after, next) }
  }

export const saveUnknown: SavePlan = savePlan(unknown)

function eventsOf(before: Coordination | null, after: Coordination, now: number): PendingEvent[] {
  const event = (type: string, data: Coordination['data'] = {}): PendingEvent => ({ type, key: `${type}|${after.rev}`, at: now, data })
  if (after.provisional === true) return []
  if (before === null || isFirstSave(before)) return after.status === 'active' ? [event('coordination.created')] : []
  if (before.status !== 'canceled' && after.status === 'canceled') return [event('coordination.canceled')]
  const isMoved = before.startsAt !== after.startsAt && before.startsAt !== null && after.startsAt !== null
  return isMoved && after.status === 'active' ? [event('coordination.rescheduled', { from: before.startsAt, to: after.startsAt })] : []
}

function sinceOf(before: Coordination | null, after: Coordination, since: PlanState['since'], now: number): PlanState['since'] {
  if (before === null || isFirstSave(before)) return { '*': now }
  if (after.status === 'active' && before.status !== 'active') return { '*': now }
  const isElsewhere = before.timezone !== after.timezone
  const moved = before.startsAt !== after.startsAt || isElsewhere ? { startsAt: now } : {}
  const fields = Object.keys(after.data).filter(
    (name) => (isElsewhere || after.data[name] !== before.data[name]) && isTime(after.data[name]),
  )
  return { ...since, ...moved, ...Object.fromEntries(fields.map((name) => [`data.${name}`, now])) }
}

/** Adds an event; the same key that still waits is the same event. */
export const addEvent =
  (event: PendingEvent): PlanRule =>
  ({ plan }) =>
    plan.events.some(({ key }) => key === event.key)
      ? null
      : { ...plan, events: [...plan.events, event], nextDueAt: Math.min(event.at, plan.nextDueAt ?? event.at) }

/** Somebody is to look at it now. */
export const lookAt =
  (now: number): PlanRule =>
  ({ plan }) =>
    plan.nextDueAt !== null && plan.nextDueAt <= now ? null : { ...plan, nextDueAt: now }

const KEPT_MS = 31 * 24 * 3600_000

/**
 * Without what an agent decided about a time, or an answer to an event, that is over.
 *
 * @param coming the plan as it is: what it still holds, or held lately, keeps what was decided about it.
 */
export function withoutOld(
  changed: PlanState['changed'],
  events: readonly PendingEvent[],
  coming: () => readonly { decisionKey: string; at: number }[],
  now: number,
): PlanState['changed'] {
  const kept = Object.entries(changed)
  if (kept.length === 0) return changed
  const after = now - KEPT_MS
  const planned = new Set(coming().flatMap(({ decisionKey, at }) => (at >= after ? [decisionKey] : [])))
  // Behind the name of its rule stands a time, or an offset and what it counts from.
  const isLate = (key: string) => Date.parse(key.slice(key.lastIndexOf('@') + 1).replace(/^\S+ /, '')) >= after
  const answers = (key: string) => events.some((event) => key.startsWith(`${event.key}|`))
  return Object.fromEntries(kept.filter(([key]) => planned.has(key) || isLate(key) || answers(key)))
}

/** Texts that the host means as a time: a day, or a moment. */
export function isTime(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d\d-\d\d([T ]|$)/.test(value) && !Number.isNaN(Date.parse(value))
}
