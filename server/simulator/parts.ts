// Shared by the parts of the simulator; composed in simulator.ts alone.
import type { Clock } from '../clock.ts'
import type { OwnNumbers } from './check-send.ts'
import type { Contents } from './contents.ts'
import type { Faults } from './faults.ts'
import type { MessageLog, RefusedSend } from './message-log.ts'
import type { Phone, Phones } from './phones.ts'
import type { Poster } from './post-webhook.ts'
import type { Scheduler } from './scheduler.ts'
import type { SimulatedMessage } from './simulated-message.ts'

export interface Timing {
  /** From accepted to sent, ms. */
  sentAfterMs: number
  /** From sent to delivered, ms. */
  deliveredAfterMs: number
  /** From a send's arrival to the answer to it, ms; it is accepted or refused at once. */
  answeredAfterMs: number
  /** From the request to WhatsApp to its decision on a template, ms. */
  approvedAfterMs: number
}

/** The changes, for whoever watches; several changes of one turn arrive together. */
export interface Watch {
  message(message: SimulatedMessage): void
  refused(send: RefusedSend): void
  phone(phone: Phone): void
  everything(): void
}

export interface SimulatorParts {
  accountSid: string
  authToken: string
  apiKey: { sid: string; secret: string } | null
  own: OwnNumbers
  /** WhatsApp free text to a client that has not written since the start: let through, as its window is unknown. */
  trustUnknownWindows: boolean
  /** Text that a trial account puts in front of everything. */
  trialPrefix: string
  clock: Clock
  random: () => number
  timing: Timing
  scheduler: Scheduler
  faults: Faults
  phones: Phones
  messages: MessageLog
  contents: Contents
  poster: Poster
  watch: Watch
  /** Where Twilio's API is reached, and its media are; empty: nowhere yet. */
  apiUrl(): string
  /** `SM` and 32 hexadecimal digits. */
  newSid(prefix: string): string
  /** Where the application is told of inbound messages, or null while nothing is connected. */
  webhookUrl(): string | null
  /** Whether it leads to the application. */
  isOfApplication(url: string): boolean
  /** The address that stands behind a public one. */
  actualUrl(publicUrl: string): string
}
