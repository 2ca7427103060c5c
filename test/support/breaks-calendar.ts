// Says what a list of sends breaks in a calendar. Apart from the planner on purpose: by `Intl` and by single minutes, it plans nothing.
import type { Contacted, ContactCalendar, QuietHours, Weekday } from '../../shared/calendar.ts'

export interface Rules {
  zone: string
  calendar: ContactCalendar
  holidays: ReadonlySet<string>
  quietHours?: QuietHours | null
}

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
const formats = new Map<string, Intl.DateTimeFormat>()

interface Wall {
  date: string
  day: Weekday
  minute: number
  /** Its Monday. */
  week: string
}

function wallOf(at: number, zone: string): Wall {
  let format = formats.get(zone)
  if (!format) {
    const shown = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, calendar: 'iso8601', weekday: 'short', hourCycle: 'h23', ...shown })
    formats.set(zone, format)
  }
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const date = `${parts.year}-${parts.month}-${parts.day}`
  // Counted on a calendar without clocks.
  const noon = Date.parse(`${date}T12:00:00Z`)
  const week = new Date(noon - ((new Date(noon).getUTCDay() + 6) % 7) * DAY_MS).toISOString().slice(0, 10)
  return { date, day: String(parts.weekday).toLowerCase() as Weekday, minute: Number(parts.hour) * 60 + Number(parts.minute), week }
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

function isShut({ date, day, minute }: Wall, { calendar, holidays, quietHours }: Rules): boolean {
  if (calendar.holidays && holidays.has(date)) return true
  if (calendar.hours && !calendar.hours[day].some(({ from, to }) => minutes(from) <= minute && minute < minutes(to))) return true
  if (!quietHours) return false
  const [from, to] = [minutes(quietHours.from), minutes(quietHours.to)]
  return from < to ? from <= minute && minute < to : minute >= from || minute < to
}

/** One line for each rule that is broken; none: all is well. */
export function breaksOf(sends: readonly Contacted[], rules: Rules): string[] {
  const { perDay, perWeek, oneChannelAWeek } = rules.calendar
  const broken: string[] = []
  const days = new Map<string, number>()
  const weeks = new Map<string, Contacted[]>()
  for (const send of sends) {
    const wall = wallOf(send.at, rules.zone)
    const named = `${new Date(send.at).toISOString()} by ${send.channel}, ${wall.day} ${wall.date} ${wall.minute}`
    if (isShut(wall, rules)) broken.push(`shut: ${named}`)
    days.set(wall.date, (days.get(wall.date) ?? 0) + 1)
    weeks.set(wall.week, [...(weeks.get(wall.week) ?? []), send])
  }
  for (const [date, count] of days) if (perDay !== null && count > perDay) broken.push(`${count} on ${date}`)
  for (const [week, inIt] of weeks) {
    if (perWeek !== null && inIt.length > perWeek) broken.push(`${inIt.length} in the week of ${week}`)
    if (oneChannelAWeek && new Set(inIt.map(({ channel }) => channel)).size > 1) broken.push(`two channels in the week of ${week}`)
  }
  return broken
}

/** The due time, or the first whole minute after it that breaks nothing beside what was sent; null: none within `days`. */
export function firstMinute(due: Contacted, sent: readonly Contacted[], rules: Rules, days: number): number | null {
  const fits = (at: number) => !isShut(wallOf(at, rules.zone), rules) && breaksOf([...sent, { ...due, at }], rules).length === 0
  if (fits(due.at)) return due.at
  const first = Math.floor(due.at / MINUTE_MS) * MINUTE_MS + MINUTE_MS
  for (let at = first; at < first + days * DAY_MS; at += MINUTE_MS) if (fits(at)) return at
  return null
}
