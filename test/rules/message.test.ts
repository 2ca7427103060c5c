import { describe, expect, test } from 'vitest'
import {
  applyReports,
  cancelMessage,
  claimMessage,
  erasesAt,
  eraseSpent,
  eraseText,
  expireClaim,
  explainDelay,
  failAttempt,
  giveUp,
  mayTakeSid,
  type MessageFacts,
  type MessageRule,
  putBack,
  expiryOf,
  replan,
  sendAgain,
  takeSid,
  unconfirm,
  waitsUntil,
} from '../../server/rules/message.ts'
import type { Failure, MessageStatus } from '../../shared/model.ts'

const failure: Failure = { code: 30008, reason: 'unknown', message: 'Unknown error', action: 'retry' }
const NOW = 1_000_000
const attempt = { attempt: 1, claimedAt: NOW - 500 }
const SID = 'SM0123'

const message = (more: Partial<MessageFacts> = {}): MessageFacts => ({
  status: 'queued',
  direction: 'outbound',
  type: 'text',
  sensitive: false,
  text: 'Hola',
  template: null,
  content: null,
  twilioSid: null,
  attempt: 0,
  claimedAt: null,
  firstClaimedAt: null,
  leaseUntil: null,
  fence: null,
  notBefore: null,
  delay: null,
  error: null,
  putAway: false,
  planB: null,
  sentAt: null,
  deliveredAt: null,
  readAt: null,
  failedAt: null,
  expiresAt: null,
  price: null,
  media: [],
  dueAt: null,
  ...more,
})
/** As the first request left it. */
const sending = (more: Partial<MessageFacts> = {}): MessageFacts =>
  message({ status: 'sending', ...attempt, firstClaimedAt: attempt.claimedAt, leaseUntil: NOW + 100, fence: 3, ...more })

const statuses: MessageStatus[] = ['scheduled', 'queued', 'sending', 'unconfirmed', 'sent', 'delivered', 'read', 'failed', 'canceled']

describe('which messages a rule changes', () => {
  const rules: [string, MessageRule, MessageStatus[], becomes: MessageStatus][] = [
    ['a claim', claimMessage({ now: NOW, leaseMs: 1000, fence: 3 }), ['queued'], 'sending'],
    ['a claim that ended', expireClaim({ now: NOW + 100, fence: 3 }), ['sending'], 'unconfirmed'],
    ['putting back', putBack(attempt, { notBefore: NOW, delay: null }), ['sending', 'unconfirmed'], 'queued'],
    ['an answer that never came', unconfirm(attempt), ['sending'], 'unconfirmed'],
    ['sending again', sendAgain(attempt), ['unconfirmed'], 'queued'],
    ['a failure', failAttempt(attempt, failure, NOW), ['queued', 'sending', 'unconfirmed'], 'failed'],
    ['giving up', giveUp(failure, NOW), ['unconfirmed'], 'failed'],
    ['canceling', cancelMessage, ['scheduled', 'queued'], 'canceled'],
  ]
  test.each(rules)('%s', (_, rule, from, becomes) => {
    for (const status of statuses) {
      const change = rule(sending({ status }))
      expect(change?.status ?? null, status).toBe(from.includes(status) ? becomes : null)
      if (status !== 'scheduled') expect(rule(sending({ status, twilioSid: SID })), `${status}, with a SID`).toBeNull()
    }
  })
  test.each<[string, MessageRule]>([
    ['putting back', putBack({ ...attempt, attempt: 2 }, { notBefore: NOW, delay: null })],
    ['an answer that never came', unconfirm({ ...attempt, claimedAt: NOW })],
    ['sending again', sendAgain({ ...attempt, attempt: 2 })],
    ['a failure', failAttempt({ ...attempt, claimedAt: NOW }, failure, NOW)],
  ])('%s says nothing about another attempt', (_, rule) => {
    for (const status of statuses) expect(rule(sending({ status })), status).toBeNull()
  })
})

test('a plan is said differently, and for another time, only while it is one', () => {
  const plan = { type: 'text', text: 'Mejor así', template: null, content: null, cost: 1, dueAt: NOW + 5 } as const
  for (const status of statuses) expect(replan(plan)(message({ status, dueAt: NOW })), status).toEqual(status === 'scheduled' ? plan : null)
})

