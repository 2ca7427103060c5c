// The rules of a message on its way out: each sees the message as it is and answers what of it changes, or null
// for nothing. A rule about an attempt that is over changes nothing.
import type { Delay, Failure, Message, MessageStatus, PlanB } from '../../shared/model.ts'
import { isOpen, statusRank } from '../../shared/status.ts'
import type { MediaItem } from './media.ts'
import { mergeReports, type Report, type StatusFacts, type StatusNews } from './merge-status.ts'

/** How far a message is on its way out. Times are ms since the epoch. */
export interface AttemptFacts {
  /** 1 while the first request to Twilio is under way or was answered. */
  attempt: number
  claimedAt: number | null
  firstClaimedAt: number | null
  leaseUntil: number | null
  fence: number | null
  notBefore: number | null
}

/** A message as the rules see it. */
export interface MessageFacts extends AttemptFacts {
  status: MessageStatus
  direction: Message['direction']
  type: Message['type']
  sensitive: boolean
  text: string
  template: NonNullable<Message['template']> | null
  content: { sid: string; variables: Record<string, string> } | null
  planB: PlanB | null
  twilioSid: string | null
  delay: Delay | null
  error: Failure | null
  /** It failed, and nothing is left to do about it. */
  putAway: boolean
  /** What it said is gone, since it is old. */
  erased?: boolean
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
  /** Not sent any more then. */
  expiresAt: number | null
  price: Message['price']
  media: readonly MediaItem[]
  /** When a planned one goes. */
  dueAt: number | null
}

/** `cost`: of the sender's rate, of what it says now. */
export type MessageChange = Partial<Omit<MessageFacts, 'direction' | 'sensitive' | 'expiresAt'>> & { cost?: number }
export type MessageRule = (message: MessageFacts) => MessageChange | null

/** One request to Twilio: what is written down about it counts only while it is the message's current one. */
export interface Attempt {
  attempt: number
  claimedAt: number
}

const holdsLine = (message: MessageFacts): boolean => isOpen(message.status, message.twilioSid)

/** A message in flight, or put back from there, got its SID or its end: what waits behind it may go. */
export const closesLine = (
  before: Pick<MessageFacts, 'status' | 'twilioSid' | 'claimedAt'>,
  after: Pick<MessageFacts, 'status' | 'twilioSid'>,
): boolean => before.claimedAt !== null && isOpen(before.status, before.twilioSid) && !isOpen(after.status, after.twilioSid)

const isCurrent = (message: MessageFacts, { attempt, claimedAt }: Attempt): boolean =>
  message.attempt === attempt && message.claimedAt === claimedAt

const during =
  (attempt: Attempt, from: readonly MessageStatus[], change: (message: MessageFacts) => MessageChange): MessageRule =>
  (message) =>
    holdsLine(message) && from.includes(message.status) && isCurrent(message, attempt) ? change(message) : null

const failed = (message: MessageFacts, failure: Failure, now: number): MessageChange => ({
  // It is never sent again.
  ...(message.expiresAt !== null && message.expiresAt <= now ? eraseText(message) : {}),
  status: 'failed',
  error: failure,
  failedAt: now,
  delay: null,
  leaseUntil: null,
})

/** Until when a queued message waits; null: it may go now. Claimed in the future: the clock was set back, and the time says nothing. */
export function waitsUntil({ notBefore, claimedAt }: Pick<MessageFacts, 'notBefore' | 'claimedAt'>, now: number): number | null {
  return notBefore !== null && notBefore > now && (claimedAt ?? 0) <= now ? notBefore : null
}

/** The dispatcher takes it: `sending`, for as long as the lease. */
export const claimMessage =
  ({ now, leaseMs, fence }: { now: number; leaseMs: number; fence: number }): MessageRule =>
  (message) =>
    message.status !== 'queued' || message.twilioSid !== null || waitsUntil(message, now) !== null
      ? null
      : {
          status: 'sending',
          attempt: message.attempt + 1,
          claimedAt: now,
          firstClaimedAt: message.firstClaimedAt ?? now,
          leaseUntil: now + leaseMs,
          fence,
          notBefore: null,
          delay: null,
        }

