// The plan of a record: what its rules will send, when, by which channel, and why not. Pure: computed for whoever asks, and never kept.
import type { AutomationBody, Silence, Skipped } from '../../shared/automations.ts'
import { silences } from '../../shared/automations.ts'
import type { Channel, Coordination } from '../../shared/model.ts'
import { type FactLookup, holds } from './condition.ts'
import { isTime, type PendingEvent, type PlanDecision, type PlanState } from './record-plan.ts'

export interface Rule extends AutomationBody {
  name: string
  /** When its times became what they are, ms: what was due before is not made up for. */
  since: number
}

/** Times by the clock on the wall of a zone, and when a client may be written to. */
export interface PlanCalendar {
  zoneOf(record: Coordination): string
  shift(base: number, offset: string, zone: string): number
  /** A day is its midnight, a time without offset that of the zone. */
  instant(text: string, zone: string): number | null
  /** The next allowed time from then on; null: never. */
  next(at: number, rule: Rule, channel: Channel, zone: string): number | null
  durationMs(duration: string): number
  /** Null: the organization is open then; else until when it is closed. */
  closedUntil(at: number): number | null
}

/** Why a channel takes nothing of a rule now; `text`: what it would say. */
export type WayFact = { text: string } | { skipped: Extract<Skipped, 'no_phone' | 'opted_out' | 'no_template'> }

/** What is known beside the record. */
export interface PlanFacts {
  lookUp: FactLookup
  /** `at`: when it would go. */
  way(rule: Rule, channel: Channel, at: number): WayFact
}

export interface PlannedItem {
  rule: Rule
  /** With the record it is the key of its message. */
  key: string
  /** Before the calendar moved it. */
  dueAt: number
  /** When it goes. */
  at: number
  channel: Channel | null
  text: string | null
  skipped: Skipped | null
  /** It was to go, and nobody was there to send it in time. */
  missed: boolean
  decided: Decided | null
  /** Under which an agent's decision about it is kept: another zone gives it another time, and leaves the decision. */
  decisionKey: string
  /** What its time counts from, as it is written, or until when its answer holds; null: nothing that another zone could move. */
  from: string | null
  /** What it answers; null: it has a time of its own. */
  event: PendingEvent | null
}

/** What an agent decided about it. */
type Decided = 'skip' | 'send' | 'move'

/** So soon after the booking itself was confirmed, a reminder says nothing new. */
const JUST_TOLD_MS = 15 * 60_000
const STARTS = 'startsAt'
/** A condition like those of fields: whether the organization is closed when it goes. */
export const OUT_OF_HOURS = 'outOfHours'

type Due = Pick<PlannedItem, 'rule' | 'key' | 'decisionKey' | 'dueAt' | 'from'> & { base: string }

/** Everything with a time, the next first. Without facts: as if every condition held and every channel took it. */
export function planOf(
  record: Coordination,
  plan: PlanState,
  rules: readonly Rule[],
  calendar: PlanCalendar,
  now: number,
  facts: PlanFacts | null = null,
): PlannedItem[] {
  const items = rules
    .flatMap((rule) => dueOf(record, plan, rule, calendar))
    .map((due) => {
      const { decided, moved } = decisionOn(plan.changed[due.decisionKey] ?? plan.changed[due.key])
      const way = chooseWay(record, due.rule, null, moved ?? due.dueAt, calendar, facts)
      const item = { ...due, ...way, at: moved ?? way.at, decided, event: null }
      const never = takenOut(decided) ? 'canceled' : whyNever(item, record)
      const why = never ?? (moved === null ? whyPast(item, record, plan, rules) : null) ?? (item.at <= plan.doneThrough ? 'past' : null)
      const missed = why === null && isLate(item, calendar, now)
      return { ...item, missed, skipped: why ?? (missed ? 'past' : null) ?? whyNot(item, plan, calendar, facts) ?? way.skipped }
    })
  return collapse(items)
    .map(({ base: _, ...item }) => item)
    .toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
}

