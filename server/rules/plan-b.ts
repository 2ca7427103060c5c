// How a planned text with a plan B enters when it is due. Which step it is: shared/plan-b.ts.
import type { Failure, PlanB } from '../../shared/model.ts'
import type { Because } from '../../shared/plan-b.ts'
import { countParts } from '../../shared/segments.ts'
import type { Draft } from '../store/records.ts'
import { eraseWords, expiryOf, type MessageChange, type MessageFacts } from './message.ts'

/** The line in the moment in which the message enters. */
export interface LineNow {
  windowOpen: boolean
  optedOut: boolean
  /** Of marketing alone, or of all. */
  marketingOut: boolean
}

/** The SMS that goes in its place, and its thread. */
export interface SmsPlace {
  id: string
  conversationId: string
}

export type Way =
  | { step: 'text' }
  | { step: 'template'; because: Because[]; content: Required<Pick<MessageChange, 'text' | 'template' | 'content' | 'cost'>> }
  /** `place` null: its thread is still to be made. */
  | { step: 'sms'; because: Because[]; place: SmsPlace | null }
  | { step: null; failure: Failure }
export type SmsWay = { step: 'sms'; because: Because[]; place: SmsPlace }

/** Pure; may be asked more than once. */
export type WayRule = (line: LineNow) => Way

type Planned = Pick<MessageFacts, 'text' | 'sensitive' | 'planB'>

/** The planned message as it enters. One that goes by SMS keeps its place in its own thread, and says so. */
export function enterBy({ text, sensitive, planB }: Planned, way: Way): MessageChange {
  if (planB === null) return {}
  switch (way.step) {
    case null:
      return {}
    case 'text':
      return { planB: { ...planB, taken: { step: 'text', because: [] } } }
    case 'template':
      return { type: 'template', ...way.content, planB: { ...planB, text, taken: { step: 'template', because: way.because } } }
    case 'sms': {
      const taken = takenBySms(way)
      // Its words are in the SMS, which erases them once it arrived.
      return { status: 'canceled', ...(sensitive ? { text: '', planB: { ...eraseWords(planB), taken } } : { planB: { ...planB, taken } }) }
    }
  }
}

function takenBySms({ because, place }: Way & { step: 'sms' }): NonNullable<PlanB['taken']> {
  return { step: 'sms', because, ...(place ? { messageId: place.id, conversationId: place.conversationId } : {}) }
}

/** What a killed process had decided, and may have sent: nothing else is done any more. */
export function begunBySms(planB: PlanB | null): SmsWay | null {
  const { step, because, messageId, conversationId } = planB?.taken ?? {}
  if (step !== 'sms' || !because || messageId === undefined || conversationId === undefined) return null
  return { step, because, place: { id: messageId, conversationId } }
}

type Source = Pick<Draft, 'orgId' | 'author' | 'text' | 'lane' | 'sensitive' | 'expiresInMs' | 'dueAt'> & {
  id: string
  planB: PlanB | null
  coordinationId: string | null
}

/** The SMS in the place of a planned message: a message of its own, linked to that one. */
export function smsInstead(planned: Source, { because, place }: Pick<SmsWay, 'because' | 'place'>, now: number): Draft {
  const { id, orgId, author, text, lane, sensitive, planB, coordinationId } = planned
  const expiresAt = expiryOf(planned, now)
  return {
    id: place.id,
    orgId,
    conversationId: place.conversationId,
    direction: 'outbound',
    type: 'text',
    author,
    text,
    template: null,
    content: null,
    planB: planB && { ...planB, taken: { step: 'sms', because } },
    replyToId: null,
    retryOf: null,
    fallbackOf: id,
    clientMessageId: null,
    key: null,
    askedRecord: coordinationId,
    lane,
    sensitive,
    cost: countParts('sms', text),
    dueAt: null,
    expiresInMs: expiresAt === null ? null : expiresAt - now,
    createdAt: now,
  }
}
