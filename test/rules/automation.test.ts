// The plan of a record: what goes when, by which channel, and why not; by tables.
import { describe, expect, test } from 'vitest'
import { automationBody, type AutomationInput } from '../../shared/automations.ts'
import { anyTime } from '../../shared/calendar.ts'
import type { Coordination } from '../../shared/model.ts'
import { isSafePattern, matchesPattern } from '../../shared/safe-pattern.ts'
import { calendarOf } from '../../server/automations/calendar-of.ts'
import type { Organization } from '../../server/organizations.ts'
import { nextDueAt, type PlanFacts, planOf, planOfEvent, type Rule } from '../../server/rules/automation.ts'
import { holds } from '../../server/rules/condition.ts'
import { emptyPlan, type PlanState, savePlan } from '../../server/rules/record-plan.ts'
import { HOUR, MINUTE, MORNING } from '../support/builders.ts'

const DAY = 24 * HOUR
const settings = { timezone: 'America/Argentina/Buenos_Aires' }
const calendar = calendarOf({ settings } as unknown as Organization, [], () => anyTime)
const iso = (at: number) => new Date(at).toISOString()

const rule = (name: string, over: Partial<AutomationInput>, since = 0): Rule => ({
  ...automationBody.parse({ template: name, purpose: 'reminder', ...over }),
  name,
  since,
})
const reminder = (name: string, offset: string, over: Partial<AutomationInput> = {}) =>
  rule(name, { at: { relativeTo: 'startsAt', offset }, ...over })
const booking = (over: Partial<Coordination> = {}): Coordination => ({
  ...{ id: 'ev-1', title: 'Turno', contact: { name: 'Ana', phone: '+5491144500001' }, startsAt: iso(MORNING + 3 * DAY), status: 'active' },
  ...{ data: {}, rev: 1, createdAt: iso(MORNING), updatedAt: iso(MORNING) },
  ...over,
})
const fresh: PlanState = { ...emptyPlan, since: { '*': MORNING } }
const sent: PlanFacts = { lookUp: () => null, way: ({ name }) => ({ text: name }) }
const went = (record: Coordination, rules: Rule[], plan = fresh, now = MORNING, facts: PlanFacts | null = sent) =>
  planOf(record, plan, rules, calendar, now, facts).map(({ rule: { name }, at, skipped }) => [name, iso(at), skipped])

