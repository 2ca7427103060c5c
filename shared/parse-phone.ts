// Reading and writing numbers for people. Apart from phone.ts, so that the metadata stays out of the widget.
import { parsePhoneNumberFromString as parseByLength } from 'libphonenumber-js'
import { type CountryCode, getCountryCallingCode, type PhoneNumber, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { normalisedAddress } from './phone.ts'

/** The digits once dialled in front of mobiles and long distances there; people's lists still hold it. */
const beforeMexico2019 = /^0(1|44|45)(?=\d{10}$)/

/**
 * E.164 of what somebody typed or copied, or null where it is no number, or could be several. `whatsapp:` or `tel:` in front is allowed,
 * and what copying leaves: marks of direction, spaces and dashes that do not break, digits of full width.
 */
export function parsePhone(text: string, defaultCountry: string): string | null {
  const plain = text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .trim()
    .replace(/^(whatsapp|tel):/i, '')
  if (!/^[+\d\s().\-/]+$/.test(plain)) return null
  const digits = plain.replace(/\D/g, '').replace(beforeMexico2019, defaultCountry === 'MX' ? '' : '$&')
  if (plain.startsWith('+')) return readInternational(plain, `+${digits}`)
  // Without its plus a number may be of here, or a whole one of elsewhere: it must be right, not only long enough.
  const country = defaultCountry as CountryCode
  const readings: Readings = [parsePhoneNumberFromString(digits, country), parsePhoneNumberFromString(`+${digits.replace(/^00/, '')}`)]
  for (const isRight of rightForms) {
    const chosen = choose(readings, country, isRight)
    if (chosen !== null) return chosen
  }
  return null
}

const isAssigned = (number: string) => parsePhoneNumberFromString(number)?.isValid() === true
/** Ranges in use; then forms that WhatsApp still writes; then what a country may give out any day. */
const rightForms = [
  isAssigned,
  (number: string) => isAssigned(normalisedAddress(number)),
  (number: string) => parseByLength(number)?.isValid() === true,
]

function readInternational(plain: string, typed: string): string | null {
  const parsed = parsePhoneNumberFromString(plain)
  if (parsed?.isPossible()) return parsed.number
  // WhatsApp writes some numbers in a form that is no longer dialled (+521 in Mexico).
  const normalised = normalisedAddress(typed)
  return normalised !== typed && parsePhoneNumberFromString(normalised)?.isPossible() ? typed : null
}

/** As a number of the default country, and as one that is whole. */
type Readings = [national: PhoneNumber | undefined, whole: PhoneNumber | undefined]

/**
 * Of two that are right: the whole one where the country's own code stands in front; else a mobile over a landline, since in some
 * countries nearly all digits are a landline; else the one of here.
 */
function choose(readings: Readings, country: CountryCode, isRight: (number: string) => boolean): string | null {
  const [national, whole] = readings.map((one) => (one && isRight(one.number) ? one : undefined))
  if (!national || !whole) return (national ?? whole)?.number ?? null
  const isOurs = whole.countryCallingCode === getCountryCallingCode(country)
  return (isOurs || (mayBeMobile(whole.number) && !mayBeMobile(national.number)) ? whole : national).number
}

/** In Argentina a mobile without its 9 looks like a landline. */
function mayBeMobile(phoneE164: string): boolean {
  const parsed = parsePhoneNumberFromString(phoneE164)
  const kind = parsed?.getType()
  return kind === 'MOBILE' || kind === 'FIXED_LINE_OR_MOBILE' || (kind === 'FIXED_LINE' && parsed?.country === 'AR')
}

/** `US`; undefined: no country has such numbers. */
export const countryOf = (phoneE164: string): string | undefined => parsePhoneNumberFromString(phoneE164)?.country

/** Grouped as its country groups it, with the country code: `+54 9 11 5482 3391`. */
export function formatPhone(phoneE164: string): string {
  return parsePhoneNumberFromString(phoneE164)?.formatInternational() ?? phoneE164
}
