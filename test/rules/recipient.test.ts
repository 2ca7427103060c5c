import { describe, expect, test } from 'vitest'
import {
  addToCounts,
  hasAnswered,
  newRecipient,
  nextAction,
  noCounts,
  outcomeOf,
  type Recipient,
  settle,
  type Settled,
  sumOf,
} from '../../server/rules/recipient.ts'
import { type SkipReason, skipReason } from '../../shared/campaigns.ts'
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
  const statuses = messageStatus.options.map((status) => [status, outcomeOf({ recipient: entered, status }, 'running').status])
  expect(Object.fromEntries(statuses)).toEqual({
    ...{ received: 'queued', scheduled: 'queued', queued: 'queued', sending: 'queued', unconfirmed: 'queued' },
    ...{ sent: 'sent', delivered: 'delivered', read: 'read', failed: 'failed', canceled: 'skipped' },
  })
  expect(outcomeOf({ recipient: entered, status: null }, 'running')).toEqual({ status: 'queued', reason: null })
  expect(outcomeOf({ recipient: skipped, status: null }, 'canceled')).toEqual({ status: 'skipped', reason: 'window' })
  expect(outcomeOf({ recipient: pending, status: null }, 'paused')).toEqual({ status: 'pending', reason: null })
  expect(outcomeOf({ recipient: pending, status: null }, 'canceled')).toEqual({ status: 'skipped', reason: 'canceled' })
})

test('all are counted once, in their arm', () => {
  const same = { state: 'entered', answered: false } as const
  const seen = [
    { ...same, arm: 0, status: 'read', answered: true, count: 3 },
    { ...same, arm: 1, status: 'sent', count: 1 },
    { ...same, arm: 1, status: 'read', answered: true, count: 1 },
    { ...same, arm: 1, status: 'read', count: 4 },
    { ...same, arm: 0, state: 'pending', status: null, count: 2 },
  ] as const
  const counts = addToCounts([noCounts, noCounts], seen, 'running')
  expect(counts).toEqual([
    { ...noCounts, read: 3, pending: 2, answered: 3 },
    { ...noCounts, sent: 1, read: 5, answered: 1 },
  ])
  expect(noCounts.read).toBe(0)
  expect(sumOf(counts)).toEqual({ ...noCounts, pending: 2, sent: 1, read: 8, answered: 4 })
})

test('each who did not get it has one next thing to do, and who did has none', () => {
  const error = { code: 63024, reason: 'not_on_whatsapp', message: '', action: 'try_sms' } as const
  expect(nextAction({ status: 'failed', reason: null }, error)).toBe('try_sms')
  expect(nextAction({ status: 'failed', reason: null }, null)).toBe('none')
  for (const status of ['pending', 'queued', 'sent', 'delivered', 'read'] as const)
    expect(nextAction({ status, reason: null }, error)).toBeNull()
  const of = (reason: SkipReason) => nextAction({ status: 'skipped', reason }, null)
  expect(Object.fromEntries(skipReason.options.map((reason) => [reason, of(reason)]))).toEqual({
    ...{ invalid_phone: 'fix_number', no_phone: 'fix_number', opted_out: 'none', window: 'send_template', template: 'none' },
    ...{ variables: 'retry', content: 'retry', calendar: 'none', canceled: 'none' },
  })
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
