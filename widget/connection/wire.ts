// Socket.IO's wire protocol (v5 over Engine.IO v4) as a browser needs it here: one WebSocket, one namespace, JSON events
// with acknowledgements. Long polling, upgrades, binary packets and multiplexing are what the other ten kilobytes of the
// library are for; Hilo uses none of them. Opens when told to; reopening is the link's business.
import type { ClientToServer, ServerToClient } from '../../shared/events.ts'
import type { Problem } from '../../shared/problems.ts'
import type { Body, Event, Reply } from './http.ts'
import { toJson } from './to-json.ts'

/** Engine.IO packet types, the first character of each frame. */
const OPEN = '0'
const CLOSE = '1'
const PING = '2'
const PONG = '3'
const MESSAGE = '4'
/** Socket.IO packet types, the character after MESSAGE. */
const CONNECT = '0'
const DISCONNECT = '1'
const EVENT = '2'
const ACK = '3'
const CONNECT_ERROR = '4'
/** How WebSockets say that a message is larger than they take (RFC 6455, 7.4.1). */
const TOO_LARGE = 1009

type Handlers = ServerToClient & {
  connect(): void
  /** It never was, or is no more. `refusal`: the server's own word, where it gave one; `moved`: the tabs changed places. */
  down(refusal: (Omit<Partial<Problem>, 'code'> & { code?: string }) | null): void
  /** A tab that follows this one wants the line back. */
  nudge(): void
}

export interface Wire {
  connected(): boolean
  /** Opens unless it is open or opening. */
  connect(token: string): void
  /** Closes without a word to `down`. */
  disconnect(): void
  on<Name extends keyof Handlers>(name: Name, handler: Handlers[Name]): void
  /** Calls the handlers of that name, as if it came over the line. */
  tell(name: string, ...args: unknown[]): void
  /** Told of everything that the handlers are told, after them. */
  overheard: ((name: string, args: unknown[]) => void) | null
  /** Null: no answer in time, or the line broke. */
  ask<E extends Event>(event: E, body: Body<E>, timeoutMs: number): Promise<Reply<E> | null>
}

interface Handshake {
  pingInterval: number
  pingTimeout: number
}

/** `openMs`: how long an opening may take. `onError`: a handler's defect; it ends nothing. */
export function createWire(origin: string, openMs: number, onError: (error: unknown) => void): Wire {
  const url = `${origin.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
  const handlers: Partial<Record<string, ((...args: unknown[]) => void)[]>> = {}
  const acks = new Map<number, (answer: unknown) => void>()
  let socket: WebSocket | null = null
  let connected = false
  let nextAck = 0
  /** Ends an opening that takes too long, and a line on which the server's pings stay out. */
  let watchdog: ReturnType<typeof setTimeout> | undefined
  let silenceMs = openMs

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
    wire.overheard?.(name, args)
  }

  function drop(): void {
    const old = socket
    socket = null
    connected = false
    clearTimeout(watchdog)
    if (old) {
      old.onopen = old.onmessage = old.onclose = old.onerror = null
      old.close()
    }
    for (const settle of [...acks.values()]) settle(null)
    acks.clear()
  }

  function down(refusal: Partial<Problem> | null = null): void {
    if (!socket) return
    drop()
    hear('down', refusal)
  }

  function watch(): void {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => down(), silenceMs)
  }

  function receive(type: string, text: string): void {
    if (type === DISCONNECT) {
      down()
      return
    }
    const start = text.search(/[[{]/)
    const data: unknown = start < 0 ? null : JSON.parse(text.slice(start))
    if (type === CONNECT) {
      connected = true
      hear('connect')
    } else if (type === CONNECT_ERROR) {
      const { message, data: problem } = data as { message?: string; data?: Partial<Problem> }
      down(problem ?? { detail: message ?? '' })
    } else if (type === EVENT) {
      const [name, ...args] = data as [string, ...unknown[]]
      hear(name, ...args)
    } else if (type === ACK) acks.get(Number(text.slice(0, start)))?.((data as unknown[])[0])
  }

  function frame(text: string, token: string): void {
    const rest = text.slice(1)
    switch (text[0]) {
      case OPEN: {
        const { pingInterval, pingTimeout } = JSON.parse(rest) as Handshake
        silenceMs = pingInterval + pingTimeout
        socket?.send(MESSAGE + CONNECT + toJson({ token }))
        break
      }
      case PING:
        socket?.send(PONG)
        if (connected) watch()
        break
      case MESSAGE:
        receive(rest[0] ?? '', rest.slice(1))
        if (connected) watch()
        break
      case CLOSE:
        down()
    }
  }

  const wire: Wire = {
    overheard: null,
    tell,
    connected: () => connected,
    connect(token) {
      if (socket) return
      silenceMs = openMs
      try {
        socket = new WebSocket(url)
      } catch (error) {
        // A policy without our address, or a page that replaced WebSocket.
        onError(error)
        watchdog = setTimeout(() => hear('down', null), 0)
        return
      }
      socket.onmessage = ({ data }) => {
        try {
          frame(String(data), token)
        } catch (error) {
          onError(error)
          down()
        }
      }
      socket.onerror = () => down()
      // What opens a line is the token: the same again would be too large again.
      socket.onclose = ({ code }) => down(code === TOO_LARGE && !connected ? { code: 'payload_too_large' } : null)
      watch()
    },
    disconnect() {
      if (connected) socket?.send(MESSAGE + DISCONNECT)
      drop()
    },
    on(name, handler) {
      const list = (handlers[name] ?? []) as ((...args: unknown[]) => void)[]
      list.push(handler as (...args: unknown[]) => void)
      handlers[name] = list
    },
    ask<E extends keyof ClientToServer>(event: E, body: Body<E>, timeoutMs: number): Promise<Reply<E> | null> {
      return new Promise((resolve) => {
        if (!connected || !socket) return resolve(null)
        const id = nextAck++
        const settle = (answer: unknown) => {
          clearTimeout(timer)
          acks.delete(id)
          resolve(answer as Reply<E> | null)
        }
        const timer = setTimeout(() => settle(null), timeoutMs)
        acks.set(id, settle)
        socket.send(`${MESSAGE}${EVENT}${id}${toJson([event, body])}`)
      })
    },
  }
  return wire
}
