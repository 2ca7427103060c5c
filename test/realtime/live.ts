// An agent's socket that remembers everything it was told, in order, and what the socket tests do with a whole Hilo.
import { randomUUID } from 'node:crypto'
import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type { Answer, ChangesEvent } from '../../shared/events.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Audience } from '../../server/parts.ts'
import type { TestAgent } from '../support/hilo.ts'
import { until } from '../support/until.ts'

export interface Heard {
  name: string
  data: unknown
}

export interface Live {
  socket: Socket
  heard: Heard[]
  /** The data of the events of this name, in order. */
  all<T = unknown>(name: string): T[]
  changes(): ChangesEvent[]
  ask<T extends object = Record<string, unknown>>(event: string, payload?: unknown): Promise<Answer<T>>
  /** The reason it was closed for; null: it is open. */
  closed(): string | null
  /** Resolves when everything sent to it before this call has arrived. */
  caughtUp(): Promise<void>
}

export type LiveOptions = Partial<ManagerOptions & SocketOptions>

/** Rejects with the problem that the server refused it with. */
export async function connect(url: string, token: string | undefined, options: LiveOptions = {}): Promise<Live> {
  const auth = token === undefined ? {} : { token }
  const socket = io(url, { auth, transports: ['websocket'], forceNew: true, reconnection: false, ...options })
  const heard: Heard[] = []
  let closed: string | null = null
  socket.onAny((name: string, data: unknown) => heard.push({ name, data }))
  socket.on('disconnect', (reason) => {
    closed = reason
  })
  const live: Live = {
    socket,
    heard,
    all: <T>(name: string) => heard.filter((one) => one.name === name).map((one) => one.data as T),
    changes: () => live.all<ChangesEvent>('changes'),
    ask: (event, payload) =>
      payload === undefined ? socket.timeout(5000).emitWithAck(event) : socket.timeout(5000).emitWithAck(event, payload),
    closed: () => closed,
    async caughtUp() {
      await live.ask('no such event')
    },
  }
  await new Promise<void>((resolve, reject) => {
    socket.once('ready', () => resolve())
    socket.once('connect_error', (error: Error & { data?: Problem }) => {
      socket.close()
      reject(error)
    })
  })
  return live
}

/** The problem that a connection is refused with. */
export async function refusal(url: string, token: string | undefined, options: LiveOptions = {}): Promise<Problem | undefined> {
  try {
    const live = await connect(url, token, options)
    live.socket.close()
    return undefined
  } catch (error) {
    return (error as { data?: Problem }).data
  }
}

/** A record with one client, and its conversation. */
export async function openThread(by: TestAgent, record: string, phone: string): Promise<OwnConversation> {
  const saved = await by.call('PUT', `/api/coordinations/${record}`, { title: `Boda ${record}`, contact: { name: 'Ana Suárez', phone } })
  if (saved.status > 201) throw new Error(`PUT coordination: ${saved.status} ${saved.text}`)
  const opened = await by.call<{ conversation: OwnConversation }>('POST', '/api/conversations', {
    channel: 'whatsapp',
    to: phone,
    coordinationId: record,
  })
  if (opened.status > 201) throw new Error(`POST conversation: ${opened.status} ${opened.text}`)
  return opened.body.conversation
}

/** Says something that never leaves the server. */
export async function note(by: TestAgent, conversationId: string, text: string): Promise<Message> {
  return await by.send({ conversationId, note: text, clientMessageId: randomUUID() })
}

/** Waits until a packet of changes holds a message with this text. */
export function hears(live: Live, text: string): Promise<ChangesEvent> {
  return until(() => live.changes().find((event) => event.messages.some((message) => message.text === text)), { what: `hearing "${text}"` })
}

/** Audiences, for what is published by hand. */
export const everyone: Audience = { message: () => 'all', row: () => 'all' }
export const viewers: Audience = { message: () => 'viewers', row: () => 'viewers' }
