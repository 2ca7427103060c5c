// Whether an SMS goes by itself in the place of a WhatsApp message that did not reach its client.
import type { ContactCalendar, Purpose } from '../../shared/calendar.ts'
import type { Failure, FailureReason, Message } from '../../shared/model.ts'
import type { Because } from '../../shared/plan-b.ts'
import type { MessageRule } from './message.ts'
import type { SmsPlace } from './plan-b.ts'

/** What SMS can mend. Who blocked us, opted out or is not to be had at that number is left alone. */
const mended: Partial<Record<FailureReason, Because>> = { not_on_whatsapp: 'not_on_whatsapp', window: 'window' }

/** Who was not reached an hour ago is not surprised by an SMS now: a report that is told again, much later, sends none. */
const STILL_NEWS_MS = 3600_000

type Fallible = Pick<Message, 'channel' | 'direction' | 'type' | 'text' | 'status' | 'planB' | 'fallbackOf' | 'expiresAt' | 'failedAt'>

/** What is to be known of a purpose; null: nobody knows what the message is for. */
export interface FallbackPolicy {
  allowed: Readonly<Record<Purpose, boolean>>
  calendars: Readonly<Record<Purpose, Pick<ContactCalendar, 'oneChannelAWeek'>>>
}

export const mayFallBack = (purpose: Purpose | null, { allowed, calendars }: FallbackPolicy): purpose is Purpose =>
  // A second channel is what such a calendar forbids; of a debt nobody is told by another way.
  purpose !== null && purpose !== 'collection' && allowed[purpose] && !calendars[purpose].oneChannelAWeek

/** Why an SMS goes in its place; null: none does. `failure`: with which it fails now, or has failed. */
export function whyFallBack(message: Fallible, failure: Failure | null, now: number): Because | null {
  const { channel, direction, type, text, status, planB, fallbackOf, expiresAt, failedAt } = message
  if (channel !== 'whatsapp' || direction !== 'outbound' || (type !== 'text' && type !== 'template') || text === '') return null
  if (status === 'delivered' || status === 'read' || status === 'canceled') return null
  // With a plan B of its own, that says what goes; one of ours is only to be finished.
  if (fallbackOf !== null || (planB !== undefined && !planB.byPolicy)) return null
  if (expiresAt !== null && Date.parse(expiresAt) <= now) return null
  if (failedAt !== null && now - Date.parse(failedAt) > STILL_NEWS_MS) return null
  return mended[failure?.reason ?? 'unknown'] ?? null
}

/** The message says that an SMS went, and where: nothing is left to do about it. */
export const fellBack =
  (because: Because, { id, conversationId }: SmsPlace): MessageRule =>
  ({ planB }) =>
    planB
      ? null
      : { putAway: true, planB: { sms: true, byPolicy: true, taken: { step: 'sms', because: [because], messageId: id, conversationId } } }
