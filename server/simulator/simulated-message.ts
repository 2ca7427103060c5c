// A message as the simulated Twilio keeps it, and as its REST API shows it.
import type { Channel } from '../../shared/model.ts'
import { countParts } from '../../shared/segments.ts'
import type { Shot } from './camera-roll.ts'
import { mediaOf } from './media.ts'
import { errorText } from './refusals.ts'

export type TwilioStatus =
  | 'scheduled'
  | 'accepted'
  | 'queued'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'undelivered'
  | 'failed'
  | 'canceled'
  | 'received'

export const feedbackOutcomes = ['confirmed', 'unconfirmed'] as const
export type FeedbackOutcome = (typeof feedbackOutcomes)[number]

interface StatusStep {
  status: TwilioStatus
  at: number
}

/** A status callback: withheld by a switch, or how the application answered it, and when. */
export interface StatusCallback {
  status: TwilioStatus
  at: number
  end: 'pending' | 'accepted' | 'refused' | 'lost'
  endedAt: number | null
}

/** Somebody asked for the bytes of what a client sent. `whole`: all of them were handed over. */
export interface MediaCall {
  /** The position of the medium. */
  index: number
  at: number
  end: 'pending' | 'whole' | 'broken' | 'refused'
  endedAt: number | null
}

/** How the inbound webhook of a written message ended; `lost`: withheld by a switch, or nowhere to send it. */
export type WebhookEnd = 'pending' | 'accepted' | 'refused' | 'unreachable' | 'lost'

export interface SimulatedMessage {
  sid: string
  direction: 'inbound' | 'outbound-api'
  channel: Channel
  /** Without `whatsapp:`. Null while a service has not chosen a sender. */
  from: string | null
  /** Without `whatsapp:`. */
  to: string
  service: string | null
  body: string
  contentSid: string | null
  variables: Record<string, string> | null
  mediaUrls: readonly string[]
  /** Of each medium that a client sent, and of what was fetched for one. */
  mediaTypes: readonly string[]
  /** What of these the phone had itself, by position. */
  shots: readonly Shot[]
  /** Each time that somebody asked for the bytes of one of these, in order. */
  mediaCalls: MediaCall[]
  /** Outbound: SHA-256 (hex) of the bytes that Twilio found at each address. */
  mediaHashes: readonly string[]
  statusCallback: string | null
  /** Parameters of the send that change nothing here, by name. */
  parameters: Readonly<Record<string, string>>
  /** Parameters that Twilio does not know and ignores. */
  ignored: readonly string[]
  /** Twilio has forgotten the text, as it was asked to. */
  discarded: boolean
  feedback: { outcome: FeedbackOutcome; at: number } | null
  /** Positions of media that were deleted. */
  deletedMedia: Set<number>
  /** Accepted or written then, ms. */
  at: number
  updatedAt: number
  sentAt: number | null
  /** Before this it is missing in lists, as Twilio's are some seconds behind. */
  listedAt: number
  status: TwilioStatus
  statuses: StatusStep[]
  errorCode: number | null
  /** Accepted, but its sender was never told. */
  lost: 'answer_lost' | 'timeout' | 'error_500' | null
  callbacks: StatusCallback[]
  /** Status callbacks that were withheld, or that the application did not take. */
  lostCallbacks: number
  /** The client's phone that it is from or for. */
  phone: string
  /** Outbound: has arrived on the client's phone. */
  arrived: boolean
  /** Inbound: the sid it quotes. */
  quote: string | null
  webhook: WebhookEnd | null
  /** Inbound: our side marked it read (by a typing indicator). */
  seen: boolean
  /** Twilio's own text, such as the answer to STOP: on the phone, in no list. */
  automatic: boolean
  deleted: boolean
}

export const withChannel = (channel: Channel, address: string) => (channel === 'whatsapp' ? `whatsapp:${address}` : address)

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (value: number) => String(value).padStart(2, '0')

/** RFC 2822 as Twilio writes it: `Thu, 24 Aug 2023 05:01:45 +0000`. */
export function twilioDate(ms: number): string {
  const date = new Date(ms)
  const time = `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`
  return `${weekdays[date.getUTCDay()]}, ${two(date.getUTCDate())} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`
}

const isFinal = (status: TwilioStatus) => ['delivered', 'read', 'undelivered', 'received'].includes(status)

/** The Message resource, complete: the SDK turns a missing date into now. */
export function presentMessage(message: SimulatedMessage, accountSid: string, asCreated = false): Record<string, unknown> {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}`
  const undecided = message.from === null
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: message.discarded && !asCreated ? '' : message.body,
    date_created: twilioDate(message.at),
    date_sent: asCreated || message.sentAt === null ? null : twilioDate(message.sentAt),
    date_updated: twilioDate(message.updatedAt),
    direction: message.direction,
    error_code: message.errorCode,
    error_message: message.errorCode === null ? null : errorText(message.errorCode),
    from: message.from === null ? null : withChannel(message.channel, message.from),
    messaging_service_sid: message.service,
    num_media: String(mediaOf(message).length),
    num_segments: undecided ? '0' : String(countParts(message.channel, message.body)),
    price: isFinal(message.status) ? (message.channel === 'sms' ? '-0.04310' : '-0.00500') : null,
    price_unit: 'USD',
    sid: message.sid,
    status: message.status,
    subresource_uris: { media: `${uri}/Media.json` },
    to: withChannel(message.channel, message.to),
    uri: `${uri}.json`,
  }
}
