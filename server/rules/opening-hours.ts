// When somebody answers: an organization's opening hours by the clock on its own wall. On its holidays it is closed.
import { Temporal } from 'temporal-polyfill'
import { type WeekHours, weekdays } from '../../shared/calendar.ts'
import { isDuring } from '../../shared/quiet.ts'

export interface OpeningHours {
  /** Null: it is never closed. */
  openingHours: WeekHours | null
  /** `YYYY-MM-DD`. */
  holidays: ReadonlySet<string>
  /** IANA name. */
  timezone: string
}

/** What is closed for a year stays closed. */
const FURTHEST_DAYS = 367

/** Null: it is open at that time; else until when it is closed, Infinity where it never opens again. Times are ms since the epoch. */
export function closedUntil(at: number, hours: OpeningHours): number | null {
  if (hours.openingHours === null) return null
  const now = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(hours.timezone)
  const wall = now.toPlainTime().toString({ smallestUnit: 'minute' })
  if (hoursOn(now.toPlainDate(), hours).some((open) => isDuring(open, wall))) return null
  for (let days = 0; days < FURTHEST_DAYS; days++) {
    const date = now.toPlainDate().add({ days })
    const opens = hoursOn(date, hours).map(
      ({ from }) => date.toZonedDateTime({ timeZone: hours.timezone, plainTime: from }).epochMilliseconds,
    )
    const next = Math.min(...opens.filter((time) => time > at))
    if (next !== Infinity) return next
  }
  return Infinity
}

function hoursOn(date: Temporal.PlainDate, { openingHours, holidays }: OpeningHours) {
  const day = weekdays[date.dayOfWeek - 1]
  return openingHours === null || day === undefined || holidays.has(date.toString()) ? [] : openingHours[day]
}
