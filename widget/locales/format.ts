// Numbers, times and phones as people read them, by Intl in the organization's time zone.
import { capitalise } from '../../shared/signs.ts'
import type { Locale } from '../client/panel.ts'
import type { Plural, Words } from './words.ts'

const DAY_MS = 86_400_000
/** 24 h and day before month, also in English. */
const tags: Record<Locale, string> = { es: 'es-AR', en: 'en-GB', pt: 'pt-BR' }

export interface Zone {
  locale: Locale
  timezone: string
}

/** Puts values in the place of `{names}`; an unknown name stays as it is. */
export function fill(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}

const rules = new Map<string, Intl.PluralRules>()

/** The form for `n`, with `{n}` filled as a count up to 99+. */
export function plural(locale: Locale, forms: Plural, n: number, values: Readonly<Record<string, string | number>> = {}): string {
  let rule = rules.get(locale)
  if (!rule) {
    rule = new Intl.PluralRules(tags[locale])
    rules.set(locale, rule)
  }
  return fill(rule.select(n) === 'one' ? forms.one : forms.other, { n: formatCount(n), ...values })
}

/** 1 to 99, then 99+. */
export function formatCount(n: number): string {
  return n > 99 ? '99+' : String(n)
}

const formats = new Map<string, Intl.DateTimeFormat>()
export function format(zone: Zone, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone.locale + zone.timezone + Object.values(options).join() + Object.keys(options).join()
  let found = formats.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(tags[zone.locale], { ...options, timeZone: zone.timezone })
    formats.set(key, found)
  }
  return found
}

function part(zone: Zone, at: number, type: 'day' | 'month' | 'weekday' | 'year', style: 'short' | 'long' | 'numeric'): string {
  const parts = format(zone, { [type]: style }).formatToParts(at)
  return (parts.find((found) => found.type === type)?.value ?? '').replace('.', '')
}

/** No zone's day begins within a quarter of an hour. */
const QUARTER_MS = 900_000
const days = new Map<string, number>()

/** A day's number in the zone; differences are whole days, whatever daylight saving does. */
function dayNumber(zone: Zone, at: number): number {
  const key = zone.timezone + Math.floor(at / QUARTER_MS)
  let found = days.get(key)
  if (found === undefined) {
    const parts = format(zone, { year: 'numeric', month: 'numeric', day: 'numeric' }).formatToParts(at)
    const of = (type: string) => Number(parts.find((one) => one.type === type)?.value)
    found = Math.round(Date.UTC(of('year'), of('month') - 1, of('day')) / DAY_MS)
    days.set(key, found)
  }
  return found
}

/** "10:42". */
export function formatTime(zone: Zone, iso: string): string {
  return format(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(Date.parse(iso))
}

/** For a row: "10:42" today, "ayer", "lun" within 6 days, "3 nov", "nov 2025" in another year. */
export function formatWhen(zone: Zone, words: Words, iso: string, now: number): string {
  const at = Date.parse(iso)
  const days = dayNumber(zone, now) - dayNumber(zone, at)
  if (days <= 0) return formatTime(zone, iso)
  if (days === 1) return words.yesterdayLower
  if (days <= 6) return part(zone, at, 'weekday', 'short')
  const month = part(zone, at, 'month', 'short')
  const year = part(zone, at, 'year', 'numeric')
  return year === part(zone, now, 'year', 'numeric') ? `${part(zone, at, 'day', 'numeric')} ${month}` : `${month} ${year}`
}

/** For a separator: "Hoy", "Ayer", "Lunes 23 de noviembre"; another year is added. */
export function formatDay(zone: Zone, words: Words, iso: string, now: number): string {
  const at = Date.parse(iso)
  const days = dayNumber(zone, now) - dayNumber(zone, at)
  if (days === 0) return words.today
  if (days === 1) return words.yesterday
  const sameYear = part(zone, at, 'year', 'numeric') === part(zone, now, 'year', 'numeric')
  const text = format(zone, { weekday: 'long', day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(at)
  const plain = zone.locale === 'pt' ? text : text.replace(',', '')
  return capitalise(plain, tags[zone.locale])
}

/** A record's day: "12 mar"; the year only where it is more than eleven months away. */
export function formatDate(zone: Zone, iso: string, now: number): string {
  const at = Date.parse(iso)
  const text = `${part(zone, at, 'day', 'numeric')} ${part(zone, at, 'month', 'short')}`
  return Math.abs(at - now) < 330 * DAY_MS ? text : `${text} ${part(zone, at, 'year', 'numeric')}`
}

/** When something planned goes: "10:00" today, "mañana 10:00", "mié 25 nov, 10:00". */
export function formatWhenLong(zone: Zone, words: Words, iso: string, now: number): string {
  const at = Date.parse(iso)
  const days = dayNumber(zone, at) - dayNumber(zone, now)
  if (days === 0) return formatTime(zone, iso)
  if (days === 1) return `${words.tomorrow} ${formatTime(zone, iso)}`
  return `${part(zone, at, 'weekday', 'short')} ${formatDate(zone, iso, now)}, ${formatTime(zone, iso)}`
}

/** Whether two times fall on one day in the zone. */
export function sameDay(zone: Zone, a: string, b: string): boolean {
  return dayNumber(zone, Date.parse(a)) === dayNumber(zone, Date.parse(b))
}

/** How long something waits: minutes to 59, then hours, then days. */
export function formatWait(locale: Locale, words: Words, ms: number): string {
  const minutes = Math.max(1, Math.floor(ms / 60_000))
  if (minutes < 60) return fill(words.minutes, { n: minutes })
  if (minutes < 24 * 60) return fill(words.hours, { n: Math.floor(minutes / 60) })
  return plural(locale, words.days, Math.floor(minutes / 1440))
}

/** The rest of the window: "23 h", under 3 h "1 h 40 min", "12 min". Under 2 h it is `short`: amber. */
export function formatWindow(words: Words, leftMs: number): { text: string; short: boolean } {
  const minutes = Math.max(0, Math.floor(leftMs / 60_000))
  const short = minutes < 120
  if (minutes < 60) return { text: fill(words.minutes, { n: minutes }), short }
  const h = Math.floor(minutes / 60)
  if (minutes >= 180 || minutes % 60 === 0) return { text: fill(words.hours, { n: h }), short }
  return { text: fill(words.hoursMinutes, { h, m: minutes % 60 }), short }
}