describe('what goes when', () => {
  const day = reminder('day', '-P1D')
  const hour = reminder('hour', '-PT1H')

  test('a reminder the day before and one an hour before, the next first', () => {
    expect(went(booking(), [hour, day])).toEqual([
      ['day', iso(MORNING + 2 * DAY), null],
      ['hour', iso(MORNING + 3 * DAY - HOUR), null],
    ])
    expect(nextDueAt(booking(), fresh, [hour, day], calendar, MORNING)).toBe(MORNING + 2 * DAY)
  })

  test('the day before is the same time of day, where 24 hours are not', () => {
    // The clocks of New York go forward in the night of 8 March 2026.
    const record = booking({ startsAt: '2026-03-08T16:00:00.000Z', timezone: 'America/New_York' })
    expect(went(record, [day, reminder('hours', '-PT24H')])).toEqual([
      ['hours', '2026-03-07T16:00:00.000Z', null],
      ['day', '2026-03-07T17:00:00.000Z', null],
    ])
  })

  test.each<
    [what: string, record: Partial<Coordination>, plan: Partial<PlanState>, rules: Rule[], now: number, skipped: (string | null)[]]
  >([
    ['a canceled record', { status: 'canceled' }, {}, [day], MORNING, ['canceled']],
    ['a finished record', { status: 'done' }, {}, [day], MORNING, ['canceled']],
    ['a rule that is switched off', {}, {}, [reminder('day', '-P1D', { enabled: false })], MORNING, ['disabled']],
    ['a booking that came later than its reminder', { startsAt: iso(MORNING + 2 * HOUR) }, {}, [day, hour], MORNING, ['past', null]],
    [
      'a booking that was moved to later than its reminder',
      {},
      { since: { '*': 0, startsAt: MORNING + 2 * DAY + 1 } },
      [day],
      MORNING,
      ['past'],
    ],
    ['a rule that is newer than its time', {}, {}, [{ ...day, since: MORNING + 2 * DAY }], MORNING, ['past']],
    ['what was done before', {}, { doneThrough: MORNING + 2 * DAY }, [day], MORNING + 2 * DAY + 1, ['past']],
    ['what is late within its grace', {}, {}, [day], MORNING + 2 * DAY + HOUR, [null]],
    ['what is later than its grace', {}, {}, [day], MORNING + 2 * DAY + HOUR + 1, ['past']],
    ['what an agent took out', {}, { changed: { [`day@${iso(MORNING + 2 * DAY)}`]: { skip: true } } }, [day], MORNING, ['canceled']],
    [
      'two reminders that come in one minute: the later one goes',
      {},
      {},
      [
        reminder('a', '-PT25H', { quietHours: { from: '05:00', to: '07:00' } }),
        reminder('b', '-PT24H', { quietHours: { from: '05:00', to: '07:00' } }),
        reminder('c', '-P1D'),
      ],
      MORNING,
      ['past', 'past', null],
    ],
  ])('%s', (_what, record, plan, rules, now, skipped) => {
    expect(planOf(booking(record), { ...fresh, ...plan }, rules, calendar, now, sent).map((one) => one.skipped)).toEqual(skipped)
  })

  test('a reminder just after the booking was confirmed says nothing new', () => {
    const record = booking({ startsAt: iso(MORNING + HOUR + 5 * MINUTE) })
    const confirm = rule('confirm', { on: 'coordination.created', purpose: 'service' })
    expect(went(record, [hour, confirm])).toEqual([['hour', iso(MORNING + 5 * MINUTE), 'past']])
    expect(went(record, [hour])).toEqual([['hour', iso(MORNING + 5 * MINUTE), null]])
  })

  test('an agent moved it: it goes then, also where it was past', () => {
    const key = `day@${iso(MORNING + 2 * DAY)}`
    const plan = { ...fresh, changed: { [key]: { at: MORNING + HOUR } } }
    expect(went(booking(), [day], plan)).toEqual([['day', iso(MORNING + HOUR), null]])
    expect(nextDueAt(booking(), plan, [day], calendar, MORNING)).toBe(MORNING + HOUR)
  })

  test('what an agent moved goes then, also at night', () => {
    const key = `day@${iso(MORNING + 2 * DAY)}`
    const night = MORNING + 16 * HOUR
    const plan = { ...fresh, changed: { [key]: { at: night } } }
    expect(went(booking(), [{ ...day, quietHours: { from: '21:00', to: '08:00' } }], plan)).toEqual([['day', iso(night), null]])
  })

  test('a condition that does not hold is asked: at a time, and of an event', () => {
    const vip = { vip: true }
    const known = (value: boolean): PlanFacts => ({ ...sent, lookUp: () => value })
    for (const [value, skipped] of [
      [true, null],
      [false, 'condition'],
    ] as const) {
      expect(went(booking(), [reminder('day', '-P1D', { when: vip })], fresh, MORNING, known(value))[0]?.[2]).toBe(skipped)
      const paid = rule('paid', { on: 'paid', when: vip })
      const event = { type: 'paid', key: 'p', at: MORNING }
      expect(planOfEvent(booking(), event, [paid], calendar, MORNING, known(value))[0]?.skipped).toBe(skipped)
    }
  })

  test('quiet hours move it to their end; a reminder that would come behind its booking goes no more', () => {
    const quiet = { from: '21:00', to: '08:00' }
    const at = (startsAt: string) => went(booking({ startsAt }), [reminder('hour', '-PT1H', { quietHours: quiet })])
    // 23:30 in Buenos Aires, the booking at 9:30.
    expect(went(booking({ startsAt: '2026-03-05T12:30:00.000Z' }), [reminder('early', '-PT10H', { quietHours: quiet })])).toEqual([
      ['early', '2026-03-05T11:00:00.000Z', null],
    ])
    expect(at('2026-03-05T10:30:00.000Z')).toEqual([['hour', '2026-03-05T11:00:00.000Z', 'past']])
  })

  test('a day of the record’s data counts from its midnight in the record’s zone, a time without zone too', () => {
    const due = rule('due', { at: { relativeTo: 'data.dueDate', offset: 'PT9H' }, purpose: 'collection' })
    const at = (dueDate: string | null, timezone = 'Europe/Madrid') => went(booking({ data: { dueDate }, timezone }), [due])
    expect(at('2026-03-10')).toEqual([['due', '2026-03-10T08:00:00.000Z', null]])
    expect(at('2026-03-10T10:00', 'America/New_York')).toEqual([['due', '2026-03-10T23:00:00.000Z', null]])
    expect(at('2026-03-10T10:00:00-03:00')).toEqual([['due', '2026-03-10T22:00:00.000Z', null]])
    for (const none of [null, 'soon', '2026-13-40']) expect(at(none)).toEqual([])
  })
})

