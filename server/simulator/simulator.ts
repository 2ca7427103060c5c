// Twilio and the clients' phones in one process: for demo mode, tests and benches. Knows Twilio's side only; nothing here is
// reachable unless somebody listens or mounts it.
import { randomBytes } from 'node:crypto'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { Channel } from '../../shared/model.ts'
import { type Clock, systemClock } from '../clock.ts'
import { createSendDesk } from './create-message.ts'
import type { SimulatorContent } from './content.ts'
import { type Contents, createContents } from './contents.ts'
import { createDelivery } from './deliver-message.ts'
import { serveMedia } from './media-routes.ts'
import { createFaults, type Faults, type SwitchChange } from './faults.ts'
import { createMessageLog, type RefusedSend } from './message-log.ts'
import type { SimulatorParts, Timing } from './parts.ts'
import { type DemoPerson, demoPeople } from './people.ts'
import { createPhonePage } from './phone-page.ts'
import { createPhones, type Phone } from './phones.ts'
import { postTemplateEvents } from './post-template-events.ts'
import { createPoster, type RetryPolicy } from './post-webhook.ts'
import { createScheduler } from './scheduler.ts'
import type { SimulatedMessage } from './simulated-message.ts'
import { createTwilioApi } from './twilio-api.ts'
import { type Remembered, rememberMessage } from './remember-message.ts'
import { writeMessage, type WriteOptions, type Written } from './write-message.ts'

const DAY_MS = 24 * 60 * 60_000

export interface SimulatorOptions {
  accountSid: string
  authToken: string
  apiKey?: { sid: string; secret: string } | null
  /** Our own numbers; null: the account has none on that channel. */
  senders: { whatsapp: string | null; sms: string | null }
  messagingServiceSid?: string | null
  /** Where the application asks for media, if not where this listens. */
  apiUrl?: string
  /** Where inbound messages are told of; see `connect`. */
  webhookUrl?: string
  clock?: Clock
  /** 32 hexadecimal digits, dashes allowed; each once. */
  newId?: () => string
  /** 0 to 1, for chances and delays. */
  random?: () => number
  log?: Logger
  /** Of numbers typed on the page without a country code. */
  defaultCountry?: string
  /** In which the page shows times; else the browser's. */
  timezone?: string
  people?: readonly DemoPerson[]
  /** Contents beside those that every account has. */
  contents?: readonly SimulatorContent[]
  timing?: Partial<Timing>
  /** Instead of Twilio's own default of one repeat on connection failure only. */
  retryWebhooks?: Partial<RetryPolicy>
  /** WhatsApp free text to who has not written since the start passes, as after a restart nothing is known. Default: 63016. */
  trustUnknownWindows?: boolean
  /** A trial account puts a sentence in front of every text. */
  trial?: boolean
  /** How many messages are remembered. */
  limit?: number
}

/** One client's phone. Its number may be in any form WhatsApp writes it in; it writes from exactly that form. */
interface SimulatedPhone {
  address: string
  /** Resolves when the webhook is over, however it ended. */
  write(text: string, options?: WriteOptions): Promise<Written>
  set(change: SwitchChange): void
  /** The messages on its screen, oldest first. */
  messages(channel?: Channel): readonly SimulatedMessage[]
  /** The client opens the chat. */
  read(channel?: Channel): void
}

interface SimulatorEvents {
  /** In the moment of acceptance, before Twilio's answer. */
  accepted: SimulatedMessage
  refused: RefusedSend
  /** Any change of any message. */
  message: SimulatedMessage
  /** A client's phone on which 24 hours passed: WhatsApp's window to it is closed. */
  dayPassed: { address: string }
}

interface Ledger {
  /** Every send accepted, in order. */
  accepted: readonly SimulatedMessage[]
  /** Every send that was answered with an error, in order. */
  refused: readonly RefusedSend[]
  /** Every message that a client wrote, in order. */
  inbound: readonly SimulatedMessage[]
}

export interface Simulator {
  /** Serves the phone page: everything under /phone. False: not for the simulator. Belongs before body parsers. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Serves Twilio's REST API and the phone page on a port of its own. */
  listen(port?: number, host?: string): Promise<{ url: string }>
  /**
   * Where the application is. `publicUrl`: the address of the inbound webhook as the application knows it, or its origin alone
   * (then `/webhooks/twilio/message`); signatures are made over it. `actualUrl`: origin that requests to it really go to.
   */
  connect(publicUrl: string, actualUrl?: string): void
  phone(address: string): SimulatedPhone
  faults: Faults
  /** Twilio's contents, and what WhatsApp makes of them. */
  contents: Contents
  /** What was said before the start: on the phone and in Twilio's lists, without any webhook. */
  remember(said: Remembered): void
  ledger(): Ledger
  on<Name extends keyof SimulatorEvents>(name: Name, listener: (event: SimulatorEvents[Name]) => void): () => void
  /** Steps of messages and webhooks that are still to come. */
  pending(): number
  /** Webhooks and callbacks whose answer is awaited at this moment. */
  unanswered(): number
  /** Forgets everything: messages, phones, switches. */
  reset(): void
  /** Ends the live updates of open pages, which a server that stops would wait for; they come back by themselves. */
  endPages(): void
  close(): Promise<void>
}

