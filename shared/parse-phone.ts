// Reading and writing numbers for people. Apart from phone.ts, so that the metadata stays out of the widget.
import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js'
import { normalisedAddress } from './phone.ts'

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
  const typed = `+${plain.replace(/\D/g, '')}`
  if (plain.startsWith('+')) return readInternational(plain, typed, 'isPossible')
  // Without its plus a number may be of here, or a whole one of elsewhere: it must be right, not only long enough.
  const national = parsePhoneNumberFromString(plain, defaultCountry as CountryCode)
  return national?.isValid() ? national.number : readInternational(typed, typed, 'isValid')
}

function readInternational(text: string, typed: string, rule: 'isPossible' | 'isValid'): string | null {
  const parsed = parsePhoneNumberFromString(text)
  if (parsed?.[rule]()) return parsed.number
  // WhatsApp writes some numbers in a form that is no longer dialled (+521 in Mexico).
  const normalised = normalisedAddress(typed)
  return normalised !== typed && parsePhoneNumberFromString(normalised)?.[rule]() ? typed : null
}

/** Grouped as its country groups it, with the country code: `+54 9 11 5482 3391`. */
export function formatPhone(phoneE164: string): string {
  return parsePhoneNumberFromString(phoneE164)?.formatInternational() ?? phoneE164
}
