// Messages that the agent sent and the server has not acknowledged. Kept in the browser, sent in order, each once by its
// clientMessageId; what waited ten minutes for the connection asks first.
import { type Signal, signal } from '@preact/signals-core'
import type { Answer } from '../../shared/events.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { SendMessage } from '../../shared/requests.ts'
import { failed } from './http.ts'
import type { Page } from './page.ts'
import { toJson } from './to-json.ts'
import type { Unsent } from './client.ts'
import type { Stored } from './stored.ts'

const LATE_MS = 10 * 60_000
/** Answers after which the same message may go out a moment later. */
const PASSING = new Set(['unavailable', 'rate_limited', 'internal'])
const ELSEWHERE_MS = 1000
const PREFIX = 'unsent:'

/** `messages`: all that it became, where that is more than one. */
export type Sent = { message: Message; messages?: Message[]; conversation: OwnConversation }
/** The part of a send that a reload must not lose. */
export type SendOptions = Pick<SendMessage, 'ifNoAnswerSince' | 'sendAt' | 'planB' | 'undoFor' | 'replyToId' | 'assign'>
interface Kept extends Unsent {
  options: SendOptions
}

export interface UnsentQueue {
  items: Signal<Unsent[]>
  /** Resolves when it is acknowledged, refused, or discarded. */
  add(
    item: Pick<Unsent, 'conversationId' | 'text' | 'note' | 'template' | 'parts'>,
    options: SendOptions,
  ): Promise<Answer<{ message: Message }>>
  resend(clientMessageId: string): void
  discard(clientMessageId: string): void
  /** The server has it: it came among the messages. */
  arrived(message: Message): void
  /** Takes up what an earlier page left; once `stored` knows whose it is. */
  restore(): void
  /** The connection is back. */
  flush(): void
  close(): void
}

export interface UnsentParts {
  stored: Stored
  page: Page
  usable(): boolean
  send(body: SendMessage & { clientMessageId: string }): Promise<Answer<Sent>>
  onSent(sent: Sent): void
}

function read(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? '') as Kept
    return { ...kept, state: kept.state === 'sending' ? 'waiting' : kept.state }
  } catch {
    return null
  }
}

function bodyOf(item: Kept): SendMessage & { clientMessageId: string } {
  const { conversationId, clientMessageId, options, text, parts } = item
  const content = item.template ? { template: item.template } : item.note ? { note: text } : text === '' ? {} : { text }
  const media = parts && { media: parts.flatMap(({ files }) => files.map(({ id }) => ({ id }))) }
  return { conversationId, clientMessageId, ...content, ...media, ...options }
}

export function createUnsentQueue({ stored, page, usable, send, onSent }: UnsentParts): UnsentQueue {
  const items = signal<Unsent[]>([])
  const promised = new Map<string, (answer: Answer<{ message: Message }>) => void>()
  let sending = false
  let closed = false
  let again: ReturnType<typeof setTimeout> | undefined

  const list = () => items.peek() as Kept[]
  const find = (id: string) => list().find((item) => item.clientMessageId === id)

  /** Of one that was discarded meanwhile: nothing. */
  function set(id: string, change: Partial<Kept>): void {
    items.value = list().map((item) => (item.clientMessageId === id ? { ...item, ...change } : item))
    const item = find(id)
    if (item) stored.write(PREFIX + id, toJson(item))
  }

  function drop(id: string): void {
    stored.write(PREFIX + id, null)
    if (find(id)) items.value = list().filter((item) => item.clientMessageId !== id)
  }

  const discarded = failed('conflict', 'Discarded.', 409)
  // Another tab sent it or discarded it. What was sent comes among the messages, which its own tab waits for.
  const unwatch = stored.watchAll(PREFIX, (id, text) => {
    if (text !== null) return
    const go = () => {
      if (closed || !find(id) || find(id)?.state === 'sending') return
      drop(id)
      settle(id, discarded)
    }
    if (promised.has(id)) setTimeout(go, ELSEWHERE_MS)
    else go()
  })

  function settle(id: string, answer: Answer<{ message: Message }>): void {
    promised.get(id)?.(answer)
    promised.delete(id)
  }

  /** Whatever made it wait: no connection, a reload, a server that was not available. */
  function askAboutLate(): void {
    const now = page.now()
    for (const item of list()) if (item.state === 'waiting' && now - item.createdAt > LATE_MS) set(item.clientMessageId, { state: 'late' })
  }

  async function pump(): Promise<void> {
    if (sending) return
    sending = true
    try {
      for (;;) {
        if (!usable() || closed) return
        askAboutLate()
        const item = list().find((one) => one.state === 'waiting')
        if (!item) return
        const id = item.clientMessageId
        set(id, { state: 'sending' })
        const answer = await send(bodyOf(item))
        if (closed) return
        if (answer.ok) {
          drop(id)
          onSent(answer)
          settle(id, answer)
        } else if (PASSING.has(answer.error.code)) {
          set(id, { state: 'waiting' })
          clearTimeout(again)
          again = setTimeout(() => void pump(), (answer.error.retryAfter ?? 3) * 1000)
          return
        } else {
          const { code, detail, issues } = answer.error
          set(id, { state: 'refused', problem: { code, detail, issues } })
          settle(id, answer)
        }
      }
    } finally {
      sending = false
    }
  }

  return {
    items,
    add(content, options) {
      const clientMessageId = page.newId()
      const item: Kept = { ...content, clientMessageId, createdAt: page.now(), state: 'waiting', problem: null, options }
      const answer = new Promise<Answer<{ message: Message }>>((resolve) => promised.set(clientMessageId, resolve))
      stored.write(PREFIX + clientMessageId, toJson(item))
      items.value = [...list(), item]
      void pump()
      return answer
    },
    resend(id) {
      const item = find(id)
      if (!item || item.state === 'sending') return
      const { ifNoAnswerSince: _guard, ...options } = item.options
      set(id, { state: 'waiting', problem: null, createdAt: page.now(), options })
      void pump()
    },
    discard(id) {
      drop(id)
      settle(id, discarded)
    },
    arrived(message) {
      const id = message.clientMessageId
      if (id === null || !find(id)) return
      drop(id)
      settle(id, { ok: true, message })
    },
    restore() {
      const before = new Set(list().map((item) => item.clientMessageId))
      const kept = stored.keys(PREFIX).map((key) => read(stored.read(key)))
      const found = kept.filter((item) => item !== null && !before.has(item.clientMessageId)) as Kept[]
      if (found.length > 0) items.value = [...list(), ...found].sort((a, b) => a.createdAt - b.createdAt)
    },
    flush: () => void pump(),
    close() {
      closed = true
      unwatch()
      clearTimeout(again)
    },
  }
}
