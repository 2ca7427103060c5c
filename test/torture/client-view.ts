// The state that a browser would have: live events while connected, and after each reconnect `sync` and `messages:list`, as the
// protocol says that it suffices.
import { io } from 'socket.io-client'
import type { Answer, ChangesEvent, ReadCursor, SyncAnswer } from '../../shared/events.ts'
import type { Conversation, Message, OwnConversation, Unread } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { beatWhile } from './beat-while.ts'
import { createHeard, type Heard } from './heard.ts'

export interface Seen {
  conversations: Map<string, Conversation>
  messages: Map<string, Message>
  /** The caller's own reading, by conversation. */
  cursors: Map<string, ReadCursor>
  unread: Unread | null
}

export interface ClientView {
  seen: Seen
  heard: Heard
  connected(): boolean
  /** Each state of a message that this client comes to hold. */
  onMessage(listener: (message: Message) => void): void
  /** Each conversation that it comes to know. */
  onRow(listener: (conversationId: string) => void): void
  /** @throws when no answer came: cut off, or the server is gone. */
  ask<T extends object>(event: string, payload: unknown): Promise<Answer<T>>
  /** The thread that is on screen; null: the list. Told again after each reconnect. */
  watch(conversationId: string | null): void
  /** Shows each conversation once, as an agent who opens them all, and resolves with what is held then. */
  settle(rows: readonly OwnConversation[]): Promise<Seen>
  close(): void
}

const ANSWER_MS = 8_000