describe('what a rule changes', () => {
  test('a claim counts the attempt and keeps the time of the first', () => {
    const claim = claimMessage({ now: NOW, leaseMs: 1000, fence: 4 })
    const whole = { status: 'sending', claimedAt: NOW, leaseUntil: NOW + 1000, fence: 4, notBefore: null, delay: null }
    expect(claim(message())).toEqual({ ...whole, attempt: 1, firstClaimedAt: NOW })
    expect(claim(message({ attempt: 1, firstClaimedAt: 7 }))).toEqual({ ...whole, attempt: 2, firstClaimedAt: 7 })
  })
  test('a queued message waits until its time, unless the clock was set back since', () => {
    expect(waitsUntil({ notBefore: NOW + 1, claimedAt: NOW }, NOW)).toBe(NOW + 1)
    expect(waitsUntil({ notBefore: NOW, claimedAt: NOW }, NOW)).toBeNull()
    expect(waitsUntil({ notBefore: null, claimedAt: null }, NOW)).toBeNull()
    expect(waitsUntil({ notBefore: NOW + 1, claimedAt: NOW + 1 }, NOW)).toBeNull()
  })
  test('a claim ends with its lease, or with its fence', () => {
    expect(expireClaim({ now: NOW + 99, fence: 3 })(sending())).toBeNull()
    expect(expireClaim({ now: NOW, fence: 4 })(sending())).toEqual({ status: 'unconfirmed' })
  })
  test('what was put back does not count as an attempt', () => {
    const rule = putBack(attempt, { notBefore: NOW + 5, delay: { reason: 'provider', until: null } })
    expect(rule(sending())).toMatchObject({ attempt: 0, firstClaimedAt: null, notBefore: NOW + 5, leaseUntil: null })
    expect(putBack({ ...attempt, attempt: 2 }, { notBefore: 0, delay: null })(sending({ attempt: 2, firstClaimedAt: 7 }))).toMatchObject({
      attempt: 1,
      firstClaimedAt: 7,
    })
  })
  test('what is sent again waits for no time of before', () => {
    const unconfirmed = sending({ status: 'unconfirmed', notBefore: NOW + 5 })
    expect(sendAgain(attempt)(unconfirmed)).toEqual({ status: 'queued', leaseUntil: null, notBefore: null })
  })
  test('what fails says why and when, and waits for nothing any more', () => {
    const over = { status: 'failed', error: failure, failedAt: NOW, delay: null, leaseUntil: null }
    expect(failAttempt(attempt, failure, NOW)(sending())).toEqual(over)
    expect(giveUp(failure, NOW)(sending({ status: 'unconfirmed' }))).toEqual(over)
  })
  test('a reason to wait is told once', () => {
    const rate = { reason: 'rate', until: null } as const
    expect(explainDelay(rate)(message())).toEqual({ delay: rate })
    expect(explainDelay(rate)(message({ delay: { ...rate } }))).toBeNull()
    expect(explainDelay(rate)(sending())).toBeNull()
  })
  test('only the text of a sensitive message is erased, with the values of its template', () => {
    expect(eraseText(message())).toBeNull()
    const secret = message({ sensitive: true, template: { name: 'code', variables: { code: '1234' } } })
    expect(eraseText(secret)).toEqual({ text: '', content: null, template: { name: 'code', variables: {} } })
  })
  const minutes = (n: number) => NOW + n * 60_000
  test.each<[what: string, more: Partial<MessageFacts>, erasedAt: number | null]>([
    ['waits to be sent', {}, null],
    ['is planned', { status: 'scheduled' }, null],
    ['is being sent', { status: 'sending', claimedAt: NOW }, null],
    ['may have been sent', { status: 'unconfirmed', claimedAt: NOW, expiresAt: NOW }, null],
    ['was delivered', { status: 'delivered', twilioSid: SID }, 0],
    ['was read', { status: 'read', twilioSid: SID }, 0],
    ['was canceled', { status: 'canceled' }, 0],
    ['ended before it could be sent', { status: 'failed', failedAt: NOW, error: failure, expiresAt: NOW - 1 }, NOW - 1],
    ['failed, and can be sent again', { status: 'failed', failedAt: NOW, error: failure }, minutes(15)],
    ['failed, and is good for less than that', { status: 'failed', failedAt: NOW, error: failure, expiresAt: minutes(5) }, minutes(5)],
    ['went out, and no receipt comes', { status: 'sent', twilioSid: SID, sentAt: NOW }, minutes(24 * 60)],
    ['went out, and is no good any more', { status: 'sent', twilioSid: SID, sentAt: NOW, expiresAt: minutes(5) }, minutes(5)],
    ['was taken, and nothing is told since', { status: 'queued', twilioSid: SID, claimedAt: NOW }, minutes(24 * 60)],
  ])('the text of one that %s goes in its time, once, and only where it is sensitive', (_what, more, at) => {
    const one = message({ sensitive: true, ...more })
    expect(erasesAt(one)).toBe(at)
    if (at === null) expect(eraseSpent(minutes(100_000))(one)).toBeNull()
    else {
      expect(eraseSpent(at - 1)(one)).toBeNull()
      expect(eraseSpent(at)(one)).toMatchObject({ text: '', content: null })
      expect(eraseSpent(at)({ ...one, text: '' })).toBeNull()
      expect(eraseSpent(at)({ ...one, sensitive: false })).toBeNull()
    }
  })
  test('what is taken back, or ends before it could be sent, says nothing from that moment on', () => {
    const secret = { sensitive: true, text: '918273' }
    expect(cancelMessage(message(secret))).toMatchObject({ status: 'canceled', text: '' })
    expect(cancelMessage(message())).toEqual({ status: 'canceled', delay: null })
    expect(failAttempt(attempt, failure, NOW)(sending({ ...secret, expiresAt: NOW }))).toMatchObject({ status: 'failed', text: '' })
    expect(failAttempt(attempt, failure, NOW)(sending(secret))).not.toHaveProperty('text')
  })
  test('the time of one that may not be late runs from when it was to go', () => {
    expect(expiryOf({ expiresInMs: null, dueAt: 5 }, NOW)).toBeNull()
    expect(expiryOf({ expiresInMs: 300, dueAt: null }, NOW)).toBe(NOW + 300)
    expect(expiryOf({ expiresInMs: 300, dueAt: NOW - 1_000 }, NOW)).toBe(NOW - 700)
  })
})

