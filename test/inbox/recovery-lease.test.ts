import { expect, test } from 'vitest'
import { DomainError } from '../../shared/problems.ts'
import { createRecovery } from '../../server/inbox/recovery-loop.ts'
import type { Parts } from '../../server/parts.ts'
import { until } from '../support/until.ts'

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

test('the first look of all begins when the process started, however late it comes to it', async () => {
  const { promise, resolve } = Promise.withResolvers<{ fence: number }>()
  const begun: number[] = []
  let now = 1_000
  const store = {
    takeLease: () => promise,
    releaseLease: async () => {},
    recovery: async (_: string, from: number) => {
      begun.push(from)
      throw new DomainError('unavailable', 'Away.')
    },
  }
  const clock = { now: () => now, elapsed: () => now, after: () => () => {} }
  const parts = { store, clock, log: { warn() {}, info() {} }, organizationOf: () => ({ gateway: {} }) } as unknown as Parts
  const recovery = createRecovery(parts, 'default', { holder: 'h', polls: true })
  recovery.start()
  now = 61_000
  resolve({ fence: 1 })
  await until(() => begun.length > 0)
  await recovery.close()
  expect(begun).toEqual([1_000])
})
