// What many messages write goes together; what few write waits for nobody.
import { expect, test } from 'vitest'
import { createGather } from '../../server/outbox/gather.ts'
import { createManualClock } from '../support/manual-clock.ts'

function joined() {
  const clock = createManualClock()
  const gather = createGather(clock)
  const gone: number[] = []
  const join = (n: number) => void gather.join().then(() => gone.push(n))
  return { clock, gather, gone, join }
}

test('few go at once, also again and again after a while', async () => {
  const { clock, gone, join } = joined()
  for (let n = 0; n < 12; n++) {
    join(n)
    await clock.advance(60)
  }
  expect(gone).toHaveLength(12)
})

test('of many in one moment those behind the first wait a moment, and go together', async () => {
  const { clock, gone, join } = joined()
  for (let n = 0; n < 10; n++) join(n)
  await clock.advance(0)
  expect(gone).toEqual([0, 1, 2, 3])
  await clock.advance(10)
  join(10)
  expect(gone).toHaveLength(4)
  await clock.advance(15)
  expect(gone).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
})

test('where it is closed nobody waits any more', async () => {
  const { clock, gather, gone, join } = joined()
  for (let n = 0; n < 10; n++) join(n)
  gather.close()
  join(10)
  await clock.advance(0)
  expect(gone).toHaveLength(11)
})
