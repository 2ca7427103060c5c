// Many things to come on one timer.
import { expect, test } from 'vitest'
import { createScheduler } from '../../server/simulator/scheduler.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createRandom } from '../support/random.ts'

test('runs a thousand tasks in the order of their times, those of one time as they came, with one timer', async () => {
  const clock = createManualClock(0)
  const scheduler = createScheduler(clock)
  const random = createRandom(7)
  const expected: [number, number][] = []
  const ran: [number, number][] = []
  for (let order = 0; order < 1000; order++) {
    const at = random(50)
    expected.push([at, order])
    scheduler.after(at, () => ran.push([clock.now(), order]))
  }
  expected.sort(([a, first], [b, second]) => a - b || first - second)
  expect(clock.waiting()).toBe(1)
  await clock.advance(24)
  expect(ran).toEqual(expected.filter(([at]) => at <= 24))
  await clock.advance(100)
  expect(ran).toEqual(expected)
  expect([clock.waiting(), scheduler.waiting()]).toEqual([0, 0])
})

test('takes what a task adds, and forgets everything when cleared', async () => {
  const clock = createManualClock(0)
  const scheduler = createScheduler(clock)
  const ran: string[] = []
  scheduler.after(10, () => {
    ran.push('first')
    scheduler.after(5, () => ran.push('second'))
  })
  scheduler.after(30, () => ran.push('never'))
  await clock.advance(20)
  expect(ran).toEqual(['first', 'second'])
  scheduler.clear()
  await clock.advance(100)
  expect([ran.length, clock.waiting()]).toEqual([2, 0])
})
