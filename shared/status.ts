// How statuses merge: they only rise, and a receipt beats a failure. Ranks after Twilio's own order.
import type { MessageStatus } from './model.ts'

const ranks: Record<MessageStatus, number> = {
  scheduled: 0,
  queued: 1,
  unconfirmed: 2,
  sending: 3,
  sent: 4,
  failed: 5,
  canceled: 5,
  delivered: 7,
  read: 8,
  received: 9,
}

/** The height of a status; a change to an equal or lower one is ignored. */
export function statusRank(status: MessageStatus): number {
  return ranks[status]
}

/** Whether `next` replaces `current` when Twilio reports it. */
export function statusRises(current: MessageStatus, next: MessageStatus): boolean {
  return ranks[next] > ranks[current]
}

/** Open: entered and not yet known to Twilio; the lowest open message of a line holds up those after it. */
export function isOpen(status: MessageStatus, twilioSid: string | null): boolean {
  return twilioSid === null && (status === 'queued' || status === 'sending' || status === 'unconfirmed')
}
