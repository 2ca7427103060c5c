import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Allowed, type Asked, nextAllowed } from '../../server/rules/calendar.ts'
import { anyTime, calendarPresets, type Contacted, type ContactCalendar, type DayHours } from '../../shared/calendar.ts'
import { breaksOf, firstMinute } from '../support/breaks-calendar.ts'

const bogota = 'America/Bogota'
const buenosAires = 'America/Argentina/Buenos_Aires'
const zones = [buenosAires, 'America/Santiago', 'America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe']

const ask = (zone: string, at: string, more: Partial<Asked> = {}): Allowed =>
  nextAllowed({ at: Date.parse(at), zone, channel: 'whatsapp', calendar: anyTime, holidays: new Set(), sentBefore: [], ...more })
const shown = (answer: Allowed) => ('never' in answer ? answer : { ...answer, at: new Date(answer.at).toISOString() })
const sent = (...times: [at: string, channel?: 'sms' | 'whatsapp'][]): Contacted[] =>
  times.map(([at, channel = 'whatsapp']) => ({ at: Date.parse(at), channel }))
const every = (...hours: DayHours[]): ContactCalendar['hours'] => ({
  ...{ mon: hours, tue: hours, wed: hours, thu: hours, fri: hours, sat: hours, sun: hours },
})

const inBogota: [string, due: string, goes: string, moved: string | null, Partial<Asked>?][] = [
  ['Monday before seven waits until seven', '2026-11-30T06:59:59-05:00', '2026-11-30T07:00:00-05:00', 'hours'],
  ['Monday at seven goes', '2026-11-30T07:00:00-05:00', '2026-11-30T07:00:00-05:00', null],
  ['a time that is allowed stays to the millisecond', '2026-11-30T18:59:59.999-05:00', '2026-11-30T18:59:59.999-05:00', null],
  ['Monday at seven in the evening waits until Tuesday', '2026-11-30T19:00:00-05:00', '2026-12-01T07:00:00-05:00', 'hours'],
  ['Friday evening waits until Saturday at eight', '2026-12-04T19:30:00-05:00', '2026-12-05T08:00:00-05:00', 'hours'],
  ['Saturday at three waits until Monday', '2026-12-05T15:00:00-05:00', '2026-12-07T07:00:00-05:00', 'hours'],
  ['Sunday waits until Monday', '2026-12-06T12:00:00-05:00', '2026-12-07T07:00:00-05:00', 'hours'],
  [
    'a holiday waits until the day after, and a Sunday behind it too',
    '2026-12-05T09:00:00-05:00',
    '2026-12-08T07:00:00-05:00',
    'holiday',
    { holidays: new Set(['2026-12-05', '2026-12-07']) },
  ],
  [
    'the second of a day waits until the next',
    '2026-12-01T15:00:00-05:00',
    '2026-12-02T07:00:00-05:00',
    'per_day',
    { sentBefore: sent(['2026-12-01T08:00:00-05:00']) },
  ],
  [
    'one that is planned for later that day counts as well',
    '2026-12-01T08:00:00-05:00',
    '2026-12-02T07:00:00-05:00',
    'per_day',
    { sentBefore: sent(['2026-12-01T18:00:00-05:00']) },
  ],
  [
    'the same channel goes on in the week',
    '2026-12-03T15:00:00-05:00',
    '2026-12-03T15:00:00-05:00',
    null,
    { sentBefore: sent(['2026-12-01T08:00:00-05:00']) },
  ],
  [
    'another channel waits until Monday',
    '2026-12-01T15:00:00-05:00',
    '2026-12-07T07:00:00-05:00',
    'one_channel',
    { sentBefore: sent(['2026-11-30T08:00:00-05:00', 'sms']) },
  ],
  [
    'a week ends on Sunday by the clock there, not by that of Greenwich',
    '2026-12-07T07:00:00-05:00',
    '2026-12-07T07:00:00-05:00',
    null,
    { sentBefore: sent(['2026-12-06T23:59:00-05:00', 'sms']) },
  ],
]

describe('Ley 2300', () => {
  test.each(inBogota)('%s', (_, due, goes, moved, more = {}) => {
    expect(shown(ask(bogota, due, { calendar: calendarPresets.ley2300, ...more }))).toEqual({ at: new Date(goes).toISOString(), moved })
  })
})

