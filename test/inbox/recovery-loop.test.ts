// Who looks into Twilio's list, of several processes.
import { expect, test } from 'vitest'
import { createRecovery } from '../../server/inbox/recovery-loop.ts'
import { ownParts } from '../outbox/own-parts.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'

const own = useSqliteFile()

test('while another process looks this one does not; once that is gone it does, within seconds', async () => {
  let looks = 0
  const { parts, store, clock } = await ownParts(own, {
    async listInbound() {
      looks++
      return { items: [], next: null, aheadMs: 0 }
    },
  })
  await store.takeLease('default', 'recovery', 'another process', 15_000)
  const recovery = createRecovery(parts, 'default', { holder: 'this process', polls: false })
  recovery.start()
  await clock.advance(12_000)
  expect(looks).toBe(0)
  await until(async () => {
    await clock.advance(1_000)
    return looks > 0
  })
  expect(clock.elapsed()).toBeLessThanOrEqual(30_000)
  recovery.close()
})
