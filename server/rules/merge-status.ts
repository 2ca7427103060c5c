// Merges Twilio's reports into a sent message, in whatever order and however often they come. Pure: both stores ask here.
import type { Message, MessageStatus } from '../../shared/model.ts'
import { statusRank, statusRises } from '../../shared/status.ts'
import type { StatusReport } from '../store/records.ts'

export type Report = Pick<StatusReport, 'status' | 'failure' | 'at' | 'price'>

export interface StatusFacts {
  status: MessageStatus
  error: Message['error']
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
  price: Message['price']
}

/** `status`: its status or its price is another. `time`: only a time was filled in. `nothing`: as it was, to the last field. */
export type StatusNews = 'status' | 'time' | 'nothing'

/** The first time that each was reported is kept, whatever the order of the reports. */
const times: Partial<Record<MessageStatus, 'sentAt' | 'deliveredAt' | 'readAt' | 'failedAt'>> = {
  sent: 'sentAt',
  delivered: 'deliveredAt',
  read: 'readAt',
  failed: 'failedAt',
}

export function mergeReports(before: StatusFacts, reports: readonly Report[]): { facts: StatusFacts; news: StatusNews } {
  const facts = { ...before }
  for (const report of reports.toSorted((a, b) => statusRank(a.status) - statusRank(b.status) || a.at - b.at)) merge(facts, report)
  const priced = facts.price?.amount !== before.price?.amount || facts.price?.currency !== before.price?.currency
  if (priced || facts.status !== before.status) return { facts, news: 'status' }
  return { facts, news: Object.values(times).some((time) => facts[time] !== before[time]) ? 'time' : 'nothing' }
}

function merge(facts: StatusFacts, { status, failure, at, price }: Report): void {
  if (price) facts.price = { ...price, estimated: false }
  const rises = statusRises(facts.status, status)
  // A failure that a receipt refutes, before or after, never was: the end does not depend on the order.
  if (status === 'failed' && !rises && facts.status !== 'failed') return
  const time = times[status]
  if (time !== undefined) facts[time] = Math.min(facts[time] ?? at, at)
  if (!rises) return
  facts.status = status
  if (status === 'failed') facts.error = failure
  if (status === 'delivered' || status === 'read') {
    facts.error = null
    facts.failedAt = null
  }
}
