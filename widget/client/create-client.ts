// The widget's state over one link: wires conversations, lists, threads, badges and what is unsent to what the server
// tells, and catches up after every gap. What the panel gets is client.ts.
import { batch, signal } from '@preact/signals-core'
import type { ChangesEvent, ReadyEvent } from '../../shared/events.ts'
import type { Contact, Message, OwnConversation, OwnSettings, Template, Unread } from '../../shared/model.ts'
import type { Link, LinkOptions } from './link.ts'
import type { Page } from './page.ts'
import { createBadges } from './badges.ts'
import type { Client, Ready } from './client.ts'
import { createDrafts } from './drafts.ts'
import { findConversation } from './find-conversation.ts'
import { unreachable } from './http.ts'
import { createInboxCounts } from './inbox-counts.ts'
import { createInboxList } from './inbox-list.ts'
import { withKnownTimezone } from './known-timezone.ts'
import { createRecords } from './records.ts'
import { openStored } from './stored.ts'
import { createThread, type OwnThread } from './thread.ts'
import { createUnsentQueue } from './unsent-queue.ts'

const SYNC_SOON_MS = 1500
/** Messages told to the host already, so that a later change of one is not told as new. */
const REMEMBERED = 200

export interface ClientOptions {
  origin: string
  page: Page
  /** Opens the line; given what to do when it is up. */
  open(up: LinkOptions['onUp']): Link
  /** The host's file for Web Push. */
  worker?: string | null
  /** An inbound message came in, live. */
  onMessage(message: Message, conversation: OwnConversation | undefined): void
}

const nothing: Unread = { version: -1, total: 0, conversations: 0, awaitingReply: 0 }

