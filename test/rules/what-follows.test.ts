import { describe, expect, test } from 'vitest'
import { closesLine } from '../../server/rules/message.ts'
import { whatFollows } from '../../server/rules/what-follows.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type { Changes, ConversationState } from '../../server/store/records.ts'
import type { Message } from '../../shared/model.ts'

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
    ...more,
  }) as Message
const follows = (news: Changes['news'], more: Partial<Message>, what: Partial<Changes> = {}) =>
  whatFollows({ ...noChanges('org', news), conversations: [row], messages: [message(more)], ...what })
const nothing = { wake: [], release: [], settle: [], schedule: [], fetch: false }

describe('what follows from a change', () => {
  test('what enters wakes its line, at its cost', () => {
    const wake = { orgId: 'org', lineId: 'l', channel: 'sms', sender: '+1', lane: 0, cost: 2, messageId: 'm' }
    expect(follows('entered', {})).toEqual({ ...nothing, wake: [wake] })
  })
  test('what is planned is looked at when it is due', () => {
    const dueAt = '2026-01-01T10:00:00.000Z'
    const plan = { status: 'scheduled', dueAt } as const
    expect(follows('entered', plan)).toEqual({ ...nothing, schedule: [Date.parse(dueAt)] })
    expect(follows('progress', plan), 'put off, or brought forward').toEqual({ ...nothing, schedule: [Date.parse(dueAt)] })
    expect(follows('other', plan)).toEqual(nothing)
  })
  test('what enters as failed wakes nobody, and is settled', () => {
    expect(follows('entered', { status: 'failed' })).toEqual({ ...nothing, settle: ['m'] })
  })
  test('what a message came with is fetched, until it is there or cannot be', () => {
    const item = { id: 'm-0', url: '', contentType: 'image/jpeg', filename: null, size: null }
    const inbound = { direction: 'inbound', status: 'received' } as const
    expect(
      follows('other', {
        ...inbound,
        media: [
          { ...item, state: 'ready' },
          { ...item, state: 'pending' },
        ],
      }).fetch,
    ).toBe(true)
    for (const state of ['ready', 'failed', 'blocked'] as const)
      expect(follows('progress', { ...inbound, media: [{ ...item, state }] })).toEqual(nothing)
  })
  test('a note, a client’s message and what is filed wake nobody', () => {
    expect(follows('entered', { direction: 'internal', status: 'received' })).toEqual(nothing)
    expect(follows('other', { direction: 'inbound', status: 'received' })).toEqual(nothing)
    expect(follows('other', {})).toEqual(nothing)
  })
  test.each([
    ['a SID', { status: 'sending', twilioSid: 'SM1' }, true],
    ['a receipt', { status: 'delivered', twilioSid: 'SM1' }, true],
    ['a failure', { status: 'failed' }, true],
    ['a cancel', { status: 'canceled' }, true],
    ['a claim', { status: 'sending' }, false],
    ['an answer that never came', { status: 'unconfirmed' }, false],
    ['a delay', { status: 'queued' }, false],
  ] as const)('%s settles: %s', (_, more, settles) => {
    expect(follows('progress', more)).toEqual({ ...nothing, settle: settles ? ['m'] : [] })
  })
  test('a released line goes on', () => {
    expect(follows('progress', { status: 'failed' }, { released: ['l'] })).toEqual({ ...nothing, settle: ['m'], release: ['l'] })
  })
})

describe('a message lets its line go on', () => {
  const open = { status: 'unconfirmed', twilioSid: null, claimedAt: 1 } as const
  test.each([
    ['given up', open, { status: 'failed', twilioSid: null }, true],
    ['found', open, { status: 'sent', twilioSid: 'SM1' }, true],
    ['put back and taken back', { ...open, status: 'queued' }, { status: 'canceled', twilioSid: null }, true],
    // It waits behind another, whose time is not over.
    ['never claimed and taken back', { ...open, status: 'queued', claimedAt: null }, { status: 'canceled', twilioSid: null }, false],
    ['sent again', open, { status: 'queued', twilioSid: null }, false],
    ['under way before', { ...open, status: 'sending', twilioSid: 'SM1' }, { status: 'delivered', twilioSid: 'SM1' }, false],
  ] as const)('%s: %s → %s: %s', (_, before, then, goes) => {
    expect(closesLine(before, then)).toBe(goes)
  })
})
