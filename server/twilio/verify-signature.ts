// Twilio's request signature, by the official library, over every field as received. More than one token may be
// right: the account's current one and, while it is being rotated, the previous one.
import { timingSafeEqual, createHash } from 'node:crypto'
import webhooks from 'twilio/lib/webhooks/webhooks.js'

export type FormFields = Record<string, string | string[]>

/**
 * @param url the public URL that Twilio called, with its query and without a fragment.
 * @param fields all fields of a form; empty for GET.
 */
export function verifyForm(authTokens: readonly string[], signature: string, url: string, fields: FormFields): boolean {
  return authTokens.some((token) => holds(() => webhooks.validateRequest(token, signature, url, fields)))
}

/** JSON: the URL alone is signed, and carries the body's hash as `bodySHA256`. */
export function verifyBody(authTokens: readonly string[], signature: string, url: string, body: Buffer): boolean {
  const claimed = Buffer.from(new URL(url).searchParams.get('bodySHA256')?.toLowerCase() ?? '')
  const actual = Buffer.from(createHash('sha256').update(body).digest('hex'))
  if (claimed.length !== actual.length || !timingSafeEqual(claimed, actual)) return false
  return verifyForm(authTokens, signature, url, {})
}

/** The library throws on what it cannot parse; that is no valid signature either. */
function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}
