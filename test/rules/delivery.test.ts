// When a delivery to the host is tried again, given up, and its webhook switched off.
import { expect, test } from 'vitest'
import {
  afterAttempt,
  type Attempt,
  type Health,
  healthAfter,
  LOG_MS,
  newDelivery,
  OFF_AFTER_MS,
  replayed,
  STALE_MS,
  WAITS,
} from '../../server/rules/delivery.ts'

const HOUR = 3600_000
const first = newDelivery({ id: 'd', webhook: 'crm', key: 'k', type: 'action', about: { kind: 'message', id: 'm' }, at: 5 }, 1000)
const attempt = (status: number | null, at = 1000): Attempt => ({ status, detail: '', at })

test.each([200, 201, 204, 299])('%i is taken: nothing more is tried', (status) => {
  expect(afterAttempt(first, attempt(status), 0)).toMatchObject({ state: 'delivered', attempts: 1, dueAt: null })
})

test.each([null, 100, 199, 301, 302, 308, 400, 404, 410, 429, 500, 503])('%s is tried again after five seconds', (status) => {
  expect(afterAttempt(first, attempt(status), 0)).toEqual({
    ...{ state: 'waiting', attempts: 1, dueAt: 6000 },
    answer: { status, detail: '', at: 1000 },
  })
})

test('each wait is longer than the one before, for more than three days; then it has failed', () => {
  let now = first
  const waits: number[] = []
  while (now.dueAt !== null && waits.length < 20) {
    const at = now.dueAt
    now = { ...now, ...afterAttempt(now, attempt(500, at), 0) }
    if (now.dueAt !== null) waits.push(now.dueAt - at)
  }
  expect(waits).toEqual([...WAITS])
  expect(waits).toEqual(waits.toSorted((a, b) => a - b))
  expect(waits.reduce((sum, one) => sum + one, 0)).toBeGreaterThan(72 * HOUR)
  expect(now).toMatchObject({ state: 'failed', attempts: WAITS.length + 1 })
})

test('what failed together does not come again together', () => {
  expect(afterAttempt(first, attempt(500), 1).dueAt).toBe(6500)
})

test('replayed, it begins its schedule anew', () => {
  const failed = { ...first, state: 'failed', attempts: 9, dueAt: null } as const
  expect({ ...failed, ...replayed(7) }).toMatchObject({ state: 'waiting', attempts: 0, dueAt: 7 })
})

const well: Health = { failingSince: null, off: null }
const failing: Health = { failingSince: 1000, off: null }
test.each<[string, Health, Attempt, Health | null]>([
  ['well, taken', well, attempt(200), null],
  ['well, not taken', well, attempt(500, 9), { failingSince: 9, off: null }],
  ['failing, not taken', failing, attempt(500, 1000 + OFF_AFTER_MS - 1), null],
  ['failing, taken', failing, attempt(204), well],
  [
    'failing for days',
    failing,
    attempt(null, 1000 + OFF_AFTER_MS),
    { failingSince: 1000, off: { reason: 'failing', at: 1000 + OFF_AFTER_MS } },
  ],
  ['gone', well, attempt(410, 9), { failingSince: 9, off: { reason: 'gone', at: 9 } }],
  ['off already', { failingSince: 1, off: { reason: 'gone', at: 2 } }, attempt(200), null],
])('a webhook: %s', (_, before, met, expected) => {
  expect(healthAfter(before, met)).toEqual(expected)
})

test('the log outlives what may still be found, so that nothing is told twice', () => {
  expect(LOG_MS).toBeGreaterThan(2 * STALE_MS)
})
