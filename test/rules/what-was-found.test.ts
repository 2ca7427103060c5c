import { describe, expect, test } from 'vitest'
import { whatWasFound } from '../../server/rules/what-was-found.ts'
import { emptyFeed } from '../../server/store/news-keys.ts'
import type { ConversationState, Feed } from '../../server/store/records.ts'
import type { Message } from '../../shared/model.ts'

const NOW = Date.parse('2026-01-01T10:00:00.000Z')
type OfMessage = Pick<Feed['messages'][number], 'moved' | 'enteredMsAgo'>
const row = { id: 'k', lineId: 'l', channel: 'sms', sender: '+1' } as ConversationState
const message = (more: Partial<Message>) =>
  ({
    id: 'm',
    conversationId: 'k',
    channel: 'sms',
    text: 'a'.repeat(200),
    media: [],
    direction: 'outbound',
    status: 'queued',
    twilioSid: null,
    dueAt: null,
    createdAt: '2026-01-01T10:00:00.000Z',
    ...more,
  }) as Message
const found = (more: Partial<Message>, { moved = false, enteredMsAgo = 30_000, ...what }: Partial<Feed> & Partial<OfMessage> = {}) =>
  whatWasFound('org', {
    ...emptyFeed('c'),
    messages: [{ message: message(more), lineId: 'l', sender: '+1', moved, enteredMsAgo }],
    ...what,
  })
const newsOf = (more: Partial<Message>, of: Partial<OfMessage> = {}) =>
  found(more, of).told.find(({ messages }) => messages.length > 0)?.news
const nothing = { wake: [], release: [], settle: [], schedule: [], fetch: false }
const longAgo = { enteredMsAgo: 3600_000 }

describe('what was found in the feed', () => {
  test('what a message came with is fetched here where the one that took it in does not', () => {
    const item = { id: 'm-0', url: '', contentType: 'image/jpeg', filename: null, size: null, state: 'pending' } as const
    expect(found({ direction: 'inbound', status: 'received', media: [item] }).follows.fetch).toBe(true)
  })
  test('a message that another process entered wakes its line here, whoever of us holds its sender', () => {
    const wake = { orgId: 'org', lineId: 'l', channel: 'sms', sender: '+1', lane: 0, cost: 2, messageId: 'm' }
    expect(found({}).follows).toEqual({ ...nothing, wake: [wake] })
    expect(found({}, longAgo).follows.wake).toEqual([wake])
  })
  test.each([
    ['a SID', { status: 'sending', twilioSid: 'SM1' }],
    ['a failure', { status: 'failed' }],
    ['a cancel', { status: 'canceled' }],
  ] as const)('%s that another process wrote lets its line go on, and whoever waits for it hear', (_, more) => {
    expect(found(more).follows).toEqual({ ...nothing, release: ['l'], settle: ['m'] })
  })
  test.each([['sending'], ['unconfirmed']] as const)('a message that is %s lets nothing go on', (status) => {
    expect(found({ status }).follows).toEqual(nothing)
  })
  test('what is planned is looked at when it is due', () => {
    expect(found({ status: 'scheduled', dueAt: '2026-01-01T12:00:00.000Z' }).follows).toEqual({ ...nothing, schedule: [NOW + 7_200_000] })
  })
  test.each([
    ['what a client wrote', { direction: 'inbound', status: 'received' }, { enteredMsAgo: null }, 'other'],
    ['a note', { direction: 'internal', status: 'received' }, { enteredMsAgo: null }, 'other'],
    ['what just entered', {}, {}, 'entered'],
    ['what entered a moment ago and went out since', { status: 'delivered' }, {}, 'entered'],
    ['what is planned', { status: 'scheduled' }, { enteredMsAgo: null }, 'entered'],
    ['what waits since long', {}, longAgo, 'entered'],
    ['a tick of what went out long ago', { status: 'read' }, longAgo, 'progress'],
    ['what was taken back before it entered', { status: 'canceled' }, { enteredMsAgo: null }, 'progress'],
    // By a process whose clock is behind, or heard by one whose clock is ahead.
    ['what just entered and is dated an hour back', { createdAt: '2026-01-01T09:00:00.000Z', status: 'delivered' }, {}, 'entered'],
  ] as const)('%s is told as what it is', (_, more, of, news) => {
    expect(newsOf(more, of)).toBe(news)
  })
  test('what came to another thread or record is for all, however old it is', () => {
    expect(newsOf({ status: 'read' }, { ...longAgo, moved: true })).toBe('other')
  })
  test('rows, and what left, are told to all, for the feed does not say why they changed', () => {
    const left = [{ key: 'x', conversationId: 'k', from: null, to: 'ev-1' }]
    const [other, ...rest] = found({}, { conversations: [row], left }).told
    expect(other).toEqual({
      orgId: 'org',
      news: 'other',
      conversations: [row],
      messages: [],
      left: [{ conversationId: 'k', from: null, to: 'ev-1' }],
      released: [],
    })
    expect(rest.flatMap(({ conversations, left: gone }) => [...conversations, ...gone])).toEqual([])
  })
})