const quiet = { quietHours: { from: '21:00', to: '08:00' } }
const nights: [string, zone: string, due: string, goes: string, moved: string | null, Partial<Asked>][] = [
  ['quiet from nine', buenosAires, '2026-11-30T21:00:00-03:00', '2026-12-01T08:00:00-03:00', 'quiet_hours', quiet],
  ['quiet after midnight', buenosAires, '2026-11-30T02:00:00-03:00', '2026-11-30T08:00:00-03:00', 'quiet_hours', quiet],
  ['not quiet at eight', buenosAires, '2026-11-30T08:00:00-03:00', '2026-11-30T08:00:00-03:00', null, quiet],
  [
    'quiet at noon',
    buenosAires,
    '2026-11-30T13:00:00-03:00',
    '2026-11-30T15:30:00-03:00',
    'quiet_hours',
    { quietHours: { from: '13:00', to: '15:30' } },
  ],
  [
    'both: the hours of the purpose and those of the rule',
    buenosAires,
    '2026-11-30T22:00:00-03:00',
    '2026-12-01T10:00:00-03:00',
    'hours',
    { quietHours: { from: '20:00', to: '10:00' }, calendar: calendarPresets.quiet_nights },
  ],
  [
    'Santiago, the day without a midnight',
    'America/Santiago',
    '2026-09-05T23:30:00-04:00',
    '2026-09-06T08:00:00-03:00',
    'quiet_hours',
    quiet,
  ],
  [
    'Santiago, hours that begin in what the clock skips',
    'America/Santiago',
    '2026-09-05T23:30:00-04:00',
    '2026-09-06T01:00:00-03:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '00:30', to: '03:00' }) } },
  ],
  [
    'Santiago, the hour before midnight twice',
    'America/Santiago',
    '2027-04-03T23:50:00-03:00',
    '2027-04-03T23:10:00-04:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '23:10', to: '23:40' }) } },
  ],
  ['New York, the short night', 'America/New_York', '2027-03-14T01:00:00-05:00', '2027-03-14T08:00:00-04:00', 'quiet_hours', quiet],
  [
    'New York, hours that begin in what the clock skips',
    'America/New_York',
    '2027-03-14T01:00:00-05:00',
    '2027-03-14T03:00:00-04:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '02:30', to: '04:00' }) } },
  ],
  [
    'New York, hours that lie in what the clock skips are none that day',
    'America/New_York',
    '2027-03-14T01:00:00-05:00',
    '2027-03-15T02:10:00-04:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '02:10', to: '02:50' }) } },
  ],
  [
    'New York, the clock goes back into hours that had ended',
    'America/New_York',
    '2027-11-07T01:45:00-04:00',
    '2027-11-07T01:00:00-05:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '00:30', to: '01:30' }) } },
  ],
  ['Madrid, the long night', 'Europe/Madrid', '2026-10-25T00:30:00+02:00', '2026-10-25T08:00:00+01:00', 'quiet_hours', quiet],
  [
    'Lord Howe, half an hour is skipped',
    'Australia/Lord_Howe',
    '2026-10-04T01:00:00+10:30',
    '2026-10-04T02:30:00+11:00',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '02:15', to: '02:45' }) } },
  ],
  [
    'Lord Howe, half an hour comes twice',
    'Australia/Lord_Howe',
    '2027-04-04T01:50:00+11:00',
    '2027-04-04T01:30:00+10:30',
    'hours',
    { calendar: { ...anyTime, hours: every({ from: '01:00', to: '01:40' }) } },
  ],
  [
    'until the end of the day',
    buenosAires,
    '2026-11-30T23:59:00-03:00',
    '2026-11-30T23:59:00-03:00',
    null,
    { calendar: { ...anyTime, hours: every({ from: '12:00', to: '24:00' }) } },
  ],
  [
    'as many as a week takes',
    buenosAires,
    '2026-12-03T12:00:00-03:00',
    '2026-12-07T00:00:00-03:00',
    'per_week',
    {
      calendar: { ...anyTime, perWeek: 2 },
      sentBefore: sent(['2026-11-30T10:00:00-03:00'], ['2026-12-02T10:00:00-03:00', 'sms'], ['2026-11-29T10:00:00-03:00']),
    },
  ],
]

test.each(nights)('%s', (_, zone, due, goes, moved, more) => {
  expect(shown(ask(zone, due, more))).toEqual({ at: new Date(goes).toISOString(), moved })
})

test('a calendar that is never open says so, and why', () => {
  expect(ask(bogota, '2026-11-30T10:00:00Z', { calendar: { ...anyTime, hours: every() } })).toEqual({ never: 'hours' })
  const calendar = { ...anyTime, hours: every({ from: '09:00', to: '18:00' }) }
  const closed = { calendar, quietHours: { from: '08:00', to: '20:00' } }
  expect(ask(bogota, '2026-11-30T15:00:00Z', closed)).toEqual({ never: 'quiet_hours' })
})

