// Where a recipient lives, as far as the number tells: the time zone of its country.
import { Temporal } from 'temporal-polyfill'
import { countryOf } from '../../shared/parse-phone.ts'

/** Where most people live, in countries with several. */
const mostPeople: Readonly<Record<string, string>> = {
  AU: 'Australia/Sydney',
  BR: 'America/Sao_Paulo',
  CA: 'America/Toronto',
  CD: 'Africa/Kinshasa',
  CL: 'America/Santiago',
  EC: 'America/Guayaquil',
  ES: 'Europe/Madrid',
  ID: 'Asia/Jakarta',
  KZ: 'Asia/Almaty',
  MX: 'America/Mexico_City',
  NZ: 'Pacific/Auckland',
  PT: 'Europe/Lisbon',
  RU: 'Europe/Moscow',
  UA: 'Europe/Kyiv',
  US: 'America/New_York',
}

/** The house's own where the number is of its country, and where nothing is known. */
export function zoneOfNumber(phoneE164: string, house: { timezone: string; country: string }): string {
  const country = countryOf(phoneE164)
  if (country === undefined || country === house.country) return house.timezone
  return mostPeople[country] ?? zonesOf(country)[0] ?? house.timezone
}

/** As the runtime's own tables have them; an older one has them under another name, or not at all. */
function zonesOf(country: string): readonly string[] {
  const locale = new Intl.Locale('und', { region: country }) as Intl.Locale & {
    getTimeZones?: () => string[] | undefined
    timeZones?: string[]
  }
  return locale.getTimeZones?.() ?? locale.timeZones ?? []
}

/** The moment at which the clock there shows it; where the clock skips it, the one right after. Null: there is no such time or zone. */
export function momentIn(startAt: string, zone: string): number | null {
  try {
    return Temporal.PlainDateTime.from(startAt).toZonedDateTime(zone).epochMilliseconds
  } catch {
    return null
  }
}