/** What an event sends, by each rule that waits for it. */
export function planOfEvent(
  record: Coordination,
  event: PendingEvent,
  rules: readonly Rule[],
  calendar: PlanCalendar,
  now: number,
  facts: PlanFacts | null = null,
  { changed, went }: Pick<PlanState, 'changed' | 'went'> = { changed: {}, went: {} },
): PlannedItem[] {
  return rules
    .filter((rule) => answersTo(rule, event))
    .map((rule) => {
      const key = `${event.key}|${rule.name}`
      const { decided, moved } = decisionOn(changed[key])
      const way = chooseWay(record, rule, event.channel ?? null, moved ?? event.at, calendar, facts)
      const at = moved ?? way.at
      const from = toldUntil(rule, calendar, at)
      const due = { rule, key, decisionKey: key, dueAt: event.at, ...way, at, decided, from, event }
      const why = takenOut(decided) ? 'canceled' : whyNoAnswer(rule, event, record, now)
      const missed = why === null && isLate(due, calendar, now)
      const isTold = from !== null && went[rule.name] === from ? ('limit' as const) : null
      return { ...due, missed, skipped: why ?? (missed ? 'past' : null) ?? condition(due, calendar, facts) ?? isTold ?? way.skipped }
    })
}

/** Who is told that nobody is there is told once, until somebody is. */
function toldUntil({ name, when }: Rule, calendar: PlanCalendar, at: number): string | null {
  const until = when[OUT_OF_HOURS] === true ? calendar.closedUntil(at) : null
  return until === null ? null : `${name} closed until ${until}`
}

/** An event that names a rule is answered by that one alone, whatever it waits for. */
export const answersTo = (rule: Rule, { type, rule: named }: PendingEvent): boolean =>
  named === undefined ? rule.on === type && rule.at === undefined : rule.name === named

function whyNoAnswer(rule: Rule, event: PendingEvent, record: Coordination, now: number): Skipped | null {
  if (!rule.enabled) return 'disabled'
  if (event.rule !== undefined && record.status !== 'active') return 'canceled'
  const isGone = isOfRecord(event.type) && record.startsAt !== null && Date.parse(record.startsAt) <= now
  return event.at < rule.since || isGone ? 'past' : null
}

function decisionOn(changed: PlanDecision | undefined): { decided: Decided | null; moved: number | null } {
  if (changed === undefined) return { decided: null, moved: null }
  if ('at' in changed) return { decided: 'move', moved: changed.at }
  return { decided: changed.sent ? 'send' : 'skip', moved: null }
}

const takenOut = (decided: Decided | null): boolean => decided === 'skip' || decided === 'send'

/** When the record is to be looked at next, for what may still go; null: never. */
export function nextDueAt(
  record: Coordination,
  plan: PlanState,
  rules: readonly Rule[],
  calendar: PlanCalendar,
  now: number,
): number | null {
  const able: readonly (Skipped | null)[] = [null, 'condition', 'answered', 'limit', 'no_phone', 'no_template', 'opted_out']
  const times = planOf(record, plan, rules, calendar, now)
    .filter(({ skipped, missed }) => missed || able.includes(skipped))
    .map(({ at }) => at)
  return times.length === 0 ? null : Math.min(...times)
}

const isOfRecord = (type: string) => type === 'coordination.created' || type === 'coordination.rescheduled'
export const isSilence = (base: string): base is Silence => silences.some((one) => one === base)

function dueOf(record: Coordination, plan: PlanState, rule: Rule, calendar: PlanCalendar): Due[] {
  if (rule.at === undefined) return []
  const { relativeTo: base, offset } = rule.at
  const zone = calendar.zoneOf(record)
  const begins = baseOf(record, plan, base, zone, calendar)
  if (begins === null) return []
  const dueAt = calendar.shift(begins, offset, zone)
  const written = base === STARTS ? record.startsAt : record.data[base.slice('data.'.length)]
  const from = isSilence(base) ? null : `${offset} ${String(written)}`
  const key = `${rule.name}@${new Date(dueAt).toISOString()}`
  return [{ rule, base, dueAt, from, key, decisionKey: from === null ? key : `${rule.name}@${from}` }]
}

function baseOf(record: Coordination, { silence }: PlanState, base: string, zone: string, calendar: PlanCalendar): number | null {
  if (base === STARTS) return record.startsAt === null ? null : Date.parse(record.startsAt)
  if (isSilence(base)) return silence?.[`${base}At`] ?? null
  const value = record.data[base.slice('data.'.length)]
  return isTime(value) ? calendar.instant(value, zone) : null
}

