// Socket events, declared once and typed on both ends. `docs/protocol.md` is the same in prose.
import type { CampaignCounts, CampaignShown } from './campaigns.ts'
import type {
  Agent,
  InboxCounts,
  OwnSettings,
  Channel,
  Conversation,
  Coordination,
  Message,
  OwnConversation,
  Role,
  Unread,
} from './model.ts'
import type { ConversationQuery, ConversationUpdate, MessageListQuery, SendMessage } from './requests.ts'
import type { Problem } from './problems.ts'

/** The changes of one moment, as everybody in scope is told. An idempotent upsert: a lower `rev` is ignored. */
export interface ChangesEvent {
  conversations: Conversation[]
  messages: Message[]
  /** Ids of conversations that left the receiver's scope or were erased. */
  removed: string[]
}

export interface Sender {
  channel: Channel
  sender: string
  ready: boolean
  /** Why it is not ready. */
  reason: string | null
  oldestQueuedAt: string | null
}

/** Where the organization is, what it speaks, and its names; null: it has none. */
export interface PlaceEvent {
  organizationName?: string | null
  senderName?: string | null
  timezone: string
  /** For a browser that does not know that name yet: an older one, then the offset of now. */
  otherTimezones?: string[]
  locale: string
}

export interface ReadyEvent extends PlaceEvent {
  agent: { id: string; name: string; role: Role }
  org: string
  serverTime: string
  channels: Sender[]
  limits: { textChars: number; mediaBytes: number }
  settings: OwnSettings
}

/** How a campaign goes. */
export interface CampaignEvent extends Pick<CampaignShown, 'id' | 'status' | 'pause'> {
  counts: CampaignCounts
}

export interface ReadCursor {
  conversationId: string
  readCount: number
  readSeq: number
}

export interface PresenceEvent {
  conversationId: string
  agents: { id: string; name: string; replying: boolean }[]
}

/** Who replies in a conversation now; nobody: it ended. */
export interface ReplyingEvent {
  conversationId: string
  agents: { id: string; name: string }[]
}

/** By record. All but `badges` hold only those where there is something to say. */
export interface Badges {
  /** The unread messages. */
  badges: Record<string, number>
  /** Since when a client waits. */
  waiting: Record<string, string>
  /** Messages that wait without a record from who has one of this record's numbers, and since when. */
  unfiled: Record<string, number>
  unfiledSince: Record<string, string>
}

export interface ServerToClient {
  ready(event: ReadyEvent): void
  changes(event: ChangesEvent): void
  cursor(event: ReadCursor): void
  unread(event: Unread): void
  presence(event: PresenceEvent): void
  /** To all whose scope holds the conversation, in organizations with few enough of them connected. */
  replying(event: ReplyingEvent): void
  /** Those whose presence changed; to agents who see every record, in organizations with few enough of them connected. */
  agents(event: Agent[]): void
  /** The agent's own, on every browser. */
  settings(event: OwnSettings): void
  channels(event: Sender[]): void
  /** The facts of `ready` that its supervisors changed. */
  organization(event: PlaceEvent): void
  coordination(event: Coordination): void
  /** Some of them changed: whoever shows them asks for them again. */
  templates(): void
  /** The four parts of `Badges`, of the records that changed; an older server leaves the last two out. */
  badges(event: Badges['badges'], waiting: Badges['waiting'], unfiled?: Badges['unfiled'], unfiledSince?: Badges['unfiledSince']): void
  /** To supervisors and the host's own services. */
  campaign(event: CampaignEvent): void
  'auth:expiring'(event: { at: string }): void
}

export type Answer<T> = ({ ok: true } & T) | { ok: false; error: Problem }
type Ack<T> = (answer: Answer<T>) => void

export interface SyncAnswer {
  /** Opaque; valid over restarts. Ask with it next time. */
  cursor: string
  conversations: OwnConversation[]
  removed: string[]
  unread: Unread
  /** True: forget what you hold, these are the first of the list. */
  full: boolean
}

export interface ClientToServer {
  sync(query: { since: string | null }, ack: Ack<SyncAnswer>): void
  'conversations:list'(query: ConversationQuery, ack: Ack<{ items: OwnConversation[]; nextCursor: string | null }>): void
  'conversations:count'(query: object, ack: Ack<InboxCounts>): void
  'messages:list'(query: MessageListQuery & { conversationId: string }, ack: Ack<{ items: Message[]; hasMore: boolean }>): void
  /** `messages`: all that it became, where that is more than one. */
  'message:send'(body: SendMessage, ack: Ack<{ message: Message; messages?: Message[]; conversation: OwnConversation }>): void
  'conversation:read'(body: { conversationId: string; seq: number }, ack: Ack<{ unread: number; readCount: number; readSeq: number }>): void
  'conversation:update'(body: ConversationUpdate & { conversationId: string }, ack: Ack<{ conversation: OwnConversation }>): void
  viewing(body: { conversationId: string | null; replying: boolean; also?: string[] }, ack: Ack<object>): void
  typing(body: { conversationId: string }, ack: Ack<object>): void
  'auth:refresh'(body: { token: string }, ack: Ack<object>): void
  'subscribe:coordinations'(body: { ids: string[] }, ack: Ack<Badges>): void
}
