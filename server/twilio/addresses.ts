// Twilio's addresses: `whatsapp:+54…` and plain numbers on the wire, the bare address and a channel inside.
import type { Channel } from '../../shared/model.ts'

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

/** A business-scoped id with or without its prefix; null where it is none. */
export function parseUserId(text: string | undefined): string | null {
  const plain = text?.trim().replace(/^whatsapp:/i, '') ?? ''
  return userId.test(plain) ? plain : null
}

export function wireAddress(channel: Channel, address: string): string {
  return channel === 'whatsapp' ? `whatsapp:${address}` : address
}
