// The gateway's port: how messages leave. Its adapter is twilio/; what each outcome means is the outbox's business.
import type { Channel, Failure, MessageStatus } from '../../shared/model.ts'

export interface SendRequest {
  messageId: string
  channel: Channel
  /** Our number or service. */
  sender: string
  /** Exactly as the client writes from, without `whatsapp:`. */
  address: string
  text: string
  content: { sid: string; variables: Record<string, string> } | null
  /** Seconds that the provider may still try; null: its default. */
  validitySeconds: number | null
}

export type SendOutcome =
  | { kind: 'accepted'; twilioSid: string; status: MessageStatus; failure: Failure | null }
  /** Certain: nothing was sent, because the request never left (DNS, refused, TLS). */
  | { kind: 'not_sent'; detail: string }
  /** Certain: nothing was sent, ask again then (429). Null: no time was given. */
  | { kind: 'throttled'; retryAfterMs: number | null; failure: Failure }
  /** Certain: nothing was sent, and the same request never will be. */
  | { kind: 'refused'; failure: Failure }
  /** The request was written and the answer never came, or was a 5xx: it may have been sent. */
  | { kind: 'unknown'; detail: string }

/** A message as the provider's list shows it. */
export interface ListedMessage {
  twilioSid: string
  direction: 'inbound' | 'outbound'
  /** Null while a service has not chosen one. */
  from: string | null
  to: string
  text: string
  createdAt: number
  status: MessageStatus
  failure: Failure | null
  price: { amount: number; currency: string } | null
}

export interface Gateway {
  /** Never throws: every way a send can end is an outcome. */
  send(request: SendRequest): Promise<SendOutcome>
  /** Outbound messages to this address created since, as far as the provider shows them. Throws where it cannot be asked. */
  listSent(query: { channel: Channel; address: string; since: number }): Promise<ListedMessage[]>
  /** Shows the client that somebody writes, where the provider offers it. Never throws. */
  showTyping(query: { channel: Channel; inboundSid: string }): Promise<void>
}
