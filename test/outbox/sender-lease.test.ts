// The dispatcher's work when it hears who has the right to send by a sender.
import { describe, expect, test } from 'vitest'
import { afterAsking, createSenderLease, type LeaseState } from '../../server/outbox/sender-lease.ts'
import type { Parts } from '../../server/parts.ts'
import { until } from '../support/until.ts'

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

  test('that is granted while the process stops is given back, after it was granted', async () => {
    const said: string[] = []
    const { promise, resolve } = Promise.withResolvers<{ fence: number }>()
    const store = {
      takeLease: () => {
        said.push('asked')
        return promise.finally(() => said.push('granted'))
      },
      releaseLease: async () => void said.push('given back'),
    }
    const parts = { store, log: { error() {} } } as unknown as Pick<Parts, 'store' | 'log'>
    let closing = false
    const calls = { after() {}, isClosing: () => closing, takeOver: async () => {}, lookForLines: async () => {}, leave() {}, go() {} }
    const lease = createSenderLease(parts, { orgId: 'o', sender: 's', holder: 'h' }, calls)
    lease.start()
    await until(() => said.includes('asked'))
    closing = true
    const back = lease.giveBack()
    resolve({ fence: 1 })
    await back
    expect(said).toEqual(['given back', 'asked', 'granted', 'given back'])
  })
})
