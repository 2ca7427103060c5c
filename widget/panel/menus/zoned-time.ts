// Days and hours in the organization's time zone, whatever the browser's is and whatever daylight saving does.
import type { Zone } from '../../locales/format.ts'

const DAY_MS = 86_400_000

function parts(timezone: string, at: number): number[] {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  })
  const found = format.formatToParts(at)
  return ['year', 'month', 'day', 'hour', 'minute'].map((type) => Number(found.find((part) => part.type === type)?.value ?? 0))
}

/** The instant at which clocks there show this; in a gap of daylight saving, the one after it. */
export function instantOf(timezone: string, year: number, month: number, day: number, hour: number, minute: number): Date {
  const wanted = Date.UTC(year, month - 1, day, hour, minute)
  let at = wanted
  for (let turn = 0; turn < 2; turn++) {
    const [y = 0, m = 0, d = 0, h = 0, min = 0] = parts(timezone, at)
    at += wanted - Date.UTC(y, m - 1, d, h, min)
  }
  return new Date(at)
}

/** `2026-11-25`, as date fields write it. */
export function dayThere(zone: Zone, at: number): string {
  const [year = 0, month = 0, day = 0] = parts(zone.timezone, at)
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** From what a date and a time field hold; null until both are whole. */
export function fromFields(zone: Zone, day: string, time: string): Date | null {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day) ?? []
  const [, hour, minute] = /^(\d\d):(\d\d)/.exec(time) ?? []
  if (year === undefined || hour === undefined) return null
  return instantOf(zone.timezone, Number(year), Number(month), Number(date), Number(hour), Number(minute))
}

/** The next day of the week (0 is Sunday) after today. */
export function nextWeekday(zone: Zone, now: number, weekday: number, hour: number): Date {
  const [year = 0, month = 0, day = 0] = parts(zone.timezone, now)
  const today = new Date(Date.UTC(year, month - 1, day))
  const next = new Date(today.getTime() + (((weekday - today.getUTCDay() + 6) % 7) + 1) * DAY_MS)
  return instantOf(zone.timezone, next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), hour, 0)
}

export function todayAt(zone: Zone, now: number, hour: number): Date {
  const [year = 0, month = 0, day = 0] = parts(zone.timezone, now)
  return instantOf(zone.timezone, year, month, day, hour, 0)
}

export function tomorrowAt(zone: Zone, now: number, hour: number): Date {
  const [year = 0, month = 0, day = 0] = parts(zone.timezone, now)
  const next = new Date(Date.UTC(year, month - 1, day) + DAY_MS)
  return instantOf(zone.timezone, next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate(), hour, 0)
}
