// Times as an organization's rules mean them: by the clock on the wall, and when a client may be written to.
import { Temporal } from 'temporal-polyfill'
import type { ContactCalendar, Contacted, Purpose } from '../../shared/calendar.ts'
import type { Organization } from '../organizations.ts'
import type { PlanCalendar } from '../rules/automation.ts'
import { nextAllowed } from '../rules/calendar.ts'
import { closedUntil } from '../rules/opening-hours.ts'
import { shiftTime } from '../rules/shift-time.ts'

/** @param contacted what went to this client, or is to go, by its purpose. */
export function calendarOf(
  { settings }: Organization,
  contacted: readonly (Contacted & { purpose: Purpose })[] = [],
  of = (purpose: Purpose): ContactCalendar => settings.calendars[purpose],
): PlanCalendar {
  return {
    zoneOf: ({ timezone }) => timezone ?? settings.timezone,
    shift: shiftTime,
    instant: instantOf,
    next(at, { purpose, quietHours }, channel, zone) {
      const sentBefore = contacted.filter((one) => one.purpose === purpose)
      const asked = { at, zone, channel, calendar: of(purpose), holidays: settings.holidays, quietHours: quietHours ?? null, sentBefore }
      const allowed = nextAllowed(asked)
      return 'at' in allowed ? allowed.at : null
    },
    durationMs: (duration) => shiftTime(0, duration, 'UTC'),
    closedUntil: (at) => closedUntil(at, settings),
  }
}

/** Null: no such day or time. */
function instantOf(text: string, zone: string): number | null {
  try {
    if (/(Z|[+-]\d\d:?\d\d)$/i.test(text) && text.length > 10) return Temporal.Instant.from(text.replace(' ', 'T')).epochMilliseconds
    return Temporal.PlainDateTime.from(text.replace(' ', 'T')).toZonedDateTime(zone).epochMilliseconds
  } catch {
    return null
  }
}
