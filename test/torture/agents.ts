// Agents at their screens: each with a socket over a cable of its own, a view as a browser's, and calls of the HTTP API.
// They repeat a send, under the same id, until the server has taken it.
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import jwt from 'jsonwebtoken'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Problem } from '../../shared/problems.ts'
import type { SendMessage } from '../../shared/requests.ts'
import { jwtSecret } from '../support/hilo.ts'
import type { AgentFile } from './client-media.ts'
import { type ClientView, createClientView } from './client-view.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import type { Answered } from './what-was-due.ts'
import { createWidgetView, type WidgetView } from './widget-view.ts'

/** A send that the server acknowledged. Times are of this machine, ms. */
export interface TakenSend {
  messageId: string
  clientMessageId: string
  text: string
  agentId: string
  conversationId: string
  /** Of its thread, when it was entered. */
  coordinationId: string | null
  /** The message that it was to quote. */
  replyToId: string | null
  /** SHA-256 of the file that went with it. */
  file: string | null
  /** The template that it was to be. */
  template: Message['template'] | null
  askedAt: number
  takenAt: number
}

export type Way = 'socket' | 'http' | 'widget'

export interface TortureAgent {
  id: string
  cable: TcpProxy
  view: ClientView
  /** The real one, beside the view; of one agent. */
  widget: WidgetView | null
  /** The work that the server's answers reported. */
  answered: readonly Answered[]
  /** Straight to the server, not over the cable. @throws when it does not answer 200. */
  get<T>(path: string): Promise<T>
  pages<T>(path: string): Promise<T[]>
  /** Asked once. Status 0: no answer, so nobody knows; the body is null unless it is JSON. */
  call<T>(method: string, path: string, body?: object): Promise<{ status: number; body: T | null }>
  /** Resolves when it was taken, however often it had to be asked. @throws Refused for what it is. */
  send(body: SendMessage, by: Way, text: string): Promise<TakenSend>
  /** The id of the file for a send, however often it had to be asked for. @throws Refused for what it is. */
  upload(file: AgentFile): Promise<string>
  /** Reads up to `seq`; true: acknowledged. */
  read(conversationId: string, seq: number): Promise<boolean>
  /** The highest `readSeq` that the server acknowledged, by conversation. */
  reads: Map<string, number>
  close(): Promise<void>
}

type Taken = { message: Message; conversation: OwnConversation }
const GET_TRIES = 8
const passing = new Set(['unavailable', 'internal'])

