// Twilio's webhooks: verified over every field, parsed once, answered after the commit. No Express here: bytes in,
// an answer out.
import { parse } from 'node:querystring'
import type { Channel, Failure, MessageStatus } from '../../shared/model.ts'
import { DomainError, problem, type ProblemCode } from '../../shared/problems.ts'
import type { RawWebhook, WebhookAnswer, Webhooks } from '../http/webhook-handler.ts'
import { receiveMessage } from '../inbox/receive-message.ts'
import { applyStatus } from '../outbox/apply-status.ts'
import { foreignChannel as channelOf } from '../outbox/senders.ts'
import { onlyOrganization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { takeTemplateEvents } from '../templates/take-events.ts'
import { failureOf, isChannelFault } from './errors.ts'
import { NotAMessage, field, messageSid, parseInbound } from './parse-inbound.ts'
import { statusOf } from './statuses.ts'
import { readTemplateEvents } from './template-events.ts'
import { type FormFields, verifyBody, verifyForm } from './verify-signature.ts'

/** No reply to the client; text/xml, since Twilio would send a text/plain body to them. */
const taken: WebhookAnswer = { status: 200, contentType: 'text/xml', body: '<?xml version="1.0" encoding="UTF-8"?><Response/>' }
const noted: WebhookAnswer = { status: 204, contentType: null, body: '' }

/** @param missed told when something that was to come in was not taken: Twilio may not bring it again. */
export function createTwilioWebhooks(parts: Parts, missed: () => void): Webhooks {
  const { config, log } = parts
  // One account, so far: whose it is need not be looked up.
  const own = parts.organizationOf(onlyOrganization)
  const settings = config.twilio

  /** The verified fields, or the answer to what is not from Twilio. */
  function verified(request: RawWebhook): FormFields | WebhookAnswer {
    if (settings === null) {
      log.error('A webhook was refused: TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN are not set, so no signature can be checked')
      return refused('signature_invalid', 'No Twilio account is configured.')
    }
    if (!request.signature) return refused('signature_invalid', 'The X-Twilio-Signature header is missing.')
    const url = config.publicUrl + request.pathAndQuery
    let fields: FormFields
    let right: boolean
    if (/^application\/json\b/i.test(request.contentType)) {
      fields = jsonFields(request.body)
      right = verifyBody(settings.authTokens, request.signature, url, request.body)
    } else {
      fields = request.body.length > 0 ? formFields(request.body.toString('utf8')) : {}
      right = verifyForm(settings.authTokens, request.signature, url, fields)
      // GET: what was signed is the URL, and the fields are its query.
      if (request.body.length === 0) fields = formFields(new URL(url).search.slice(1))
    }
    if (!right) {
      log.warn({ path: pathOf(request) }, 'A webhook with a wrong signature was refused; PUBLIC_URL must be the address that Twilio calls')
      return refused('signature_invalid', 'The signature is not right for PUBLIC_URL and the auth token.')
    }
    if (field(fields, 'AccountSid') !== settings.accountSid) {
      log.warn('A webhook of another Twilio account was refused')
      return refused('signature_invalid', 'Another account.')
    }
    return fields
  }

  /** At whichever of the two addresses: operators mix them up, and no client's message must be lost by that. */
  async function take(request: RawWebhook, messageId: string | null): Promise<WebhookAnswer> {
    const fields = verified(request)
    if (isAnswer(fields)) return fields
    const told = field(fields, 'MessageStatus') ?? field(fields, 'SmsStatus')
    const isInbound = field(fields, 'MessageStatus') === undefined && /^receiv(ed|ing)$/i.test(told ?? 'received')
    return isInbound ? takeMessage(fields) : takeStatus(fields, told ?? '', messageId)
  }

  async function takeMessage(fields: FormFields): Promise<WebhookAnswer> {
    const inbound = parseInbound(fields, own, settings?.messagingServiceSid ?? null)
    if (!inbound.senderConfigured)
      log.warn(
        { channel: channelOf(inbound.sender) ?? inbound.channel },
        'A message came to a number that is not configured, or by a channel that is not supported here; it is kept, unfiled',
      )
    await receiveMessage(parts, inbound)
    return taken
  }

  async function takeStatus(fields: FormFields, told: string, messageId: string | null): Promise<WebhookAnswer> {
    const sid = field(fields, 'MessageSid') ?? field(fields, 'SmsSid')
    if (sid === undefined || !messageSid.test(sid)) throw new NotAMessage('MessageSid is missing or of another form.')
    const status = statusOf(told)
    if (status === null) return noted
    const code = Number.parseInt(field(fields, 'ErrorCode') ?? '', 10) || null
    const words = field(fields, 'ErrorMessage') ?? field(fields, 'ChannelStatusMessage') ?? null
    const failure = status === 'failed' ? failureOf(code, words) : null
    const applied = await applyStatus(parts, { orgId: own.id, messageId, twilioSid: sid, status, failure, at: parts.clock.now() })
    if (applied.outcome === 'applied' && judgeSender(applied.message.channel, status, failure)) parts.publish.channels(own.id)
    return noted
  }

  /** Event Streams sign the address alone, which carries the hash of the list. */
  async function takeEvents(request: RawWebhook): Promise<WebhookAnswer> {
    if (settings === null) return refused('signature_invalid', 'No Twilio account is configured.')
    const url = config.publicUrl + request.pathAndQuery
    if (request.signature === null || !verifyBody(settings.authTokens, request.signature, url, request.body)) {
      log.warn({ path: pathOf(request) }, 'Events with a wrong signature were refused; PUBLIC_URL must be the address that Twilio calls')
      return refused('signature_invalid', 'The signature is not right for PUBLIC_URL, the auth token and the body.')
    }
    const events = readTemplateEvents(request.body, settings.accountSid, parts.clock.now())
    if (events === null) throw new NotAMessage('The events are no JSON.')
    await takeTemplateEvents(parts, own.id, events)
    return { status: 200, contentType: 'application/json', body: '{}' }
  }

  /** Takes what a report says of our sender, beside its message. True: that is news. */
  function judgeSender(channel: Channel, status: MessageStatus, failure: Failure | null): boolean {
    if (failure === null) return ['sent', 'delivered', 'read'].includes(status) && own.senders.works(channel, 'delivery')
    const reason = `Twilio refuses this sender (${failure.code}): ${failure.message}`
    return isChannelFault(failure.code) && own.senders.noteFault(channel, { step: 'delivery', reason, at: parts.clock.now() })
  }

  return {
    message: (request) => answered(parts, request, missed, () => take(request, null)),
    status: (request, messageId) => answered(parts, request, missed, () => take(request, messageId)),
    events: (request) =>
      answered(
        parts,
        request,
        () => {},
        () => takeEvents(request),
      ),
  }
}

/** 400 for what is no message, 503 when the store is away (Twilio then tries again where it was told to), 500 for a bug. */
async function answered(parts: Parts, request: RawWebhook, missed: () => void, work: () => Promise<WebhookAnswer>): Promise<WebhookAnswer> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof NotAMessage) {
      parts.log.warn({ path: pathOf(request) }, `A verified webhook was refused: ${error.message}`)
      return refused('bad_request', error.message)
    }
    missed()
    if (error instanceof DomainError) {
      // Twilio shows its operators the status alone.
      if (error.code === 'unavailable') parts.log.warn({ path: pathOf(request) }, `A webhook could not be kept: ${error.message}`)
      return refused(error.code, error.message)
    }
    parts.log.error({ err: error, path: pathOf(request) }, 'A webhook could not be taken')
    return refused('internal', 'The webhook could not be taken.')
  }
}

function refused(code: ProblemCode, detail: string): WebhookAnswer {
  const body = problem(code, detail)
  return { status: body.status, contentType: 'application/problem+json', body: JSON.stringify(body) }
}

function isAnswer(value: FormFields | WebhookAnswer): value is WebhookAnswer {
  return typeof value.status === 'number'
}

/** Arrays only on repeats; the result has no prototype, so that no field name means anything. */
function formFields(text: string): FormFields {
  return parse(text, '&', '=', { maxKeys: 0 }) as FormFields
}

function jsonFields(body: Buffer): FormFields {
  const fields: FormFields = Object.create(null)
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed))
      for (const [name, value] of Object.entries(parsed))
        if (['string', 'number', 'boolean'].includes(typeof value)) fields[name] = String(value)
  } catch {
    // No fields: refused for what is missing.
  }
  return fields
}

/** Without the query, which may carry anything, and without a message's id. */
function pathOf(request: RawWebhook): string {
  return request.pathAndQuery.split('?')[0]?.replace(/\/status\/.*/, '/status/:messageId') ?? ''
}
