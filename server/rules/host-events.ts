// What a change is to the host: events with a key that is the same whoever finds the change, and however late. So they are read
// from the things as they are, by the times that stand in them.
import type { Author, Coordination, Message } from '../../shared/model.ts'
import type { EventAbout } from '../store/records.ts'
import { STALE_MS } from './delivery.ts'

export interface HostEvent {
  key: string
  type: string
  about: EventAbout
  at: number
  /** Who did it; null: nobody in particular. */
  author: Author['type'] | null
}

/** Things that changed. */
export interface Changed {
  messages: readonly Message[]
  conversations: readonly { id: string; rev: number; createdAt: string; updatedAt: string }[]
  coordinations: readonly Coordination[]
}

export function hostEvents({ messages, conversations, coordinations }: Changed): HostEvent[] {
  return [
    ...messages.flatMap(ofMessage),
    ...conversations.flatMap((one) => ofThing('conversation', one)),
    ...coordinations.flatMap((one) => ofThing('coordination', one)),
  ]
}

function ofMessage(message: Message): HostEvent[] {
  const { id, direction, type, author, seq } = message
  const told = (name: string, at: string | null): HostEvent[] =>
    at === null ? [] : [{ key: `${name}:${id}`, type: name, about: { kind: 'message', id }, at: Date.parse(at), author: author.type }]
  if (seq === null) return []
  if (direction === 'inbound') {
    const pressed = message.button !== undefined && message.button.payload !== ''
    return [...told('message.received', message.createdAt), ...(pressed ? told('action', message.createdAt) : [])]
  }
  if (direction === 'internal') {
    const name = type === 'event' && message.event !== undefined ? nameOf(message.event) : null
    return name === null ? [] : told(name, message.createdAt)
  }
  return [
    ...told('message.sent', message.sentAt),
    ...told('message.delivered', message.deliveredAt),
    ...told('message.read', message.readAt),
    // One that was delivered after all is not told as failed.
    ...(message.status === 'failed' ? told('message.failed', message.failedAt) : []),
  ]
}

/** Null: the record itself tells of it. */
function nameOf(event: NonNullable<Message['event']>): string | null {
  if (!('type' in event)) return `contact.${event.name}`
  const type = String(event.type)
  if (type === 'coordination.created') return null
  return type.startsWith('coordination.') ? type : 'coordination.event'
}

function ofThing(kind: 'conversation' | 'coordination', one: Changed['conversations'][number]): HostEvent[] {
  const event = (name: string, key: string, at: string): HostEvent => ({
    ...{ key: `${kind}.${name}:${key}`, type: `${kind}.${name}`, about: { kind, id: one.id } },
    ...{ at: Date.parse(at), author: null },
  })
  const created = event('created', one.id, one.createdAt)
  return one.rev === 1 ? [created] : [created, event('updated', `${one.id}:${one.rev}`, one.updatedAt)]
}

/** What a webhook asks for. */
export interface Wanted {
  /** Names, `message.*`, or `*`. */
  events: readonly string[]
  /** Of these authors alone; null: of all. */
  authors: readonly string[] | null
  /** It hears of nothing that happened before. */
  since: number
}

export function isWanted({ events, authors, since }: Wanted, event: HostEvent, now: number): boolean {
  if (event.at < since || event.at < now - STALE_MS) return false
  if (authors !== null && event.author !== null && !authors.includes(event.author)) return false
  return events.some((one) => one === '*' || one === event.type || (one.endsWith('.*') && event.type.startsWith(one.slice(0, -1))))
}
