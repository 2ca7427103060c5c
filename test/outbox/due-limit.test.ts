// The hourly limit of a contact, for messages that come due; on a real store.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createDueLimit } from '../../server/outbox/due-limit.ts'
import { readConfig } from '../../server/config.ts'
import { createIds } from '../../server/ids.ts'
import { openStore } from '../../server/store/open-store.ts'
import { createManualClock } from '../support/manual-clock.ts'

test('what entered by its time counts for an hour, and for its contact alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-'))
  const clock = createManualClock()
  const store = await openStore(`sqlite:${join(folder, 'hilo.db')}`, { clock, newId: createIds(() => clock.now()) })
  const limit = createDueLimit({ store, clock, config: { ...readConfig({}), sendLimitPerContactHour: 2 } })
  limit.entered('ana')
  await clock.advance(1_000)
  expect(await limit.reached('default', 'ana')).toBe(false)
  limit.entered('ana')
  expect(await limit.reached('default', 'ana')).toBe(true)
  expect(await limit.reached('default', 'luis')).toBe(false)
  await clock.advance(3599_000)
  expect(await limit.reached('default', 'ana')).toBe(false)
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})
