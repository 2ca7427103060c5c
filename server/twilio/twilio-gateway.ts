// The gateway over the official SDK. Turns every way a call can end into an outcome, and never lets an error of the
// HTTP client out: those carry the credentials and the message.
import type { Twilio } from 'twilio'
import type { MessageListInstanceCreateOptions } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { Clock } from '../clock.ts'
import type { TwilioSettings } from '../config.ts'
import type { Gateway, SendOutcome, SendRequest } from '../outbox/gateway.ts'
import { wireAddress } from './addresses.ts'
import { failureOf, isChannelFault } from './errors.ts'
import { createClockGauge } from './clock-gauge.ts'
import { Throttled, createTwilioClient } from './client.ts'
import { listInbound, listRecent, listSentTo, readListed } from './lists.ts'
import { contentCalls } from './content-calls.ts'
import { describe, isRefusal, shapeOf, unreadable } from './error-shape.ts'
import { statusOf } from './statuses.ts'

/** Errors of a connection that was never made: nothing was written. */
const neverConnected = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])
/** Of one message (MMS). */
const MOST_MEDIA = 10

export interface GatewayOptions {
  settings: TwilioSettings
  clock: Clock
  /** Where status callbacks go: this and the message's id. Null where nobody outside reaches us. */
  statusCallback: string | null
  /** How long Twilio may take to answer; its default suits people who wait. */
  timeoutMs?: number | undefined
}

export function createTwilioGateway({ settings, clock, statusCallback, timeoutMs }: GatewayOptions): Gateway & { warm(): Promise<void> } {
  let client: Promise<Twilio> | null = null
  const gauge = createClockGauge(clock)
  const connect = () => {
    client ??= createTwilioClient(settings, clock, gauge, timeoutMs)
    return client
  }

  return {
    async warm() {
      await connect()
    },

    async send(request) {
      try {
        const twilio = await connect()
        const sent = await twilio.messages.create(createOptions(request, statusCallback))
        const status = statusOf(sent.status) ?? 'sending'
        const failure = status === 'failed' ? failureOf(sent.errorCode || null, sent.errorMessage) : null
        return { kind: 'accepted', twilioSid: sent.sid, status, failure }
      } catch (error) {
        return outcomeOf(error)
      }
    },

    async listSent(query) {
      try {
        const found = await listSentTo(await connect(), settings, query)
        // Twilio dates to the second.
        return found.map((one) => readListed(one, gauge.aheadMs())).filter((one) => one.createdAt >= query.since - 1000)
      } catch (error) {
        throw unreadable(error)
      }
    },

    async listInbound(query) {
      try {
        const { items, next } = await listInbound(await connect(), settings, query)
        return { items, next, aheadMs: gauge.aheadMs() }
      } catch (error) {
        throw unreadable(error)
      }
    },

    async listMedia(twilioSid) {
      try {
        const twilio = await connect()
        const media = await twilio.messages(twilioSid).media.list({ limit: MOST_MEDIA })
        const origin = settings.apiUrl ?? 'https://api.twilio.com'
        return media.map(({ uri, contentType }) => ({ sourceUrl: origin + uri.replace(/\.json$/, ''), contentType }))
      } catch (error) {
        throw unreadable(error)
      }
    },

    async listRecent() {
      try {
        const listed = await listRecent(await connect(), settings)
        return listed.map((one) => readListed(one, gauge.aheadMs()))
      } catch (error) {
        throw unreadable(error)
      }
    },

    async fetchSent(twilioSid) {
      try {
        const twilio = await connect()
        const found = await twilio.messages(twilioSid).fetch()
        return readListed(found, gauge.aheadMs())
      } catch (error) {
        if (shapeOf(error).status === 404) return null
        throw unreadable(error)
      }
    },

    ...contentCalls(connect, clock, gauge),

    async showTyping({ channel, inboundSid }) {
      if (channel !== 'whatsapp') return
      try {
        const twilio = await connect()
        await twilio.messaging.v2.typingIndicator.create({ channel: 'whatsapp', messageId: inboundSid })
      } catch {
        // A courtesy, in Twilio's beta: nothing depends on it.
      }
    },
  }
}

function createOptions(request: SendRequest, statusCallback: string | null): MessageListInstanceCreateOptions {
  const { channel, sender, address, text, content, mediaUrls } = request
  const body = text === '' && mediaUrls.length > 0 ? {} : { body: text }
  return {
    to: wireAddress(channel, address),
    ...(sender.startsWith('MG') ? { messagingServiceSid: sender } : { from: wireAddress(channel, sender) }),
    ...(content === null
      ? { ...body, ...(mediaUrls.length > 0 ? { mediaUrl: [...mediaUrls] } : {}) }
      : { contentSid: content.sid, contentVariables: JSON.stringify(content.variables) }),
    ...(statusCallback === null ? {} : { statusCallback: `${statusCallback}/${request.messageId}` }),
    ...(request.validitySeconds === null ? {} : { validityPeriod: request.validitySeconds }),
  }
}

function outcomeOf(error: unknown): SendOutcome {
  if (error instanceof Throttled)
    return { kind: 'throttled', retryAfterMs: error.retryAfterMs, failure: failureOf(error.twilioCode, 'Too many requests') }
  const { status, code, message } = shapeOf(error)
  if (typeof code === 'string' && neverConnected.has(code)) return { kind: 'not_sent', detail: code }
  // A 4xx is Twilio's own refusal; anything else may have come after it accepted.
  if (isRefusal(status)) return { kind: 'refused', ...refusalOf(typeof code === 'number' ? code : null, message) }
  return { kind: 'unknown', detail: describe(error) }
}

function refusalOf(code: number | null, message: string | null) {
  return { failure: failureOf(code, message), ofChannel: isChannelFault(code) }
}
