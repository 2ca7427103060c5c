// What a browser would hold: live events while connected, and after each reconnect `sync` and `messages:list`, as the
// contract says that it suffices.
import { io } from 'socket.io-client'
import type { Answer, ChangesEvent, SyncAnswer } from '../../shared/events.ts'
import type { Conversation, Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'

export interface Seen {
  conversations: Map<string, Conversation>
  messages: Map<string, Message>
}

export interface ClientView {
  /** Shows each conversation once, as an agent who opens them all, and resolves with what is held then. */
  settle(rows: OwnConversation[]): Promise<Seen>
  close(): void
}

export function createClientView(url: string, token: string): ClientView {
  const conversations = new Map<string, Conversation>()
  const messages = new Map<string, Message>()
  let cursor: string | null = null
  let closed = false
  let catching: Promise<void> = Promise.resolve()
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 200, forceNew: true })

  const takeMessage = (message: Message) => {
    const known = messages.get(message.id)
    if (known === undefined || message.rev >= known.rev) messages.set(message.id, message)
  }
  const takeConversation = (conversation: Conversation) => {
    const known = conversations.get(conversation.id)
    if (known === undefined || conversation.rev >= known.rev) conversations.set(conversation.id, conversation)
  }
  const ask = <T extends object>(event: string, payload: unknown): Promise<Answer<T>> => socket.timeout(5_000).emitWithAck(event, payload)
  /** The last seq up to which nothing is missing: after a cut in the middle of catching up there may be a gap. */
  const wholeUpTo = (conversationId: string) => {
    const held = new Set([...messages.values()].filter((one) => one.conversationId === conversationId).map((one) => one.seq))
    let seq = 0
    while (held.has(seq + 1)) seq++
    return seq
  }

  /** Page by page, ascending. */
  async function fetchAll(conversationId: string, after: number, changedSince: string | null): Promise<void> {
    for (let from = after; ; ) {
      const range = changedSince === null ? { after: from } : { after: from, changedSince }
      const page = await ask<{ items: Message[]; hasMore: boolean }>('messages:list', { conversationId, ...range, limit: 100 })
      if (!page.ok) throw new Error(page.error.code)
      page.items.forEach(takeMessage)
      from = page.items.at(-1)?.seq ?? from
      if (!page.hasMore || page.items.length === 0) return
    }
  }
  /** What was said in one conversation after what is held whole, and what changed since. */
  async function fetchMessages(conversationId: string, since: string | null): Promise<void> {
    await fetchAll(conversationId, wholeUpTo(conversationId), null)
    if (since !== null) await fetchAll(conversationId, 0, since)
  }
  async function catchUp(): Promise<void> {
    const since = cursor
    const synced = await ask<SyncAnswer>('sync', { since })
    if (!synced.ok) throw new Error(synced.error.code)
    for (const one of synced.conversations) {
      takeConversation(one)
      await fetchMessages(one.id, since)
    }
    cursor = synced.cursor
  }
  socket.on('changes', (event: ChangesEvent) => {
    event.conversations.forEach(takeConversation)
    event.messages.forEach(takeMessage)
  })
  socket.on('connect', () => {
    catching = catching.then(catchUp).catch(() => {
      // Cut off again: the next connection starts from the same cursor.
    })
  })

  // The library does not try again by itself where the server said no (a busy database) or ended the line.
  for (const end of ['connect_error', 'disconnect'] as const)
    socket.on(end, () => {
      if (!socket.active && !closed) setTimeout(() => socket.connect(), 300).unref()
    })

  return {
    async settle(rows) {
      await until(() => socket.connected, { timeoutMs: 20_000, what: 'the socket' })
      await catching
      const since = cursor
      await catchUp()
      for (const row of rows) {
        await ask('viewing', { conversationId: row.id, replying: false })
        await fetchMessages(row.id, since)
      }
      return { conversations, messages }
    },
    close() {
      closed = true
      socket.close()
    },
  }
}