export function createClientView(url: string, token: string, agentId: string): ClientView {
  const log = createHeard(`the view of ${agentId}`, agentId, true)
  const seen: Seen = { conversations: new Map(), messages: new Map(), cursors: new Map(), unread: null }
  /** By conversation and seq: whether a message is held. */
  const held = new Map<string, Set<number>>()
  /** The cursor of the sync before a thread was last fetched: a thread that nobody shows is told of no status. */
  const fetchedUpTo = new Map<string, string>()
  const listeners: ((message: Message) => void)[] = []
  const rowListeners: ((conversationId: string) => void)[] = []
  let cursor: string | null = null
  let closed = false
  let showing = 0
  let watching: string | null = null
  let catching: Promise<void> = Promise.resolve()
  let asksAgain = false
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnectionDelay: 50, reconnectionDelayMax: 400, forceNew: true })

  const takeMessage = (message: Message) => {
    const known = seen.messages.get(message.id)
    if (known !== undefined && message.rev < known.rev) return
    seen.messages.set(message.id, message)
    log.message(message)
    for (const listener of listeners) listener(message)
    const seqs = held.get(message.conversationId) ?? new Set()
    held.set(message.conversationId, seqs)
    if (message.seq !== null) seqs.add(message.seq)
  }
  const takeConversation = (conversation: Conversation) => {
    const known = seen.conversations.get(conversation.id)
    if (known !== undefined && conversation.rev < known.rev) return
    seen.conversations.set(conversation.id, conversation)
    log.row(conversation)
    for (const listener of rowListeners) listener(conversation.id)
  }
  const takeCursor = (told: ReadCursor) => {
    const known = seen.cursors.get(told.conversationId)
    if (known !== undefined && told.readSeq < known.readSeq) return
    seen.cursors.set(told.conversationId, told)
    log.cursor(told.conversationId, told.readSeq)
  }
  const takeOwn = ({ unread: _unread, readCount, readSeq, ...broadcast }: OwnConversation) => {
    takeConversation(broadcast)
    takeCursor({ conversationId: broadcast.id, readCount, readSeq })
  }
  const takeUnread = (told: Unread) => {
    if (seen.unread === null || told.version >= seen.unread.version) seen.unread = told
  }
  const ask = <T extends object>(event: string, payload: unknown): Promise<Answer<T>> =>
    socket.timeout(ANSWER_MS).emitWithAck(event, payload)
  /** The last seq up to which nothing is missing: after a cut in the middle of catching up there may be a gap. */
  const wholeUpTo = (conversationId: string) => {
    const seqs = held.get(conversationId)
    let seq = 0
    while (seqs?.has(seq + 1)) seq++
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
  /** The messages of a conversation after those that are held, and those that changed since they were last asked for. */
  async function fetchMessages(conversationId: string, upTo: string): Promise<void> {
    const since = fetchedUpTo.get(conversationId)
    if (since === undefined) await fetchAll(conversationId, 0, null)
    else {
      await fetchAll(conversationId, wholeUpTo(conversationId), null)
      await fetchAll(conversationId, 0, since)
    }
    fetchedUpTo.set(conversationId, upTo)
  }
  /** Lost with the line, and then told again with the next. Of several questions under way the server does as the last one says. */
  async function show(): Promise<void> {
    const shown = watching
    const turn = ++showing
    log.asksToShow(shown === null ? [] : [shown])
    const answer = await ask('viewing', { conversationId: shown, replying: false })
    if (answer.ok && turn === showing) log.shows(shown === null ? [] : [shown])
  }
  async function catchUp(): Promise<void> {
    if (watching !== null) await show()
    const synced = await ask<SyncAnswer>('sync', { since: cursor })
    if (!synced.ok) throw new Error(synced.error.code)
    if (synced.full) forget()
    takeUnread(synced.unread)
    synced.removed.forEach(drop)
    for (const one of synced.conversations) {
      takeOwn(one)
      await fetchMessages(one.id, synced.cursor)
    }
    if (synced.full) await fetchList()
    cursor = synced.cursor
  }
  /** All of the list, as one who scrolls to its end. */
  async function fetchList(): Promise<void> {
    let next: string | null = null
    for (;;) {
      const query: object = { automated: true, limit: 100, ...(next === null ? {} : { cursor: next }) }
      const page: Answer<{ items: OwnConversation[]; nextCursor: string | null }> = await ask('conversations:list', query)
      if (!page.ok) throw new Error(page.error.code)
      page.items.forEach(takeOwn)
      next = page.nextCursor
      if (next === null) return
    }
  }
  function forget(): void {
    for (const map of [seen.conversations, seen.messages, seen.cursors, held, fetchedUpTo]) map.clear()
  }
  /** Its messages went to another thread. */
  function drop(conversationId: string): void {
    for (const map of [seen.conversations, seen.cursors, held, fetchedUpTo]) map.delete(conversationId)
    log.rowLeft(conversationId)
  }
  /** A thread that was not held was told of, as one that moved up the list while that was fetched: its own reading is not in there. */
  function catchUpAgain(): void {
    if (asksAgain) return
    asksAgain = true
    catchUpNext(() => {
      asksAgain = false
      return catchUp()
    })
  }
  function catchUpNext(step: () => Promise<void>): void {
    catching = catching.then(step).catch(() => {
      // Cut off again, and the next connection starts from the same cursor; or an answer that took too long: anew.
      if (socket.connected) socket.disconnect().connect()
    })
  }
  socket.on('changes', (event: ChangesEvent) => {
    if (event.conversations.some(({ id, inboundCount }) => inboundCount > 1 && !seen.conversations.has(id))) catchUpAgain()
    event.removed.forEach(drop)
    event.conversations.forEach(takeConversation)
    event.messages.forEach(takeMessage)
  })
  socket.on('cursor', takeCursor)
  socket.on('unread', takeUnread)
  socket.on('disconnect', log.down)
  socket.on('connect', () => {
    const { id } = socket
    catchUpNext(async () => {
      await catchUp()
      if (socket.id === id) log.up()
    })
  })

  // The library does not try again by itself where the server said no (a busy database) or ended the line.
  for (const end of ['connect_error', 'disconnect'] as const)
    socket.on(end, () => {
      if (!socket.active && !closed) setTimeout(() => socket.connect(), 300).unref()
    })

  beatWhile(
    () => !closed,
    async () => {
      const { id } = socket
      if (!socket.connected) return false
      return (await ask('conversations:list', { limit: 1 })).ok && socket.id === id
    },
    log,
  )

  return {
    seen,
    heard: log.heard,
    connected: () => socket.connected,
    onMessage: (listener) => void listeners.push(listener),
    onRow: (listener) => void rowListeners.push(listener),
    ask,
    watch(conversationId) {
      watching = conversationId
      if (socket.connected) show().catch(() => {})
    },
    async settle(rows) {
      await until(() => socket.connected, { timeoutMs: 60_000, what: 'the socket' })
      await catching
      await catchUp()
      log.asksToShow([])
      for (const row of rows) {
        await ask('viewing', { conversationId: row.id, replying: false })
        await fetchMessages(row.id, cursor ?? '')
      }
      return seen
    },
    close() {
      closed = true
      socket.close()
    },
  }
}
