// A sender's rate: never above it in any second, close to it always, and a fifth of it kept for people.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacer } from '../../server/outbox/pacer.ts'
import type { Lane } from '../../server/store/records.ts'

/** Sends as fast as allowed for `forMs`; → when each went. */
function race(rate: number, wishes: () => { lane: Lane; cost: number }, forMs: number) {
  const pacer = createPacer(rate)
  const sent: { at: number; lane: Lane; cost: number }[] = []
  for (let now = 0; now < forMs; ) {
    const { lane, cost } = wishes()
    const pause = pacer.take(lane, cost, now)
    if (pause === 0) sent.push({ at: now, lane, cost })
    else now += pause
  }
  return sent
}
const mostInASecond = (sent: { at: number; cost: number }[]) =>
  Math.max(
    ...sent.map((first) => sent.filter((one) => one.at >= first.at && one.at < first.at + 1000).reduce((sum, one) => sum + one.cost, 0)),
  )

describe('the pacer', () => {
  test.each([1, 2, 10, 80, 400])('at %i a second: never more, and at least 95 %% of it', (rate) => {
    const sent = race(rate, () => ({ lane: 0, cost: 1 }), 20_000)
    expect(mostInASecond(sent)).toBeLessThanOrEqual(rate)
    expect(sent.length).toBeGreaterThanOrEqual(rate * 20 * 0.95)
  })
  test('below one a second the wait is longer', () => {
    expect(race(0.5, () => ({ lane: 0, cost: 1 }), 20_000).length).toBeLessThanOrEqual(10)
  })
  test('a text of three segments on a rate of one is paid off before the next', () => {
    const sent = race(1, () => ({ lane: 0, cost: 3 }), 30_000)
    expect(sent.length).toBeLessThanOrEqual(10)
    expect(sent.length).toBeGreaterThanOrEqual(9)
  })
  test('campaigns alone leave a fifth of the rate, which people get at once', () => {
    const pacer = createPacer(10)
    let bulk = 0
    while (pacer.take(2, 1, 0) === 0) bulk++
    expect(bulk).toBe(8)
    expect([pacer.take(0, 1, 0), pacer.take(0, 1, 0), pacer.take(0, 1, 0) > 0]).toEqual([0, 0, true])
  })
  test('what sent nothing after all does not count', () => {
    const pacer = createPacer(1)
    expect(pacer.take(0, 1, 0)).toBe(0)
    pacer.giveBack()
    expect(pacer.take(0, 1, 0)).toBe(0)
    expect(pacer.take(0, 1, 0)).toBeGreaterThan(0)
  })
  test('whatever is asked: no second holds more than the rate, nor bulk more than its share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 40 }),
        fc.array(fc.record({ lane: fc.constantFrom<Lane>(0, 1, 2), cost: fc.integer({ min: 1, max: 2 }) }), {
          minLength: 1,
          maxLength: 60,
        }),
        (rate, wishes) => {
          let i = 0
          const sent = race(rate, () => wishes[i++ % wishes.length] ?? { lane: 0, cost: 1 }, 3_000)
          expect(mostInASecond(sent)).toBeLessThanOrEqual(rate)
          const bulk = sent.filter((one) => one.lane > 0)
          if (bulk.length > 0) expect(mostInASecond(bulk)).toBeLessThanOrEqual(Math.max(2, Math.floor(rate * 0.8)))
        },
      ),
      { numRuns: 60 },
    )
  })
})
