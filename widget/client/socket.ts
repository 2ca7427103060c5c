// The WebSocket to the server, by Socket.IO's own client. Opens when told to; reopening is the link's business.
import { Manager, type Socket as ClientSocket } from 'socket.io-client'
import * as parser from 'socket.io-parser'
import type { ClientToServer, ServerToClient } from '../../shared/events.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Body, Event, Reply } from './http.ts'
import { withoutForeignToJson } from './to-json.ts'

/** How WebSockets say that a message is larger than they take (RFC 6455, 7.4.1). */
const TOO_LARGE = 1009

type Handlers = ServerToClient & {
  connect(): void
  /** It never was, or is no more. `refusal`: the server's own word, where it gave one; `moved`: the tabs changed places. */
  down(refusal: (Omit<Partial<Problem>, 'code'> & { code?: string }) | null): void
  /** A tab that follows this one wants the connection back. */
  nudge(): void
}

export interface Socket {
  connected(): boolean
  /** Opens unless it is open or opening. */
  connect(token: string): void
  /** Closes without a word to `down`. */
  disconnect(): void
  on<Name extends keyof Handlers>(name: Name, handler: Handlers[Name]): void
  /** Calls the handlers of that name, as if the server had told it. */
  tell(name: string, ...args: unknown[]): void
  /** Told of everything that the handlers are told, after them. */
  overheard: ((name: string, args: unknown[]) => void) | null
  /** Null: no answer in time, or the connection broke. */
  ask<E extends Event>(event: E, body: Body<E>, timeoutMs: number): Promise<Reply<E> | null>
}

class Encoder extends parser.Encoder {
  override encode(packet: parser.Packet) {
    return withoutForeignToJson(() => super.encode(packet))
  }
}

/** `openMs`: how long an opening may take. `onError`: a handler's defect; it ends nothing. */
export function createSocket(origin: string, openMs: number, onError: (error: unknown) => void): Socket {
  const handlers: Partial<Record<string, ((...args: unknown[]) => void)[]>> = {}
  /** One for each opening, so that nothing of an old one comes into a new one. */
  let current: ClientSocket | null = null
  let opening: ReturnType<typeof setTimeout> | undefined
  const waiting = new Set<() => void>()

  function tell(name: string, ...args: unknown[]): void {
    for (const handler of handlers[name] ?? [])
      try {
        handler(...args)
      } catch (error) {
        onError(error)
      }
  }

  function hear(name: string, ...args: unknown[]): void {
    tell(name, ...args)
    socket.overheard?.(name, args)
  }

  function disconnect(): void {
    const old = current
    current = null
    clearTimeout(opening)
    old?.offAny().off().disconnect()
    for (const giveUp of [...waiting]) giveUp()
  }

  function down(refusal: Parameters<Handlers['down']>[0]): void {
    disconnect()
    hear('down', refusal)
  }

  const socket: Socket = {
    overheard: null,
    tell,
    disconnect,
    connected: () => current?.connected ?? false,
    connect(token) {
      if (current) return
      const manager = new Manager(origin, { transports: ['websocket'], reconnection: false, parser: { Encoder, Decoder: parser.Decoder } })
      const mine = manager.socket('/', { auth: { token } })
      current = mine
      // The client's own limit ends when the WebSocket is there, before the server has taken the token.
      opening = setTimeout(() => down(null), openMs)
      mine.on('connect', () => {
        clearTimeout(opening)
        opening = undefined
        hear('connect')
      })
      mine.onAny(hear)
      mine.on('connect_error', (error) => {
        if ('data' in error) down((error.data as Partial<Problem> | undefined) ?? { detail: error.message })
        else down(null)
      })
      mine.on('disconnect', (_reason, details) => {
        // The token opens a connection: the same again would be too large again.
        const isTooLarge = details && 'context' in details && (details.context as { code?: number }).code === TOO_LARGE
        down(isTooLarge && opening !== undefined ? { code: 'payload_too_large' } : null)
      })
      // A WebSocket that a page or its policy replaced may throw, which the client tells before anybody can listen.
      const { ws } = manager.engine.transport as { ws?: unknown }
      if (!ws) {
        clearTimeout(opening)
        opening = setTimeout(() => down(null), 0)
      }
    },
    on(name, handler) {
      const list = (handlers[name] ?? []) as ((...args: unknown[]) => void)[]
      list.push(handler as (...args: unknown[]) => void)
      handlers[name] = list
    },
    ask<E extends keyof ClientToServer>(event: E, body: Body<E>, timeoutMs: number): Promise<Reply<E> | null> {
      return new Promise((resolve) => {
        if (!current?.connected) return resolve(null)
        const settle = (answer: unknown) => {
          waiting.delete(giveUp)
          resolve(answer as Reply<E> | null)
        }
        const giveUp = () => settle(null)
        waiting.add(giveUp)
        current.timeout(timeoutMs).emit(event, body, (error: Error | null, answer: unknown) => settle(error ? null : answer))
      })
    },
  }
  return socket
}
