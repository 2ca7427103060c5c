// What the host is told of a change: read from the things as they are, so that whoever finds a change finds the same.
import { expect, test } from 'vitest'
import type { Coordination, Message } from '../../shared/model.ts'
import { type HostEvent, hostEvents, isWanted } from '../../server/rules/host-events.ts'

const at = '2026-03-02T10:00:00.000Z'
const later = '2026-03-02T10:00:05.000Z'
const blank = {
  ...{ id: 'm-1', seq: 4, direction: 'outbound', type: 'text', author: { type: 'agent', id: 'ana', name: 'Ana' }, status: 'queued' },
  ...{ createdAt: at, sentAt: null, deliveredAt: null, readAt: null, failedAt: null },
} as unknown as Message
const inbound = { ...blank, direction: 'inbound', author: { type: 'contact', id: 'c', name: 'Sofía' }, status: 'received' } as Message
const keysOf = (message: Partial<Message>) =>
  hostEvents({ messages: [message as Message], conversations: [], coordinations: [] }).map((one) => one.key)

test.each<[string, Partial<Message>, string[]]>([
  ['what came in', inbound, ['message.received:m-1']],
  ['a button', { ...inbound, button: { text: 'Sí', payload: 'confirm' } }, ['message.received:m-1', 'action:m-1']],
  ['a button without a payload', { ...inbound, button: { text: 'Sí', payload: '' } }, ['message.received:m-1']],
  ['queued', blank, []],
  ['planned', { ...blank, seq: null, sentAt: at }, []],
  ['sent', { ...blank, status: 'sent', sentAt: at }, ['message.sent:m-1']],
  [
    'read, whatever was seen of it before',
    { ...blank, status: 'read', sentAt: at, deliveredAt: at, readAt: later },
    ['message.sent:m-1', 'message.delivered:m-1', 'message.read:m-1'],
  ],
  ['failed', { ...blank, status: 'failed', failedAt: at }, ['message.failed:m-1']],
  ['healed', { ...blank, status: 'delivered', failedAt: at, deliveredAt: later }, ['message.delivered:m-1']],
  ['a note', { ...blank, direction: 'internal', type: 'note' }, []],
  [
    'an opt-out',
    { ...blank, direction: 'internal', type: 'event', event: { name: 'opted_out', scope: 'all', source: 'keyword' } },
    ['contact.opted_out:m-1'],
  ],
])('a message: %s', (_, message, keys) => {
  expect(keysOf(message)).toEqual(keys)
})

test.each([
  ['coordination.created', []],
  ['coordination.rescheduled', ['coordination.rescheduled:m-1']],
  ['payment.received', ['coordination.event:m-1']],
])('an event of a record: %s', (type, keys) => {
  const event = { name: 'record', type } as unknown as NonNullable<Message['event']>
  expect(keysOf({ ...blank, direction: 'internal', type: 'event', event })).toEqual(keys)
})

test('a record and a conversation are new once, and changed with each rev', () => {
  const thing = { id: 'ev-1', rev: 1, createdAt: at, updatedAt: at }
  const changed = (rev: number) =>
    hostEvents({
      messages: [],
      conversations: [{ ...thing, rev, updatedAt: later }],
      coordinations: [{ ...thing, rev, updatedAt: later } as Coordination],
    })
  expect(changed(1).map((one) => one.key)).toEqual(['conversation.created:ev-1', 'coordination.created:ev-1'])
  expect(changed(3).map((one) => one.key)).toEqual([
    ...['conversation.created:ev-1', 'conversation.updated:ev-1:3'],
    ...['coordination.created:ev-1', 'coordination.updated:ev-1:3'],
  ])
  expect(changed(3)[1]).toEqual({
    ...{ key: 'conversation.updated:ev-1:3', type: 'conversation.updated', about: { kind: 'conversation', id: 'ev-1' } },
    ...{ at: Date.parse(later), author: null },
  })
})

const NOW = Date.parse(later)
const event = (over: Partial<HostEvent> = {}): HostEvent => ({
  ...{ key: 'k', type: 'message.received', about: { kind: 'message', id: 'm' }, at: NOW, author: 'contact', ...over },
})
const DAY = 24 * 3600_000
test.each<[string, string[], string[] | null, Partial<HostEvent>, boolean]>([
  ['all', ['*'], null, {}, true],
  ['its name', ['message.received'], null, {}, true],
  ['its kind', ['message.*'], null, {}, true],
  ['another name', ['message.sent'], null, {}, false],
  ['a name that begins alike', ['message.*'], null, { type: 'messages.received' }, false],
  ['the beginning of a name', ['message'], null, {}, false],
  ['a word of its own', ['action'], null, { type: 'action' }, true],
  ['its author', ['*'], ['agent', 'contact'], {}, true],
  ['another author', ['*'], ['agent'], {}, false],
  ['authors, of what nobody caused', ['*'], ['agent'], { author: null }, true],
  ['before the webhook was there', ['*'], null, { at: NOW - 3 * DAY }, false],
  ['found too late', ['*'], null, { at: NOW - 8 * DAY }, false],
])('a webhook that asks for %s', (_, events, authors, over, expected) => {
  const since = over.at === NOW - 8 * DAY ? 0 : NOW - 2 * DAY
  expect(isWanted({ events, authors, since }, event(over), NOW)).toBe(expected)
})
