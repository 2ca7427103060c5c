// When a delivery to the host is tried again, when it is given up, and when its webhook is switched off.
import type { Delivery, DeliveryDraft } from '../store/records.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
/** After which wait each further attempt is made: Standard Webhooks' own schedule, a little more than three days. */
export const WAITS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, 24 * HOUR] as const
/** A webhook that took nothing for so long is switched off. */
export const OFF_AFTER_MS = 5 * 24 * HOUR
/** An event that is found later than this is not told any more. */
export const STALE_MS = 7 * 24 * HOUR
/** The log is kept for so long: longer than an event may still be found, so that none is told twice. */
export const LOG_MS = 30 * 24 * HOUR

/** What came of an attempt. */
export interface Attempt {
  /** Null: nobody answered. */
  status: number | null
  /** For people. */
  detail: string
  at: number
}

export const isTaken = ({ status }: Pick<Attempt, 'status'>): boolean => status !== null && status >= 200 && status < 300
/** 410: the host says that there will never be anything again. */
export const isGone = ({ status }: Pick<Attempt, 'status'>): boolean => status === 410

export function newDelivery(draft: DeliveryDraft, now: number): Delivery {
  return { ...draft, state: 'waiting', attempts: 0, dueAt: now, answer: null, rev: 1, createdAt: now, updatedAt: now }
}

/** `spread`, from 0 to 1, keeps what failed together from coming again together. */
export function afterAttempt(
  before: Delivery,
  attempt: Attempt,
  spread: number,
): Pick<Delivery, 'state' | 'attempts' | 'dueAt' | 'answer'> {
  const attempts = before.attempts + 1
  const answer = { status: attempt.status, detail: attempt.detail, at: attempt.at }
  if (isTaken(attempt)) return { state: 'delivered', attempts, dueAt: null, answer }
  const wait = WAITS[before.attempts]
  if (wait === undefined) return { state: 'failed', attempts, dueAt: null, answer }
  return { state: 'waiting', attempts, dueAt: attempt.at + Math.round(wait * (1 + spread / 10)), answer }
}

/** Tried once more now, from the beginning of the schedule; the same event keeps its id. */
export function replayed(now: number): Pick<Delivery, 'state' | 'attempts' | 'dueAt'> {
  return { state: 'waiting', attempts: 0, dueAt: now }
}

export interface Health {
  /** Since when nothing was taken; null: the last attempt was. */
  failingSince: number | null
  off: { reason: 'gone' | 'failing'; at: number } | null
}

/** What an attempt says about the webhook; null: nothing new. */
export function healthAfter(before: Health, attempt: Attempt): Health | null {
  if (before.off !== null) return null
  if (isTaken(attempt)) return before.failingSince === null ? null : { failingSince: null, off: null }
  const failingSince = before.failingSince ?? attempt.at
  if (isGone(attempt)) return { failingSince, off: { reason: 'gone', at: attempt.at } }
  if (attempt.at - failingSince >= OFF_AFTER_MS) return { failingSince, off: { reason: 'failing', at: attempt.at } }
  return before.failingSince === null ? { failingSince, off: null } : null
}
