// Our own numbers: which one a message leaves by, and whether it can.
import type { Channel } from '../../shared/model.ts'

export interface OwnSender {
  channel: Channel
  /** How conversations name it: the number, or the service where only that is configured. */
  sender: string
  /** Messages (WhatsApp) or segments (SMS) a second. */
  ratePerSecond: number
}

export interface Senders {
  list(): OwnSender[]
  /** The sender of a channel, or null where none is configured. */
  of(channel: Channel): OwnSender | null
  find(channel: Channel, sender: string): OwnSender | null
  /** Whether sends can go out at all (credentials and a sender); else the reason, a sentence. */
  readiness(channel: Channel): { ready: true } | { ready: false; reason: string }
  /** The provider refused our credentials (20003, 63001 …), or took them again. Answers whether that is news. */
  mark(channel: Channel, fault: string | null): boolean
}

export function createSenders(own: readonly OwnSender[], hasCredentials: boolean): Senders {
  const faults = new Map<Channel, string>()
  const of = (channel: Channel) => own.find((sender) => sender.channel === channel) ?? null
  return {
    list: () => [...own],
    of,
    find: (channel, sender) => own.find((one) => one.channel === channel && one.sender === sender) ?? null,
    readiness(channel) {
      if (!hasCredentials) return { ready: false, reason: 'No Twilio credentials are configured.' }
      if (!of(channel)) return { ready: false, reason: `No ${channel === 'sms' ? 'SMS' : 'WhatsApp'} number is configured.` }
      const fault = faults.get(channel)
      return fault === undefined ? { ready: true } : { ready: false, reason: fault }
    },
    mark(channel, fault) {
      const before = faults.get(channel) ?? null
      if (fault === null) faults.delete(channel)
      else faults.set(channel, fault)
      return before !== fault
    },
  }
}
