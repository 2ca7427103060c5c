// Which failures of a conversation wait for somebody, as a table.
import { expect, test } from 'vitest'
import { type FailureFacts, type Failing, listFailure, MOST_FAILURES } from '../../server/rules/failures.ts'
import { carrierFailure, expiredFailure } from '../support/builders.ts'

const one = (over: Partial<FailureFacts> = {}): FailureFacts => ({
  id: 'b',
  direction: 'outbound',
  status: 'failed',
  error: carrierFailure,
  putAway: false,
  ...over,
})
const [a, b, c] = ['a', 'b', 'c'].map((messageId): Failing => ({ messageId, error: carrierFailure })) as [Failing, Failing, Failing]
const full = Array.from({ length: MOST_FAILURES }, (_, n): Failing => ({ messageId: String(n), error: carrierFailure }))

test.each<[what: string, before: Failing[], message: FailureFacts, isHere: boolean, after: Failing[] | null]>([
  ['it failed', [a], one(), true, [a, b]],
  ['it is listed already, and keeps its place', [b, c], one(), true, null],
  ['it failed for another reason', [b, c], one({ error: expiredFailure }), true, [{ ...b, error: expiredFailure }, c]],
  ['it was put away', [a, b, c], one({ putAway: true }), true, [a, c]],
  ['it was put away before', [a], one({ putAway: true }), true, null],
  ['it arrived after all', [b], one({ status: 'delivered', error: null }), true, []],
  ['it went to another thread', [b], one(), false, []],
  ['it is on its way', [a], one({ status: 'sent', error: null }), true, null],
  ['a client’s message', [a], one({ direction: 'inbound', status: 'received', error: null }), true, null],
  ['a note', [a], one({ direction: 'internal' }), true, null],
  ['one more than are kept', full, one(), true, [...full.slice(1), b]],
])('%s', (_what, before, message, isHere, after) => {
  expect(listFailure(before, message, isHere)).toEqual(after)
})