export function createSimulator(options: SimulatorOptions): Simulator {
  const clock = options.clock ?? systemClock
  const random = options.random ?? Math.random
  const newHex = options.newId ?? (() => randomBytes(16).toString('hex'))
  const listeners: { [Name in keyof SimulatorEvents]: Set<(event: SimulatorEvents[Name]) => void> } = {
    accepted: new Set(),
    refused: new Set(),
    message: new Set(),
    dayPassed: new Set(),
  }
  let webhookUrl: string | null = null
  let apiUrl = ''
  let publicOrigin = ''
  let actualOrigin = ''
  const connect = (publicUrl: string, actualUrl?: string) => {
    const url = new URL(publicUrl)
    publicOrigin = url.origin
    actualOrigin = actualUrl === undefined ? url.origin : new URL(actualUrl).origin
    webhookUrl = url.pathname === '/' && url.search === '' ? `${url.origin}/webhooks/twilio/message${url.hash}` : publicUrl
  }
  if (options.webhookUrl !== undefined) connect(options.webhookUrl)

  const scheduler = createScheduler(clock)
  const passDay = (phone: Phone) => {
    if (parts.own.whatsapp !== null) phone.lastInboundAt.set(`whatsapp|${parts.own.whatsapp}`, clock.now() - DAY_MS)
    for (const listener of listeners.dayPassed) listener({ address: phone.addresses.whatsapp })
  }
  const page = createPhonePage(() => ({
    ...parts,
    delivery,
    defaultCountry: options.defaultCountry ?? 'AR',
    timezone: options.timezone ?? null,
    reset,
    passDay,
  }))
  const faults = createFaults(random, () => {
    delivery.release()
    parts.contents.heed()
    page.watch.everything()
  })
  const poster = createPoster(options.authToken, clock.now, options.retryWebhooks)
  const timing: Timing = { sentAfterMs: 120, deliveredAfterMs: 400, answeredAfterMs: 0, approvedAfterMs: 8_000, ...options.timing }
  const newSid = (prefix: string) => prefix + newHex().replaceAll('-', '')
  const parts: SimulatorParts = {
    accountSid: options.accountSid,
    authToken: options.authToken,
    apiKey: options.apiKey ?? null,
    own: { ...options.senders, service: options.messagingServiceSid ?? null },
    trustUnknownWindows: options.trustUnknownWindows ?? false,
    trialPrefix: options.trial ? 'Sent from your Twilio trial account - ' : '',
    clock,
    random,
    timing,
    scheduler,
    faults,
    phones: createPhones(options.people ?? demoPeople),
    messages: createMessageLog(options.limit),
    contents: createContents({
      ...{ clock, faults, scheduler, newSid, approvedAfterMs: timing.approvedAfterMs, opening: options.contents ?? [] },
      tell: (events) => postTemplateEvents(parts, events),
    }),
    poster,
    watch: {
      ...page.watch,
      message(message) {
        page.watch.message(message)
        for (const listener of listeners.message) listener(message)
      },
      refused(send) {
        page.watch.refused(send)
        for (const listener of listeners.refused) listener(send)
      },
    },
    newSid,
    webhookUrl: () => webhookUrl,
    apiUrl: () => apiUrl,
    isOfApplication: (url) => publicOrigin !== '' && url.startsWith(`${publicOrigin}/`),
    actualUrl: (url) =>
      actualOrigin !== publicOrigin && url.startsWith(`${publicOrigin}/`) ? actualOrigin + url.slice(publicOrigin.length) : url,
  }
  const delivery = createDelivery(parts)
  const desk = createSendDesk(parts, delivery, {
    accepted(message) {
      for (const listener of listeners.accepted) listener(message)
    },
  })
  const twilio = createTwilioApi(parts, desk, delivery)
  /** Those who have no WhatsApp begin with that switch on, and can get it. */
  const switchPeople = () => {
    for (const phone of parts.phones.listed()) if (!phone.channels.includes('whatsapp')) faults.set({ notOnWhatsApp: true }, phone.key)
  }
  switchPeople()
  const reset = () => {
    scheduler.clear()
    delivery.clear()
    parts.messages.clear()
    parts.phones.clear()
    parts.contents.clear()
    faults.clear()
    switchPeople()
  }

  const server = http.createServer((request, response) => {
    page
      .handle(request, response)
      .then((handled) => (handled || serveMedia(parts, request, response) ? undefined : twilio(request, response)))
      .catch((error: unknown) => {
        options.log?.error({ error: error instanceof Error ? error.message : 'unknown' }, 'The simulator could not answer a request.')
        response.destroy()
      })
  })
  server.keepAliveTimeout = 60_000
  let closing: Promise<void> | null = null

  return {
    handle: page.handle,
    listen: (port = 0, host = '127.0.0.1') =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          apiUrl = options.apiUrl ?? `http://${host}:${(server.address() as AddressInfo).port}`
          resolve({ url: apiUrl })
        })
      }),
    connect,
    phone(address) {
      const plain = address.replace(/^whatsapp:/, '')
      const phone = () => parts.phones.of(plain)
      return {
        address: plain,
        write: (text, writeOptions) => writeMessage(parts, phone(), plain, text, writeOptions),
        set: (change) => faults.set(change, phone().key),
        messages: (channel) => phone().chat.filter((message) => channel === undefined || message.channel === channel),
        read: (channel = 'whatsapp') => delivery.read(phone(), channel),
      }
    },
    faults,
    contents: parts.contents,
    remember: (said) => rememberMessage(parts, said),
    ledger: () => ({
      accepted: parts.messages.accepted(),
      refused: parts.messages.refused(),
      inbound: parts.messages.all().filter((message) => message.direction === 'inbound'),
    }),
    on(name, listener) {
      listeners[name].add(listener)
      return () => listeners[name].delete(listener)
    },
    pending: () => scheduler.waiting() + poster.inFlight() + delivery.fetching(),
    unanswered: poster.inFlight,
    reset,
    endPages: page.close,
    close() {
      closing ??= new Promise((resolve) => {
        scheduler.clear()
        page.close()
        poster.close()
        if (!server.listening) return resolve()
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closing
    },
  }
}