describe('silence', () => {
  const silence = { lastInboundAt: MORNING, lastOutboundAt: MORNING + HOUR, windowClosesAt: MORNING + DAY, answered: false }
  const asked = rule('asked', { at: { relativeTo: 'lastOutbound', offset: 'P2D' } })
  const waiting = rule('waiting', { at: { relativeTo: 'lastInbound', offset: 'PT2H' } })
  const closing = rule('closing', { at: { relativeTo: 'windowCloses', offset: '-PT1H' } })
  const all = [asked, waiting, closing]

  test('counts from who wrote last, and from the end of the window', () => {
    expect(went(booking(), all, { ...fresh, since: {}, silence })).toEqual([
      ['waiting', iso(MORNING + 2 * HOUR), null],
      ['closing', iso(MORNING + DAY - HOUR), null],
      ['asked', iso(MORNING + HOUR + 2 * DAY), null],
    ])
  })

  test('who was answered is not told that nobody did; nobody wrote, nothing goes', () => {
    expect(went(booking(), [waiting], { ...fresh, since: {}, silence: { ...silence, answered: true } })[0]?.[2]).toBe('answered')
    expect(went(booking(), all)).toEqual([])
    expect(went(booking(), [asked], { ...fresh, silence: { ...silence, lastOutboundAt: null } })).toEqual([])
  })
})

describe('by which channel', () => {
  const both = reminder('day', '-P1D', { channels: ['whatsapp', 'sms'] })
  const facts = (whatsapp: ReturnType<PlanFacts['way']>, sms: ReturnType<PlanFacts['way']>): PlanFacts => ({
    lookUp: () => null,
    way: (_, channel) => (channel === 'sms' ? sms : whatsapp),
  })
  test.each<[string, PlanFacts, Partial<Coordination['contact']>, string | null, string | null]>([
    ['the first that takes it', facts({ text: 'w' }, { text: 's' }), {}, 'whatsapp', null],
    ['the record’s own before the rule’s', facts({ text: 'w' }, { text: 's' }), { channel: 'sms' }, 'sms', null],
    ['SMS where the client opted out of WhatsApp', facts({ skipped: 'opted_out' }, { text: 's' }), {}, 'sms', null],
    ['SMS where WhatsApp has no such template', facts({ skipped: 'no_template' }, { text: 's' }), {}, 'sms', null],
    ['none: the reason is the first channel’s', facts({ skipped: 'opted_out' }, { skipped: 'no_phone' }), {}, 'whatsapp', 'opted_out'],
  ])('%s', (_what, known, contact, channel, skipped) => {
    const record = booking({ contact: { name: 'Ana', phone: '+5491144500001', ...contact } })
    expect(planOf(record, fresh, [both], calendar, MORNING, known)[0]).toMatchObject({ channel, skipped })
  })
})

