import { expect, test } from 'vitest'
import { createKnown } from '../../server/processes/known.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('what was told is no news, nor what is older; what is newer is', () => {
  const known = createKnown(createManualClock())
  expect(known.isNews('a', 1)).toBe(true)
  known.note('a', 3)
  known.note('a', 2)
  expect([2, 3, 4].map((rev) => known.isNews('a', rev))).toEqual([false, false, true])
})

test('it is kept for as long as the feed looks back, and forgotten then', async () => {
  const clock = createManualClock()
  const known = createKnown(clock)
  known.note('a', 1)
  await clock.advance(7_000)
  known.note('b', 1)
  await clock.advance(7_000)
  known.note('c', 1)
  expect(known.isNews('a', 1)).toBe(false)
  await clock.advance(8_000)
  known.note('d', 1)
  expect(['a', 'b', 'c'].map((key) => known.isNews(key, 1))).toEqual([true, true, false])
})