const time = fc
  .integer({ min: 0, max: 24 * 60 })
  .map((all) => `${String(Math.floor(all / 60)).padStart(2, '0')}:${String(all % 60).padStart(2, '0')}`)
const hours = fc
  .tuple(time, time)
  .filter(([from, to]) => from < to)
  .map(([from, to]) => ({ from, to }))
const calendars: fc.Arbitrary<ContactCalendar> = fc.record({
  hours: fc.option(
    fc.array(hours, { minLength: 1, maxLength: 2 }).map((some) => ({ ...every(...some), sun: [] })) as fc.Arbitrary<
      NonNullable<ContactCalendar['hours']>
    >,
  ),
  holidays: fc.boolean(),
  perDay: fc.option(fc.integer({ min: 1, max: 2 })),
  perWeek: fc.option(fc.integer({ min: 1, max: 4 })),
  oneChannelAWeek: fc.boolean(),
})
const year = { min: Date.parse('2026-08-01T00:00:00Z'), max: Date.parse('2027-07-31T00:00:00Z') }
const dues = fc.array(fc.record({ at: fc.integer(year), channel: fc.constantFrom('whatsapp' as const, 'sms' as const) }), { maxLength: 60 })
const holidays = new Set(['2026-08-17', '2026-10-12', '2026-12-08', '2026-12-25', '2027-01-01', '2027-03-24', '2027-05-01'])

/** All of them, each planned beside those before it. */
function plan(zone: string, calendar: ContactCalendar, wanted: readonly Contacted[], quietHours: Asked['quietHours'] = null): Contacted[] {
  const done: Contacted[] = []
  for (const { at, channel } of wanted.toSorted((a, b) => a.at - b.at)) {
    const next = nextAllowed({ at, zone, channel, calendar, holidays, quietHours, sentBefore: done })
    if ('at' in next) done.push({ at: next.at, channel })
  }
  return done
}

describe.each(zones)('a year of messages in %s', (zone) => {
  test('breaks no calendar, and every one of them goes', () => {
    const one = fc.tuple(calendars, dues, fc.option(fc.constant({ from: '21:00', to: '08:00' })))
    fc.assert(
      fc.property(one, ([calendar, wanted, quietHours]) => {
        expect(breaksOf(plan(zone, calendar, wanted, quietHours), { zone, calendar, holidays, quietHours })).toEqual([])
        expect(plan(zone, calendarPresets.ley2300, wanted)).toHaveLength(wanted.length)
      }),
      { numRuns: 12 },
    )
  })

  test('never breaks Ley 2300, and each goes at the first minute that there is', () => {
    const calendar = calendarPresets.ley2300
    fc.assert(
      fc.property(dues, (wanted) => {
        const rules = { zone, calendar, holidays }
        const all = plan(zone, calendar, wanted)
        expect(breaksOf(all, rules)).toEqual([])
        const done: Contacted[] = []
        for (const [index, due] of wanted
          .toSorted((a, b) => a.at - b.at)
          .slice(0, 12)
          .entries()) {
          expect(all[index]?.at).toBe(firstMinute(due, done, rules, 30))
          done.push({ at: all[index]?.at ?? 0, channel: due.channel })
        }
      }),
      { numRuns: 4 },
    )
  })
})

test('the checker itself sees what is broken', () => {
  const rules = { zone: bogota, calendar: calendarPresets.ley2300, holidays: new Set(['2026-12-08']) }
  const broken = (...times: Parameters<typeof sent>) => breaksOf(sent(...times), rules).length
  expect(broken(['2026-12-01T08:00:00-05:00'], ['2026-12-02T18:59:00-05:00'])).toBe(0)
  expect(broken(['2026-12-01T06:59:00-05:00'])).toBe(1)
  expect(broken(['2026-12-05T15:00:00-05:00'])).toBe(1)
  expect(broken(['2026-12-06T10:00:00-05:00'])).toBe(1)
  expect(broken(['2026-12-08T10:00:00-05:00'])).toBe(1)
  expect(broken(['2026-12-01T08:00:00-05:00'], ['2026-12-01T09:00:00-05:00'])).toBe(1)
  expect(broken(['2026-12-01T08:00:00-05:00'], ['2026-12-03T09:00:00-05:00', 'sms'])).toBe(1)
})
