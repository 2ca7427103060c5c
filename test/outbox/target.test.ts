// The facts about the line that a send goes by, whichever record its conversations are about.
import { expect, test } from 'vitest'
import { createSenders } from '../../server/outbox/senders.ts'
import { targetOf } from '../../server/outbox/target.ts'
import type { Caller, Parts } from '../../server/parts.ts'
import { OUR_SMS } from '../support/builders.ts'

const contact = { name: 'Ana' }
const caller = { orgId: 'default', agentId: 'a', scope: null } as Caller

test.each([
  ['nobody', [false, false], false],
  ['the client, on the newest thread', [true, false], true],
  ['the client, on another thread', [false, true], true],
])('%s opted out', async (_who, optedOut, expected) => {
  const items = optedOut.map((one, index) => ({ sender: OUR_SMS, contact, optedOut: one, lastInboundAt: 100 * index }))
  const others = { sender: '+15550009999', contact, optedOut: true, lastInboundAt: 900 }
  const parts = {
    organizationOf: () => ({
      senders: createSenders([{ channel: 'sms', sender: OUR_SMS, ratePerSecond: 1 }], true),
      settings: { defaultCountry: 'AR' },
    }),
    store: { conversations: async () => ({ items: [...items, others], nextCursor: null }) },
  } as unknown as Parts
  expect(await targetOf(parts, caller, { channel: 'sms', to: '+5491144500001' })).toMatchObject({ optedOut: expected, lastInboundAt: 100 })
})
