// A client writes: Twilio takes the message and tells the application by a signed webhook.
import type { Channel } from '../../shared/model.ts'
import { type Shot, shotOf } from './camera-roll.ts'
import { maxDelayMs } from './faults.ts'
import { mediaOf } from './media.ts'
import type { SimulatorParts } from './parts.ts'
import type { Phone } from './phones.ts'
import type { SimulatedMessage, WebhookEnd } from './simulated-message.ts'
import { inboundFields } from './webhook-fields.ts'

export interface WriteOptions {
  channel?: Channel
  /** Which of our numbers; the one of the channel. */
  to?: string
  /** The sid that the client swiped to answer. */
  quote?: string
  /** The button that the client pressed; its words are the text. */
  button?: { id: string; title: string }
  profileName?: string
  /** What the phone sends with it. */
  media?: readonly Shot[]
  /** Fields to add or to change in the webhook; null leaves one out. They are signed like the others. */
  fields?: Readonly<Record<string, string | null>>
}

export interface Written {
  sid: string
  webhook: WebhookEnd
  /** The application's answer; null: nothing. */
  httpStatus: number | null
}

const stopWords = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT'])
const startWords = new Set(['START', 'YES', 'UNSTOP'])

/** `address` is the exact form that the client writes from. Resolves when the webhook is over. */
export async function writeMessage(
  parts: SimulatorParts,
  phone: Phone,
  address: string,
  text: string,
  options: WriteOptions = {},
): Promise<Written> {
  const { clock, faults, messages, phones, poster, scheduler, watch } = parts
  const channel = options.channel ?? 'whatsapp'
  const to = options.to ?? parts.own[channel]
  if (to === null) throw new Error(`The simulator has no ${channel} number to write to.`)
  const at = clock.now()
  const shots = options.media ?? []
  const message: SimulatedMessage = {
    ...emptyMessage(parts, phone, channel, at),
    sid: parts.newSid(shots.length > 0 ? 'MM' : 'SM'),
    direction: 'inbound',
    from: address,
    to,
    service: parts.own.service,
    body: text,
    sentAt: at,
    listedAt: at + faults.get(phone.key).listDelayMs,
    status: 'received',
    statuses: [{ status: 'received', at }],
    quote: options.quote ?? null,
    mediaUrls: given(options.fields, /^MediaUrl\d$/),
    mediaTypes: shots.length > 0 ? shots.map((shot) => shotOf(shot).contentType) : given(options.fields, /^MediaContentType\d$/),
    shots,
    webhook: 'pending',
  }
  messages.add(message)
  phone.lastInboundAt.set(`${channel}|${to}`, at)
  if (phones.show(phone, message)) watch.phone(phone)
  watch.message(message)
  if (channel === 'sms') obeyStopWords(parts, phone, to, text)

  const url = parts.webhookUrl()
  const end = (webhook: WebhookEnd, httpStatus: number | null): Written => {
    message.webhook = webhook
    watch.message(message)
    return { sid: message.sid, webhook, httpStatus }
  }
  if (url === null || faults.happens('lostWebhooks', phone.key)) return end('lost', null)
  const profileName = options.profileName ?? (phone.profileName || 'Cliente')
  const fields = inboundFields(message, phone, parts.accountSid, profileName)
  Object.assign(fields, mediaFields(parts, message), buttonFields(options.button))
  for (const [name, value] of Object.entries(options.fields ?? {})) {
    if (value === null) delete fields[name]
    else fields[name] = value
  }
  const post = () => poster.post(url, parts.actualUrl(url), fields)
  const delayed = () => new Promise<void>((resolve) => scheduler.after(Math.floor(parts.random() * maxDelayMs), resolve))
  const once = async () => {
    if (faults.happens('delayedWebhooks', phone.key)) await delayed()
    return post()
  }
  const [{ status }] = await Promise.all(faults.happens('duplicateWebhooks', phone.key) ? [once(), once()] : [once()])
  if (status === null) return end('unreachable', null)
  return end(status >= 200 && status < 300 ? 'accepted' : 'refused', status)
}

/** As Twilio tells of a quick reply that was pressed. */
function buttonFields(button: WriteOptions['button']): Record<string, string> {
  return button === undefined ? {} : { MessageType: 'button', ButtonText: button.title, ButtonPayload: button.id }
}

/** Of what the phone itself sends. */
function mediaFields({ accountSid, apiUrl }: SimulatorParts, message: SimulatedMessage): Record<string, string> {
  const [first] = message.shots
  if (first === undefined) return {}
  const base = `${apiUrl()}/2010-04-01/Accounts/${accountSid}/Messages/${message.sid}/Media`
  return {
    NumMedia: String(message.shots.length),
    ...(message.channel === 'whatsapp' && { MessageType: shotOf(first).kind }),
    ...Object.fromEntries(
      mediaOf(message).flatMap(({ sid, contentType, index }) => [
        [`MediaUrl${index}`, `${base}/${sid}`],
        [`MediaContentType${index}`, contentType],
      ]),
    ),
  }
}

/** Values of numbered fields, which Twilio's API tells of, too. */
function given(fields: WriteOptions['fields'], name: RegExp): string[] {
  return Object.entries(fields ?? {}).flatMap(([one, value]) => (name.test(one) && value !== null ? [value] : []))
}

/** Twilio itself answers these words on SMS, and refuses sends to who wrote STOP (21610). */
function obeyStopWords(parts: SimulatorParts, phone: Phone, sender: string, text: string): void {
  const word = text.trim().toUpperCase()
  if (!stopWords.has(word) && !startWords.has(word)) return
  if (startWords.has(word) && !phone.optedOut.has(sender)) return
  if (stopWords.has(word)) phone.optedOut.add(sender)
  else phone.optedOut.delete(sender)
  const at = parts.clock.now()
  const answer: SimulatedMessage = {
    ...emptyMessage(parts, phone, 'sms', at),
    sid: parts.newSid('SM'),
    from: sender,
    to: phone.addresses.sms,
    body: stopWords.has(word)
      ? 'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.'
      : 'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.',
    status: 'delivered',
    arrived: true,
    automatic: true,
  }
  parts.phones.show(phone, answer)
  parts.watch.message(answer)
}

export function emptyMessage(parts: SimulatorParts, phone: Phone, channel: Channel, at: number): SimulatedMessage {
  return {
    sid: '',
    direction: 'outbound-api',
    channel,
    from: null,
    to: '',
    service: null,
    body: '',
    contentSid: null,
    variables: null,
    mediaUrls: [],
    mediaTypes: [],
    shots: [],
    mediaCalls: [],
    mediaHashes: [],
    statusCallback: null,
    parameters: {},
    ignored: [],
    discarded: false,
    feedback: null,
    deletedMedia: new Set(),
    at,
    updatedAt: at,
    sentAt: null,
    listedAt: at + parts.faults.get(phone.key).listDelayMs,
    status: 'queued',
    statuses: [],
    errorCode: null,
    lost: null,
    callbacks: [],
    lostCallbacks: 0,
    phone: phone.key,
    arrived: false,
    quote: null,
    webhook: null,
    seen: false,
    automatic: false,
    deleted: false,
  }
}
