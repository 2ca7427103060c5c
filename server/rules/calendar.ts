// When a message may go to a client: the next time that the calendar of its purpose allows. Hours, days and weeks are those of the
// clock on the wall in the client's or the record's zone, which is passed in.
import { Temporal } from 'temporal-polyfill'
import { type Contacted, type ContactCalendar, type DayHours, type QuietHours, weekdays } from '../../shared/calendar.ts'
import { isDuring } from '../../shared/quiet.ts'

/** Why a client may not be written to at a time. */
export type NotAllowed = 'quiet_hours' | 'hours' | 'holiday' | 'per_day' | 'per_week' | 'one_channel'

export interface Asked {
  /** When it is due, in ms since the epoch. */
  at: number
  /** IANA name. */
  zone: string
  channel: Contacted['channel']
  /** Of the message's purpose. */
  calendar: ContactCalendar
  /** The organization's, as `YYYY-MM-DD`; they count where the calendar says so. */
  holidays: ReadonlySet<string>
  /** Of the rule itself, beside the calendar. */
  quietHours?: QuietHours | null
  /** All of this purpose to this client that was sent or is planned, in any order; older than a week it counts no more. */
  sentBefore: readonly Contacted[]
}

/** `moved`: why it is later than it was due; null: it stays at its time. */
export type Allowed = { at: number; moved: NotAllowed | null } | { never: NotAllowed }

/** What is closed for a year stays closed. */
const FURTHEST_DAYS = 367
const DAY_MS = 24 * 3600_000

/** The first time from `at` on at which it may go: `at` itself, or later on a whole minute. */
export function nextAllowed(asked: Asked): Allowed {
  const { at, zone, calendar, quietHours } = asked
  if (isFree(calendar) && !quietHours) return { at, moved: null }
  const due = inZone(at, zone)
  const moved = against(due, asked)
  if (moved === null) return { at, moved }
  if (calendar.hours && weekdays.every((day) => calendar.hours?.[day].length === 0)) return { never: 'hours' }
  for (let days = 0; days < FURTHEST_DAYS; days++) {
    const date = due.toPlainDate().add({ days })
    if (againstDate(date, zone, asked) !== null) continue
    const [first] = startsOn(date, asked)
      .filter((start) => start.epochMilliseconds > at && againstTime(start, asked) === null)
      .sort((a, b) => a.epochMilliseconds - b.epochMilliseconds)
    if (first) return { at: first.epochMilliseconds, moved }
  }
  return { never: moved }
}

const isFree = ({ hours, holidays, perDay, perWeek, oneChannelAWeek }: ContactCalendar): boolean =>
  hours === null && !holidays && perDay === null && perWeek === null && !oneChannelAWeek

const inZone = (at: number, zone: string) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)

const against = (time: Temporal.ZonedDateTime, asked: Asked): NotAllowed | null =>
  againstDate(time.toPlainDate(), time.timeZoneId, asked) ?? againstTime(time, asked)

/** What closes the whole day. */
function againstDate(date: Temporal.PlainDate, zone: string, { calendar, holidays, channel, sentBefore }: Asked): NotAllowed | null {
  const { perDay, perWeek, oneChannelAWeek } = calendar
  if (oneChannelAWeek || perDay !== null || perWeek !== null) {
    const noon = date.toZonedDateTime({ timeZone: zone, plainTime: '12:00' }).epochMilliseconds
    const week = sentBefore
      .filter((one) => Math.abs(one.at - noon) < 8 * DAY_MS)
      .map((one) => ({ ...one, date: inZone(one.at, zone).toPlainDate() }))
      .filter((one) => mondayOf(one.date).equals(mondayOf(date)))
    if (oneChannelAWeek && week.some((one) => one.channel !== channel)) return 'one_channel'
    if (perWeek !== null && week.length >= perWeek) return 'per_week'
    if (perDay !== null && week.filter((one) => one.date.equals(date)).length >= perDay) return 'per_day'
  }
  return calendar.holidays && holidays.has(date.toString()) ? 'holiday' : null
}

const mondayOf = (date: Temporal.PlainDate) => date.subtract({ days: date.dayOfWeek - 1 })

function againstTime(time: Temporal.ZonedDateTime, { calendar, quietHours }: Asked): NotAllowed | null {
  const wall = time.toPlainTime().toString({ smallestUnit: 'minute' })
  if (hoursOn(time, calendar)?.every((hours) => !isDuring(hours, wall))) return 'hours'
  return quietHours && isDuring(quietHours, wall) ? 'quiet_hours' : null
}

/** Null: all day. */
function hoursOn({ dayOfWeek }: Pick<Temporal.PlainDate, 'dayOfWeek'>, { hours }: ContactCalendar): readonly DayHours[] | null {
  const day = weekdays[dayOfWeek - 1]
  return hours === null || day === undefined ? null : hours[day]
}

/** All times of a day at which something may begin to be allowed. */
function startsOn(date: Temporal.PlainDate, { zone, calendar, quietHours }: Asked): Temporal.ZonedDateTime[] {
  const midnight = date.toZonedDateTime(zone)
  const onTheWall = [...(hoursOn(date, calendar) ?? []).map(({ from }) => from), ...(quietHours ? [quietHours.to] : [])]
  const starts = onTheWall.flatMap((time) => {
    const local = date.toPlainDateTime(time)
    // The clock may show it twice, and where it skips it, what follows is later.
    return (['earlier', 'later'] as const).map((disambiguation) => local.toZonedDateTime(zone, { disambiguation }))
  })
  const change = midnight.hoursInDay === 24 ? null : midnight.getTimeZoneTransition('next')
  return [midnight, ...starts, ...(change ? [change] : [])].filter((start) => start.toPlainDate().equals(date))
}
