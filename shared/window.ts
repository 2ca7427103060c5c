// WhatsApp's 24 h customer-service window. The server decides; the browser only displays.
import type { Channel } from './model.ts'

export const WINDOW_MS = 24 * 60 * 60_000
/** Free text is refused this long before the end, so that it does not arrive after it. */
export const WINDOW_MARGIN_MS = 2 * 60_000

/** When the window of a line closes for free text; null where there is none to close. Times in ms since the epoch. */
export function windowClosesAt(channel: Channel, lastInboundAt: number | null): number | null {
  return channel === 'sms' || lastInboundAt === null ? null : lastInboundAt + WINDOW_MS
}

/** Whether free text may be sent now. SMS has no window; WhatsApp without any inbound is closed. */
export function windowIsOpen(channel: Channel, lastInboundAt: number | null, now: number): boolean {
  if (channel === 'sms') return true
  return lastInboundAt !== null && now < lastInboundAt + WINDOW_MS - WINDOW_MARGIN_MS
}

export function presentWindow(channel: Channel, lastInboundAt: number | null, now: number): { open: boolean; expiresAt: string | null } {
  const closesAt = windowClosesAt(channel, lastInboundAt)
  return {
    open: windowIsOpen(channel, lastInboundAt, now),
    expiresAt: closesAt === null ? null : new Date(closesAt).toISOString(),
  }
}
