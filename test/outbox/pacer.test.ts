// A sender's rate: never above it in any second, close to it always, and a fifth of it kept for people.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPacer, type Leave, type Pacer } from '../../server/outbox/pacer.ts'
import type { Lane } from '../../server/store/records.ts'

interface Wish {
  lane: Lane
  cost: number
  /** From the leave to the request, from that to Twilio's counting, and on to its answer. */
  claimMs: number
  wayMs: number
  backMs: number
}
type Counted = Pick<Wish, 'lane' | 'cost'> & { at: number }

const at = (wish: Partial<Wish> = {}): Wish => ({ lane: 0, cost: 1, claimMs: 0, wayMs: 0, backMs: 0, ...wish })

/** Sends as fast as allowed until `end`; → what Twilio counted, and when. */
function race(pacer: Pacer, wishes: (index: number, now: number) => Wish, end: number, start = 0): Counted[] {
  const counted: Counted[] = []
  const steps: { at: number; step: () => void }[] = []
  let index = 0
  for (let now = start; now < end; ) {
    for (const due of steps.filter((one) => one.at <= now)) {
      steps.splice(steps.indexOf(due), 1)
      due.step()
    }
    const wish = wishes(index, now)
    const leave = pacer.take(wish.lane, wish.cost, now)
    if (typeof leave === 'number') {
      const next = Math.min(now + leave, ...steps.map((one) => one.at))
      expect(next, 'somebody must come again').toBeLessThan(Number.POSITIVE_INFINITY)
      now = next
      continue
    }
    index++
    const begun = now + wish.claimMs
    const arrived = begun + wish.wayMs
    if (begun === now) leave.begin(begun)
    else steps.push({ at: begun, step: () => leave.begin(begun) })
    counted.push({ at: arrived, lane: wish.lane, cost: wish.cost })
    const answered = arrived + wish.backMs
    if (answered === now) leave.end(answered)
    else steps.push({ at: answered, step: () => leave.end(answered) })
    steps.sort((a, b) => a.at - b.at)
  }
  return counted
}
function mostInASecond(counted: readonly Counted[]): number {
  const sorted = counted.toSorted((a, b) => a.at - b.at)
  let most = 0
  let sum = 0
  let first = 0
  for (const one of sorted) {
    sum += one.cost
    for (let oldest = sorted[first]; oldest && oldest.at <= one.at - 1000; oldest = sorted[++first]) sum -= oldest.cost
    most = Math.max(most, sum)
  }
  return most
}
const leaves = (pacer: Pacer, lane: Lane, now: number): Leave[] => {
  const all: Leave[] = []
  for (let leave = pacer.take(lane, 1, now); typeof leave !== 'number'; leave = pacer.take(lane, 1, now)) all.push(leave)
  return all
}

describe('the pacer', () => {
  test.each([1, 2, 10, 80, 400])('at %i a second: never more, and hardly less', (rate) => {
    const counted = race(createPacer(rate), () => at({ claimMs: 5, wayMs: 5, backMs: 5 }), 20_000)
    expect(mostInASecond(counted)).toBeLessThanOrEqual(rate)
    expect(counted.length).toBeGreaterThanOrEqual(rate * 20 * 0.95)
  })
  test('the first requests of a process are slow, and later ones fast: no second has both', () => {
    const counted = race(createPacer(80), (index) => at(index < 80 ? { claimMs: 300, wayMs: 400, backMs: 10 } : { wayMs: 2 }), 5_000)
    expect(mostInASecond(counted)).toBeLessThanOrEqual(80)
  })
  test('an idle hour saves nothing up, and its first requests are slow again', () => {
    const pacer = createPacer(80)
    race(pacer, () => at({ wayMs: 10 }), 3_000)
    const later = race(pacer, (index) => at(index < 50 ? { wayMs: 600 } : { wayMs: 5 }), 3_605_000, 3_600_000)
    expect(later.length).toBeGreaterThan(200)
    expect(mostInASecond(later)).toBeLessThanOrEqual(80)
  })
  test('after a restart nothing goes until what went before is over', () => {
    const pacer = createPacer(80)
    pacer.startFull(500)
    expect(pacer.take(0, 1, 1_499)).toBeGreaterThan(0)
    expect(leaves(pacer, 0, 1_505)).toHaveLength(80)
  })
  test('a request that hangs holds its place for three seconds, not until it ends', () => {
    const pacer = createPacer(1)
    const [hangs] = leaves(pacer, 0, 0)
    hangs?.begin(0)
    expect(pacer.take(0, 1, 1_000)).toBe(2_005)
    const [next] = leaves(pacer, 0, 3_005)
    hangs?.end(30_000)
    next?.begin(3_005)
    next?.end(3_010)
    expect(leaves(pacer, 0, 4_015)).toHaveLength(1)
  })
  test('below one a second the wait is longer', () => {
    expect(race(createPacer(0.5), () => at(), 20_000).length).toBeLessThanOrEqual(10)
  })
  test('a text of three segments on a rate of one is paid off before the next', () => {
    const counted = race(createPacer(1), () => at({ cost: 3 }), 30_000)
    expect(counted.length).toBeLessThanOrEqual(10)
    expect(counted.length).toBeGreaterThanOrEqual(9)
  })
  test('campaigns alone leave a fifth of the rate, which people get at once', () => {
    const pacer = createPacer(10)
    expect(leaves(pacer, 2, 0)).toHaveLength(8)
    expect(leaves(pacer, 0, 0)).toHaveLength(2)
  })
  test('what sent nothing after all does not count, and what did cannot be given back', () => {
    const pacer = createPacer(1)
    const [nothing] = leaves(pacer, 0, 0)
    nothing?.giveBack()
    nothing?.giveBack()
    const [sent, ...more] = leaves(pacer, 0, 0)
    expect(more).toEqual([])
    sent?.begin(0)
    sent?.giveBack()
    expect(pacer.take(0, 1, 500)).toBeGreaterThan(0)
  })
  test('giving one back does not make another count for less long', () => {
    const pacer = createPacer(2)
    const [old, late] = leaves(pacer, 0, 0)
    late?.begin(900)
    late?.end(910)
    old?.giveBack()
    expect(leaves(pacer, 0, 1_100)).toHaveLength(1)
  })
  test('whatever is asked, and however long it takes: no second holds more than the rate, nor bulk more than its share', () => {
    const wish = fc.record({
      lane: fc.constantFrom<Lane>(0, 1, 2),
      cost: fc.integer({ min: 1, max: 2 }),
      claimMs: fc.integer({ min: 0, max: 300 }),
      wayMs: fc.integer({ min: 0, max: 900 }),
      backMs: fc.integer({ min: 0, max: 900 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.array(wish, { minLength: 1, maxLength: 60 }), (rate, wishes) => {
        const counted = race(createPacer(rate), (index) => wishes[index % wishes.length] ?? at(), 6_000)
        expect(mostInASecond(counted)).toBeLessThanOrEqual(rate)
        const bulk = counted.filter((one) => one.lane > 0)
        if (bulk.length > 0) expect(mostInASecond(bulk)).toBeLessThanOrEqual(Math.max(2, Math.floor(rate * 0.8)))
      }),
      { numRuns: 100 },
    )
  })
})