export function createClient({ origin, page, open, worker = null, onMessage }: ClientOptions): Client & { link: Link['state'] } {
  const ready = signal<Ready | null>(null)
  const templates = signal<Template[]>([])
  let templatesAsked = false
  const unread = signal<Unread>(nothing)
  const clockSkewMs = signal(0)
  const replying = signal<ReadonlyMap<string, string[]>>(new Map())
  const records = createRecords()
  const stored = openStored(page, origin)
  const drafts = createDrafts(stored)
  const threads = new Map<string, OwnThread>()
  /** The one that was opened last: replying is about it. */
  let shown: string | null = null
  let cursor: string | null = null
  let syncing: Promise<boolean> | null = null
  let syncAgain = false
  const held: ChangesEvent[] = []
  let soon: ReturnType<typeof setTimeout> | undefined
  let closed = false
  const told = new Set<string>()

  const link = open(up)
  const { socket } = link
  const badges = createBadges(link)
  const inbox = createInboxList(link, records, () => ready.peek()?.agent.id ?? link.claims()?.sub ?? null)
  const counted = createInboxCounts(link, records)
  const queue = createUnsentQueue({
    stored,
    page,
    usable: link.usable,
    send: (body) => link.call('message:send', body),
    onSent({ message, messages = [message], conversation }) {
      records.apply(conversation)
      for (const one of messages) threads.get(one.conversationId)?.apply(one)
    },
  })

  function takeUnread(next: Unread): void {
    if (next.version >= unread.peek().version) unread.value = next
  }

  function isNew(message: Message): boolean {
    if (message.direction !== 'inbound' || told.has(message.id)) return false
    told.add(message.id)
    const [oldest] = told
    if (told.size > REMEMBERED && oldest !== undefined) told.delete(oldest)
    return true
  }

  function apply({ conversations, messages, removed }: ChangesEvent): void {
    batch(() => {
      for (const conversation of conversations) {
        // Begun before we looked, and never seen here: how much of it this agent has read, only the server knows.
        if (inbox.started() && conversation.inboundCount > 1 && !records.get(conversation.id)) syncSoon()
        records.apply(conversation)
      }
      for (const message of messages) for (const thread of threads.values()) thread.apply(message)
      for (const id of removed) lose(id)
    })
    for (const message of messages) if (isNew(message)) onMessage(message, records.get(message.conversationId))
  }

  function lose(id: string): void {
    records.remove(id)
    threads.get(id)?.lose()
  }

  function syncSoon(): void {
    soon ??= setTimeout(
      () => {
        soon = undefined
        if (link.usable()) void sync()
      },
      SYNC_SOON_MS * (0.5 + Math.random()),
    )
  }

  /** Join, then fetch, then apply what came meanwhile. One at a time; asked for again meanwhile, once more. */
  function sync(): Promise<boolean> {
    if (syncing) {
      syncAgain = true
      return syncing
    }
    syncing = syncOnce().finally(() => {
      syncing = null
      for (const event of held.splice(0)) apply(event)
      if (syncAgain && !closed) {
        syncAgain = false
        void sync()
      }
    })
    return syncing
  }

  async function syncOnce(): Promise<boolean> {
    if (shown !== null) view(false)
    const answer = await link.call('sync', { since: cursor })
    if (!answer.ok || closed) return answer.ok
    const first = cursor === null
    cursor = answer.cursor
    const afresh = answer.full && !first
    batch(() => {
      if (afresh) records.reset(new Set(threads.keys()))
      for (const conversation of answer.conversations) records.apply(conversation)
      for (const id of answer.removed) lose(id)
      takeUnread(answer.unread)
      for (const event of held.splice(0)) apply(event)
    })
    if (afresh && inbox.started()) void inbox.reload()
    for (const thread of threads.values()) void follow(thread, afresh)
    return true
  }

  async function follow(thread: OwnThread, afresh: boolean): Promise<void> {
    if (await thread.catchUp(afresh)) thread.flushRead()
    else if (link.usable()) syncSoon()
  }

  async function askTemplates(): Promise<void> {
    templatesAsked = true
    const items = await import('./templates.ts').then((chunk) => chunk.askTemplates(link.http)).catch(() => null)
    if (items) templates.value = items
    else templatesAsked = false
  }

  async function up(): Promise<boolean> {
    const claims = link.claims()
    stored.bind(claims ? `${claims.org}:${claims.sub}` : '-')
    queue.restore()
    drafts.restore()
    if (!socket.connected()) await readyWithoutSocket()
    const done = await sync()
    if (done && !closed) {
      badges.renew()
      counted.renew()
      queue.flush()
      if (inbox.started() && inbox.state.peek() === 'error') void inbox.reload()
      if (templatesAsked) void askTemplates()
    }
    return done
  }

  async function readyWithoutSocket(): Promise<void> {
    const claims = link.claims()
    if (ready.peek() !== null || claims === null) return
    const { readyOverHttp } = await import('./http-calls.ts')
    const event = await readyOverHttp(link.http, claims, page.now())
    ready.value = ready.peek() ?? withKnownTimezone(event)
  }

  function view(replying: boolean): void {
    const also = [...threads.keys()].filter((id) => id !== shown)
    if (!socket.connected()) return
    void link.call('viewing', { conversationId: shown, replying, ...(also.length > 0 ? { also } : {}) }).then((answer) => {
      // Who is not known to look is not told how messages go on: asked again, and caught up with.
      if (!answer.ok && answer.error.code === 'unavailable' && !closed) syncSoon()
    })
  }

  socket.on('ready', (event) => {
    clockSkewMs.value = page.now() - Date.parse(event.serverTime)
    ready.value = withKnownTimezone(event)
  })
  socket.on('changes', (event) => {
    if (syncing) held.push(event)
    else apply(event)
  })
  socket.on('cursor', (event) => records.read(event))
  socket.on('unread', takeUnread)
  socket.on('badges', badges.apply)
  socket.on('presence', ({ conversationId, agents }) => {
    const thread = threads.get(conversationId)
    const me = ready.peek()?.agent.id
    if (thread) thread.presence.value = agents.filter((agent) => agent.id !== me)
  })
  socket.on('replying', ({ conversationId, agents }) => {
    const me = ready.peek()?.agent.id
    const names = agents.filter((agent) => agent.id !== me).map((agent) => agent.name)
    const next = new Map(replying.peek())
    if (names.length > 0) next.set(conversationId, names)
    else next.delete(conversationId)
    replying.value = next
  })
  socket.on('down', () => {
    replying.value = new Map()
    for (const thread of threads.values()) thread.presence.value = []
  })
  socket.on('channels', (channels) => know({ channels }))
  socket.on('organization', know)
  function know(part: Partial<ReadyEvent>): void {
    const before = ready.peek()
    if (before) ready.value = withKnownTimezone({ ...before, ...part })
  }

  socket.on('templates', () => {
    if (templatesAsked) void askTemplates()
  })

  socket.on('settings', takeSettings)
  function takeSettings(settings: OwnSettings): void {
    know({ settings })
  }

  const unwatch = page.watch((event) => {
    if (event === 'visible') for (const thread of threads.values()) thread.flushRead()
  })

  return {
    link: link.state,
    leads: socket.leads,
    problem: link.problem,
    ready,
    unread,
    clockSkewMs,
    get templates() {
      if (!templatesAsked) void askTemplates()
      return templates
    },
    findTemplate: (name, language) =>
      import('./templates.ts').then((chunk) => chunk.findTemplate(link.http, templates.peek(), name, language)).catch(() => null),
    get inbox() {
      if (!inbox.started()) void inbox.reload()
      return inbox
    },
    counts: counted.counts,
    replying,
    drafts: drafts.all,
    unsent: queue.items,
    conversation: (id) => records.of(id),
    openThread(conversationId) {
      shown = conversationId
      const open = threads.get(conversationId)
      if (open) {
        open.hold()
        view(false)
        return open
      }
      const thread = createThread(conversationId, {
        link,
        page,
        records,
        queue,
        drafts,
        cursor: () => cursor,
        view: (replying) => {
          shown = conversationId
          view(replying)
        },
        onClose() {
          threads.delete(conversationId)
          if (shown === conversationId) shown = [...threads.keys()].at(-1) ?? null
          if (!closed) view(false)
        },
      })
      threads.set(conversationId, thread)
      view(false)
      void thread.reload()
      return thread
    },
    async find(target) {
      const found = await findConversation(link, ready.peek(), target)
      if (found.ok) records.apply(found.conversation)
      return found
    },
    async update(conversationId, patch) {
      const answer = await link.call('conversation:update', { conversationId, ...patch })
      if (answer.ok) records.apply(answer.conversation)
      return answer
    },
    badge: badges.of,
    awaiting: badges.awaiting,
    unfiled: badges.unfiled,
    isLimited: () => link.claims()?.coordinations !== undefined,
    async renameContact(contactId, { name, phone }) {
      const body = { ...(name === undefined ? {} : { name }), ...(phone === undefined ? {} : { addresses: [phone] }) }
      return await link.http<{ contact: Contact }>('PATCH', `/api/contacts/${encodeURIComponent(contactId)}`, body)
    },
    async changeSettings(patch) {
      const before = ready.peek()?.settings
      if (before) takeSettings({ ...before, ...patch })
      const answer = await link.http<OwnSettings>('PATCH', '/api/me/settings', patch)
      if (answer.ok) {
        const { ok: _ok, ...settings } = answer
        takeSettings(settings)
      } else if (before) takeSettings(before)
      return answer
    },
    worker,
    async forget() {
      stored.clear()
      if (worker !== null) await (await import('../attention/attention.ts')).unsubscribePush(link.http, worker)
    },
    shows: (conversationId) => page.visible() && threads.get(conversationId)?.isInSight() === true,
    upload: (file, options = {}) =>
      import('./upload.ts').then((chunk) => chunk.uploadFile(origin, link.tokens, file, options)).catch(unreachable),
    http: link.http,
    reconnect: () => link.reconnect(),
    close() {
      if (closed) return
      closed = true
      clearTimeout(soon)
      unwatch()
      for (const thread of threads.values()) thread.end()
      inbox.close()
      badges.close()
      counted.close()
      queue.close()
      drafts.close()
      link.close()
    },
  }
}
