// The port of Web Push: how a browser hears of a message while no page is open. Its adapter is web-push/.
import type { PushSubscription } from '../store/records.ts'

/** Shown by the host's worker; everything in it is encrypted for that browser alone. */
export interface PushNote {
  title: string
  body: string
  /** A later note of the same conversation takes the place of this one. */
  conversationId: string
  /** The host's page that a click opens, when none is open. */
  page: string
}

/** `gone`: the browser took it back, the subscription is to be forgotten. */
export type PushOutcome = 'sent' | 'gone' | 'failed'

export interface PushGateway {
  /** Names this server to the push services. Throws where the store cannot be asked. */
  publicKey(): Promise<string>
  /** Never throws. */
  send(subscription: PushSubscription, note: PushNote): Promise<PushOutcome>
}