describe('out of hours', () => {
  const wrote = (key: string, at: number) => ({ type: 'message.received', key, at })
  const closed = { ...calendar, closedUntil: (at: number) => (at < MORNING + HOUR ? MORNING + HOUR : null) }
  const auto = rule('auto', { on: 'message.received', purpose: 'service', when: { outOfHours: true } })
  const skipped = (at: number, one = auto, went = {}) =>
    planOfEvent(booking(), wrote('m', at), [one], closed, at, sent, { changed: {}, went })[0]?.skipped

  test('a rule answers while nobody is there, and another one while somebody is', () => {
    expect([skipped(MORNING), skipped(MORNING + HOUR)]).toEqual([null, 'condition'])
    const open = { ...auto, when: { outOfHours: false } }
    expect([skipped(MORNING, open), skipped(MORNING + HOUR, open)]).toEqual(['condition', null])
  })

  test('once until somebody is there again', () => {
    const [first] = planOfEvent(booking(), wrote('m', MORNING), [auto], closed, MORNING, sent)
    const told = { auto: first?.from ?? '' }
    expect(skipped(MORNING + MINUTE, auto, told)).toBe('limit')
    expect(skipped(MORNING - DAY, auto, { auto: `auto closed until ${MORNING - DAY}` })).toBe(null)
  })

  test('of a rule with a time, when it would go', () => {
    const day = reminder('day', '-P1D', { when: { outOfHours: true } })
    const at = booking({ startsAt: iso(MORNING + DAY + HOUR) })
    expect(planOf(at, fresh, [day], closed, MORNING - MINUTE, sent)[0]?.skipped).toBe('condition')
  })
})

describe('what an event sends', () => {
  const paid = rule('paid', { on: 'payment.received', purpose: 'service' })
  const event = { type: 'payment.received', key: 'payment.received|p-1', at: MORNING }
  const answers = (over: Partial<typeof event>, rules = [paid, rule('other', { on: 'x' })], record = booking(), now = MORNING) =>
    planOfEvent(record, { ...event, ...over }, rules, calendar, now, sent).map((one) => [one.key, one.skipped, one.missed])

  test('each rule that waits for it, at once, under a key of the event', () => {
    expect(answers({})).toEqual([['payment.received|p-1|paid', null, false]])
    expect(answers({ type: 'payment.refunded' })).toEqual([])
  })
  test('what happened before the rule was there, or longer ago than its grace, sends nothing', () => {
    expect(answers({}, [{ ...paid, since: MORNING + 1 }])[0]).toEqual(['payment.received|p-1|paid', 'past', false])
    expect(answers({}, [paid], booking(), MORNING + HOUR + 1)[0]).toEqual(['payment.received|p-1|paid', 'past', true])
  })
  test('a booking of the past is confirmed to nobody; a canceled one is told so', () => {
    const confirm = rule('confirm', { on: 'coordination.created' })
    const old = booking({ startsAt: iso(MORNING - 1) })
    expect(answers({ type: 'coordination.created' }, [confirm], old)[0]?.[1]).toBe('past')
    const cancel = rule('cancel', { on: 'coordination.canceled' })
    expect(answers({ type: 'coordination.canceled' }, [cancel], booking({ status: 'canceled' }))[0]?.[1]).toBeNull()
  })
})

describe('saving a record', () => {
  const knows = (times: (number | null)[] = []) =>
    savePlan({ listens: (type) => times.length > 0 && type !== '', nextDueAt: () => times[0] ?? null })
  const save = (was: Coordination | null, is: Coordination, plan = knows([MORNING])) =>
    plan(was && { record: was, plan: { ...emptyPlan, since: { '*': 1 } } }, is, MORNING)
  const moved = booking({ startsAt: iso(MORNING + DAY), rev: 2 })

  test.each<[string, Coordination | null, Coordination, string[], Record<string, number>]>([
    ['new', null, booking(), ['coordination.created|1'], { '*': MORNING }],
    ['made by a button', null, booking({ provisional: true }), [], { '*': MORNING }],
    ['saved after a button made it', booking({ provisional: true }), moved, ['coordination.created|2'], { '*': MORNING }],
    ['moved', booking(), moved, ['coordination.rescheduled|2'], { '*': 1, startsAt: MORNING }],
    ['given a first time', booking({ startsAt: null }), moved, [], { '*': 1, startsAt: MORNING }],
    ['canceled', booking(), booking({ status: 'canceled', rev: 2 }), ['coordination.canceled|2'], { '*': 1 }],
    ['canceled before it came', null, booking({ status: 'canceled' }), [], { '*': MORNING }],
    ['taken up again', booking({ status: 'canceled' }), booking({ rev: 2 }), [], { '*': MORNING }],
    ['with another due day', booking(), booking({ data: { due: '2026-04-01', n: 1 } }), [], { '*': 1, 'data.due': MORNING }],
    ['with another title', booking(), booking({ title: 'Otra' }), [], { '*': 1 }],
  ])('%s', (_what, was, is, keys, since) => {
    const plan = save(was, is)
    expect(plan.events.map(({ key }) => key)).toEqual(keys)
    expect(plan.since).toEqual(since)
    expect(plan.nextDueAt).toBe(MORNING)
  })
  test('that it is there is kept where a rule waits for it alone; without rules nothing is due', () => {
    expect(save(null, booking(), knows())).toMatchObject({ events: [], nextDueAt: null })
  })
})