export async function createAgent(id: string, name: string, serverUrl: string, withWidget: boolean): Promise<TortureAgent> {
  const cable = await createTcpProxy(Number(new URL(serverUrl).port))
  // An hour ago, so that a clock set back does not make it a token of the future.
  const iat = Math.floor(Date.now() / 1000) - 3600
  const token = jwt.sign({ sub: id, name, org: 'default', role: 'supervisor', iat, exp: iat + 20 * 3600 }, jwtSecret)
  const origin = `http://127.0.0.1:${cable.port}`
  const view = createClientView(origin, token, id)
  const widget = withWidget ? createWidgetView(origin, token, id) : null
  if (widget !== null) view.onRow(widget.notice)
  const answered: Answered[] = []
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
  /** The message that it became, or null where it is to be tried again. */
  const sendOnce = async (body: object, by: Way): Promise<Taken | null> => {
    if (by === 'socket') {
      const answer = await view.ask<Taken>('message:send', body)
      if (answer.ok) return answer
      if (passing.has(answer.error.code)) return null
      throw new Refused(answer.error.code, answer.error.detail)
    }
    const { status, text } = await call('POST', '/api/messages', body)
    if (status === 200 || status === 202) return JSON.parse(text) as Taken
    if (status >= 500) return null
    const { code, detail } = JSON.parse(text) as Problem
    throw new Refused(code, detail)
  }

  return {
    id,
    cable,
    view,
    widget,
    answered,
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
      const askedAt = Date.now()
      const { status, text } = await call(method, path, body).catch(() => ({ status: 0, text: '' }))
      const read = text.startsWith('{') ? (JSON.parse(text) as T) : null
      if (status === 200 || status === 202) answered.push(...changesOf(path, read as Told, askedAt))
      return { status, body: read }
    },
    async send(body, by, text) {
      const askedAt = Date.now()
      const taken = (message: Message): TakenSend => ({
        messageId: message.id,
        clientMessageId: message.clientMessageId ?? '',
        text,
        agentId: id,
        conversationId: message.conversationId,
        coordinationId: message.coordinationId,
        replyToId: body.replyToId ?? null,
        file: null,
        template: body.template === undefined ? null : { name: body.template.name, variables: body.template.variables ?? {} },
        askedAt,
        takenAt: Date.now(),
      })
      if (by === 'widget' && widget !== null && body.conversationId !== undefined)
        return taken(await sendByWidget(widget, body.conversationId, body))
      const clientMessageId = randomUUID()
      for (let pauseMs = 300; ; pauseMs = Math.min(3_000, pauseMs * 1.5)) {
        try {
          const made = await sendOnce({ ...body, clientMessageId }, by)
          if (made !== null) {
            const { message, conversation } = made
            const what = 'a message of an agent'
            answered.push({ what, askedAt, answeredAt: Date.now(), first: pauseMs === 300, messages: [message], conversation })
            if (message.clientMessageId !== clientMessageId)
              throw new Refused('another', `the server made ${message.clientMessageId} of ${clientMessageId}`)
            return taken(message)
          }
        } catch (error) {
          if (error instanceof Refused) throw error
        }
        await pause(pauseMs)
      }
    },
    async upload(file) {
      for (let pauseMs = 300; ; pauseMs = Math.min(3_000, pauseMs * 1.5)) {
        const form = new FormData()
        form.append('file', new Blob([Buffer.from(file.bytes)], { type: file.contentType }), file.name)
        const reply = await fetch(`${serverUrl}/api/media`, {
          ...{ method: 'POST', headers: { authorization: `Bearer ${token}` }, body: form, signal: AbortSignal.timeout(15_000) },
        }).catch(() => null)
        if (reply?.status === 201) {
          const kept = (await reply.json().catch(() => null)) as { id: string } | null
          if (kept !== null) return kept.id
        } else if (reply !== null && reply.status < 500) throw new Refused(String(reply.status), await reply.text())
        await pause(pauseMs)
      }
    },
    async read(conversationId, seq) {
      const askedAt = Date.now()
      try {
        const answer = await view.ask<{ readSeq: number }>('conversation:read', { conversationId, seq })
        if (!answer.ok) return false
        const read = { agentId: id, conversationId, readSeq: answer.readSeq }
        answered.push({ what: 'reading', askedAt, answeredAt: Date.now(), first: true, read })
        reads.set(conversationId, Math.max(reads.get(conversationId) ?? 0, seq))
        return true
      } catch {
        return false
      }
    },
    async close() {
      widget?.close()
      view.close()
      await cable.close()
    },
  }
}

interface Told {
  message?: Message
  moved?: Message[]
  conversation?: OwnConversation
}

function changesOf(path: string, { message, moved, conversation = undefined }: Told, askedAt: number): Answered[] {
  const answer = { askedAt, answeredAt: Date.now(), first: true }
  if (moved !== undefined) return [{ ...answer, what: 'a move', messages: moved }]
  if (message !== undefined && path.endsWith('/retry') && !path.startsWith('/api/media/'))
    return [{ ...answer, what: 'a message sent again', first: false, messages: [message], conversation: conversation ?? null }]
  if (message?.status === 'canceled') return [{ ...answer, what: 'a cancel', messages: [message] }]
  if (message === undefined && conversation !== undefined) return [{ ...answer, what: 'a conversation’s change', conversation }]
  return []
}

async function sendByWidget(widget: WidgetView, conversationId: string, body: SendMessage): Promise<Message> {
  const { text = '', note, template, ifNoAnswerSince, sendAt, replyToId } = body
  const content =
    note !== undefined
      ? { note }
      : template === undefined
        ? { text }
        : { template: { name: template.name, variables: template.variables ?? {} } }
  const options = {
    ...(ifNoAnswerSince === undefined ? {} : { ifNoAnswerSince }),
    ...(sendAt === undefined ? {} : { sendAt }),
    ...(replyToId === undefined ? {} : { replyToId }),
  }
  const answer = await widget.send(conversationId, content, options)
  if (!answer.ok) throw new Refused(answer.error.code, answer.error.detail)
  return answer.message
}

/** For what it is, so that to repeat it would not help. */
export class Refused extends Error {
  readonly code: string
  constructor(code: string, detail: string) {
    super(`${code} ${detail}`)
    this.code = code
  }
}
