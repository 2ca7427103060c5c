// Signed webhooks as Twilio posts them, made before the clock runs.
import { createHmac } from 'node:crypto'
import { formPost } from './raw-http.ts'
import { accountSid, authToken, publicUrl, whatsappNumber } from '../settings.ts'

/** twilio.md 3: HMAC-SHA1 over the URL and all fields, sorted by name. */
function signature(url: string, fields: Record<string, string>): string {
  const text = Object.keys(fields)
    .sort()
    .reduce((sum, name) => sum + name + fields[name], url)
  return createHmac('sha1', authToken).update(text).digest('base64')
}

function signed(path: string, fields: Record<string, string>): Buffer {
  const body = new URLSearchParams(fields).toString()
  return formPost(path, body, {
    'x-twilio-signature': signature(publicUrl + path, fields),
    'user-agent': 'TwilioProxy/1.1',
  })
}

export function clientNumber(n: number): string {
  return `+54911${String(40_000_000 + n)}`
}

export function messageSid(n: number): string {
  return `SM${n.toString(16).padStart(32, '0')}`
}

/** A picture that a client sends: `origin` has it, in Twilio's place. */
export function pictureWebhook(sid: string, client: number, origin: string): Buffer {
  return inboundWebhook(sid, client, '', {
    NumMedia: '1',
    MessageType: 'image',
    MediaContentType0: 'image/jpeg',
    MediaUrl0: `${origin}/2010-04-01/Accounts/${accountSid}/Messages/${sid}/Media/ME${sid.slice(2)}`,
  })
}

export function inboundWebhook(sid: string, client: number, text: string, more: Record<string, string> = {}): Buffer {
  const number = clientNumber(client)
  return signed('/webhooks/twilio/message', {
    MessageSid: sid,
    SmsSid: sid,
    SmsMessageSid: sid,
    AccountSid: accountSid,
    From: `whatsapp:${number}`,
    To: `whatsapp:${whatsappNumber}`,
    Body: text,
    NumMedia: '0',
    NumSegments: '1',
    SmsStatus: 'received',
    ApiVersion: '2010-04-01',
    ProfileName: `Cliente ${client}`,
    WaId: number.slice(1),
    MessageType: 'text',
    ChannelMetadata: JSON.stringify({ type: 'whatsapp', data: { context: { ProfileName: `Cliente ${client}`, WaId: number.slice(1) } } }),
    ...more,
  })
}

export function statusWebhook(message: { id: string; sid: string }, client: number, status: string): Buffer {
  return signed(`/webhooks/twilio/status/${message.id}`, {
    MessageSid: message.sid,
    SmsSid: message.sid,
    SmsStatus: status,
    MessageStatus: status,
    AccountSid: accountSid,
    From: `whatsapp:${whatsappNumber}`,
    To: `whatsapp:${clientNumber(client)}`,
    ApiVersion: '2010-04-01',
    ChannelToAddress: clientNumber(client),
    ChannelInstallSid: 'XE00000000000000000000000000000001',
  })
}
