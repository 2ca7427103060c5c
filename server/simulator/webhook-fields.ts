// The form fields of Twilio's webhooks, as captures of real ones have them on each channel.
import type { Phone } from './phones.ts'
import { errorText } from './refusals.ts'
import { countParts } from '../../shared/segments.ts'
import { type SimulatedMessage, type TwilioStatus, withChannel } from './simulated-message.ts'

type Fields = Record<string, string>

const places: readonly [prefix: string, country: string, state: string, city: string][] = [
  ['+54', 'AR', '', 'BUENOS AIRES'],
  ['+55', 'BR', '', ''],
  ['+52', 'MX', '', ''],
  ['+1', 'US', 'CA', 'SAN FRANCISCO'],
]

function placeOf(side: 'From' | 'To', address: string): Fields {
  const [, country, state, city] = places.find(([prefix]) => address.startsWith(prefix)) ?? ['', '', '', '']
  return { [`${side}Country`]: country, [`${side}State`]: state, [`${side}City`]: city, [`${side}Zip`]: country === 'US' ? '94103' : '' }
}

/** WhatsApp's id of this person towards this business, the same whichever number it writes from. No id tells the number. */
function userIdOf(key: string): string {
  if (!key.startsWith('+')) return key
  const [, country] = places.find(([prefix]) => key.startsWith(prefix)) ?? ['', 'ZZ']
  return `${country}.${BigInt(key.slice(1)) * 7_919n + 1_000_000_007n}`
}

export function inboundFields(message: SimulatedMessage, phone: Phone, accountSid: string, profileName: string): Fields {
  const from = message.from ?? ''
  const fields: Fields = {
    SmsMessageSid: message.sid,
    NumMedia: '0',
    SmsSid: message.sid,
    SmsStatus: 'received',
    Body: message.body,
    To: withChannel(message.channel, message.to),
    NumSegments: String(countParts(message.channel, message.body)),
    ReferralNumMedia: '0',
    MessageSid: message.sid,
    AccountSid: accountSid,
    From: withChannel(message.channel, from),
    ApiVersion: '2010-04-01',
  }
  if (message.service !== null) fields.MessagingServiceSid = message.service
  if (message.channel === 'sms') Object.assign(fields, placeOf('From', from), placeOf('To', message.to))
  else {
    const hasNumber = from.startsWith('+')
    const userId = userIdOf(phone.key)
    fields.ExternalUserId = withChannel('whatsapp', userId)
    const context: Fields = { ProfileName: profileName }
    fields.ProfileName = profileName
    fields.MessageType = 'text'
    if (hasNumber) {
      context.WaId = from.slice(1)
      fields.WaId = from.slice(1)
    } else {
      fields.ParentExternalUserId = withChannel('whatsapp', `${userId.slice(0, 2)}.ENT.9081726354`)
      if (phone.username !== null) fields.ProfileUsername = phone.username
    }
    fields.ChannelMetadata = JSON.stringify({ type: 'whatsapp', data: { context } })
    fields.Forwarded = 'false'
    fields.FrequentlyForwarded = 'false'
  }
  if (message.quote !== null) {
    fields.OriginalRepliedMessageSid = message.quote
    fields.OriginalRepliedMessageSender = withChannel(message.channel, message.to)
  }
  return fields
}

const two = (value: number) => String(value).padStart(2, '0')

export function statusFields(message: SimulatedMessage, status: TwilioStatus, at: number, accountSid: string): Fields {
  const fields: Fields = {
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    To: withChannel(message.channel, message.to),
    MessageSid: message.sid,
    AccountSid: accountSid,
    From: withChannel(message.channel, message.from ?? ''),
    ApiVersion: '2010-04-01',
  }
  if (message.service !== null) fields.MessagingServiceSid = message.service
  if ((status === 'failed' || status === 'undelivered') && message.errorCode !== null) {
    fields.ErrorCode = String(message.errorCode)
    fields.ErrorMessage = errorText(message.errorCode)
  }
  if (message.channel === 'whatsapp') {
    fields.ChannelPrefix = 'whatsapp'
    fields.ChannelInstallSid = 'XE00000000000000000000000000000001'
    fields.ChannelToAddress = message.to.replace(/.{4}$/, 'XXXX')
    fields.StructuredMessage = 'false'
    if (status !== 'sent') fields.EventType = status.toUpperCase()
  } else if (status === 'delivered' || status === 'undelivered') {
    const date = new Date(at)
    const day = `${two(date.getUTCFullYear() % 100)}${two(date.getUTCMonth() + 1)}${two(date.getUTCDate())}`
    fields.RawDlrDoneDate = `${day}${two(date.getUTCHours())}${two(date.getUTCMinutes())}`
  }
  return fields
}
