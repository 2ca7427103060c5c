// Our own numbers: which one a message leaves by, and whether it can.
import type { Channel } from '../../shared/model.ts'

export interface OwnSender {
  channel: Channel
  /** How conversations name it: the number, or the service where only that is configured. */
  sender: string
  /** Messages (WhatsApp) or segments (SMS) a second. */
  ratePerSecond: number
}

/** The provider's complaint about a channel. */
export interface HeldFault {
  channel: Channel
  step: Step
  reason: string
}

export interface Senders {
  list(): OwnSender[]
  /** The sender of a channel, or null where none is configured. */
  of(channel: Channel): OwnSender | null
  find(channel: Channel, sender: string): OwnSender | null
  /** Whether sends can go out at all (credentials and a sender); else the reason, a sentence. */
  readiness(channel: Channel): { ready: true } | { ready: false; reason: string }
  /** The provider's complaint about our credentials or the sender of this channel, as far as known; null: none. */
  fault(channel: Channel): string | null
  /**
   * The provider refused our credentials or our sender (20003, 63007 …): with a request, or with a delivery that it had
   * taken. Agents are warned; sends are tried all the same, since only they can show that it is over. Answers whether
   * that is news.
   */
  noteFault(channel: Channel, fault: { step: Step; reason: string; at: number }): boolean
  /** All that is held, for other processes; and what another one holds, which knows better: it asked last. */
  faults(): HeldFault[]
  holdFaults(faults: readonly HeldFault[], at: number): void
  /** That step worked. Answers whether that is news. */
  works(channel: Channel, step: Step): boolean
  /** A message came to a number that is not configured, or by a channel that is not supported. Answers whether that is news. */
  noteStranger(channel: Channel, sender: string): boolean
  /** Those numbers, since the start. */
  strangers(): Pick<OwnSender, 'channel' | 'sender'>[]
  /** Faults that nothing confirmed for two minutes are forgotten, so that somebody tries again. Answers of which channels. */
  forgetFaults(now: number): Channel[]
}

/** Of a sender by a channel that Hilo does not speak: that channel's own word (`messenger`); null of any other. */
export function foreignChannel(sender: string): string | null {
  return /^([a-z][a-z0-9_.-]*):/.exec(sender.toLowerCase())?.[1] ?? null
}

/** More numbers than one account has that nobody configured here. */
const MOST_STRANGERS = 20

/** A delivery comes after its request: where it works, both do. */
type Step = 'request' | 'delivery'

const FAULT_KEPT_MS = 2 * 60_000

/** @param isOn whether the organization uses the channel. */
export function createSenders(
  own: readonly OwnSender[],
  hasCredentials: boolean,
  isOn: (channel: Channel) => boolean = () => true,
): Senders {
  const faults = new Map<Channel, { step: Step; reason: string; at: number }>()
  const strangers: Pick<OwnSender, 'channel' | 'sender'>[] = []
  const of = (channel: Channel) => own.find((sender) => sender.channel === channel) ?? null
  return {
    list: () => [...own],
    of,
    find: (channel, sender) => own.find((one) => one.channel === channel && one.sender === sender) ?? null,
    readiness(channel) {
      if (!hasCredentials) return { ready: false, reason: 'No Twilio credentials are configured.' }
      const name = channel === 'sms' ? 'SMS' : 'WhatsApp'
      if (!of(channel)) return { ready: false, reason: `No ${name} number is configured.` }
      if (!isOn(channel)) return { ready: false, reason: `${name} is switched off for this organization.` }
      return { ready: true }
    },
    fault: (channel) => faults.get(channel)?.reason ?? null,
    noteFault(channel, fault) {
      const before = faults.get(channel)
      faults.set(channel, fault)
      return before?.reason !== fault.reason
    },
    faults: () => [...faults].map(([channel, { step, reason }]) => ({ channel, step, reason })),
    holdFaults(held, at) {
      faults.clear()
      for (const { channel, step, reason } of held) faults.set(channel, { step, reason, at })
    },
    works: (channel, step) => (step === 'delivery' || faults.get(channel)?.step === 'request') && faults.delete(channel),
    noteStranger(channel, sender) {
      if (strangers.some((one) => one.channel === channel && one.sender === sender)) return false
      return strangers.length < MOST_STRANGERS && strangers.push({ channel, sender }) > 0
    },
    strangers: () => [...strangers],
    forgetFaults(now) {
      const over = [...faults].filter(([, { at }]) => Math.abs(now - at) >= FAULT_KEPT_MS).map(([channel]) => channel)
      for (const channel of over) faults.delete(channel)
      return over
    },
  }
}