describe('what Twilio tells', () => {
  const report = (status: MessageStatus, at = NOW) => ({ status, at, failure: status === 'failed' ? failure : null })

  test('a callback may name only what was given to Twilio and has no SID', () => {
    expect(mayTakeSid(sending())).toBe(true)
    for (const other of [message(), sending({ twilioSid: SID }), sending({ direction: 'internal' })]) expect(mayTakeSid(other)).toBe(false)
  })
  test.each<[string, MessageFacts, attempt: number | null, MessageStatus | null]>([
    ['of the current request', sending(), 1, 'sent'],
    ['of a request that was not waited for', sending({ status: 'unconfirmed' }), 1, 'sent'],
    ['of the first request while the second is under way', sending({ attempt: 2 }), 1, null],
    ['of the first request while the second is unconfirmed', sending({ attempt: 2, status: 'unconfirmed' }), 1, 'sent'],
    ['of what waits to be sent again', message({ attempt: 1 }), 1, 'sent'],
    ['of what we had given up', sending({ status: 'failed', error: failure, failedAt: 5 }), 1, 'sent'],
    ['of what was canceled', sending({ status: 'canceled' }), 1, 'sent'],
    ['of what has a SID', sending({ twilioSid: 'SM9', status: 'sent' }), 1, null],
    ['by a callback, while another request is under way', sending({ attempt: 2 }), null, 'sent'],
  ])('the answer %s', (_, facts, of, status) => {
    const change = takeSid(facts, SID, [report('sent')], of)
    expect(change?.status ?? null).toBe(status)
    if (change) expect(change).toMatchObject({ twilioSid: SID, delay: null, leaseUntil: null, error: null, failedAt: null })
  })
  test('what Twilio accepted is at least on its way, and held reports are merged in', () => {
    expect(takeSid(sending({ status: 'unconfirmed' }), SID, [report('queued')], 1)?.status).toBe('sending')
    expect(takeSid(sending(), SID, [report('queued'), report('delivered', NOW + 1)], 1)).toMatchObject({
      status: 'delivered',
      deliveredAt: NOW + 1,
    })
  })
  test('a report that says nothing new changes nothing', () => {
    const sent = sending({ twilioSid: SID, status: 'sent', sentAt: NOW })
    expect(applyReports(sent, [report('sent')])).toBeNull()
    expect(applyReports(sent, [report('sent', NOW - 1)])).toMatchObject({ news: 'time', change: { sentAt: NOW - 1 } })
    expect(applyReports(sent, [report('read')])).toMatchObject({ news: 'status', change: { status: 'read' } })
  })
})
