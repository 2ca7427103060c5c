// What a copy of a database carries, kind by kind, in the domain's shapes: both adapters read them and write them, and what
// they are compared by is the same text. What a store makes from the rest (feeds, indexes, previews of lines) is not in it.
import type { AgentSettings, Contact, Coordination, Failure, Message, MessageStatus, Presence } from '../../shared/model.ts'
import type { NameSource } from '../rules/contact.ts'
import type { Answers } from '../rules/conversation.ts'
import type { MediaItem } from '../rules/media.ts'
import type { Campaign } from '../rules/campaign.ts'
import type { AttemptFacts } from '../rules/message.ts'
import type { OptOutFacts } from '../rules/opt-out.ts'
import type { Recipient } from '../rules/recipient.ts'
import type { PlanState } from '../rules/record-plan.ts'
import type { ConversationState, Delivery, Draft, Lane, PushSubscription, RecoveryState, Setting, TemplateRecord } from './records.ts'

export interface CopiedContact {
  id: string
  name: string
  nameSource: NameSource
  externalId: string | null
  /** By channel, WhatsApp first. */
  addresses: Contact['addresses']
  /** All keys that lead here, in their order as bytes. */
  keys: string[]
  attributes: Record<string, string>
  tags: string[]
  conflict: string | null
  rev: number
  createdAt: number
  updatedAt: number
}

export interface CopiedLine extends OptOutFacts {
  id: string
  channel: Message['channel']
  sender: string
  /** The normalised form of its address: one line for each, per channel and sender. */
  key: string
  /** The address that the client last wrote from; before that, the one we were given. */
  address: string
  phone: string | null
  contactId: string
  lastInboundAt: number | null
  /** Record of the last outbound message or filing. */
  lastRecord: { coordinationId: string | null } | null
}

export interface CopiedConversation {
  conversation: ConversationState
  /** Not compared: SQLite reads them from the thread each time. */
  answers: Answers
}

export interface CopiedMessage {
  message: Message
  /** Inbound messages of the thread up to and with this one; null of what has no place in it. */
  ordinal: number | null
  listed: boolean
  content: Draft['content']
  /** With what its message does not tell of them. */
  media: readonly MediaItem[]
  expiresInMs: number | null
  /** Of what goes out. */
  sending:
    | (AttemptFacts & {
        lineId: string
        sender: string
        /** Among the open messages of its line, from 1; null: it is not open. */
        place: number | null
        enteredAt: number | null
        lane: Lane
        cost: number
      })
    | null
}

interface CopiedKey {
  key: string
  messageId: string
  asked: { conversationId: string; coordinationId: string | null }
}

interface CopiedMove {
  id: string
  undoneAt: number | null
  /** In the order in which they were moved; `placeId`: the line that keeps the place. */
  messages: { id: string; placeId: string; inbound: boolean }[]
}

export interface CopiedReader {
  conversationId: string
  agentId: string
  readCount: number
  readSeq: number
}

export interface CopiedCallback {
  twilioSid: string
  status: MessageStatus
  failure: Failure | null
  at: number
  price: { amount: number; currency: string } | null
  heldAt: number
}

export interface CopiedAgent {
  id: string
  name: string
  presence: Presence
  settings: Partial<AgentSettings>
  seenAt: number
}

/** Each kind with its shape. */
export interface Copied {
  contacts: CopiedContact
  records: { record: Coordination; phoneKeys: string[]; plan: PlanState }
  lines: CopiedLine
  conversations: CopiedConversation
  /** Those with a place in their thread, thread by thread in its order. */
  messages: CopiedMessage
  /** Scheduled ones, and those canceled before they were due. */
  planned: CopiedMessage
  keys: CopiedKey
  moves: CopiedMove
  readers: CopiedReader
  callbacks: CopiedCallback
  /** Who held one is of no interest; its fence goes on. */
  leases: { name: string; fence: number }
  recoveries: RecoveryState
  agents: CopiedAgent
  pushSubscriptions: Omit<PushSubscription, 'orgId'>
  templates: TemplateRecord
  settings: Setting
  deliveries: Delivery
  campaigns: Campaign
  recipients: { campaignId: string; recipient: Recipient }
  kept: { name: string; value: string }
}
export type CopiedKind = keyof Copied

/** What is named before what names it. `kept` is of no organization. */
export const kindsOfOrganization = [
  'contacts',
  'records',
  'lines',
  'conversations',
  'messages',
  'planned',
  'keys',
  'moves',
  'readers',
  'callbacks',
  'leases',
  'recoveries',
  'agents',
  'pushSubscriptions',
  'templates',
  'settings',
  'deliveries',
  'campaigns',
  'recipients',
] as const satisfies readonly Exclude<CopiedKind, 'kept'>[]

/** The name of a row within its organization; rows are read in the order of these, as bytes. */
export type RowKey = readonly (string | number)[]

export const rowKeys: { [K in CopiedKind]: (row: Copied[K]) => RowKey } = {
  contacts: ({ id }) => [id],
  records: ({ record }) => [record.id],
  lines: ({ id }) => [id],
  conversations: ({ conversation }) => [conversation.id],
  messages: ({ message }) => [message.conversationId, message.seq ?? 0],
  planned: ({ message }) => [message.id],
  keys: ({ key }) => [key],
  moves: ({ id }) => [id],
  readers: ({ conversationId, agentId }) => [conversationId, agentId],
  callbacks: ({ twilioSid, status }) => [twilioSid, status],
  leases: ({ name }) => [name],
  recoveries: () => ['recovery'],
  agents: ({ id }) => [id],
  pushSubscriptions: ({ endpoint }) => [endpoint],
  templates: ({ name, language }) => [name, language],
  settings: ({ kind, name }) => [kind, name],
  deliveries: ({ id }) => [id],
  campaigns: ({ id }) => [id],
  recipients: ({ recipient }) => [recipient.id],
  kept: ({ name }) => [name],
}

/** Names that belong to one database alone: whose it is among others, and how far its own copy came. */
export const ownNames: readonly string[] = ['database', 'copy']
