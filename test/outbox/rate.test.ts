// A sender's rate as Twilio sees it: by the moments at which requests arrive there.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

const RATE = 20
const arrivals: number[] = []
let aheadMs = 0
let hilo: TestHilo
beforeAll(async () => {
  const clock = { ...systemClock, now: () => Date.now() + aheadMs }
  hilo = await startHilo({ env: { TWILIO_SMS_RATE: String(RATE) }, clock, simulator: { clock: systemClock } })
  hilo.simulator.on('accepted', () => arrivals.push(performance.now()))
})
afterAll(() => hilo.close())

function mostInASecond(): number {
  return Math.max(...arrivals.map((first) => arrivals.filter((at) => at >= first && at < first + 1000).length))
}
const enqueue = (count: number, series: number) =>
  Promise.all(
    Array.from({ length: count }, (_, n) =>
      hilo.agent().send({ channel: 'sms', to: `+5491123${series}0${String(100 + n)}`, text: `n${n}`, coordinationId: `r-${series}` }),
    ),
  )

test('no second has more than the rate, from the first one on', async () => {
  await enqueue(3 * RATE, 1)
  await until(() => arrivals.length === 3 * RATE, { timeoutMs: 30_000 })
  expect(mostInASecond()).toBeLessThanOrEqual(RATE)
})

test('a clock that is set back stops nothing', async () => {
  const before = arrivals.length
  aheadMs = 300_000
  await enqueue(RATE, 3)
  await until(() => arrivals.length === before + RATE, { timeoutMs: 30_000 })
  aheadMs = 0
  await enqueue(RATE, 4)
  await until(() => arrivals.length === before + 2 * RATE, { timeoutMs: 30_000 })
  expect(mostInASecond()).toBeLessThanOrEqual(RATE)
})

test('nor has one over a restart', async () => {
  const before = arrivals.length
  await enqueue(3 * RATE, 2)
  await until(() => arrivals.length > before + RATE / 2, { timeoutMs: 30_000 })
  await hilo.restart()
  await until(() => arrivals.length === before + 3 * RATE, { timeoutMs: 30_000 })
  expect(mostInASecond()).toBeLessThanOrEqual(RATE)
})
