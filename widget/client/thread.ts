// One conversation's messages as they are known here: the newest page, older ones on demand, changes by `rev`. After a
// gap it asks for what is newer and for what changed, and then holds what the server holds.
import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals-core'
import type { Answer } from '../../shared/events.ts'
import type { Message } from '../../shared/model.ts'
import type { Link } from './link.ts'
import type { Page } from './page.ts'
import type { Thread, Unsent } from './client.ts'
import type { Drafts } from './drafts.ts'
import type { Records } from './records.ts'
import type { SendOptions, UnsentQueue } from './unsent-queue.ts'

const PAGE = 50
const CATCH_UP_PAGE = 100
const READ_EVERY_MS = 500
const REPLYING_MS = 4000
const RENEW_REPLYING_MS = 3000

export interface ThreadParts {
  link: Pick<Link, 'call' | 'http'>
  page: Page
  records: Records
  queue: UnsentQueue
  drafts: Drafts
  /** The cursor of the last sync. */
  cursor(): string | null
  view(replying: boolean): void
  /** Nobody shows it any more. */
  onClose(): void
}

export interface OwnThread extends Thread {
  presence: Signal<{ id: string; name: string; replying: boolean }[]>
  apply(message: Message): void
  /** Everything since it was last whole. `afresh`: the server could not say what changed. False: it is not whole yet. */
  catchUp(afresh: boolean): Promise<boolean>
  /** It is no longer there for this agent. */
  lose(): void
  /** The page became visible, or the line is back: tell what was read meanwhile. */
  flushRead(): void
  /** False only where all who show it say that nobody can see it. */
  isInSight(): boolean
  /** Opened by one more. */
  hold(): void
  /** Closed for all who hold it. */
  end(): void
}

function inOrder(a: Message, b: Message): number {
  if (a.seq === null || b.seq === null) {
    if (a.seq !== b.seq) return a.seq === null ? 1 : -1
    return (a.dueAt ?? a.createdAt) < (b.dueAt ?? b.createdAt) ? -1 : 1
  }
  return a.seq - b.seq
}

