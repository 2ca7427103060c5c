// Reads from a change what the dispatcher has to do: who waits for a message hears of its end, a line goes on, or has something to send.
import type { Channel, Message } from '../../shared/model.ts'
import { countParts } from '../../shared/segments.ts'
import { isOpen } from '../../shared/status.ts'
import type { Changes, Lane } from '../store/records.ts'

export interface WaitingLine {
  orgId: string
  lineId: string
  channel: Channel
  sender: string
  lane: Lane
  cost: number
  /** The message that entered, for its agent to be told why it waits; null: nobody looks. */
  messageId: string | null
}

export interface Follows {
  /** Lines that have something new to send. */
  wake: WaitingLine[]
  /** Lines whose message in flight got its SID or its end. */
  release: readonly string[]
  /** Messages that are no longer waiting to be sent. */
  settle: string[]
  /** Times for which messages were planned. */
  schedule: number[]
  /** A message came with something that is to be fetched. */
  fetch: boolean
}

/** Whether the message no longer waits to be sent: it has a SID or an end. */
export const isSettled = ({ direction, status, twilioSid }: Pick<Message, 'direction' | 'status' | 'twilioSid'>): boolean =>
  direction === 'outbound' && status !== 'scheduled' && !isOpen(status, twilioSid)

/** Whether something that it came with is still to be fetched. */
export const isToFetch = ({ media }: Pick<Message, 'media'>): boolean => media.some(({ state }) => state === 'pending')

/** The line that this queued message waits on. The claim tells the true lane. */
export function waitingLine(
  orgId: string,
  { channel, text }: Pick<Message, 'channel' | 'text'>,
  { lineId, sender }: Pick<WaitingLine, 'lineId' | 'sender'>,
  messageId: string | null,
): WaitingLine {
  return { orgId, lineId, channel, sender, lane: 0, cost: countParts(channel, text), messageId }
}

export function whatFollows({ orgId, news, conversations, messages, released }: Changes): Follows {
  const follows: Follows = { wake: [], release: released, settle: [], schedule: [], fetch: messages.some(isToFetch) }
  for (const message of messages) {
    if (isSettled(message)) follows.settle.push(message.id)
    // Planned now, or for another time than before.
    if (news !== 'other' && message.status === 'scheduled' && message.dueAt !== null) follows.schedule.push(Date.parse(message.dueAt))
    if (news !== 'entered') continue
    const place = conversations.find(({ id }) => id === message.conversationId)
    if (message.status !== 'queued' || place === undefined) continue
    follows.wake.push(waitingLine(orgId, message, place, message.id))
  }
  return follows
}
