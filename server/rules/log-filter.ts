// The message log's filters: which index answers each, and what a message must be to be listed. The same on every store.
import type { Failure, FailureReason, Message, MessageStatus } from '../../shared/model.ts'
import type { LogFilter } from '../store/records.ts'
import { whyNotAgain } from './try-again.ts'

/** What one index holds in the order of time. Several of them, merged, hold all that a filter can find. */
export type LogBranch =
  | { by: 'error_code'; code: number }
  | { by: 'error_reason'; reason: FailureReason }
  | { by: 'author'; id: string }
  | { by: 'author_type'; type: Message['author']['type'] }
  | { by: 'status'; status: MessageStatus }
  | { by: 'internal' }
  | { by: 'channel'; channel: Message['channel'] }

/** Few messages are in one of these at any time, or in all. */
const rare: readonly MessageStatus[] = ['scheduled', 'queued', 'sending', 'unconfirmed', 'failed', 'canceled']
const gone: readonly MessageStatus[] = [...rare, 'sent', 'delivered', 'read']

/**
 * The way that looks at the fewest messages which the filter does not want. Messages of one thread, client or record are found
 * by their threads, before anything of this.
 */
export function logBranches(filter: LogFilter): LogBranch[] {
  const { errorCode, errorReason, authorId, authorType, direction, channel } = filter
  // Nothing else has an error.
  if (asksOfFailures(filter) && filter.statuses?.includes('failed') === false) return []
  if (errorCode !== undefined) return [{ by: 'error_code', code: errorCode }]
  if (errorReason !== undefined) return [{ by: 'error_reason', reason: errorReason }]
  const statuses = filter.retryable ? (['failed'] as const) : filter.statuses
  if (authorId !== undefined) return [{ by: 'author', id: authorId }]
  if (statuses?.every((one) => rare.includes(one))) return byStatus(statuses)
  if (authorType !== undefined && authorType !== 'contact') return [{ by: 'author_type', type: authorType }]
  if (direction === 'internal') return [{ by: 'internal' }]
  if (statuses !== undefined) return byStatus(statuses)
  if (direction === 'inbound' || authorType === 'contact') return byStatus(['received'])
  if (direction === 'outbound') return byStatus(gone)
  return (channel === undefined ? (['whatsapp', 'sms'] as const) : [channel]).map((one) => ({ by: 'channel', channel: one }))
}

const byStatus = (statuses: readonly MessageStatus[]): LogBranch[] => [...new Set(statuses)].map((status) => ({ by: 'status', status }))

/** Of a message, as far as the filters look at it. */
export interface LogFacts {
  status: MessageStatus
  direction: Message['direction']
  channel: Message['channel']
  author: { type: Message['author']['type']; id: string | null }
  coordinationId: string | null
}

export function meetsFilter(filter: LogFilter, { status, direction, channel, author, coordinationId }: LogFacts): boolean {
  return (
    (filter.coordinationId === undefined || coordinationId === filter.coordinationId) &&
    (filter.statuses === undefined || filter.statuses.includes(status)) &&
    (filter.direction === undefined || direction === filter.direction) &&
    (filter.channel === undefined || channel === filter.channel) &&
    (filter.authorType === undefined || author.type === filter.authorType) &&
    (filter.authorId === undefined || author.id === filter.authorId)
  )
}

/** Of a message, as far as the filters about failures look at it. */
export interface FailedFacts {
  direction: Message['direction']
  status: MessageStatus
  error: Failure | null
  putAway: boolean
  text: string
  hasMedia: boolean
  expiresAt: number | null
}

export const asksOfFailures = ({ errorCode, errorReason, retryable }: LogFilter): boolean =>
  errorCode !== undefined || errorReason !== undefined || retryable === true

export function meetsFailures(filter: LogFilter, facts: FailedFacts, now: number): boolean {
  if (!asksOfFailures(filter)) return true
  return (
    facts.status === 'failed' &&
    (filter.errorCode === undefined || facts.error?.code === filter.errorCode) &&
    (filter.errorReason === undefined || facts.error?.reason === filter.errorReason) &&
    (filter.retryable !== true || whyNotAgain(facts, now) === null)
  )
}
