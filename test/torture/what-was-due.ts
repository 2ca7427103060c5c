// Each change of which the server said that it is durable (a webhook or a callback answered 200, a call answered), and what
// a client has to hold then.
import type { Message } from '../../shared/model.ts'
import { statusRank } from '../../shared/status.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import { statusOf } from '../../server/twilio/statuses.ts'
import type { Due } from './compare-heard.ts'
import type { Heard, HeardRow } from './heard.ts'
import type { Journal } from './journal.ts'

/** The contents of an answer, as an agent got it. */
export interface Answered {
  what: string
  askedAt: number
  answeredAt: number
  /** False: asked again, or by two at once; what it says of the messages may be older news, that was told to viewers only. */
  first: boolean
  messages?: readonly Message[]
  conversation?: { id: string; rev: number } | null
  /** Of the agent who read. */
  read?: { agentId: string; conversationId: string; readSeq: number }
}

export interface DueSides {
  accepted: readonly SimulatedMessage[]
  /** As they were stored in the end. */
  stored: readonly Message[]
  journal: Pick<Journal, 'writes'>
  answered: readonly Answered[]
  clients: readonly Heard[]
}

export function whatWasDue({ accepted, stored, journal, answered, clients }: DueSides): Due[] {
  const bySid = new Map(stored.map((one) => [one.twilioSid, one]))
  /** Nobody ever saw it in another thread. */
  const stayed = ({ id, conversationId }: Message) =>
    clients.every(({ messages }) => messages.get(id)?.every((held) => held.conversationId === conversationId) ?? true)
  return [
    ...journal.writes.flatMap((write) => (write.webhook === 'accepted' ? [inbound(write.sid, write.from, write.to)] : [])),
    ...accepted.flatMap((one) => {
      const kept = bySid.get(one.sid)
      // Where it was by then is known of what stayed where it is.
      return kept === undefined || !stayed(kept) ? [] : statuses(one, kept)
    }),
    ...answered.flatMap(ofAnswer),
  ]
}

function inbound(sid: string, from: number, to: number): Due {
  const isHeard = (client: Heard, by: number) => (client.sids.get(sid) ?? by + 1) <= by
  return {
    what: 'a client’s message',
    detail: sid,
    from,
    to,
    audience: 'all',
    inThread: false,
    conversationId: null,
    agentId: null,
    isHeard,
  }
}

function statuses(one: SimulatedMessage, kept: Message): Due[] {
  return one.callbacks.flatMap(({ status, at, end, endedAt }) => {
    const ours = statusOf(status)
    if (end !== 'accepted' || endedAt === null || ours === null) return []
    const time = ours === 'sent' ? 'sentAt' : ours === 'delivered' ? 'deliveredAt' : ours === 'read' ? 'readAt' : null
    const due = { detail: `${one.sid} ${ours}`, from: at, to: endedAt, conversationId: kept.conversationId, agentId: null }
    const rises = (status: Message['status']) => statusRank(status) >= statusRank(ours)
    return [
      {
        ...due,
        what: 'a status',
        held: ({ messages }) =>
          ` (held: ${
            messages
              .get(kept.id)
              ?.map((held) => `${held.at - endedAt} ms rev ${held.rev} ${held.status}`)
              .join(', ') ?? 'never'
          })`,
        audience: 'viewers',
        inThread: true,
        isHeard: (client, by) =>
          heardBy(
            client.messages.get(kept.id),
            by,
            (held) => rises(held.status) && (time === null || held[time] !== null || held.rev === NEVER),
          ),
      },
      {
        ...due,
        what: 'a status in a row',
        audience: 'all',
        inThread: false,
        // Where something newer is its last message by then, or it does not hold the row, there is nothing to see.
        isHeard: (client, by) => {
          const row = client.rows.get(kept.conversationId)?.findLast((held) => held.at <= by)
          return row?.lastMessage?.id !== kept.id || rises(row.lastMessage.status)
        },
      },
    ] satisfies Due[]
  })
}

function ofAnswer({ what, askedAt, answeredAt, first, messages = [], conversation, read }: Answered): Due[] {
  const due = { from: askedAt, to: answeredAt, agentId: null }
  const dues: Due[] = messages.map((message) => ({
    ...due,
    what,
    detail: `${message.id} rev ${message.rev}`,
    // A message that is only planned, or that rows do not show, is told to those who look.
    audience: message.seq === null || message.error?.reason === 'unsettled' ? 'viewers' : 'all',
    inThread: true,
    conversationId: message.conversationId,
    isHeard: (client, by) => heardBy(client.messages.get(message.id), by, (held) => !first || held.rev >= message.rev),
  }))
  if (conversation)
    dues.push({
      ...due,
      what: `the row after ${what}`,
      detail: `${conversation.id} rev ${conversation.rev}`,
      audience: messages.some(({ seq }) => seq === null) ? 'viewers' : 'all',
      inThread: false,
      conversationId: conversation.id,
      isHeard: (client, by) => heardBy<HeardRow>(client.rows.get(conversation.id), by, (held) => held.rev >= conversation.rev),
    })
  if (read)
    dues.push({
      ...due,
      what: 'what was read',
      detail: `${read.conversationId} up to ${read.readSeq}`,
      audience: 'all',
      inThread: false,
      conversationId: read.conversationId,
      agentId: read.agentId,
      isHeard: (client, by) => heardBy(client.cursors.get(read.conversationId), by, (held) => held.readSeq >= read.readSeq),
    })
  return dues
}

const NEVER = Number.POSITIVE_INFINITY

function heardBy<T extends { at: number }>(all: readonly T[] | undefined, by: number, is: (held: T) => boolean): boolean {
  return all?.some((held) => held.at <= by && is(held)) ?? false
}
