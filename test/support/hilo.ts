// A whole Hilo for a test: the real server on a real port and a real store, the simulator in the place of Twilio,
// spoken to by the official SDK, and agents with tokens as a host signs them.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes, randomUUID } from 'node:crypto'
import jwt from 'jsonwebtoken'
import { io, type Socket } from 'socket.io-client'
import type { Answer, ChangesEvent } from '../../shared/events.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { type Clock, systemClock } from '../../server/clock.ts'
import { readConfig } from '../../server/config.ts'
import { createServer, type GivenParts, type RunningServer } from '../../server/server.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../server/simulator/simulator.ts'
import { captureLog } from './captured-log.ts'
import { until } from './until.ts'

export const accountSid = 'AC00000000000000000000000000000001'
export const authToken = '0123456789abcdef0123456789abcdef'
export const jwtSecret = 'a-secret-for-tests-of-more-than-32-bytes'
export const hostOrigin = 'https://host.example.com'
export const ownNumbers = { whatsapp: '+14155238886', sms: '+15558675310' } as const

export interface Reply<T = unknown> {
  status: number
  body: T
  text: string
  headers: Headers
}

export interface TestAgent {
  token: string
  call<T = unknown>(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply<T>>
  /** POST /api/messages; fails unless it was taken. */
  send(body: Record<string, unknown>): Promise<Message>
  connect(): Promise<LiveAgent>
}

export interface LiveAgent {
  socket: Socket
  changes: ChangesEvent[]
  ask<T extends object>(event: string, payload: unknown): Promise<Answer<T>>
  close(): void
}

export interface TestHilo {
  url: string
  server: RunningServer
  simulator: Simulator
  /** The log, as text. */
  log(): string
  /** The values of these fields must not be logged; for what `call` and the simulator do not see. */
  hide(values: unknown): void
  agent(claims?: Record<string, unknown>): TestAgent
  /** The one conversation with this number, when there is one. */
  conversation(phone: string): Promise<OwnConversation>
  /** All of them. */
  messages(conversationId: string): Promise<Message[]>
  message(id: string): Promise<Message>
  /** Waits until a message is as wanted. */
  messageWhen(id: string, wanted: (message: Message) => boolean, timeoutMs?: number): Promise<Message>
  /** Stops the server and starts it again on the same data. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface HiloOptions {
  env?: Record<string, string>
  clock?: Clock
  given?: GivenParts
  simulator?: Partial<SimulatorOptions>
  /** Stands between the server and Twilio: given Twilio's address, the one that the server asks. */
  through?: (apiUrl: string) => Promise<string>
  /** A `mongodb://` address without a database's name; SQLite otherwise. */
  mongoUrl?: string
}

/** The settings of a server under test, in this process or its own: the simulator at `apiUrl` is its Twilio. */
export function serverEnv(places: { port: number; publicUrl: string; databaseUrl: string; apiUrl: string }) {
  return {
    PORT: String(places.port),
    HOST: '127.0.0.1',
    PUBLIC_URL: places.publicUrl,
    DATABASE_URL: places.databaseUrl,
    MEDIA_DIR: `${places.databaseUrl.replace(/^sqlite:/, '')}-media`,
    JWT_SECRET: jwtSecret,
    ALLOWED_ORIGINS: hostOrigin,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_WHATSAPP_NUMBER: ownNumbers.whatsapp,
    TWILIO_PHONE_NUMBER: ownNumbers.sms,
    TWILIO_API_URL: places.apiUrl,
    TWILIO_WHATSAPP_RATE: '1000',
    TWILIO_SMS_RATE: '1000',
    RATE_LIMIT: '0',
  }
}

export async function startHilo(options: HiloOptions = {}): Promise<TestHilo> {
  const folder = mkdtempSync(join(tmpdir(), 'hilo-'))
  const clock = options.clock ?? systemClock
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: ownNumbers,
    clock,
    timing: { sentAfterMs: 5, deliveredAfterMs: 10 },
    ...options.simulator,
  })
  const { url } = await simulator.listen()
  const apiUrl = (await options.through?.(url)) ?? url
  const captured = captureLog(Object.values(ownNumbers), [authToken, jwtSecret])
  const publicUrl = options.env?.PUBLIC_URL ?? 'https://inbox.example.com'
  const databaseUrl = options.mongoUrl === undefined ? `sqlite:${join(folder, 'hilo.db')}` : databaseOf(options.mongoUrl)
  const config = readConfig({ ...serverEnv({ port: 0, publicUrl, databaseUrl, apiUrl }), ...options.env })
  const begin = async () => {
    const server = await createServer(config, { clock, log: captured.log, ...options.given })
    simulator.connect(publicUrl, server.url)
    return server
  }
  let server = await begin()

  const agent = (claims: Record<string, unknown> = {}): TestAgent => {
    const now = Math.floor(clock.now() / 1000)
    const token = jwt.sign(
      { sub: 'agent-1', name: 'Ana Díaz', org: 'default', role: 'agent', iat: now, exp: now + 23 * 3600, ...claims },
      jwtSecret,
    )
    const call = async <T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> => {
      captured.hide(body)
      const response = await fetch(server.url + path, {
        method,
        headers: {
          authorization: `Bearer ${token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      const text = await response.text()
      return { status: response.status, body: parsed(text) as T, text, headers: response.headers }
    }
    return {
      token,
      call,
      async send(body) {
        const reply = await call<{ message: Message }>('POST', '/api/messages', { clientMessageId: randomUUID(), ...body })
        if (reply.status !== 202) throw new Error(`POST /api/messages: ${reply.status} ${reply.text}`)
        return reply.body.message
      },
      connect: () => connectSocket(server.url, token),
    }
  }
  const boss = () => agent({ sub: 'boss', name: 'Sol Paz', role: 'supervisor' })
  const get = async <T>(path: string): Promise<T> => (await boss().call<T>('GET', path)).body

  return {
    get url() {
      return server.url
    },
    get server() {
      return server
    },
    simulator,
    log: captured.text,
    hide: captured.hide,
    agent,
    async conversation(phone) {
      const find = async () =>
        (await get<{ items: OwnConversation[] }>(`/api/conversations?phone=${encodeURIComponent(phone)}&automated=true`)).items
      const found = await until(async () => {
        const items = await find()
        return items.length > 0 && items
      })
      if (found.length > 1) throw new Error(`${found.length} conversations`)
      return found[0] as OwnConversation
    },
    async messages(id) {
      const all: Message[] = []
      for (;;) {
        const path = `/api/conversations/${id}/messages?after=${all.at(-1)?.seq ?? 0}&limit=100`
        const { items, hasMore } = await get<{ items: Message[]; hasMore: boolean }>(path)
        all.push(...items)
        if (!hasMore) return all
      }
    },
    message: (id) => get<Message>(`/api/messages/${id}`),
    messageWhen(id, wanted, timeoutMs = 10_000) {
      return until(
        async () => {
          const message = await get<Message>(`/api/messages/${id}`)
          return wanted(message) && message
        },
        { timeoutMs, what: 'the message' },
      )
    },
    async restart() {
      await server.close()
      server = await begin()
    },
    async close() {
      captured.hide(simulator.ledger())
      await server.close()
      await simulator.close()
      rmSync(folder, { recursive: true, force: true })
      captured.check()
    },
  }
}

async function connectSocket(url: string, token: string): Promise<LiveAgent> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false })
  const changes: ChangesEvent[] = []
  socket.on('changes', (event: ChangesEvent) => changes.push(event))
  await new Promise<void>((resolve, reject) => {
    socket.once('ready', () => resolve())
    socket.once('connect_error', reject)
  })
  return {
    socket,
    changes,
    ask: (event, payload) => socket.timeout(5_000).emitWithAck(event, payload),
    close: () => socket.close(),
  }
}

function databaseOf(url: string): string {
  return url.replace(/^(mongodb(?:\+srv)?:\/\/[^/?]+)(\/[^?]*)?/, `$1/hilo_test_${randomBytes(6).toString('hex')}`)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
