// Reading and writing numbers for people. Apart from phone.ts, so that the metadata stays out of the widget.
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'

/** E.164 of what somebody typed, or null where it is no possible number. `whatsapp:` in front is allowed. */
export function parsePhone(text: string, defaultCountry: string): string | null {
  const plain = text.trim().replace(/^whatsapp:/i, '')
  if (!/^[+\d\s().\-/]+$/.test(plain)) return null
  const parsed = parsePhoneNumberFromString(plain, defaultCountry as CountryCode)
  return parsed?.isPossible() ? parsed.number : null
}

/** Grouped as its country groups it, with the country code: `+54 9 11 5482 3391`. */
export function formatPhone(phoneE164: string): string {
  return parsePhoneNumberFromString(phoneE164)?.formatInternational() ?? phoneE164
}
