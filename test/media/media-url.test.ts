// Signed addresses: for how long they are good, and for whom.
import { expect, test } from 'vitest'
import { checkMediaUrl, signMediaUrl } from '../../server/media/media-url.ts'

const HOUR = 3_600_000
const secret = 'a secret of the server'
const noon = Date.UTC(2026, 2, 2, 12)
const parts = (url: string) => {
  const { searchParams } = new URL(url)
  return { exp: searchParams.get('exp') ?? '', sig: searchParams.get('sig') ?? '' }
}

test.each([
  ['at midnight', Date.UTC(2026, 2, 2), 48],
  ['at noon', noon, 36],
  ['a millisecond before midnight', Date.UTC(2026, 2, 3) - 1, 24],
])('one that is signed %s is good until the end of the next day', (_, now, hours) => {
  const url = signMediaUrl('https://chat.example.com', secret, 'med-1', now)
  const end = Date.UTC(2026, 2, 4)
  expect(url).toMatch(/^https:\/\/chat\.example\.com\/media\/med-1\?exp=\d+&sig=[\w-]{43}$/)
  expect(Math.round((end - now) / HOUR)).toBe(hours)
  expect(checkMediaUrl(secret, 'med-1', parts(url), now)).toBe(end - now)
  expect(checkMediaUrl(secret, 'med-1', parts(url), end - 1)).toBe(1)
  expect(checkMediaUrl(secret, 'med-1', parts(url), end)).toBeNull()
})

test('one is the same for a whole day, so that browsers find the file in their cache', () => {
  const at = (now: number) => signMediaUrl('https://chat.example.com', secret, 'med-1', now)
  expect(at(noon + 11 * HOUR)).toBe(at(noon))
  expect(at(noon + 12 * HOUR)).not.toBe(at(noon))
})

test('one is good for its own file, time and secret alone', () => {
  const { exp, sig } = parts(signMediaUrl('https://chat.example.com', secret, 'med-1', noon))
  const good = (id: string, given: { exp: string; sig: string }, by = secret) => checkMediaUrl(by, id, given, noon) !== null
  expect(good('med-1', { exp, sig })).toBe(true)
  expect(good('med-2', { exp, sig })).toBe(false)
  expect(good('med-1', { exp: String(Number(exp) + 86_400), sig })).toBe(false)
  expect(good('med-1', { exp: `${exp}0`, sig })).toBe(false)
  expect(good('med-1', { exp, sig }, 'another')).toBe(false)
  for (const wrong of ['', 'x', sig.slice(1), `${sig}x`, sig.toUpperCase(), 'ñ'.repeat(43)])
    expect(good('med-1', { exp, sig: wrong })).toBe(false)
})
