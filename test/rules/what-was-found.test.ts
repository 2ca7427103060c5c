import { describe, expect, test } from 'vitest'
import { whatWasFound } from '../../server/rules/what-was-found.ts'
import { emptyFeed } from '../../server/store/news-keys.ts'
import type { ConversationState, Feed } from '../../server/store/records.ts'
import type { Message } from '../../shared/model.ts'

const NOW = Date.parse('2026-01-01T10:00:00.000Z')
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
    createdAt: '2026-01-01T09:59:30.000Z',
    ...more,
  }) as Message
const found = (more: Partial<Message>, what: Partial<Feed> = {}, moved = false) =>
  whatWasFound('org', { ...emptyFeed('c'), messages: [{ message: message(more), lineId: 'l', sender: '+1', moved }], ...what }, NOW)
const newsOf = (more: Partial<Message>, moved = false) => found(more, {}, moved).told.find(({ messages }) => messages.length > 0)?.news
const nothing = { wake: [], release: [], settle: [], schedule: [], fetch: false }
const HOUR_AGO = '2026-01-01T09:00:00.000Z'

describe('what was found in the feed', () => {
  test('what a message came with is fetched here where the one that took it in does not', () => {
    const item = { id: 'm-0', url: '', contentType: 'image/jpeg', filename: null, size: null, state: 'pending' } as const
    expect(found({ direction: 'inbound', status: 'received', media: [item] }).follows.fetch).toBe(true)
  })
  test('a message that another process entered wakes its line here, whoever of us holds its sender', () => {
    const wake = { orgId: 'org', lineId: 'l', channel: 'sms', sender: '+1', lane: 0, cost: 2, messageId: 'm' }
    expect(found({}).follows).toEqual({ ...nothing, wake: [wake] })
    expect(found({ createdAt: HOUR_AGO }).follows.wake).toEqual([wake])
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
    ['what a client wrote', { direction: 'inbound', status: 'received', createdAt: HOUR_AGO }, 'other'],
    ['a note', { direction: 'internal', status: 'received' }, 'other'],
    ['what just entered', {}, 'entered'],
    ['what entered a moment ago and went out since', { status: 'delivered' }, 'entered'],
    ['what was planned long ago and entered now', { createdAt: HOUR_AGO, dueAt: '2026-01-01T09:59:50.000Z', status: 'sending' }, 'entered'],
    ['what waits since long', { createdAt: HOUR_AGO }, 'entered'],
    ['a tick of what went out long ago', { createdAt: HOUR_AGO, status: 'read' }, 'progress'],
  ] as const)('%s is told as what it is', (_, more, news) => {
    expect(newsOf(more)).toBe(news)
  })
  test('what came to another thread or record is for all, however old it is', () => {
    expect(newsOf({ createdAt: HOUR_AGO, status: 'read' }, true)).toBe('other')
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