describe('conditions', () => {
  const facts: Record<string, string | number | boolean | null | string[]> = {
    kind: 'vip',
    n: 12,
    text: '15',
    when: '2026-03-02',
    yes: true,
    tags: ['a', 'b'],
    none: null,
  }
  const lookUp = (field: string) => facts[field] ?? null
  test.each<[Parameters<typeof holds>[0], boolean]>([
    [{ kind: 'vip', yes: true }, true],
    [{ kind: 'vip', yes: false }, false],
    [{ n: '12' }, false],
    [{ missing: null }, true],
    [{ missing: { ne: 'x' } }, true],
    [{ kind: { in: ['a', 'vip'] } }, true],
    [{ kind: { in: ['a'] } }, false],
    [{ kind: { ne: 'vip' } }, false],
    [{ n: { gt: 11, lt: 13 } }, true],
    [{ text: { gt: 9 } }, true],
    [{ n: { gt: 12 } }, false],
    [{ when: { lt: '2026-03-03', gt: '2026-03-01T12:00:00Z' } }, true],
    [{ kind: { gt: 1 } }, false],
    [{ none: { lt: 1 } }, false],
    [{ tags: 'b' }, true],
    [{ tags: { ne: 'b' } }, false],
    [{ tags: { in: ['x', 'a'] } }, true],
    [{ kind: { matches: '^V' } }, true],
    [{ none: { matches: '.' } }, false],
    [{ tags: { matches: '^b$' } }, true],
  ])('%j is %s', (when, is) => {
    expect(holds(when, lookUp)).toBe(is)
  })

  test('patterns that a text could make slow are refused, and match nothing', () => {
    for (const pattern of ['(a+)+b', '(a|aa)*$', 'a{1,9}{2}', '(x)\\1', '(?=a)b', '.*.*.*x', '[', '', 'a'.repeat(101)])
      expect([pattern, isSafePattern(pattern)]).toEqual([pattern, false])
    for (const pattern of ['^precio', 'cu[aá]nto', 'a.*b', '(si|sí|ok)', '\\+\\d{2}', '[*+]{1,3}', '(?:uno|dos)?'])
      expect([pattern, isSafePattern(pattern)]).toEqual([pattern, true])
    expect(matchesPattern('(a+)+b', 'aab')).toBe(false)
    expect(matchesPattern('PRECIO', `${'x'.repeat(290)} precio`)).toBe(true)
    expect(matchesPattern('precio', `${'x'.repeat(300)} precio`)).toBe(false)
  })
})

describe('the schema of a rule', () => {
  test.each<[what: string, input: unknown, path: string]>([
    ['without event or time', { template: 't' }, 'on'],
    [
      'an event that is none of a record’s own beside a time',
      { template: 't', on: 'x', at: { relativeTo: 'startsAt', offset: '-P1D' } },
      'at',
    ],
    ['an offset that is none', { template: 't', at: { relativeTo: 'startsAt', offset: '-1 day' } }, 'at.offset'],
    ['an empty offset', { template: 't', at: { relativeTo: 'startsAt', offset: 'PT' } }, 'at.offset'],
    ['a time that is none', { template: 't', at: { relativeTo: 'endsAt', offset: 'P1D' } }, 'at.relativeTo'],
    ['a field that nobody knows', { template: 't', on: 'x', also: 'y' }, ''],
    ['no channel', { template: 't', on: 'x', channels: [] }, 'channels'],
    ['a channel twice', { template: 't', on: 'x', channels: ['sms', 'sms'] }, 'channels'],
    ['a grace before', { template: 't', on: 'x', grace: '-PT1H' }, 'grace'],
    ['without template', { on: 'x' }, 'template'],
  ])('refuses %s', (_what, input, path) => {
    const paths = automationBody.safeParse(input).error?.issues.map((issue) => issue.path.join('.'))
    expect(paths).toContain(path)
  })
})
