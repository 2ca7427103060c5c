// Twilio's inbound fields → the inbox's words. Unknown fields are ignored: Twilio adds them without notice.
import { cutText } from '../../shared/cut-text.ts'
import type { MessageType } from '../../shared/model.ts'
import { cleanText } from '../../shared/requests.ts'
import type { Inbound } from '../inbox/receive-message.ts'
import type { OwnSender, Senders } from '../outbox/senders.ts'
import { parseAddress, parseUserId } from './addresses.ts'
import type { FormFields } from './verify-signature.ts'

export const messageSid = /^(SM|MM)[0-9a-f]{32}$/i

/** One value of a field; of repeated ones the first. */
export function field(fields: FormFields, name: string): string | undefined {
  if (!Object.hasOwn(fields, name)) return undefined
  const value = fields[name]
  return Array.isArray(value) ? value[0] : value
}

/** Why a verified request cannot be a message. */
export class NotAMessage extends Error {}

/**
 * @throws NotAMessage with a sentence when a required field is missing or of another form.
 */
export function parseInbound(fields: FormFields, senders: Senders, messagingServiceSid: string | null): Inbound {
  const get = (name: string) => field(fields, name)
  const sid = get('MessageSid') ?? get('SmsMessageSid') ?? get('SmsSid')
  if (sid === undefined || !messageSid.test(sid)) throw new NotAMessage('MessageSid is missing or of another form.')
  const [fromText, toText] = [get('From'), get('To')]
  if (!fromText) throw new NotAMessage('From is missing.')
  if (!toText) throw new NotAMessage('To is missing.')
  const from = parseAddress(fromText)
  if (from === null) throw new NotAMessage('From is no address of WhatsApp or SMS.')
  const to = parseAddress(toText)?.address ?? toText.replace(/^whatsapp:/i, '').slice(0, 64)
  const own = senderOf(from.channel, to, get('MessagingServiceSid'), senders, messagingServiceSid)

  const userId = parseUserId(get('ExternalUserId')) ?? (from.phone === null ? parseUserId(fromText) : null)
  const [buttonText, buttonPayload] = [get('ButtonText') ?? get('ListTitle'), get('ButtonPayload') ?? get('ListId')]
  const location = locationOf(get)
  const type = typeOf(get, location !== null, buttonPayload !== undefined)
  return {
    orgId: 'default',
    channel: from.channel,
    sender: own?.sender ?? to,
    senderConfigured: own !== null,
    address: from.address,
    phone: from.phone,
    userId,
    parentUserId: parseUserId(get('ParentExternalUserId')),
    profileName: get('ProfileName') ?? null,
    attributes: attributesOf(get),
    twilioSid: sid,
    type,
    text: get('Body') || (type === 'button' ? (buttonText ?? '') : ''),
    button: buttonPayload === undefined ? null : { text: cleanText(buttonText ?? get('Body') ?? ''), payload: cleanText(buttonPayload) },
    location,
    referral: referralOf(get),
    forwarded: get('Forwarded') === 'true' || get('FrequentlyForwarded') === 'true',
    quotedSid: get('OriginalRepliedMessageSid') || null,
    onlyIfKnown: type === 'unsupported',
  }
}

function senderOf(
  channel: OwnSender['channel'],
  to: string,
  service: string | undefined,
  senders: Senders,
  ownService: string | null,
): OwnSender | null {
  const exact = senders.find(channel, to)
  if (exact !== null || service === undefined || service !== ownService) return exact
  return senders.find(channel, service) ?? (channel === 'sms' ? senders.of('sms') : null)
}

type Get = (name: string) => string | undefined

function typeOf(get: Get, hasLocation: boolean, hasButton: boolean): MessageType {
  if (hasLocation) return 'location'
  if (hasButton) return 'button'
  if (Number(get('NumMedia') ?? '0') > 0) return get('MessageType') === 'contacts' ? 'contacts' : 'media'
  const type = get('MessageType')
  if (type === 'reaction' || type === 'unsupported' || type === 'ephemeral' || type === 'order' || type === 'system') return 'unsupported'
  return 'text'
}

function locationOf(get: Get): Inbound['location'] {
  const [latitude, longitude] = [Number.parseFloat(get('Latitude') ?? ''), Number.parseFloat(get('Longitude') ?? '')]
  if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) return null
  const [label, address] = [cleanText(get('Label') ?? ''), cleanText(get('Address') ?? '')]
  return { latitude, longitude, ...(label ? { label } : {}), ...(address ? { address } : {}) }
}

function referralOf(get: Get): Inbound['referral'] {
  const sourceId = get('ReferralSourceId')
  if (!sourceId) return null
  return {
    sourceId: cleanText(sourceId),
    sourceType: cleanText(get('ReferralSourceType') ?? ''),
    sourceUrl: cleanText(get('ReferralSourceUrl') ?? ''),
    headline: cleanText(get('ReferralHeadline') ?? ''),
    body: cleanText(get('ReferralBody') ?? ''),
  }
}

/** What carriers and WhatsApp tell of the client beside the message. */
function attributesOf(get: Get): Record<string, string> {
  const found: Record<string, string> = {}
  const names = { FromCity: 'city', FromState: 'state', FromZip: 'zip', FromCountry: 'country', ProfileUsername: 'username' }
  for (const [name, attribute] of Object.entries(names)) {
    const value = cutText(cleanText(get(name) ?? '').trim(), 200)
    if (value) found[attribute] = value
  }
  return found
}
