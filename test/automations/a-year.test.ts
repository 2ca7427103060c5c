// A year of appointments in five zones: each reminder at its exact local time the day before, none at night, none of a canceled
// record. Judged by `Intl` alone, which the planner does not use.
import { describe, expect, test } from 'vitest'
import { automationBody } from '../../shared/automations.ts'
import { calendarPresets } from '../../shared/calendar.ts'
import type { Coordination } from '../../shared/model.ts'
import { calendarOf } from '../../server/automations/calendar-of.ts'
import type { Organization } from '../../server/organizations.ts'
import { nextDueAt, planOf, type Rule } from '../../server/rules/automation.ts'
import { emptyPlan } from '../../server/rules/record-plan.ts'
import { breaksOf } from '../support/breaks-calendar.ts'

const DAY = 24 * 3600_000
const FIRST = Date.parse('2026-08-01T00:00:00Z')
const own = { settings: { timezone: 'UTC', holidays: new Set() } } as unknown as Organization
const calendar = calendarOf(own, [], () => calendarPresets.quiet_nights)
const reminder: Rule = {
  ...automationBody.parse({ at: { relativeTo: 'startsAt', offset: '-P1D' }, purpose: 'reminder', template: 'cita' }),
  ...{ name: 'day', since: 0 },
}
const plan = { ...emptyPlan, since: { '*': FIRST - 30 * DAY } }
const booking = (startsAt: number, timezone: string, status: Coordination['status']): Coordination => ({
  ...{ id: 'ev-1', title: 'Turno', contact: { name: 'Ana', phone: '+5491144500001' }, data: {}, rev: 1 },
  ...{ startsAt: new Date(startsAt).toISOString(), timezone, status, createdAt: '', updatedAt: '' },
})

function clockOn(zone: string) {
  const shown = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...shown })
  const read = (at: number) => format.format(at).replace(' ', 'T')
  /** The moments at which a clock there shows it: none in the hour that is left out, two in the one that comes twice. */
  const moments = (wall: string) => {
    const about = Date.parse(`${wall}Z`)
    const offsets = new Set([-DAY, 0, DAY].map((ms) => Date.parse(`${read(about + ms)}Z`) - (about + ms)))
    return [...offsets].map((offset) => about - offset).filter((at) => read(at) === wall)
  }
  return { read, moments }
}

describe.each(['America/Argentina/Buenos_Aires', 'America/Santiago', 'America/New_York', 'Europe/Madrid', 'Australia/Lord_Howe'])(
  '%s',
  (zone) => {
    const { read, moments } = clockOn(zone)

    test('each reminder goes at the same time of day the day before, at night at eight in the morning', () => {
      const sends: number[] = []
      for (let day = 0; day < 365; day++)
        for (const time of ['00:30', '02:15', '08:00', '10:45', '20:59', '23:45'])
          for (const startsAt of moments(`${new Date(FIRST + day * DAY).toISOString().slice(0, 10)}T${time}`)) {
            const dayBefore = new Date(FIRST + (day - 1) * DAY).toISOString().slice(0, 10)
            const sameDay = new Date(FIRST + day * DAY).toISOString().slice(0, 10)
            const expected = time < '08:00' ? `${dayBefore}T08:00` : time < '21:00' ? `${dayBefore}T${time}` : `${sameDay}T08:00`
            const record = booking(startsAt, zone, 'active')
            const [item] = planOf(record, plan, [reminder], calendar, startsAt - 3 * DAY)
            expect(item && [read(item.at), item.skipped], `${time} of day ${day}`).toEqual([expected, null])
            expect(nextDueAt(record, plan, [reminder], calendar, startsAt - 3 * DAY)).toBe(item?.at)
            sends.push(item?.at ?? 0)
          }
      expect(sends.length).toBeGreaterThan(365 * 6 - 5)
      const rules = { zone, calendar: calendarPresets.quiet_nights, holidays: new Set<string>() }
      expect(
        breaksOf(
          sends.map((at) => ({ at, channel: 'whatsapp' })),
          rules,
        ),
      ).toEqual([])
    })

    test('a canceled record has none', () => {
      for (let day = 0; day < 365; day += 7) {
        const record = booking(FIRST + day * DAY, zone, 'canceled')
        expect(planOf(record, plan, [reminder], calendar, FIRST - DAY).map(({ skipped }) => skipped)).toEqual(['canceled'])
        expect(nextDueAt(record, plan, [reminder], calendar, FIRST - DAY)).toBeNull()
      }
    })
  },
)
