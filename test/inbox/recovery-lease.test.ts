import { expect, test } from 'vitest'
import { createRecovery } from '../../server/inbox/recovery-loop.ts'
import type { Parts } from '../../server/parts.ts'

test('the right to look that is granted while the process stops is given back, so that another looks at once', async () => {
  const said: string[] = []
  const { promise, resolve } = Promise.withResolvers<{ fence: number }>()
  const store = {
    takeLease: () => promise.finally(() => said.push('granted')),
    releaseLease: async () => void said.push('given back'),
  }
  const clock = { now: () => 0, elapsed: () => 0, after: () => () => {} }
  const log = { warn: () => said.push('complained'), info() {}, error() {} }
  const recovery = createRecovery({ store, clock, log } as unknown as Parts, 'default', { holder: 'h', polls: true })
  recovery.start()
  const closed = recovery.close()
  resolve({ fence: 1 })
  await closed
  expect(said).toEqual(['granted', 'given back'])
})
