// Agents at their screens: each with a socket over a cable of its own, a view as a browser's, and calls of the HTTP API.
// What they send they repeat, under the same id, until the server has taken it.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import jwt from 'jsonwebtoken'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import { jwtSecret } from '../support/hilo.ts'
import { type ClientView, createClientView } from './client-view.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

/** A send that the server acknowledged. Times are of this machine, ms. */
export interface TakenSend {
  messageId: string
  clientMessageId: string
  text: string
  agentId: string
  conversationId: string
  /** Of its thread, when it was entered. */
  coordinationId: string | null
  askedAt: number
  takenAt: number
}

export interface TortureAgent {
  id: string
  cable: TcpProxy
  view: ClientView
  /** Straight to the server, not over the cable. @throws when it does not answer 200. */
  get<T>(path: string): Promise<T>
  pages<T>(path: string): Promise<T[]>
  /** Asked once. Status 0: no answer, so nobody knows; the body is null unless it is JSON. */
  call<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T | null }>
  /** Resolves when it was taken, however often it had to be asked. @throws Refused for what it is. */
  send(body: Record<string, unknown>, by: 'socket' | 'http'): Promise<TakenSend>
  /** Reads up to `seq`; true: acknowledged. */
  read(conversationId: string, seq: number): Promise<boolean>
  /** The highest `readSeq` that the server acknowledged, by conversation. */
  reads: Map<string, number>
  close(): Promise<void>
}

type Taken = { message: Message; conversation: OwnConversation }
const GET_TRIES = 8
const passing = new Set(['unavailable', 'internal'])

export async function createAgent(id: string, name: string, serverUrl: string): Promise<TortureAgent> {
  const cable = await createTcpProxy(Number(new URL(serverUrl).port))
  // An hour ago, so that a clock set back does not make it a token of the future.
  const iat = Math.floor(Date.now() / 1000) - 3600
  const token = jwt.sign({ sub: id, name, org: 'default', role: 'supervisor', iat, exp: iat + 20 * 3600 }, jwtSecret)
  const view = createClientView(`http://127.0.0.1:${cable.port}`, token)
  const reads = new Map<string, number>()

  const call = async (method: string, path: string, body?: object) => {
    const reply = await fetch(serverUrl + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(15_000),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: reply.status, text: await reply.text() }
  }
  /** Asked a few times: a kept connection may just have been closed, and a database may be busy. */
  const get = async <T>(path: string): Promise<T> => {
    for (let tries = 1; ; tries++) {
      const { status, text } = await call('GET', path).catch((error: unknown) => ({ status: 0, text: String(error) }))
      if (status === 200) return JSON.parse(text) as T
      if (tries === GET_TRIES || (status > 0 && status < 500)) throw new Error(`GET ${path.split('?')[0]}: ${status} ${text.slice(0, 200)}`)
      await pause(tries * 500)
    }
  }
  /** The message, or null where it is to be tried again. */
  const sendOnce = async (body: object, by: 'socket' | 'http'): Promise<Message | null> => {
    if (by === 'socket') {
      const answer = await view.ask<Taken>('message:send', body)
      if (answer.ok) return answer.message
      if (passing.has(answer.error.code)) return null
      throw new Refused(answer.error.code, answer.error.detail)
    }
    const { status, text } = await call('POST', '/api/messages', body)
    if (status === 200 || status === 202) return (JSON.parse(text) as Taken).message
    if (status >= 500) return null
    const { code, detail } = JSON.parse(text) as Problem
    throw new Refused(code, detail)
  }

  return {
    id,
    cable,
    view,
    reads,
    get,
    async pages<T>(path: string) {
      const items: T[] = []
      for (let cursor: string | null = null; ; ) {
        const page: { items: T[]; nextCursor: string | null } = await get(
          `${path}${path.includes('?') ? '&' : '?'}limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        )
        items.push(...page.items)
        cursor = page.nextCursor
        if (cursor === null) return items
      }
    },
    async call<T>(method: string, path: string, body?: object) {
      const { status, text } = await call(method, path, body).catch(() => ({ status: 0, text: '' }))
      return { status, body: text.startsWith('{') ? (JSON.parse(text) as T) : null }
    },
    async send(body, by) {
      const clientMessageId = randomUUID()
      const askedAt = Date.now()
      for (let pauseMs = 300; ; pauseMs = Math.min(3_000, pauseMs * 1.5)) {
        try {
          const message = await sendOnce({ ...body, clientMessageId }, by)
          if (message !== null) {
            const { id: messageId, conversationId, coordinationId } = message
            const text = String(body.text ?? body.note)
            return { messageId, clientMessageId, text, agentId: id, conversationId, coordinationId, askedAt, takenAt: Date.now() }
          }
        } catch (error) {
          if (error instanceof Refused) throw error
        }
        await pause(pauseMs)
      }
    },
    async read(conversationId, seq) {
      try {
        const answer = await view.ask<{ readSeq: number }>('conversation:read', { conversationId, seq })
        if (!answer.ok) return false
        reads.set(conversationId, Math.max(reads.get(conversationId) ?? 0, seq))
        return true
      } catch {
        return false
      }
    },
    async close() {
      view.close()
      await cable.close()
    },
  }
}

/** For what it is, so that to repeat it would not help. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(`${code} ${detail}`)
    this.code = code
  }
}