/** Its claim ended unanswered: the lease is over, or another process dispatches its sender now. */
export const expireClaim =
  ({ now, fence }: { now: number; fence: number }): MessageRule =>
  (message) => {
    const isOver = (message.fence ?? 0) < fence || (message.leaseUntil ?? 0) <= now
    return message.status === 'sending' && message.twilioSid === null && isOver ? { status: 'unconfirmed' } : null
  }

/** Nothing was sent: back to `queued`, not before `notBefore`. The attempt does not count. */
export const putBack = (attempt: Attempt, { notBefore, delay }: { notBefore: number; delay: Delay | null }): MessageRule =>
  during(attempt, ['sending', 'unconfirmed'], (message) => ({
    status: 'queued',
    attempt: message.attempt - 1,
    firstClaimedAt: message.attempt === 1 ? null : message.firstClaimedAt,
    leaseUntil: null,
    notBefore,
    delay,
  }))

/** The answer never came; the line waits. */
export const unconfirm = (attempt: Attempt): MessageRule => during(attempt, ['sending'], () => ({ status: 'unconfirmed' }))

/** What its template counts as in the moment in which it goes out. */
export const keepCategory = (attempt: Attempt, category: string | null): MessageRule =>
  during(attempt, ['sending'], ({ template }) => {
    const { category: _, ...rest } = template ?? { name: '', variables: {} }
    return { template: template && { ...rest, ...(category === null ? {} : { category }) } }
  })

/** Not found in Twilio's list: `queued` again, to be sent once more. */
export const sendAgain = (attempt: Attempt): MessageRule =>
  during(attempt, ['unconfirmed'], () => ({ status: 'queued', leaseUntil: null, notBefore: null }))

/** Final; its line goes on. */
export const failAttempt = (attempt: Attempt, failure: Failure, now: number): MessageRule =>
  during(attempt, ['queued', 'sending', 'unconfirmed'], (message) => failed(message, failure, now))

/** Gives up what nobody can tell about; its line goes on. */
export const giveUp =
  (failure: Failure, now: number): MessageRule =>
  (message) =>
    message.status === 'unconfirmed' && message.twilioSid === null ? failed(message, failure, now) : null

/** Takes back what is scheduled or queued. */
export const cancelMessage: MessageRule = (message) => {
  const waits = message.status === 'scheduled' || (message.status === 'queued' && message.twilioSid === null)
  return waits ? { ...eraseText(message), status: 'canceled', delay: null } : null
}

/** It was sent again, or an agent has seen that it failed. */
export const putAwayMessage: MessageRule = ({ status, putAway }) => (status === 'failed' && !putAway ? { putAway: true } : null)

/** A planned message's content and time, which can be changed until it goes. */
export type Plan = Pick<MessageChange, 'type' | 'text' | 'template' | 'content' | 'planB' | 'dueAt' | 'cost'>

/** Changes a plan while it is one: what entered its thread stays as it is. */
export const replan =
  (plan: Plan): MessageRule =>
  (message) =>
    message.status === 'scheduled' ? plan : null

/** Why a queued message still waits, for the agent to see. */
export const explainDelay =
  (delay: Delay | null): MessageRule =>
  (message) =>
    message.status === 'queued' && message.twilioSid === null && JSON.stringify(message.delay) !== JSON.stringify(delay) ? { delay } : null

/** Erases what a sensitive message said, also the values in its template. */
export const eraseText: MessageRule = ({ sensitive, template, planB }) =>
  sensitive
    ? { text: '', content: null, template: template && { ...template, variables: {} }, ...(planB ? { planB: eraseWords(planB) } : {}) }
    : null

/** One that failed can be sent again for so long; the code that it holds is no good for longer. */
const SENT_AGAIN_MS = 15 * 60_000
/** Not every carrier and not every phone tells that a message arrived. */
const UNTOLD_MS = 24 * 60 * 60_000

