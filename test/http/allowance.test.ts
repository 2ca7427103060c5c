// Allowances by key, with times written down instead of waited for.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlidingWindow, createTokenBuckets } from '../../server/http/allowance.ts'

/** Asks at each time; → 0 where it was let through, else the wait. */
const asked = (allowance: { take(key: string, now: number): number }, times: readonly number[]) =>
  times.map((at) => allowance.take('ana', at))
const many = (count: number, at: number) => Array<number>(count).fill(at)

describe('a bucket of twelve, refilled four times a second', () => {
  it.each([
    ['begins full', many(12, 0), many(12, 0)],
    ['refuses the one after, until a quarter of a second later', [...many(12, 0), 0, 249, 250], [...many(12, 0), 250, 1, 0]],
    ['refills without steps, not with the end of a window', [...many(12, 2_999), ...many(2, 3_249)], [...many(12, 0), 0, 250]],
    ['is full after three seconds, and never fuller', [...many(12, 0), ...many(13, 3_600_000)], [...many(24, 0), 250]],
    ['gives what an even pace asks, for ever', [0, 250, 500, 750, 1_000, 1_250], many(6, 0)],
    ['counts nothing that it refuses', [...many(12, 0), ...many(50, 100), 250], [...many(12, 0), ...many(50, 150), 0]],
    ['locks nobody out when the clock is put back', [...many(12, 90_000), 0, 249, 250], [...many(12, 0), 250, 1, 0]],
  ])('%s', (_what, times, answers) => {
    expect(asked(createTokenBuckets({ perSecond: 4, burst: 12 }), times)).toEqual(answers)
  })

  it('gives less where some was taken elsewhere, and waits no longer than for an empty bucket', () => {
    const buckets = createTokenBuckets({ perSecond: 4, burst: 12 })
    buckets.spend('ana', 10, 0)
    expect(asked(buckets, many(3, 0))).toEqual([0, 0, 250])
    buckets.spend('ana', 1_000, 0)
    expect(asked(buckets, [0, 250])).toEqual([250, 0])
  })

  it('belongs to one key', () => {
    const buckets = createTokenBuckets({ perSecond: 4, burst: 12 })
    for (let n = 0; n < 12; n++) buckets.take('ana', 0)
    expect([buckets.take('ana', 0), buckets.take('eva', 0)]).toEqual([250, 0])
  })

  it('is not fuller than full where a busy key stands before it', () => {
    const buckets = createTokenBuckets({ perSecond: 4, burst: 12 })
    for (let n = 0; n < 12; n++) buckets.take('ana', 0)
    buckets.take('eva', 0)
    expect(many(13, 1_000).map((at) => buckets.take('eva', at))).toEqual([...many(12, 0), 250])
  })

  it('whatever is asked: in no stretch more than the burst and what was refilled, and the wait it tells is true', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 200 }), (perSecond, steps) => {
        const burst = perSecond * 3
        const buckets = createTokenBuckets({ perSecond, burst })
        const passed: number[] = []
        let now = 0
        for (const step of steps) {
          now += step % 3 === 0 ? step : step % 40
          const wait = buckets.take('ana', now)
          if (wait === 0) passed.push(now)
          else {
            // A moment earlier is too early; then is right.
            if (wait > 1) expect(buckets.take('ana', now + wait - 1)).toBeGreaterThan(0)
            now += wait
            expect(buckets.take('ana', now)).toBe(0)
            passed.push(now)
          }
        }
        // Beyond the burst, over all stretches at once: what passed less what was refilled may rise by no more than that.
        let lowest = Number.POSITIVE_INFINITY
        for (const [index, at] of passed.entries()) {
          const ahead = index - (at * perSecond) / 1000
          lowest = Math.min(lowest, ahead)
          expect(ahead + 1 - lowest).toBeLessThanOrEqual(burst + 1e-6)
        }
      }),
      { numRuns: 60 },
    )
  })
})

it('a sliding window counts what was taken elsewhere, too', () => {
  const window = createSlidingWindow({ most: 3, spanMs: 60_000 })
  window.spend('ana', 2, 0)
  expect(asked(window, [10_000, 20_000])).toEqual([0, 40_000])
  window.spend('ana', 50, 30_000)
  expect(asked(window, [60_000, 90_000])).toEqual([30_000, 0])
})

it('a sliding window lets through so many in any minute, and says when the oldest of them is over', () => {
  const window = createSlidingWindow({ most: 3, spanMs: 60_000 })
  expect(asked(window, [0, 1_000, 59_000, 59_500, 60_000, 60_500, 61_000])).toEqual([0, 0, 0, 500, 0, 500, 0])
  expect(window.take('eva', 61_000)).toBe(0)
  expect(asked(window, [500_000, 500_000, 500_000, 500_000])).toEqual([0, 0, 0, 60_000])
})

describe.each([
  ['a bucket', createTokenBuckets({ perSecond: 4, burst: 12 })],
  ['a sliding window', createSlidingWindow({ most: 12, spanMs: 3_000 })],
])('%s', (_what, allowance) => {
  it('forgets whoever is quiet, also behind one that never is', () => {
    for (let n = 0; n < 1_000; n++) {
      allowance.take('busy', n * 200)
      allowance.take(`once ${n}`, n * 200)
    }
    expect(allowance.size).toBeLessThan(20)
  })
})
