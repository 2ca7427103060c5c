// Reading and writing numbers for people. Apart from phone.ts, so that the metadata stays out of the widget.
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import { normalisedAddress } from './phone.ts'

/**
 * E.164 of what somebody typed or copied, or null where it is no possible number. `whatsapp:` or `tel:` in front is allowed,
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
  const parsed = parsePhoneNumberFromString(plain, defaultCountry as CountryCode)
  if (parsed?.isPossible()) return parsed.number
  // WhatsApp writes some numbers in a form that is no longer dialled (+521 in Mexico).
  const typed = `+${plain.replace(/\D/g, '')}`
  const normalised = normalisedAddress(typed)
  return plain.startsWith('+') && normalised !== typed && parsePhoneNumberFromString(normalised)?.isPossible() ? typed : null
}

/** Grouped as its country groups it, with the country code: `+54 9 11 5482 3391`. */
export function formatPhone(phoneE164: string): string {
  return parsePhoneNumberFromString(phoneE164)?.formatInternational() ?? phoneE164
}
