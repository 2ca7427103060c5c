// A message that was erased, as it is remembered: so that it is not found missing in Twilio's list and taken in again.
import { createHash } from 'node:crypto'

/** Twilio's list is compared over hours; what is older is never looked for. */
export const REMEMBER_ERASED_MS = 3 * 24 * 60 * 60 * 1000

export const erasedName = (orgId: string, twilioSid: string): string =>
  `erased|${createHash('sha256').update(`${orgId}|${twilioSid}`).digest('base64url')}`
