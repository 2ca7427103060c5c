// The list where no callback can come: what was seen before our own answer was written down is seen again.
import { expect, test } from 'vitest'
import type { ListedMessage } from '../../server/outbox/gateway.ts'
import { createRecentWatch } from '../../server/outbox/watch-recent.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { ownParts } from './own-parts.ts'

const own = useSqliteFile()

test('a message that the list shows before its answer came is completed at the next look', async () => {
  const twilioSid = `SM${'1'.repeat(32)}`
  let shown: Partial<ListedMessage>[] = []
  const { parts, store, clock, enter, claim } = await ownParts(own, { listRecent: async () => shown as ListedMessage[] })
  const { id } = await enter()
  const taken = await claim()
  const status = async () => (await store.message({ orgId: 'default', agentId: 'a', scope: null }, id))?.status
  const look = createRecentWatch(parts, 'default')
  shown = [{ twilioSid, status: 'delivered', failure: null, price: null, sentAt: clock.now(), updatedAt: clock.now() }]
  await look()
  expect(await status()).toBe('sending')
  await store.accepted(taken, { twilioSid, status: 'sending', at: clock.now(), failure: null })
  await look()
  expect(await status()).toBe('delivered')
})
