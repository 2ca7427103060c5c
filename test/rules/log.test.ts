// The log's rules: which index answers a filter, what may be tried again, and the sums of a conversation.
import { expect, test } from 'vitest'
import { logBranches } from '../../server/rules/log-filter.ts'
import { addToSums, hintOf, type Sums } from '../../server/rules/log-table.ts'
import { whyNotAgain } from '../../server/rules/try-again.ts'
import type { LogFilter } from '../../server/store/records.ts'
import { catalogue } from '../../server/twilio/errors.ts'

const ways: [LogFilter, string][] = [
  [{}, 'channel whatsapp, channel sms'],
  [{ q: 'hola', from: 1 }, 'channel whatsapp, channel sms'],
  [{ channel: 'sms' }, 'channel sms'],
  [{ statuses: ['failed'] }, 'status failed'],
  [{ statuses: ['failed', 'canceled', 'failed'], channel: 'sms', authorType: 'agent' }, 'status failed, status canceled'],
  [{ statuses: ['delivered'], authorType: 'campaign' }, 'author_type campaign'],
  [{ statuses: ['delivered'], authorId: 'c-1', authorType: 'campaign' }, 'author c-1'],
  [{ statuses: ['sent', 'read'] }, 'status sent, status read'],
  [{ statuses: ['received'], direction: 'internal' }, 'internal'],
  [{ direction: 'inbound', channel: 'sms' }, 'status received'],
  [{ direction: 'internal' }, 'internal'],
  [{ authorType: 'contact' }, 'status received'],
  [{ authorType: 'system' }, 'author_type system'],
  [{ errorCode: 63016, statuses: ['failed'] }, 'error_code 63016'],
  [{ errorCode: 63016, statuses: ['delivered'] }, ''],
  [{ errorReason: 'window', authorId: 'ana' }, 'error_reason window'],
  [{ retryable: true }, 'status failed'],
  [{ retryable: true, statuses: ['failed', 'read'] }, 'status failed'],
]
test.each(ways)('%j is answered by %s', (filter, way) => {
  const named = logBranches(filter).map((branch) => Object.values(branch).join(' '))
  expect(named.join(', ')).toBe(way)
})

test('what went out is in any state but received, each by its own index', () => {
  const branches = logBranches({ direction: 'outbound' })
  expect(branches.every((branch) => branch.by === 'status' && branch.status !== 'received')).toBe(true)
  expect(branches).toHaveLength(9)
})

const message = {
  ...{ direction: 'outbound' as const, status: 'failed' as const, putAway: false, text: 'Hola', hasMedia: false, expiresAt: null },
  error: { code: 30003, reason: 'carrier' as const, action: 'retry' as const, message: '' },
}
const failedOf = (code: number) => {
  const [reason, action] = catalogue[code] ?? (['unknown', 'retry'] as const)
  return { ...message, error: { code, reason, action, message: '' } }
}
const table: [string, Partial<Parameters<typeof whyNotAgain>[0]>, ReturnType<typeof whyNotAgain>][] = [
  ['the phone was off', {}, null],
  ['nothing is known of the error', { error: null }, null],
  ['it came in', { direction: 'inbound', status: 'received' }, 'not_failed'],
  ['it is a note', { direction: 'internal' }, 'not_failed'],
  ['it was delivered after all', { status: 'delivered' }, 'not_failed'],
  ['it may still arrive', { status: 'unconfirmed' }, 'not_failed'],
  ['it was sent again', { putAway: true }, 'done'],
  ['the number does not exist', failedOf(30005), 'permanent'],
  ['the number is not on WhatsApp', failedOf(63024), 'permanent'],
  ['the client opted out', failedOf(21610), 'permanent'],
  ['the client blocked us', failedOf(63014), 'permanent'],
  ['the content was refused', failedOf(63013), 'permanent'],
  ['the file is too large', failedOf(63034), 'permanent'],
  ['the window was closed: it may be open', failedOf(63016), null],
  ['the template was paused: it may go by now', failedOf(63041), null],
  ['the account was locked', failedOf(30002), null],
  ['our sender was not ready', failedOf(63007), null],
  ['too many at once', failedOf(63018), null],
  ['its time is over', { expiresAt: 1000 }, 'expired'],
  ['its time is not over', { expiresAt: 1001 }, null],
  ['its words were erased', { text: '' }, 'erased'],
  ['it is a file alone', { text: '', hasMedia: true }, null],
]
test.each(table)('another attempt where %s: %o', (_, over, reason) => {
  expect(whyNotAgain({ ...message, ...over }, 1000)).toBe(reason)
})

test('the sums of a conversation are the same in whatever order its messages come', () => {
  const usd = (amount: number) => ({ amount, currency: 'USD', estimated: false })
  const all = [
    { direction: 'inbound' as const, status: 'received' as const, price: null, at: 10 },
    { direction: 'outbound' as const, status: 'read' as const, price: usd(0.1), at: 20 },
    { direction: 'outbound' as const, status: 'failed' as const, price: usd(0.2), at: 40 },
    { direction: 'outbound' as const, status: 'read' as const, price: { amount: 3, currency: 'ARS', estimated: true }, at: 30 },
    { direction: 'internal' as const, status: 'received' as const, price: null, at: 35 },
  ]
  const sumsOf = (messages: typeof all) => messages.reduce<Sums | null>(addToSums, null)
  const sums = { messages: 5, inbound: 1, outbound: 3, byStatus: { read: 2, failed: 1 }, cost: { USD: 0.3, ARS: 3 } }
  expect(sumsOf(all)).toEqual({ ...sums, lastStatus: 'failed', firstAt: 10, lastAt: 40 })
  expect(sumsOf(all.toReversed())).toEqual({ ...sums, lastStatus: 'failed', firstAt: 10, lastAt: 40 })
})

test('the hint is in the language that is asked for', () => {
  const { error } = failedOf(63016)
  const hints = (['es', 'en', 'pt'] as const).map((locale) => hintOf(error, locale))
  expect(new Set(hints).size).toBe(3)
})
