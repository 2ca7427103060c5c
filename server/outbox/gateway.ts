// The gateway's port: how messages leave. Its adapter is twilio/; what each outcome means is the outbox's business.
import type { Channel, Failure, MessageStatus } from '../../shared/model.ts'
import type { MediaSource } from '../rules/media.ts'
import type { ToldState } from '../rules/template.ts'
import type { TemplateInput } from '../store/records.ts'

export interface SendRequest {
  messageId: string
  channel: Channel
  /** Our number or service. */
  sender: string
  /** Exactly as the client writes from, without `whatsapp:`. */
  address: string
  text: string
  content: { sid: string; variables: Record<string, string> } | null
  /** Where the provider fetches what goes with it. */
  mediaUrls: readonly string[]
  /** Seconds that the provider may still try; null: its default. */
  validitySeconds: number | null
}

export type SendOutcome =
  | { kind: 'accepted'; twilioSid: string; status: MessageStatus; failure: Failure | null }
  /** Certain: nothing was sent, because the request never left (DNS, refused, TLS). */
  | { kind: 'not_sent'; detail: string }
  /** Certain: nothing was sent, ask again then (429). Null: no time was given. */
  | { kind: 'throttled'; retryAfterMs: number | null; failure: Failure }
  /** Certain: nothing was sent, and the same request never will be. `ofChannel`: nor will any other, as it looks. */
  | { kind: 'refused'; failure: Failure; ofChannel: boolean }
  /** The request was written and the answer never came, or was a 5xx: it may have been sent. */
  | { kind: 'unknown'; detail: string }

/** A message as the provider's list shows it; its times are by our clock. */
export interface ListedMessage {
  twilioSid: string
  direction: 'inbound' | 'outbound'
  /** Null while a service has not chosen one. */
  from: string | null
  to: string
  text: string
  createdAt: number
  /** When it left the provider; null: not yet, or not told. */
  sentAt: number | null
  /** Of its last change. */
  updatedAt: number
  status: MessageStatus
  failure: Failure | null
  price: { amount: number; currency: string } | null
}

/** A message of a client as the provider's list shows it: without what only its webhook tells. */
export interface ListedInbound {
  twilioSid: string
  channel: Channel
  /** Our number or service. */
  sender: string
  /** False: it came by a channel that is not supported here. */
  senderConfigured: boolean
  /** The address that the client wrote from, and its number, or null where the client hides it. */
  address: string
  phone: string | null
  text: string
  /** How many media it came with. */
  mediaCount: number
  /** By the provider's clock, to the second. */
  createdAt: number
}

export interface InboundPage {
  items: ListedInbound[]
  /** Where the next page begins; null: this is the last one. */
  next: string | null
  /** How far the provider's clock is ahead of ours. */
  aheadMs: number
}

/** Contents of the provider, with where each stands with WhatsApp. */
export interface ContentPage {
  items: TemplateInput[]
  /** Of all that is listed, also of what could not be read. */
  sids: string[]
  /** Where the next page begins; null: this is the last one. */
  next: string | null
  /** When it was asked, by the provider's clock. */
  readAt: number
}

/** A content as it is made at the provider, in its own words. */
export interface NewContent {
  friendlyName: string
  language: string
  /** Samples by number. */
  variables: Record<string, string>
  types: Record<string, object>
}

export type Asked<T> =
  | { kind: 'done'; value: T }
  /** Certain: it was not done, and never will be as it was asked. */
  | { kind: 'refused'; detail: string }
  /** It may have been done, or not (no answer, 5xx), or may be asked again after that time (429). */
  | { kind: 'later'; retryAfterMs: number | null; detail: string }

/** The list could not be asked; after `retryAfterMs` it may, where the provider said so. */
export class ListUnreadable extends Error {
  readonly retryAfterMs: number | null
  constructor(message: string, retryAfterMs: number | null) {
    super(message)
    this.retryAfterMs = retryAfterMs
  }
}

export interface Gateway {
  /** Never throws: every way a send can end is an outcome. */
  send(request: SendRequest): Promise<SendOutcome>
  /** Outbound messages to this address created since, as far as the provider shows them. Throws where it cannot be asked. */
  listSent(query: { channel: Channel; address: string; since: number }): Promise<ListedMessage[]>
  /**
   * The messages of clients to our senders since, in no promised order, a page at a time (null: the first). Throws where it
   * cannot be asked.
   */
  listInbound(query: { since: number; page: string | null }): Promise<InboundPage>
  /** The media of a client's message, in its order. Throws where it cannot be asked. */
  listMedia(twilioSid: string): Promise<MediaSource[]>
  /** The last messages that left by our senders, some tens of each. Throws where it cannot be asked. */
  listRecent(): Promise<ListedMessage[]>
  /** One message that was sent; null: the provider does not know it (any more). Throws where it cannot be asked. */
  fetchSent(twilioSid: string): Promise<ListedMessage | null>
  /** A content and where it stands with WhatsApp; null: the provider does not know it. Throws where it cannot be asked. */
  contentState(contentSid: string): Promise<Omit<ToldState, 'quality'> | null>
  /** The contents, a page at a time (null: the first). Throws where it cannot be asked. */
  listContents(page: string | null): Promise<ContentPage>
  /** A content made exactly so that nobody submitted yet; null: there is none. Throws where it cannot be asked. */
  findContent(content: NewContent): Promise<string | null>
  /** Never throws. The answer is its SID. */
  createContent(content: NewContent): Promise<Asked<string>>
  /** Never throws. Asks WhatsApp to approve a content. */
  askApproval(
    contentSid: string,
    wanted: { name: string; category: string },
  ): Promise<Asked<Pick<ToldState, 'status' | 'category' | 'rejection'>>>
  /** Shows the client that somebody writes, where the provider offers it. Never throws. */
  showTyping(query: { channel: Channel; inboundSid: string }): Promise<void>
}
