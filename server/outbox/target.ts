// Whom a send is for: a conversation by its id, or an address with an optional record. Nothing is made before the
// send is known to be allowed.
import { parsePhone, formatPhone } from '../../shared/parse-phone.ts'
import { identityKeys } from '../../shared/phone.ts'
import type { Channel } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { windowIsOpen } from '../../shared/window.ts'
import { provideRecord } from '../coordinations/provide-record.ts'
import type { Organization } from '../organizations.ts'
import type { Caller, Parts } from '../parts.ts'
import type { OpenRequest } from '../store/records.ts'
import type { Recipient } from '../templates/use-template.ts'

export interface Target {
  channel: Channel
  sender: string
  /** The client's. */
  address: string
  /** The client's number; null: hidden. */
  phone: string | null
  /** As far as it is known. */
  contactName: string | null
  contactId: string | null
  optedOut: boolean
  lastInboundAt: number | null
  coordinationId: string | null
  /** Finds or makes it. */
  conversationId(): Promise<string>
}

interface Wanted {
  conversationId?: string | undefined
  channel?: Channel | undefined
  to?: string | undefined
  coordinationId?: string | undefined
  name?: string | undefined
  title?: string | undefined
  from?: string | undefined
}

/** @throws DomainError `not_found`, `forbidden`, `invalid_phone`, `no_sender`. */
export async function targetOf(parts: Parts, caller: Caller, wanted: Wanted): Promise<Target> {
  const own = parts.organizationOf(caller.orgId)
  if (wanted.conversationId !== undefined) {
    const found = await parts.store.conversation(caller, wanted.conversationId)
    if (found === null) throw new DomainError('not_found', 'No such conversation.')
    const { id, channel, sender, contact, optedOut, lastInboundAt } = found
    mustAgree('coordinationId', wanted.coordinationId, found.coordinationId)
    mustAgree('channel', wanted.channel, channel)
    if (wanted.from !== undefined) mustAgree('from', senderFor(own, channel, wanted.from), sender)
    const { address, phone } = contact
    return {
      channel,
      sender,
      address,
      phone,
      contactName: contact.name,
      contactId: contact.id,
      optedOut,
      lastInboundAt,
      coordinationId: found.coordinationId,
      conversationId: async () => id,
    }
  }
  const { channel, coordinationId } = wanted
  if (channel === undefined || wanted.to === undefined)
    throw new DomainError('validation_failed', 'Give conversationId, or channel and to.')
  mayConcern(caller, coordinationId)
  const { address, sender, known, same } = await threadsTo(parts, caller, { channel, to: wanted.to, from: wanted.from })
  const inbound = same.map((one) => one.lastInboundAt).filter((at) => at !== null)
  return {
    channel,
    sender,
    address,
    phone: address.startsWith('+') ? address : (same[0]?.contact.phone ?? null),
    contactName: wanted.name ?? known[0]?.contact.name ?? null,
    contactId: known[0]?.contact.id ?? null,
    optedOut: same.some((one) => one.optedOut),
    lastInboundAt: inbound.length === 0 ? null : Math.max(...inbound),
    coordinationId: coordinationId ?? null,
    async conversationId() {
      if (coordinationId !== undefined) {
        const name = wanted.name ?? known[0]?.contact.name ?? formatPhone(address)
        await provideRecord(parts, caller.orgId, coordinationId, { name, address, title: wanted.title })
      }
      const place = { orgId: caller.orgId, channel, sender, address, coordinationId: coordinationId ?? null }
      return openThread(parts, { ...place, name: wanted.name ?? null, now: parts.clock.now() })
    },
  }
}

/**
 * The line to an address, and what is known over it: all threads of that client on the channel, and of them those by this sender.
 * Whichever record they are about, also out of scope: window and opt-out belong to the line.
 *
 * @throws DomainError `invalid_phone`, `no_sender`.
 */
export async function threadsTo(
  parts: Parts,
  { orgId, agentId }: Pick<Caller, 'orgId' | 'agentId'>,
  { channel, to, from }: { channel: Channel; to: string; from?: string | undefined },
) {
  const own = parts.organizationOf(orgId)
  const address = parseTarget(own, channel, to)
  const sender = senderFor(own, channel, from)
  const { items: known } = await parts.store.conversations(
    { orgId, agentId, scope: null },
    { channel, phoneKeys: identityKeys(address), automated: true, sort: 'activity' },
    { cursor: null, limit: 100 },
  )
  return { address, sender, known, same: known.filter((one) => one.sender === sender) }
}

/** The id of the conversation with this address about this record, found or made. */
export async function openThread(
  { store }: Pick<Parts, 'store'>,
  place: Pick<OpenRequest, 'orgId' | 'channel' | 'sender' | 'address' | 'coordinationId' | 'name' | 'now'>,
): Promise<string> {
  const { address } = place
  const phone = address.startsWith('+') ? address : null
  const opened = await store.openConversation({ ...place, phone, keys: identityKeys(address), fallbackName: formatPhone(address) })
  return opened.conversation.id
}

/** Whom a template is filled for, by what is known before its conversation is made. */
export function recipientOf(
  caller: Pick<Caller, 'name'>,
  {
    channel,
    phone,
    contactName,
    coordinationId,
    lastInboundAt,
  }: Pick<Target, 'channel' | 'phone' | 'contactName' | 'coordinationId' | 'lastInboundAt'>,
  goesAt: number,
): Recipient {
  return { phone, contactName, agentName: caller.name, coordinationId, windowOpen: windowIsOpen(channel, lastInboundAt, goesAt) }
}

/** A conversation has its record, channel and sender already: others beside it would be left out silently. */
function mustAgree(path: string, wanted: string | undefined, has: string | null): void {
  if (wanted === undefined || wanted === has) return
  throw new DomainError('validation_failed', `The conversation has another ${path}. Leave it out, or give channel and to instead.`, {
    issues: [{ path, message: 'is not that of the conversation' }],
  })
}

/** E.164, or a business-scoped WhatsApp id as it stands. */
export function parseTarget({ settings }: Pick<Organization, 'settings'>, channel: Channel, to: string): string {
  const plain = to.trim().replace(/^whatsapp:/i, '')
  if (channel === 'whatsapp' && /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/.test(plain)) return plain
  const phone = parsePhone(plain, settings.defaultCountry)
  if (phone === null)
    throw new DomainError('invalid_phone', 'The number is not valid. Write it with its country code, such as +54 9 11 2345-6789.')
  return phone
}

/** A scoped caller writes only about records of that scope. */
export function mayConcern(caller: Caller, coordinationId: string | undefined): void {
  if (caller.scope === null) return
  if (coordinationId === undefined)
    throw new DomainError('forbidden', 'Your token is limited to some records: say which one this is about.')
  if (!caller.scope.includes(coordinationId)) throw new DomainError('not_found', 'No such record.')
}

/** The sender to use where no conversation says it; without a configured one, what is not sent can still be kept. */
export function senderFor({ senders, settings }: Organization, channel: Channel, from: string | undefined): string {
  if (from === undefined) {
    const own = senders.of(channel)
    if (own === null) throw new DomainError('no_sender', `No sender is configured for ${channel === 'sms' ? 'SMS' : 'WhatsApp'}.`)
    return own.sender
  }
  const plain = from.trim().replace(/^whatsapp:/i, '')
  const own = senders.find(channel, parsePhone(plain, settings.defaultCountry) ?? plain)
  if (own === null) throw new DomainError('no_sender', `${plain} is not one of our senders on this channel.`)
  return own.sender
}
