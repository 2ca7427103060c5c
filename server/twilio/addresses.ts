// Twilio's addresses: `whatsapp:+54…` and plain numbers on the wire, the bare address and a channel inside.
import type { Channel } from '../../shared/model.ts'
import { cleanText } from '../../shared/requests.ts'

export interface ParsedAddress {
  channel: Channel
  /** E.164 with `+`, a short code, an alphanumeric sender, or a business-scoped user id. */
  address: string
  /** E.164, or null where there is no dialable number. */
  phone: string | null
}

const userId = /^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$/

/** Null: neither a number nor an id that Twilio documents for these two channels. */
export function parseAddress(text: string): ParsedAddress | null {
  const whatsapp = /^whatsapp:/i.test(text)
  const plain = (whatsapp ? text.slice('whatsapp:'.length) : text).trim()
  // Shorter with a plus: numbers of networks of their own. Without one they are short codes.
  if (/^(\+[1-9]\d{2,14}|[1-9]\d{6,14})$/.test(plain)) {
    const phone = plain.startsWith('+') ? plain : `+${plain}`
    return { channel: whatsapp ? 'whatsapp' : 'sms', address: phone, phone }
  }
  if (userId.test(plain)) return { channel: 'whatsapp', address: plain, phone: null }
  if (!whatsapp && (/^\d{3,6}$/.test(plain) || /^[A-Za-z0-9][A-Za-z0-9 .&_-]{0,10}$/.test(plain)))
    return { channel: 'sms', address: plain, phone: null }
  return null
}

export interface ClientAddress extends ParsedAddress {
  /** The channel's own word (`messenger`) where Hilo does not speak it; null: it does. */
  foreign: string | null
}

/**
 * The addresses that a client may have written from: also `rcs:` and a number, which is that client on SMS (Twilio upgrades an SMS of a
 * messaging service by itself), and addresses of channels that Hilo does not speak, kept with their prefix.
 * Null: no address at all.
 */
export function parseClientAddress(text: string): ClientAddress | null {
  const [, prefix, rest = ''] = /^([a-z][a-z0-9_.-]{1,30}):(\S.{0,254})$/i.exec(cleanText(text).trim()) ?? []
  if (prefix === undefined || /^whatsapp$/i.test(prefix)) return withoutPrefix(text)
  const rcs = /^rcs$/i.test(prefix) ? parseAddress(rest) : null
  if (rcs?.phone) return { ...rcs, channel: 'sms', foreign: null }
  const foreign = prefix.toLowerCase()
  return { channel: 'sms', address: `${foreign}:${rest}`, phone: null, foreign }
}

function withoutPrefix(text: string): ClientAddress | null {
  const parsed = parseAddress(text)
  return parsed && { ...parsed, foreign: null }
}

/** Our side of a foreign channel, as conversations name it: with its prefix, so that it is never one of our numbers. */
export function foreignSender(foreign: string, to: string): string {
  const plain = cleanText(to).trim().slice(0, 255)
  return plain.includes(':') ? plain : `${foreign}:${plain}`
}

/** A business-scoped id with or without its prefix; null where it is none. */
export function parseUserId(text: string | undefined): string | null {
  const plain = text?.trim().replace(/^whatsapp:/i, '') ?? ''
  return userId.test(plain) ? plain : null
}

export function wireAddress(channel: Channel, address: string): string {
  return channel === 'whatsapp' ? `whatsapp:${address}` : address
}
