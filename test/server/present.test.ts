// Who can be answered in a conversation, asked at one moment.
import { expect, test } from 'vitest'
import { createSenders } from '../../server/outbox/senders.ts'
import type { Parts } from '../../server/parts.ts'
import { presentBroadcast } from '../../server/present.ts'
import type { ConversationState } from '../../server/store/records.ts'

const now = Date.UTC(2026, 10, 29, 12)
const hour = 3_600_000
const own = [
  { channel: 'whatsapp', sender: '+14155238886', ratePerSecond: 80 },
  { channel: 'sms', sender: '+15005550006', ratePerSecond: 1 },
] as const
const chat = {
  channel: 'whatsapp',
  sender: '+14155238886',
  contact: { address: '+5491144500001' },
  lastInboundAt: now - hour,
  optedOut: false,
} as unknown as ConversationState
const text = { ...chat, channel: 'sms', sender: '+15005550006', lastInboundAt: null } as ConversationState

const partsOf = (hasCredentials: boolean) =>
  ({ organizationOf: () => ({ senders: createSenders(own, hasCredentials) }), clock: { now: () => now } }) as unknown as Parts

test.each<[who: string, canReply: boolean, state: ConversationState]>([
  ['who wrote an hour ago', true, chat],
  ['who wrote a day ago', false, { ...chat, lastInboundAt: now - 24 * hour }],
  ['who never wrote, on WhatsApp', false, { ...chat, lastInboundAt: null }],
  ['who never wrote, by SMS', true, text],
  ['who opted out', false, { ...chat, optedOut: true }],
  ['who opted out, by SMS', false, { ...text, optedOut: true }],
  ['a name as sender', false, { ...text, contact: { ...text.contact, address: 'MYBANK' } }],
  ['who wrote to a number that is no longer ours', false, { ...chat, sender: '+15550009999' }],
])('%s can be replied to: %s', (_who, canReply, state) => {
  expect(presentBroadcast(partsOf(true), 'default', state).canReply).toBe(canReply)
})

test('nobody can be replied to without credentials', () => {
  expect(presentBroadcast(partsOf(false), 'default', chat).canReply).toBe(false)
})
