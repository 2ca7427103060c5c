// Twilio's lists of messages, read for recovery: what clients wrote to our senders, and what left by them. Filters are
// Twilio's own (To, From, DateSent), so that no more is read than asked for.
import type { Twilio } from 'twilio'
import type { MessageInstance } from 'twilio/lib/rest/api/v2010/account/message.js'
import type { Channel } from '../../shared/model.ts'
import type { TwilioSettings } from '../config.ts'
import type { InboundPage, ListedInbound, ListedMessage } from '../outbox/gateway.ts'
import { foreignSender, parseAddress, parseClientAddress, wireAddress } from './addresses.ts'
import { failureOf } from './errors.ts'
import { statusOf } from './statuses.ts'

/** The most that Twilio gives at once. */
const PAGE = 1000
/** Of each sender, newest first. */
const RECENT = 50
/** More than one line can have sent to a client in two minutes. */
const SENT = 100

interface Inbox {
  channel: Channel
  /** As conversations name it. */
  sender: string
  /** Null: every number of the service. */
  number: string | null
}

/** One list for each of our numbers. A service has more of them than we know: its messages are picked out of all. */
function inboxesOf({ whatsappNumber, phoneNumber, messagingServiceSid }: TwilioSettings): Inbox[] {
  const inboxes: Inbox[] = []
  if (whatsappNumber !== null) inboxes.push({ channel: 'whatsapp', sender: whatsappNumber, number: whatsappNumber })
  if (phoneNumber !== null) inboxes.push({ channel: 'sms', sender: phoneNumber, number: phoneNumber })
  if (messagingServiceSid !== null) inboxes.push({ channel: 'sms', sender: phoneNumber ?? messagingServiceSid, number: null })
  return inboxes
}

/** `page`: which of our inboxes, a space, and the address of its page (empty: the first). */
export async function listInbound(
  twilio: Twilio,
  settings: TwilioSettings,
  query: { since: number; page: string | null },
): Promise<Omit<InboundPage, 'aheadMs'>> {
  const inboxes = inboxesOf(settings)
  const [place = '0', address = ''] = query.page?.split(' ') ?? []
  const index = Number(place)
  const inbox = inboxes[index]
  if (inbox === undefined) return { items: [], next: null }
  const page =
    address === ''
      ? await twilio.messages.page({
          ...(inbox.number === null ? {} : { to: wireAddress(inbox.channel, inbox.number) }),
          dateSentAfter: new Date(query.since),
          pageSize: PAGE,
        })
      : await twilio.messages.getPage(address)
  const items = page.instances.flatMap((one) => readInbound(one, inbox, settings))
  const further = page.nextPageUrl
  if (further) return { items, next: `${index} ${further}` }
  return { items, next: index + 1 < inboxes.length ? `${index + 1} ` : null }
}

function readInbound(one: MessageInstance, inbox: Inbox, settings: TwilioSettings): ListedInbound[] {
  if (one.direction !== 'inbound' || !one.from || Number.isNaN(timeOf(one.dateCreated))) return []
  if (inbox.number === null && one.messagingServiceSid !== settings.messagingServiceSid) return []
  const from = parseClientAddress(one.from)
  if (from === null || from.channel !== inbox.channel) return []
  return [
    {
      twilioSid: one.sid,
      channel: inbox.channel,
      sender: from.foreign === null ? inbox.sender : foreignSender(from.foreign, one.to),
      senderConfigured: from.foreign === null,
      address: from.address,
      phone: from.phone,
      text: one.body ?? '',
      mediaCount: Math.max(0, Number.parseInt(one.numMedia, 10) || 0),
      createdAt: timeOf(one.dateCreated),
    },
  ]
}

/**
 * To one client, newest first. What a service sent and Twilio upgraded is to `rcs:` and the number.
 */
export async function listSentTo(
  twilio: Twilio,
  { messagingServiceSid }: TwilioSettings,
  { channel, address }: { channel: Channel; address: string },
): Promise<MessageInstance[]> {
  const addresses = [wireAddress(channel, address)]
  if (channel === 'sms' && messagingServiceSid !== null) addresses.push(`rcs:${address}`)
  const lists = await Promise.all(addresses.map((to) => twilio.messages.list({ to, limit: SENT, pageSize: SENT })))
  return lists.flat().filter((one) => one.direction !== 'inbound')
}

export async function listRecent(twilio: Twilio, settings: TwilioSettings): Promise<MessageInstance[]> {
  const senders = inboxesOf(settings).filter((inbox) => inbox.number !== null || settings.phoneNumber === null)
  const lists = await Promise.all(
    senders.map(({ channel, number }) =>
      twilio.messages.list({ ...(number === null ? {} : { from: wireAddress(channel, number) }), limit: RECENT, pageSize: RECENT }),
    ),
  )
  return lists.flat().filter((one) => one.direction !== 'inbound')
}

/** With its times by our clock. */
export function readListed(one: MessageInstance, aheadMs: number): ListedMessage {
  const status = statusOf(one.status) ?? 'sending'
  const sentAt = timeOf(one.dateSent) - aheadMs
  return {
    twilioSid: one.sid,
    direction: one.direction === 'inbound' ? 'inbound' : 'outbound',
    from: one.from ? (parseAddress(one.from)?.address ?? one.from) : null,
    to: one.to,
    text: one.body ?? '',
    createdAt: timeOf(one.dateCreated) - aheadMs,
    sentAt: Number.isNaN(sentAt) ? null : sentAt,
    updatedAt: timeOf(one.dateUpdated) - aheadMs,
    status,
    failure: status === 'failed' ? failureOf(one.errorCode || null, one.errorMessage) : null,
    // Twilio writes a charge as a negative number.
    price: one.price ? { amount: Math.abs(Number(one.price)), currency: one.priceUnit } : null,
  }
}

/** NaN: no date. */
function timeOf(date: unknown): number {
  return date instanceof Date ? date.getTime() : Number.NaN
}
