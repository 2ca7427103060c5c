// How status reports change a message: the rule alone; the contract suite asks both stores for it.
import { describe, expect, test } from 'vitest'
import { mergeReports, type Report, type StatusFacts } from '../../server/rules/merge-status.ts'
import { carrierFailure } from '../support/builders.ts'

const fresh: StatusFacts = { status: 'sending', error: null, sentAt: null, deliveredAt: null, readAt: null, failedAt: null, price: null }
const report = (status: Report['status'], at: number): Report => ({ status, at, failure: status === 'failed' ? carrierFailure : null })
const merged = (...reports: Report[]) => reports.reduce((facts, one) => mergeReports(facts, [one]).facts, fresh)

describe('reports about a sent message', () => {
  test.each<[string, Report[], Partial<StatusFacts>]>([
    ['a failure says why and when', [report('failed', 5)], { status: 'failed', error: carrierFailure, failedAt: 5 }],
    ['the first time of two counts', [report('failed', 5), report('failed', 3)], { status: 'failed', failedAt: 3 }],
    [
      'sent does not heal a failure, and has its time',
      [report('failed', 5), report('sent', 4)],
      { status: 'failed', sentAt: 4, failedAt: 5 },
    ],
    [
      'delivered heals it: it never was',
      [report('failed', 5), report('delivered', 6)],
      { status: 'delivered', error: null, failedAt: null },
    ],
    ['so does read', [report('failed', 5), report('read', 6)], { status: 'read', error: null, failedAt: null }],
    ['a failure after delivered changes nothing', [report('delivered', 6), report('failed', 7)], { status: 'delivered', failedAt: null }],
    ['nor one after read, however early it says it was', [report('read', 6), report('failed', 1)], { status: 'read', failedAt: null }],
    ['nor one after canceled', [report('canceled', 6), report('failed', 7)], { status: 'canceled', error: null, failedAt: null }],
    ['a late lower status fills in its time', [report('read', 9), report('sent', 4)], { status: 'read', sentAt: 4, readAt: 9 }],
  ])('%s', (_, reports, expected) => {
    expect(merged(...reports)).toMatchObject(expected)
    expect(mergeReports(fresh, reports).facts, 'and so all at once').toEqual(merged(...reports))
  })

  test('of two failures at once the first says why', () => {
    const other = { ...carrierFailure, code: 63016 }
    const reports = [{ ...report('failed', 7), failure: other }, report('failed', 5)]
    expect(mergeReports(fresh, reports).facts).toMatchObject({ error: carrierFailure, failedAt: 5 })
  })

  test('says what is news: a status, only a time, or nothing', () => {
    const delivered = merged(report('delivered', 6))
    const news = (one: Report) => mergeReports(delivered, [one]).news
    expect(news(report('read', 7))).toBe('status')
    expect(news(report('sent', 5))).toBe('time')
    expect(news(report('delivered', 4))).toBe('time')
    for (const one of [report('delivered', 8), report('failed', 7), report('sending', 1), report('queued', 1)])
      expect(mergeReports(delivered, [one])).toEqual({ facts: delivered, news: 'nothing' })
    const priced = mergeReports(delivered, [{ ...report('failed', 7), price: { amount: 0.005, currency: 'USD' } }])
    expect(priced).toEqual({ facts: { ...delivered, price: { amount: 0.005, currency: 'USD', estimated: false } }, news: 'status' })
    expect(mergeReports(priced.facts, [{ ...report('delivered', 8), price: { amount: 0.005, currency: 'USD' } }]).news).toBe('nothing')
    expect(mergeReports(priced.facts, [{ ...report('delivered', 8), price: { amount: 0.005, currency: 'EUR' } }]).news).toBe('status')
  })
})
