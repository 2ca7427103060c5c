// Twilio's memory of messages: by sid, newest first, and those of one client. Bounded: the oldest are forgotten.
import type { Channel } from '../../shared/model.ts'
import type { PageEdge } from './list-page.ts'
import { type DateRange, isWithin } from './read-dates.ts'
import type { Refusal } from './refusals.ts'
import { type SimulatedMessage, withChannel } from './simulated-message.ts'

/** A send that was answered with an error; nothing of it exists for Twilio. */
export interface RefusedSend {
  id: string
  channel: Channel
  from: string | null
  to: string
  service: string | null
  body: string
  contentSid: string | null
  statusCallback: string | null
  at: number
  phone: string
  refused: Refusal
}

interface MessageFilter {
  /** With `whatsapp:` where it is WhatsApp. */
  to: string | null
  from: string | null
  sent: DateRange
  /** Only messages on this side of one. */
  edge: PageEdge | null
  /** The nearest to the edge. */
  limit: number
}

export interface MessageLog {
  add(message: SimulatedMessage): void
  refuse(send: RefusedSend): void
  get(sid: string): SimulatedMessage | null
  /** Also one that was deleted. */
  knows(sid: string): boolean
  /** Newest first, as far as lists show them at this moment. */
  list(filter: MessageFilter, now: number): SimulatedMessage[]
  remove(message: SimulatedMessage): void
  /** Everything accepted from the business, in order, deleted ones too. */
  accepted(): readonly SimulatedMessage[]
  refused(): readonly RefusedSend[]
  /** All of both directions, in order. */
  all(): readonly SimulatedMessage[]
  clear(): void
}

export function createMessageLog(limit = 200_000): MessageLog {
  let all: SimulatedMessage[] = []
  let accepted: SimulatedMessage[] = []
  let refused: RefusedSend[] = []
  const bySid = new Map<string, SimulatedMessage>()
  const byClient = new Map<string, SimulatedMessage[]>()
  const clientOf = (message: SimulatedMessage) =>
    withChannel(message.channel, message.direction === 'inbound' ? (message.from ?? '') : message.to)

  const forgetOldest = () => {
    // A tenth at a time, so that forgetting costs little for each message.
    const old = all.splice(0, Math.ceil(limit / 10))
    const gone = new Set(old)
    for (const message of old) bySid.delete(message.sid)
    accepted = accepted.filter((message) => !gone.has(message))
    for (const client of new Set(old.map(clientOf))) {
      const rest = (byClient.get(client) ?? []).filter((message) => !gone.has(message))
      if (rest.length > 0) byClient.set(client, rest)
      else byClient.delete(client)
    }
  }
  const matches = (message: SimulatedMessage, filter: MessageFilter, now: number) => {
    if (message.deleted || message.listedAt > now) return false
    if (filter.to !== null && withChannel(message.channel, message.to) !== filter.to) return false
    if (filter.from !== null && (message.from === null || withChannel(message.channel, message.from) !== filter.from)) return false
    if (filter.sent.from === null && filter.sent.before === null) return true
    return message.sentAt !== null && isWithin(message.sentAt, filter.sent)
  }

  return {
    add(message) {
      all.push(message)
      bySid.set(message.sid, message)
      if (message.direction !== 'inbound') accepted.push(message)
      const client = clientOf(message)
      const ofClient = byClient.get(client)
      if (ofClient === undefined) byClient.set(client, [message])
      else ofClient.push(message)
      if (all.length > limit) forgetOldest()
    },
    refuse(send) {
      refused.push(send)
      if (refused.length > limit) refused = refused.slice(Math.ceil(limit / 10))
    },
    get(sid) {
      const message = bySid.get(sid)
      return message === undefined || message.deleted ? null : message
    },
    knows: (sid) => bySid.has(sid),
    list(filter, now) {
      const ofClient = (filter.to !== null && byClient.get(filter.to)) || (filter.from !== null && byClient.get(filter.from)) || all
      const found: SimulatedMessage[] = []
      const edge = filter.edge === null ? undefined : bySid.get(filter.edge.sid)
      // A token of another list is a place in time all the same.
      const candidates = edge === undefined || ofClient.includes(edge) ? ofClient : all
      const step = filter.edge?.side === 'newer' ? 1 : -1
      let index = edge === undefined ? candidates.length - 1 : candidates.lastIndexOf(edge) + step
      for (; index >= 0 && index < candidates.length && found.length < filter.limit; index += step) {
        const message = candidates[index] as SimulatedMessage
        if (matches(message, filter, now)) found.push(message)
      }
      return step === 1 ? found.reverse() : found
    },
    remove(message) {
      message.deleted = true
    },
    accepted: () => accepted,
    refused: () => refused,
    all: () => all,
    clear() {
      all = []
      accepted = []
      refused = []
      bySid.clear()
      byClient.clear()
    },
  }
}
