// The panel's view of the world: signals to read, calls to make. `create-client.ts` makes it; the panel never
// sees a socket. Every call resolves, none throws: `{ ok: false, error }` says what went wrong.
import type { ReadonlySignal } from '@preact/signals-core'
import type { InboxCounts, Message, OwnConversation, OwnSettings, Template, Unread, Upload } from '../../shared/model.ts'
import type { Answer, ReadyEvent } from '../../shared/events.ts'
import type { Problem } from '../../shared/problems.ts'
import type { ConversationQuery, PlanUpdate, SendMessage } from '../../shared/requests.ts'
import type { Unfiled } from './badges.ts'
import type { Http } from './http.ts'
import type { UploadOptions } from './upload.ts'

/** `offline`: the browser says so. `expired`, `refused`: no reconnect is tried; `problem` says why. */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'slow' | 'expired' | 'refused'

/** A template as it is sent; without a language the server takes the client's. */
export interface TemplateUse {
  name: string
  language?: string
  variables: Record<string, string>
}

/** A file that the server has since it was uploaded. What is of this page alone does not outlive it. */
export interface UnsentFile extends Upload {
  local?: Blob
  /** Of a picture, small. */
  picture?: ImageBitmap | null
}

/** One of the messages that a send with files becomes. */
export interface UnsentPart {
  text: string
  files: readonly UnsentFile[]
}

/** A message of the agent's that the server has not acknowledged. Kept in the browser, sent once by its clientMessageId. */
export interface Unsent {
  clientMessageId: string
  conversationId: string
  text: string
  note: boolean
  template: TemplateUse | null
  /** With files: the messages that it becomes, in their order. */
  parts?: readonly UnsentPart[]
  /** By this browser's clock. */
  createdAt: number
  state: 'waiting' | 'sending' | 'refused' | 'late'
  /** Why the server refused it: `window_closed`, `conflict`, `opted_out`, `limit_reached` … */
  problem: { code: string; detail: string; issues?: Problem['issues'] } | null
}

export interface Thread {
  conversationId: string
  /** By seq; planned ones (seq null) last. */
  messages: ReadonlySignal<Message[]>
  unsent: ReadonlySignal<Unsent[]>
  /** Whether older pages exist. */
  hasOlder: ReadonlySignal<boolean>
  state: ReadonlySignal<'loading' | 'ready' | 'error' | 'gone'>
  /** `readSeq` when it was opened: the "new messages" line stands after it. */
  openedAtSeq: number
  presence: ReadonlySignal<{ id: string; name: string; replying: boolean }[]>
  loadOlder(): Promise<void>
  reload(): Promise<void>
  /** Queues and sends; resolves when acknowledged or refused. */
  send(
    content:
      | { text: string }
      | { note: string }
      | { template: TemplateUse }
      | { media: readonly Upload[]; text?: string }
      /** As the channel splits them. */
      | { parts: readonly UnsentPart[]; text: string },
    options?: {
      ifNoAnswerSince?: number
      sendAt?: string
      planB?: SendMessage['planB']
      undoFor?: number
      replyToId?: string
      assign?: boolean
    },
  ): Promise<Answer<{ message: Message }>>
  /** Sends an unsent one again (also a `late` or `refused` one), without the collision guard; or drops it. */
  resend(clientMessageId: string): void
  discard(clientMessageId: string): void
  retry(messageId: string): Promise<Answer<{ message: Message }>>
  cancel(messageId: string): Promise<Answer<{ message: Message }>>
  /** Says a planned message differently, or plans it for another time. */
  change(messageId: string, plan: PlanUpdate): Promise<Answer<{ message: Message }>>
  /** Of a message that failed nothing is left to do. */
  putAway(messageId: string): Promise<Answer<{ message: Message }>>
  /** The newest message really visible in a visible tab. */
  seen(seq: number): void
  /** Who shows it is asked whether it is in sight now; the answer ends that. */
  watchSight(isInSight: () => boolean): () => void
  setReplying(replying: boolean): void
  draft: {
    read(): string
    write(text: string): void
    /** Told what was written in another tab; the answer ends it. */
    watch(listener: (text: string) => void): () => void
  }
  close(): void
}

