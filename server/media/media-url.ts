// Addresses under which media are served for a day: what they say is signed, so that nobody makes one up or keeps one for ever.
import { createHmac, timingSafeEqual } from 'node:crypto'

const DAY_MS = 24 * 60 * 60_000

/** `preview`: the small picture beside it. */
export type MediaSize = 'whole' | 'preview'

const signatureOf = (secret: string, id: string, size: MediaSize, exp: string) =>
  createHmac('sha256', secret)
    .update(`media/${id}?${exp}`)
    .update(size === 'whole' ? '' : `&size=${size}`)
    .digest('base64url')

/**
 * Valid for 24 to 48 hours: `exp` (seconds) is the end of a day in UTC, so that a page that asks again gets the same address and finds
 * the file in its browser's cache.
 */
export function signMediaUrl(publicUrl: string, secret: string, id: string, now: number, size: MediaSize = 'whole'): string {
  const exp = String(((Math.floor(now / DAY_MS) + 2) * DAY_MS) / 1000)
  const asked = size === 'whole' ? '' : `size=${size}&`
  return `${publicUrl}/media/${encodeURIComponent(id)}?${asked}exp=${exp}&sig=${signatureOf(secret, id, size, exp)}`
}

/** Milliseconds that it is still valid; null: it is not one of ours, or its time is over. */
export function checkMediaUrl(
  secret: string,
  id: string,
  { exp, sig, size = 'whole' }: { exp: string; sig: string; size?: MediaSize },
  now: number,
): number | null {
  const [given, right] = [Buffer.from(sig), Buffer.from(signatureOf(secret, id, size, exp))]
  if (given.length !== right.length || !timingSafeEqual(given, right)) return null
  const left = Number(exp) * 1000 - now
  return left > 0 ? left : null
}
