// Twilio's inbound fields → the inbox's words. Unknown fields are ignored: Twilio adds them without notice.
import { cutText } from '../../shared/cut-text.ts'
import { isBlank } from '../../shared/is-blank.ts'
import type { MessageType } from '../../shared/model.ts'
import { cleanText } from '../../shared/requests.ts'
import { isCard } from '../inbox/is-card.ts'
import type { Inbound } from '../inbox/receive-message.ts'
import type { Organization } from '../organizations.ts'
import type { OwnSender, Senders } from '../outbox/senders.ts'
import { foreignSender, parseAddress, parseClientAddress, parseUserId } from './addresses.ts'
import { formText } from './form-text.ts'
import type { FormFields } from './verify-signature.ts'

/** Of one message (MMS). */
const MOST_MEDIA = 10
const LONGEST_URL = 2_048

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
export function parseInbound(
  fields: FormFields,
  { id: orgId, senders }: Pick<Organization, 'id' | 'senders'>,
  messagingServiceSid: string | null,
): Inbound {
  const get = (name: string) => field(fields, name)
  const sid = get('MessageSid') ?? get('SmsMessageSid') ?? get('SmsSid')
  if (sid === undefined || !messageSid.test(sid)) throw new NotAMessage('MessageSid is missing or of another form.')
  const [fromText, toText] = [get('From'), get('To')]
  if (!fromText) throw new NotAMessage('From is missing.')
  if (!toText) throw new NotAMessage('To is missing.')
  const from = parseClientAddress(fromText)
  if (from === null) throw new NotAMessage('From is no address.')
  const to = parseAddress(toText)?.address ?? toText.replace(/^whatsapp:/i, '').slice(0, 64)
  const own = from.foreign === null ? senderOf(from.channel, to, get('MessagingServiceSid'), senders, messagingServiceSid) : null

  const userId = parseUserId(get('ExternalUserId')) ?? (from.phone === null ? parseUserId(fromText) : null)
  const [buttonText, buttonPayload] = [get('ButtonText') || get('ListTitle'), get('ButtonPayload') || get('ListId')]
  const location = locationOf(get)
  const text = formText(get('InteractiveData'), get('FlowData')) ?? (get('Body') || buttonText || '')
  const media = mediaOf(get)
  const type = typeOf(get, { hasLocation: location !== null, hasButton: Boolean(buttonPayload), text, media })
  return {
    orgId,
    channel: from.channel,
    sender: own?.sender ?? (from.foreign === null ? to : foreignSender(from.foreign, toText)),
    senderConfigured: own !== null,
    address: from.address,
    phone: from.phone,
    userId,
    parentUserId: parseUserId(get('ParentExternalUserId')),
    previous: previousOf(get),
    profileName: get('ProfileName') ?? null,
    attributes: attributesOf(get),
    twilioSid: sid,
    type,
    text,
    button: buttonPayload ? { text: cleanText(buttonText || text), payload: cleanText(buttonPayload) } : null,
    location,
    referral: referralOf(get),
    media,
    forwarded: get('Forwarded') === 'true' || get('FrequentlyForwarded') === 'true',
    quotedSid: get('OriginalRepliedMessageSid') || null,
    optOutType: get('OptOutType') || null,
    onlyIfKnown: type === 'unsupported' && isEvent(get),
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

/**
 * Meta tells the number and the ids that a user had before (since 2026-08-11); under which names Twilio passes them on is written nowhere
 * yet. Looked for by the names that follow its others, and by Meta's own in the context that it hands through.
 */
const previousNames = ['PreviousFrom', 'PreviousWaId', 'PreviousExternalUserId', 'PreviousParentExternalUserId']
const previousInContext = [...previousNames, 'previous_wa_id', 'previous_user_id', 'previous_parent_user_id']

function previousOf(get: Get): string[] {
  const context = contextOf(get('ChannelMetadata'))
  const told = [...previousNames.map(get), ...previousInContext.map((name) => context[name])]
  const ids = told.flatMap((text) => {
    const parsed = typeof text === 'string' ? parseAddress(text) : null
    return parsed === null || (parsed.phone === null && parseUserId(parsed.address) === null) ? [] : [parsed.address]
  })
  return [...new Set(ids)]
}

function contextOf(metadata: string | undefined): Record<string, unknown> {
  try {
    const { data } = JSON.parse(metadata ?? '') as { data?: { context?: unknown } }
    return { ...(data?.context as object) }
  } catch {
    return {}
  }
}

/** Events about other messages or about the chat, which are no messages themselves (Meta's words for kinds of messages). */
const events = new Set(['reaction', 'ephemeral', 'system', 'edit', 'revoke', 'request_welcome'])
const isEvent = (get: Get) => events.has(kindOf(get))
const kindOf = (get: Get) => get('MessageType')?.toLowerCase() ?? ''

type Told = { hasLocation: boolean; hasButton: boolean; text: string; media: Inbound['media'] }

function typeOf(get: Get, { hasLocation, hasButton, text, media }: Told): MessageType {
  if (hasLocation) return 'location'
  if (hasButton) return 'button'
  // Cards also come by MMS, which tells no kind.
  const isContacts = kindOf(get) === 'contacts' || media.every(({ contentType }) => isCard(contentType))
  if (media.length > 0) return isContacts ? 'contacts' : 'media'
  if (isEvent(get) || ['unsupported', 'order'].includes(kindOf(get))) return 'unsupported'
  // Of whatever kind: what has nothing to show would be an empty bubble.
  return isBlank(text) ? 'unsupported' : 'text'
}

/** One that names no address is asked for in Twilio's list of the message's media; one that names none that could be is kept all the same. */
function mediaOf(get: Get): Inbound['media'] {
  const count = Math.min(Number.parseInt(get('NumMedia') ?? '0', 10) || 0, MOST_MEDIA)
  return Array.from({ length: Math.max(0, count) }, (_, place) => ({
    sourceUrl: cleanText(get(`MediaUrl${place}`) ?? '').slice(0, LONGEST_URL) || null,
    contentType: cleanText(get(`MediaContentType${place}`) ?? '').slice(0, 200),
  }))
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

/** The client's name and place, told by carriers and WhatsApp beside the message. */
function attributesOf(get: Get): Record<string, string> {
  const found: Record<string, string> = {}
  const names = { FromCity: 'city', FromState: 'state', FromZip: 'zip', FromCountry: 'country', ProfileUsername: 'username' }
  for (const [name, attribute] of Object.entries(names)) {
    const value = cutText(cleanText(get(name) ?? '').trim(), 200)
    if (value) found[attribute] = value
  }
  return found
}
