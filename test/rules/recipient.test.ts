import { describe, expect, test } from 'vitest'
import {
  addToCounts,
  hasAnswered,
  newRecipient,
  noCounts,
  outcomeOf,
  type Recipient,
  settle,
  type Settled,
  sumOf,
} from '../../server/rules/recipient.ts'
import { messageStatus } from '../../shared/model.ts'
import { recipientDraft } from '../support/campaigns.ts'

const pending = newRecipient(recipientDraft('+5491144500001'))
const entered: Recipient = { ...pending, state: 'entered', messageId: 'm-1', dueAt: null }
const skipped: Recipient = { ...pending, state: 'skipped', reason: 'window', detail: 'Closed.', dueAt: null }

test('who cannot be written to is listed as that, and is never due', () => {
  const draft = recipientDraft('no number', { skipped: { reason: 'invalid_phone', detail: 'Not valid.' } })
  expect(newRecipient(draft)).toMatchObject({ state: 'skipped', reason: 'invalid_phone', detail: 'Not valid.', dueAt: null })
  expect(pending).toMatchObject({ state: 'pending', reason: null, messageId: null })
})

describe('settled', () => {
  const all: Settled[] = [
    { id: pending.id, state: 'entered', messageId: 'm-2' },
    { id: pending.id, state: 'skipped', reason: 'opted_out', detail: 'No more.' },
    { id: pending.id, state: 'pending', dueAt: 7 },
  ]
  test.each(all)('$state, once', (settled) => {
    expect(settle(pending, settled)).toMatchObject({ state: settled.state, dueAt: settled.state === 'pending' ? 7 : null })
    expect(settle(entered, settled)).toBeNull()
    expect(settle(skipped, settled)).toBeNull()
  })
})

test('what became of each is what its message says', () => {
  const statuses = messageStatus.options.map((status) => [
    status,
    outcomeOf({ recipient: entered, status, answered: false }, 'running').status,
  ])
  expect(Object.fromEntries(statuses)).toEqual({
    ...{ received: 'queued', scheduled: 'queued', queued: 'queued', sending: 'queued', unconfirmed: 'queued' },
    ...{ sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed', canceled: 'skipped' },
  })
  expect(outcomeOf({ recipient: entered, status: null, answered: false }, 'running')).toEqual({ status: 'queued', reason: null })
  expect(outcomeOf({ recipient: skipped, status: null, answered: false }, 'canceled')).toEqual({ status: 'skipped', reason: 'window' })
  expect(outcomeOf({ recipient: pending, status: null, answered: false }, 'paused')).toEqual({ status: 'pending', reason: null })
  expect(outcomeOf({ recipient: pending, status: null, answered: false }, 'canceled')).toEqual({ status: 'skipped', reason: 'canceled' })
})

test('all are counted once, in their arm', () => {
  const seen = [
    { recipient: entered, status: 'read' as const, answered: true },
    { recipient: { ...entered, arm: 1 as const }, status: 'sent' as const, answered: false },
    { recipient: { ...entered, arm: 1 as const }, status: 'read' as const, answered: true },
    { recipient: pending, status: null, answered: false },
  ]
  const counts = addToCounts([noCounts, noCounts], seen, 'running')
  expect(counts).toEqual([
    { ...noCounts, read: 1, pending: 1, answered: 1 },
    { ...noCounts, sent: 1, read: 1, answered: 1 },
  ])
  expect(noCounts.read).toBe(0)
  expect(sumOf(counts)).toEqual({ ...noCounts, pending: 1, sent: 1, read: 2, answered: 2 })
})

test.each([
  [null, null, false],
  [1000, null, false],
  [null, 2000, false],
  [1000, 1000, false],
  [1000, 999, false],
  [1000, 1001, true],
])('entered at %s, heard at %s: answered %s', (enteredAt, heardAt, answered) => {
  expect(hasAnswered(enteredAt, heardAt)).toBe(answered)
})
