// Two tests pass; what was left running fails beside them.
import { expect, test } from 'vitest'

test('one', () => expect(1).toBe(1))
test('two', async () => {
  void Promise.reject(new Error('nobody waits for this'))
  await new Promise((resolve) => setImmediate(resolve))
})
