// The dispatcher's work when it hears who has the right to send by a sender.
import { describe, expect, test } from 'vitest'
import { afterAsking, type LeaseState } from '../../server/outbox/sender-lease.ts'

const unknown: LeaseState = { is: 'unknown' }
const elsewhere: LeaseState = { is: 'elsewhere' }
const held = (fence: number): LeaseState => ({ is: 'held', fence })

describe('the right to send', () => {
  test.each<[string, LeaseState, number | null, LeaseState, string[]]>([
    ['that is got for the first time looks after what another one claimed', unknown, 3, held(3), ['takesOver']],
    ['that is held on asks for nothing', held(3), 3, held(3), []],
    ['under a new fence looks after what was claimed in between', held(3), 5, held(5), ['takesOver']],
    ['that comes from another process looks for its lines, too', elsewhere, 5, held(5), ['takesOver', 'looksForLines']],
    ['that another process has leaves it what is ready', unknown, null, elsewhere, ['leaves']],
    ['that is lost leaves it what is ready', held(3), null, elsewhere, ['leaves']],
    ['that another process still has leaves it what came since', elsewhere, null, elsewhere, ['leaves']],
  ])('%s', (_, before, fence, after, todo) => {
    const { state, ...steps } = afterAsking(before, fence === null ? null : { fence })
    expect(state).toEqual(after)
    expect(Object.entries(steps).flatMap(([step, isDue]) => (isDue ? [step] : []))).toEqual(todo)
  })
})