/** When nobody needs the text of a sensitive message any more; null: it is still to be sent. */
export function erasesAt({
  status,
  twilioSid,
  claimedAt,
  sentAt,
  failedAt,
  expiresAt,
}: Pick<MessageFacts, 'status' | 'twilioSid' | 'claimedAt' | 'sentAt' | 'failedAt' | 'expiresAt'>): number | null {
  const over = expiresAt ?? Number.POSITIVE_INFINITY
  if (status === 'delivered' || status === 'read' || status === 'canceled') return 0
  if (status === 'failed') return Math.min(over, (failedAt ?? 0) + SENT_AGAIN_MS)
  return twilioSid === null ? null : Math.min(over, (sentAt ?? claimedAt ?? 0) + UNTOLD_MS)
}

export const eraseSpent =
  (now: number): MessageRule =>
  (message) => {
    const at = message.text === '' ? null : erasesAt(message)
    return at !== null && at <= now ? eraseText(message) : null
  }

/** When a message that may wait `expiresInMs` is sent no more: its time runs from when it was to go, also where nobody was there to send it. */
export const expiryOf = ({ expiresInMs, dueAt }: { expiresInMs: number | null; dueAt: number | null }, now: number): number | null =>
  expiresInMs === null ? null : (dueAt ?? now) + expiresInMs

/** Which steps there were, and which was taken, stays. */
export function eraseWords({ text: _, template, ...rest }: PlanB): PlanB {
  return { ...rest, ...(template ? { template: { ...template, variables: {} } } : {}) }
}

// -- what Twilio tells

/** That it failed or was canceled was our own finding while nobody knew; with a SID, Twilio's word counts. */
function forgetOwnEnd(message: MessageFacts): MessageFacts {
  const ended = message.status === 'failed' || message.status === 'canceled'
  return ended ? { ...message, status: 'unconfirmed', error: null, failedAt: null } : message
}

/** The change that reports make to a message; null: none. */
export function applyReports(message: MessageFacts, reports: readonly Report[]): { change: MessageChange; news: StatusNews } | null {
  const { facts, news } = mergeReports(statusOf(message), reports)
  return news === 'nothing' ? null : { change: facts, news }
}

const statusOf = ({ status, error, sentAt, deliveredAt, readAt, failedAt, price }: MessageFacts): StatusFacts => ({
  status,
  error,
  sentAt,
  deliveredAt,
  readAt,
  failedAt,
  price,
})

/** What it cost in the end. That it is known says nothing about times: whoever asks for it may have a clock that is behind. */
export const takePrice =
  ({ amount, currency }: { amount: number; currency: string }): MessageRule =>
  ({ price }) =>
    price?.amount === amount && price.currency === currency && !price.estimated ? null : { price: { amount, currency, estimated: false } }

/** The message that a callback's path names may take its SID: it was given to Twilio, and has none. */
export const mayTakeSid = (message: MessageFacts): boolean =>
  message.direction === 'outbound' && message.twilioSid === null && message.claimedAt !== null

/**
 * Gives the message its SID: its line goes on, and what was held for that SID is merged in. `attempt`: the request that was
 * answered; null: a callback named the message. The SID is the truth whatever became of that attempt, unless another
 * request is under way: then its late answer says nothing about that one.
 */
export function takeSid(
  message: MessageFacts,
  twilioSid: string,
  reports: readonly Report[],
  attempt: number | null,
): MessageChange | null {
  if (message.twilioSid !== null) return null
  if (attempt !== null && message.status === 'sending' && message.attempt !== attempt) return null
  // A message that Twilio accepted is at least on its way.
  const reached = reports.map((report) =>
    statusRank(report.status) < statusRank('sending') ? { ...report, status: 'sending' as const } : report,
  )
  const { facts } = mergeReports(statusOf(forgetOwnEnd(message)), reached)
  return { ...facts, twilioSid, delay: null, leaseUntil: null }
}
