// A number that somebody gave, as the store wants it: E.164, and the keys under which its owner may be known.
import { parsePhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import { DomainError } from '../../shared/problems.ts'

export interface GivenPhone {
  phoneE164: string
  keys: [string, ...string[]]
}

/**
 * @param path where in the request it stood, for the answer; the number itself is not repeated.
 * @throws DomainError('invalid_phone')
 */
export function readPhone(text: string, defaultCountry: string, path: string): GivenPhone {
  const phoneE164 = parsePhone(text, defaultCountry)
  if (phoneE164 === null)
    throw new DomainError('invalid_phone', 'This is no phone number. Write it with + and the country code.', {
      issues: [{ path, message: 'is no phone number; write it with + and the country code' }],
    })
  return { phoneE164, keys: identityKeys(phoneE164) }
}