export function createThread(conversationId: string, parts: ThreadParts): OwnThread {
  const { link, page, records, queue, drafts } = parts
  const sights = new Set<() => boolean>()
  const messages = signal<Message[]>([])
  const hasOlder = signal(false)
  const state = signal<'loading' | 'ready' | 'error' | 'gone'>('loading')
  const presence = signal<{ id: string; name: string; replying: boolean }[]>([])
  const unsent: ReadonlySignal<Unsent[]> = computed(() => {
    const there = new Set(messages.value.map((message) => message.clientMessageId))
    return queue.items.value.filter((item) => item.conversationId === conversationId && !there.has(item.clientMessageId))
  })

  let openedAtSeq = records.get(conversationId)?.readSeq
  /** Everything asked for since is surely here. */
  let since: string | null = null
  let holders = 1
  let closed = false
  let loading: Promise<void> | null = null
  let loadingOlder: Promise<void> | null = null
  let seenSeq = 0
  let toldSeq = 0
  let reading: ReturnType<typeof setTimeout> | undefined
  let replying: ReturnType<typeof setTimeout> | undefined
  let replyingTold = 0

  function merge(incoming: readonly Message[]): void {
    if (incoming.length === 0) return
    const known = new Map(messages.peek().map((message) => [message.id, message]))
    let changed = false
    for (const message of incoming) {
      const before = known.get(message.id)
      if (before && before.rev >= message.rev) continue
      changed = true
      if (message.conversationId !== conversationId) known.delete(message.id)
      else known.set(message.id, message)
      if (message.clientMessageId !== null) queue.arrived(message)
      // The line that stands for moved messages takes their places here.
      if (message.conversationId === conversationId && message.moved)
        for (const gone of message.moved.messages) if (known.get(gone.id)?.seq === gone.seq) known.delete(gone.id)
    }
    if (!changed) return
    // A canceled plan never entered: it leaves. Two messages on one seq: the one that changed last stands there.
    const bySeq = new Map<number, Message>()
    const planned: Message[] = []
    for (const message of known.values()) {
      if (message.seq === null) {
        if (message.status === 'scheduled') planned.push(message)
        continue
      }
      const other = bySeq.get(message.seq)
      if (!other || incoming.includes(message)) bySeq.set(message.seq, message)
    }
    messages.value = [...bySeq.values(), ...planned].sort(inOrder)
  }

  function lastSeq(): number {
    return messages.peek().findLast((message) => message.seq !== null)?.seq ?? 0
  }

  function fail(answer: Answer<object>): void {
    if (answer.ok || closed) return
    if (answer.error.code === 'not_found') state.value = 'gone'
    else if (messages.peek().length === 0) state.value = 'error'
  }

  async function loadNewest(afresh: boolean): Promise<void> {
    if (messages.peek().length === 0) state.value = 'loading'
    const cursor = parts.cursor()
    if (afresh || !records.get(conversationId)) {
      const answer = await link.http<Parameters<Records['apply']>[0]>('GET', `/api/conversations/${encodeURIComponent(conversationId)}`)
      if (closed) return
      if (!answer.ok) return fail(answer)
      const { ok: _ok, ...conversation } = answer
      records.apply(conversation)
      openedAtSeq ??= records.get(conversationId)?.readSeq
    }
    const answer = await link.call('messages:list', { conversationId, limit: PAGE })
    if (closed) return
    if (!answer.ok) return fail(answer)
    batch(() => {
      if (afresh) messages.value = []
      merge(answer.items)
      hasOlder.value = answer.hasMore
      state.value = 'ready'
    })
    since = cursor
    void loadPlanned()
  }

  /** Planned messages are in no thread yet; the log knows them. */
  async function loadPlanned(): Promise<void> {
    const asked = `/api/messages?status=scheduled&limit=100&conversationId=${encodeURIComponent(conversationId)}`
    const answer = await link.http<{ items: Message[] }>('GET', asked)
    if (answer.ok && !closed) merge(answer.items)
  }

  async function catchUp(afresh: boolean): Promise<boolean> {
    if (closed) return true
    if (afresh || since === null || state.peek() !== 'ready') {
      await load(true)
      return state.peek() !== 'error'
    }
    const next = parts.cursor()
    for (const range of [{}, { changedSince: since }]) {
      let after: number | undefined = 'changedSince' in range ? undefined : lastSeq()
      for (;;) {
        const answer = await link.call('messages:list', {
          conversationId,
          limit: CATCH_UP_PAGE,
          ...range,
          ...(after === undefined ? {} : { after }),
        })
        if (closed) return true
        if (!answer.ok) {
          fail(answer)
          return state.peek() === 'gone'
        }
        const oldest = messages.peek()[0]?.seq ?? 0
        // Changes on pages that are not loaded come with them.
        merge(answer.items.filter((message) => message.seq === null || message.seq >= oldest))
        const last = answer.items.at(-1)?.seq
        if (!answer.hasMore || last === undefined || last === null) break
        after = last
      }
    }
    since = next
    void loadPlanned()
    return true
  }

  function load(afresh: boolean): Promise<void> {
    loading ??= loadNewest(afresh).finally(() => {
      loading = null
    })
    return loading
  }

  async function fetchOlder(): Promise<void> {
    const before = messages.peek()[0]?.seq
    if (before === undefined || before === null) return
    const answer = await link.call('messages:list', { conversationId, before, limit: PAGE })
    if (closed || !answer.ok) return
    batch(() => {
      merge(answer.items)
      hasOlder.value = answer.hasMore
    })
  }

  async function tellRead(): Promise<void> {
    reading = undefined
    const seq = seenSeq
    if (closed || !page.visible() || seq <= Math.max(toldSeq, records.get(conversationId)?.readSeq ?? 0)) return
    const answer = await link.call('conversation:read', { conversationId, seq })
    if (!answer.ok) return
    toldSeq = Math.max(toldSeq, seq)
    records.read({ conversationId, readCount: answer.readCount, readSeq: answer.readSeq })
  }

  /** Something about one message; what became of it is shown at once. */
  async function ask(method: 'POST' | 'PATCH', messageId: string, action: string, body?: object): Promise<Answer<{ message: Message }>> {
    const answer = await link.http<{ message: Message }>(method, `/api/messages/${encodeURIComponent(messageId)}${action}`, body)
    if (answer.ok) merge([answer.message])
    return answer
  }

  function endReplying(): void {
    clearTimeout(replying)
    if (replyingTold === 0) return
    replyingTold = 0
    if (!closed) parts.view(false)
  }

  function end(): void {
    if (closed) return
    endReplying()
    if (reading !== undefined) {
      clearTimeout(reading)
      void tellRead()
    }
    closed = true
    parts.onClose()
  }

  return {
    conversationId,
    messages,
    unsent,
    hasOlder,
    state,
    presence,
    get openedAtSeq() {
      return openedAtSeq ?? 0
    },
    async loadOlder() {
      if (!hasOlder.peek()) return
      loadingOlder ??= fetchOlder().finally(() => {
        loadingOlder = null
      })
      await loadingOlder
    },
    reload: () => load(false),
    send(content, options = {}) {
      endReplying()
      const template = 'template' in content ? content.template : null
      const { text = '' } = 'note' in content ? { text: content.note } : 'template' in content ? {} : content
      const parts = 'media' in content ? [{ text, files: content.media }] : 'parts' in content ? content.parts : null
      const rest: SendOptions = options
      return queue.add({ conversationId, text, note: 'note' in content, template, ...(parts && { parts }) }, rest)
    },
    resend: queue.resend,
    discard: queue.discard,
    retry: (messageId) => ask('POST', messageId, '/retry'),
    cancel: (messageId) => ask('POST', messageId, '/cancel'),
    change: (messageId, plan) => ask('PATCH', messageId, '', plan),
    putAway: (messageId) => ask('POST', messageId, '/put-away'),
    seen(seq) {
      if (seq <= seenSeq) return
      seenSeq = seq
      reading ??= setTimeout(() => void tellRead(), READ_EVERY_MS)
    },
    watchSight(isInSight) {
      sights.add(isInSight)
      return () => sights.delete(isInSight)
    },
    isInSight: () => sights.size === 0 || [...sights].some((isInSight) => isInSight()),
    flushRead() {
      reading ??= setTimeout(() => void tellRead(), 0)
    },
    setReplying(on) {
      if (!on) return endReplying()
      const now = page.now()
      clearTimeout(replying)
      replying = setTimeout(endReplying, REPLYING_MS)
      if (now - replyingTold < RENEW_REPLYING_MS) return
      replyingTold = now
      parts.view(true)
    },
    draft: {
      read: () => drafts.read(conversationId),
      write: (text) => drafts.write(conversationId, text),
      watch: (listener) => drafts.watch(conversationId, listener),
    },
    apply(message) {
      const mine = message.conversationId === conversationId
      if (!mine && !messages.peek().some((one) => one.id === message.id)) return
      if (state.peek() === 'gone') return
      const last = lastSeq()
      const oldest = messages.peek()[0]?.seq ?? 0
      if (mine && message.seq !== null && message.seq < oldest && state.peek() === 'ready') return
      merge([message])
      if (mine && state.peek() === 'ready' && message.seq !== null && message.seq > last + 1) void catchUp(false)
    },
    catchUp,
    lose() {
      state.value = 'gone'
    },
    hold() {
      holders++
    },
    close() {
      if (--holders <= 0) end()
    },
    end,
  }
}