export interface InboxList {
  items: ReadonlySignal<OwnConversation[]>
  state: ReadonlySignal<'loading' | 'ready' | 'error'>
  hasMore: ReadonlySignal<boolean>
  filter: ReadonlySignal<ConversationQuery>
  setFilter(filter: ConversationQuery): void
  loadMore(): Promise<void>
  reload(): Promise<void>
}

export interface Ready extends ReadyEvent {
  /** The browser knows the organization's time zone by no name: `timezone` is the browser's own. */
  foreignTimezone?: true
}

export interface Client {
  link: ReadonlySignal<LinkState>
  problem: ReadonlySignal<{ code: string; detail: string } | null>
  ready: ReadonlySignal<Ready | null>
  unread: ReadonlySignal<Unread>
  /** Of all tabs of this agent, this one has the socket: it alone makes sounds and notifications. True without other tabs. */
  leads: ReadonlySignal<boolean>
  /** The first hundred by name; asked for when they are looked at, and again when the server tells that some changed. */
  templates: ReadonlySignal<Template[]>
  /** Null: there is none, or it could not be asked for. Without a language: the house's. */
  findTemplate(name: string, language?: string): Promise<Template | null>
  inbox: InboxList
  /** Conversations under each filter, to 100; asked for while somebody looks. Null: not known yet, or by an older server. */
  counts: ReadonlySignal<InboxCounts | null>
  /** By conversation, the names of colleagues who reply in it right now. */
  replying: ReadonlySignal<ReadonlyMap<string, string[]>>
  /** By conversation, what the agent began to write there. */
  drafts: ReadonlySignal<ReadonlyMap<string, string>>
  /** Of all conversations. */
  unsent: ReadonlySignal<Unsent[]>
  /** A conversation as it is now, wherever it is shown; undefined until loaded. */
  conversation(id: string): ReadonlySignal<OwnConversation | undefined>
  openThread(conversationId: string): Thread
  /** Finds or makes the conversation of a record or a number; nothing is sent. */
  find(target: {
    coordinationId?: string
    title?: string
    phone?: string
    name?: string
    channel?: 'whatsapp' | 'sms'
  }): Promise<Answer<{ conversation: OwnConversation }>>
  update(
    conversationId: string,
    patch: {
      status?: 'open' | 'snoozed' | 'closed'
      assigneeId?: string | null
      coordinationId?: string | null
      tags?: string[]
      snoozedUntil?: string | null
      answered?: boolean
      unanswered?: { answeredCount: number; since: string }
    },
  ): Promise<Answer<{ conversation: OwnConversation }>>
  /** Unread per record for badges; asks the server once for all ids of one moment. */
  badge(coordinationId: string): ReadonlySignal<number>
  /** Since when a client of this record waits for an answer; the same subscription. */
  awaiting(coordinationId: string): ReadonlySignal<string | null>
  /** Unfiled messages of whoever has one of this record's numbers; the same subscription. */
  unfiled(coordinationId: string): ReadonlySignal<Unfiled>
  /** The agent's token names the records that it may see. */
  isLimited(): boolean
  /** A client's number corrected by the agent. */
  renameContact(
    contactId: string,
    patch: { name?: string; phone?: { channel: 'whatsapp' | 'sms'; phone: string } },
  ): Promise<Answer<object>>
  /** How the agent wants to hear of messages; kept on the server, shown at once. */
  changeSettings(patch: Partial<OwnSettings>): Promise<Answer<object>>
  /** The host's file for Web Push. */
  worker: string | null
  /** The agent leaves: drafts, unsent messages and notifications of this browser end. Close it then. */
  forget(): Promise<void>
  /** Whether this conversation is open and in sight in a visible page. */
  shows(conversationId: string): boolean
  /** Brings a file to the server, for a message to go with. What `signal` ended is a `conflict`. */
  upload(file: Blob, options?: UploadOptions): Promise<Answer<Upload>>
  /** A call of the API, for what no other method is for. */
  http: Http
  /** Our clock less the server's, ms. */
  clockSkewMs: ReadonlySignal<number>
  /** Tries at once, also after `expired` or `refused`: for a button, never by itself. */
  reconnect(): void
  close(): void
}