/** The first channel that takes it; where none does, the first and its reason. */
function chooseWay(
  record: Coordination,
  rule: Rule,
  preferred: Channel | null,
  dueAt: number,
  calendar: PlanCalendar,
  facts: PlanFacts | null,
): Pick<PlannedItem, 'channel' | 'at' | 'text' | 'skipped'> {
  const ways = channelsOf(record, rule, preferred).map((channel) => {
    const next = calendar.next(dueAt, rule, channel, calendar.zoneOf(record))
    const at = next ?? dueAt
    const way = facts?.way(rule, channel, at)
    const skipped = next === null ? ('limit' as const) : way && 'skipped' in way ? way.skipped : null
    return { channel, at, text: way && 'text' in way ? way.text : null, skipped }
  })
  return ways.find(({ skipped }) => skipped === null) ?? ways[0] ?? { channel: null, at: dueAt, text: null, skipped: 'no_phone' }
}

/** In the order in which they are tried: what the event asks for, what the record says of its client, then as the rule has them. */
export function channelsOf(record: Pick<Coordination, 'contact'>, rule: Rule, preferred: Channel | null): Channel[] {
  const { channel } = record.contact
  const own = channel !== undefined && rule.channels.includes(channel) ? [channel] : []
  return [...new Set([...(preferred === null ? [] : [preferred]), ...own, ...rule.channels])]
}

const whyNever = ({ rule }: Due, record: Coordination): Skipped | null =>
  !rule.enabled ? 'disabled' : record.status !== 'active' ? 'canceled' : null

function whyPast(
  { rule, base, dueAt, at, from }: Due & { at: number },
  record: Coordination,
  plan: PlanState,
  rules: readonly Rule[],
): Skipped | null {
  const since = Math.max(plan.since['*'] ?? 0, plan.since[base] ?? 0)
  if (at <= Math.max(since, rule.since)) return 'past'
  if (from !== null && plan.went[rule.name] === from) return 'past'
  if (base !== STARTS || record.startsAt === null) return null
  const startsAt = Date.parse(record.startsAt)
  // The calendar moved it behind what it was to come before.
  if (dueAt < startsAt && at >= startsAt) return 'past'
  const wasTold = rules.some(({ enabled, on, at: time }) => enabled && time === undefined && on !== undefined && isOfRecord(on))
  return rule.purpose === 'reminder' && wasTold && at < since + JUST_TOLD_MS ? 'past' : null
}

const isLate = ({ rule, at }: Pick<PlannedItem, 'rule' | 'at'>, calendar: PlanCalendar, now: number): boolean =>
  now > at + calendar.durationMs(rule.grace)

const whyNot = (item: Due & { at: number }, { silence }: PlanState, calendar: PlanCalendar, facts: PlanFacts | null): Skipped | null =>
  item.base === 'lastInbound' && silence?.answered ? 'answered' : condition(item, calendar, facts)

const condition = ({ rule, at }: { rule: Rule; at: number }, calendar: PlanCalendar, facts: PlanFacts | null): Skipped | null =>
  facts === null || holds(rule.when, withHours(facts.lookUp, calendar, at)) ? null : 'condition'

export const withHours =
  (lookUp: FactLookup, calendar: Pick<PlanCalendar, 'closedUntil'>, at: number): FactLookup =>
  (field) =>
    field === OUT_OF_HOURS ? calendar.closedUntil(at) !== null : lookUp(field)

/** Reminders of one thing that come in the same minute are one: the latest by its own time. */
function collapse<Item extends PlannedItem & { base: string }>(items: readonly Item[]): Item[] {
  const isTwin = (one: Item, other: Item) =>
    other !== one &&
    other.skipped === null &&
    other.rule.purpose === 'reminder' &&
    other.base === one.base &&
    Math.abs(other.at - one.at) < 60_000 &&
    (other.dueAt > one.dueAt || (other.dueAt === one.dueAt && other.key > one.key))
  return items.map((item) =>
    item.skipped === null && item.rule.purpose === 'reminder' && items.some((other) => isTwin(item, other))
      ? { ...item, skipped: 'past' }
      : item,
  )
}
