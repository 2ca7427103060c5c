// The shapes that go into and come out of the store, in the language of the domain. Times are ms since the epoch
// unless the shape is one of the wire model's, which carry ISO text.
import type {
  AgentSettings,
  Author,
  Channel,
  Contact,
  Conversation,
  ConversationStatus,
  Coordination,
  CoordinationStatus,
  Direction,
  Failure,
  FailureReason,
  Message,
  MessageStatus,
  MessageType,
  OptOut,
  Presence,
  TemplateStatus,
  TemplateType,
} from '../../shared/model.ts'
import type { TemplateSubmission } from '../../shared/template-requests.ts'
import type { SettingsUpdate } from '../../shared/requests.ts'
import type { GivenAddress, NameSource } from '../rules/contact.ts'
import type { Consent, OptOutSaid } from '../rules/opt-out.ts'
import type { KeptFile, MediaItem, MediaSource } from '../rules/media.ts'
import type { WayRule } from '../rules/plan-b.ts'
import type { Reading } from '../rules/reading.ts'

/** Of an organization's people. */
export type Locale = 'es' | 'en' | 'pt'

/** Records that a caller may see; null: every one of the organization. */
export type Scope = readonly string[] | null

/** On whose behalf a read is made. Nothing outside `orgId` and `scope` is ever in the answer. */
export interface Viewer {
  orgId: string
  agentId: string
  scope: Scope
}

/** A conversation as kept: what depends on the time of the look (window) or on settings (canReply) is added later. */
export interface ConversationState extends Omit<Conversation, 'window' | 'canReply'> {
  lineId: string
  /** Last inbound message of its line, which decides the window. */
  lastInboundAt: number | null
}

/** The same with one caller's own numbers. */
export interface OwnConversationState extends ConversationState {
  readCount: number
  readSeq: number
  unread: number
}

/** The things that a write changed, each as it then was. */
export interface Told {
  orgId: string
  conversations: ConversationState[]
  messages: Message[]
  /** Conversations that left a record's scope (`to` says where they went), or are no more (`to` undefined). */
  left: { conversationId: string; from: string | null; to?: string | null }[]
}

/** The changes of one write: to be told as they are, once. */
export interface Changes extends Told {
  /** `entered`: the messages are new in the outbox. `progress`: they went on in their way out. `other`: came in, filed, moved … */
  news: 'entered' | 'progress' | 'other'
  /** Lines whose message in flight got its SID or its end. */
  released: string[]
}

export interface Page<T> {
  items: T[]
  /** Opaque; null on the last page. A page may hold fewer than asked for and still have a next one. */
  nextCursor: string | null
}
export interface PageRequest {
  cursor: string | null
  limit: number
}

// -- what comes in

export interface InboundMessage {
  id: string
  orgId: string
  channel: Channel
  /** Our number or service. */
  sender: string
  /** Exactly what the client wrote from, without `whatsapp:`. */
  address: string
  /** Null where the client hides the number. */
  phone: string | null
  /** Keys under which the contact may be known, best first (`identityKeys` and business-scoped ids). */
  keys: [string, ...string[]]
  /** Further ids of the same person, kept so that they are found by them next time. */
  aliases: string[]
  profileName: string | null
  /** The name where nobody gave one: the number as people write it. */
  fallbackName: string
  attributes: Record<string, string>
  twilioSid: string
  type: MessageType
  text: string
  button: Message['button'] | null
  location: Message['location'] | null
  contacts: Message['contacts'] | null
  referral: Message['referral'] | null
  /** What it came with, in its order. */
  media: readonly MediaSource[]
  forwarded: boolean
  /** SID of the message that it quotes or whose button it answers. */
  quotedSid: string | null
  createdAt: number
  recovered: boolean
  /** From the provider's list: what only its webhook tells is missing, and is taken from that should it still come. */
  listed: boolean
  /** What it says about further messages; null: nothing. Kept with it in the same step. */
  said: OptOutSaid | null
  /** True: dropped when it would be the first thing heard of this contact (no ghosts). */
  onlyIfKnown: boolean
}

/** A message of which an item is to be fetched, or one item is looked for. */
export interface MessageMedia {
  orgId: string
  message: Message
  items: readonly MediaItem[]
}

/** The facts about a line by which an inbound message is given to a record. */
export interface RouteFacts {
  /** The quoted message, where it is one of ours with this contact; `open`: it is about a record that is not closed. */
  quoted: { coordinationId: string | null; open: boolean } | null
  /** Record of the last outbound message on the line, or of its last filing. */
  lastOutbound: { coordinationId: string | null; open: boolean } | null
  /** Open records of this contact; more than two are not listed. */
  openCoordinations: readonly string[]
  /** Of the contact's closed records, the latest by last message. */
  closedCoordination: string | null
}
export interface Route {
  coordinationId: string | null
  hintId: string | null
}

/** `changed` false: the line takes what it took before. */
export interface OptOutSaved {
  changed: boolean
  changes: Changes
}

export interface ListedOptOut extends OptOut {
  contact: { id: string; name: string; address: string; phone: string | null }
}

export type Received =
  /** `enriched`: known from the list, and its webhook told more. */
  | { outcome: 'created' | 'enriched' | 'repeated'; message: Message; conversation: ConversationState; changes: Changes }
  | { outcome: 'ignored' }

// -- what goes out

/** 0: agents and one-time codes, 1: automations, 2: campaigns. */
export type Lane = 0 | 1 | 2

export interface Draft {
  id: string
  orgId: string
  conversationId: string
  direction: Exclude<Direction, 'inbound'>
  type: MessageType
  author: Author
  text: string
  template: NonNullable<Message['template']> | null
  /** How the gateway sends the template; null: as text. */
  content: { sid: string; variables: Record<string, string> } | null
  /** Absent: none. */
  planB?: NonNullable<Message['planB']> | null
  /** What it goes with, kept already. Absent: nothing. */
  media?: readonly KeptFile[] | undefined
  /** What goes right behind it: all of it enters or nothing does, and nothing comes between. Absent: nothing. */
  parts?: readonly DraftPart[] | undefined
  replyToId: string | null
  retryOf: string | null
  fallbackOf: string | null
  clientMessageId: string | null
  /** Unique in the organization when not null: the same key again gives the first message. */
  key: string | null
  /** The record that it is asked for: kept with the key, since the message's own changes as it is filed or moved. */
  askedRecord: string | null
  lane: Lane
  sensitive: boolean
  /** Refused where the client opted out of marketing: a template of that category, a campaign or an automation of that purpose. */
  marketing?: true | undefined
  /** Of an `event` line. */
  event?: Message['event']
  /** Kept by `schedule` as one that does not go, with the reason: it never enters. */
  canceled?: Failure
  /** Segments on SMS, 1 on WhatsApp: what it costs of the sender's rate. */
  cost: number
  dueAt: number | null
  /** How long after being entered it may still be sent, ms; null: no limit. */
  expiresInMs: number | null
  createdAt: number
}

/** A message that goes with another one, of the same author to the same thread. */
export type DraftPart = Pick<Draft, 'type' | 'text' | 'cost'> & { media: readonly KeptFile[] }

/** Rules that hold or do not hold at the moment of writing, checked in the same atomic step, in this order. */
export interface EnterChecks {
  /** Refuse when another agent answered after this seq: sent in this thread, not moved there, and still there; or is about to. */
  ifNoAnswerSince: number | null
  /** Refuse where the client opted out of such messages; null: it is for nobody outside. */
  consent: Consent | null
  /** Refuse where the line takes no free text at this moment. */
  openWindow: boolean
  /** Refuse when `max` messages for this contact entered since `since`. Those that were refused as they came due never did. */
  contactLimit: { max: number; since: number } | null
}

/** How a message that is due enters: if it may, or as one that may not. `held`: what the client wrote after it stays unanswered. */
export type DueEntry = ({ checks: EnterChecks; way?: WayRule } | { failure: Failure }) & { held?: boolean }

export type Entered =
  | { outcome: 'created' | 'repeated'; message: Message; conversation: ConversationState; changes: Changes }
  /** Another agent answered meanwhile: their message. */
  | { outcome: 'answered'; by: Message }
  /** The client wants no more messages, or no such ones. */
  | { outcome: 'opted_out' }
  /** The window is closed. */
  | { outcome: 'closed' }
  /** The contact got as many as allowed; the next is possible then. */
  | { outcome: 'limited'; until: number }
  | { outcome: 'missing' }

/** `no_thread`: it goes by SMS, and nobody said in which thread. */
export type DueEntered = Entered | { outcome: 'no_thread' }

/** The message of a key, and where the first request with it wanted it. */
export interface Keyed {
  message: Message
  asked: { conversationId: string; coordinationId: string | null }
}

/** A message after a rule. */
export interface MessageChanged {
  /** False: the rule changed nothing; the message is as it was. */
  changed: boolean
  message: Message
  changes: Changes
}

/** Twilio's answer to a request. */
export interface Answer {
  twilioSid: string
  status: MessageStatus
  failure: Failure | null
  at: number
}

/** Everything the dispatcher needs to send one message, and the number of this attempt. */
export interface Claim {
  message: Message
  orgId: string
  lineId: string
  channel: Channel
  sender: string
  address: string
  content: Draft['content']
  /** 1 for the first request to the gateway; writes about an attempt that is not the current one are ignored. */
  attempt: number
  /** When this attempt was claimed, and the first one. */
  claimedAt: number
  firstClaimedAt: number
  lastInboundAt: number | null
  /** The client wants none such, by the moment of the claim. */
  optedOut: boolean
  lane: Lane
  cost: number
}

/** The head of a line: its lowest open message. */
export type Head =
  | { state: 'claimed'; claim: Claim }
  /** Queued, but not before then. */
  | { state: 'waiting'; until: number }
  /** Being sent by somebody, or not known to have been sent. */
  | { state: 'in_flight' | 'unconfirmed'; claim: Claim; leaseUntil: number }
  | { state: 'empty' }

export interface OpenLine {
  lineId: string
  orgId: string
  channel: Channel
  sender: string
  lane: Lane
  /** Cost of its head. */
  cost: number
  /** When its head entered. */
  since: number
}

export interface StatusReport {
  orgId: string
  /** From the callback's path; used only where no message has the SID. */
  messageId: string | null
  twilioSid: string
  status: MessageStatus
  failure: Failure | null
  at: number
  /** From Twilio's list, when known. */
  price?: { amount: number; currency: string }
}

export type StatusApplied =
  | { outcome: 'applied'; message: Message; changes: Changes }
  /** Known already, or lower with nothing to add: no `rev` rose. A time that a late report filled in is `applied`. */
  | { outcome: 'unchanged'; message: Message }
  /** No message has this SID yet: kept until one does. */
  | { outcome: 'held' }

// -- recovery

/** How far an organization has been compared with the provider's list. All of them only rise. */
export interface RecoveryState {
  /** The first start of this installation: nothing older is ever taken in. */
  startedAt: number
  /** Date of the newest inbound message up to which everything is stored. */
  position: number
  /** Up to this moment, sent messages were looked at as their age asked for. */
  statusesAt: number
}

/** The facts about a message that Twilio took. */
export interface SentState {
  id: string
  twilioSid: string
  status: MessageStatus
  priced: boolean
  claimedAt: number
}

// -- reading

/** Which conversation to find or make. */
export interface OpenRequest {
  orgId: string
  channel: Channel
  sender: string
  address: string
  phone: string | null
  keys: [string, ...string[]]
  name: string | null
  fallbackName: string
  coordinationId: string | null
  now: number
}

export interface ConversationFilter {
  channel?: Channel
  status?: ConversationStatus
  /** `none`, or an agent's id. */
  assignee?: string
  coordinationId?: string
  contactId?: string
  /** Identity keys of a number. */
  phoneKeys?: string[]
  tag?: string
  unread?: boolean
  awaiting?: boolean
  unfiled?: boolean
  failed?: boolean
  automated?: boolean
  /** Matched without case and accents in name, number, record title and preview. */
  q?: string
  sort: 'activity' | 'waiting'
}

export interface MessageRange {
  before?: number
  after?: number
  /** A cursor of `sync`. */
  changedSince?: string
  limit: number
}

export interface LogFilter {
  /** In one of these. */
  statuses?: readonly MessageStatus[]
  direction?: Direction
  channel?: Channel
  authorType?: Author['type']
  /** Of an agent, an automation or a campaign; a client's messages are asked for by `contactId`. */
  authorId?: string
  errorReason?: FailureReason
  errorCode?: number
  /** What failed and is worth another attempt (`rules/try-again.ts`). */
  retryable?: true
  conversationId?: string
  coordinationId?: string
  contactId?: string
  /** `from` ≤ written at < `to`. */
  from?: number
  to?: number
  q?: string
}

/** The log as a table of text. */
export interface LogTable {
  of: 'messages' | 'conversations'
  /** Of the words for why something failed. */
  locale: Locale
}

export interface TextPage {
  text: string
  nextCursor: string | null
}

export interface ConversationPatch {
  status?: ConversationStatus
  snoozedUntil?: number | null
  assignee?: { id: string; name: string } | null
  coordinationId?: string | null
  tags?: string[]
  /** True: it needs no answer. False: it does after all. */
  answered?: boolean
  unanswered?: { answeredCount: number; since: number }
  /** Its snooze is over, if it still ends by then. */
  wakesBy?: number
  /** Takes it where it is nobody's. */
  taker?: { id: string; name: string }
}

export interface UnreadNumbers {
  version: number
  total: number
  conversations: number
  awaitingReply: number
}

/** Of one record, over its conversations. */
export interface RecordUnread {
  unread: number
  /** Since when the client waits who has waited longest, ms. */
  awaitingSince: number | null
  /** Unfiled messages of whoever has one of this record's numbers: how many messages, and since when, ms. */
  unfiled: number
  unfiledSince: number | null
}

/** Of a contact, by a key that it is known by; unread and waiting in the conversations that the viewer may see. */
export interface ContactUnread {
  key: string
  contactId: string
  unread: number
  awaitingSince: number | null
}

export interface Synced {
  cursor: string
  conversations: OwnConversationState[]
  removed: string[]
  full: boolean
}

// -- other processes

/** How far an agent has read. */
export interface AgentRead extends Reading {
  agentId: string
  conversationId: string
}

/** The changes in an organization since a cursor, by whomever, each thing as it is now. A thing may be told again. */
export interface Feed {
  cursor: string
  conversations: ConversationState[]
  /**
   * With the line and sender that each belongs to; null where it was never to be sent. `moved`: it came to another thread or
   * record lately; true rather than false where that is not known. `enteredMsAgo`: by the store's clock, since those of processes
   * differ; null: it is not on its way out.
   */
  messages: { message: Message; lineId: string | null; sender: string | null; moved: boolean; enteredMsAgo: number | null }[]
  /** As of `Told`, each under a name of its own. */
  left: (Told['left'][number] & { key: string })[]
  reads: AgentRead[]
  coordinations: Coordination[]
  /** Agents whose settings or presence were chosen. */
  agents: AgentRecord[]
  /** Rises with every change of a template; null: none changed. */
  templates: number | null
  /** Not ours, too old, or more than fits: anything may have changed, and the lists are empty. */
  full: boolean
}

/** Whether the caller does not know this thing at this `rev` yet. Pure. */
export type IsNews = (key: string, rev: number) => boolean

/** Which processes are there, and the feed's place at that moment: who comes later wrote nothing before it. */
export interface Processes {
  ids: string[]
  cursor: string
}

// -- contacts and records

export interface ContactPatch {
  name?: string
  /** Replaces the contact's address on that channel. */
  addresses?: GivenAddress[]
  attributes?: Record<string, string>
  tags?: string[]
  /** Whose word the name is; absent: an agent's. */
  namedBy?: NameSource
  /** The host's id of the client. */
  externalId?: string
}
/** What became of a row of a list. */
export type ContactImported =
  | { outcome: 'created' | 'updated' | 'unchanged'; contactId: string }
  /** Nothing of it is in: why. */
  | { outcome: 'refused'; message: string }
export type ContactErased =
  /** `stays`: that they opted out, under their address alone. */
  | { outcome: 'erased'; stays: boolean; changes: Changes }
  /** A message is on its way to Twilio, or it is not known whether it went. */
  | { outcome: 'busy' }
  | { outcome: 'missing' }
export type ContactsMerged =
  | { outcome: 'merged'; undoId: string; contact: Contact; changes: Changes }
  /** Both have a thread in one place; the host knows them as two. */
  | { outcome: 'threads' | 'clients' | 'missing' }
export type ContactsUnmerged =
  /** The one that stayed, then the one that is back. */
  { outcome: 'unmerged'; contacts: Contact[]; changes: Changes } | { outcome: 'done_before' | 'missing' }
export type ContactPatched =
  | { outcome: 'changed'; contact: Contact; changes: Changes }
  /** A number belongs to another contact already. */
  | { outcome: 'conflict'; contactId: string }
  | { outcome: 'missing' }

export interface CoordinationInput {
  id: string
  title: string
  contact: Coordination['contact']
  /** Identity keys of all its numbers. */
  phoneKeys: string[]
  startsAt: string | null
  timezone: string | null
  url: string | null
  status: CoordinationStatus
  agent: { id: string; name: string } | null
  data: Coordination['data']
  /** Made by a button or a send, since the host has not saved it: it never replaces one that is there. */
  provisional?: true
}
export interface CoordinationSaved {
  /** Also where there was only a provisional one. */
  created: boolean
  /** False: it was the same already; nothing of it rose. */
  changed: boolean
  coordination: Coordination
}

/** An agent as the store knows one: somebody with a valid token was here. */
export interface AgentRecord {
  id: string
  name: string
  /** The agent's choice; whether a browser is connected is another matter. */
  presence: Presence
  settings: AgentSettings
  seenAt: number
}

export interface AgentPatch {
  presence?: Presence
  settings?: SettingsUpdate
}

/** A template as it is saved: ours, or as Twilio lists it. */
export interface TemplateInput {
  name: string
  language: string
  body: string
  type: TemplateType
  buttons: number
  defaults: Record<string, string>
  /** Twilio's content, and the names of its variables in their order; null: a text of our own. */
  whatsapp: { contentSid: string; variables: string[] } | null
  source: 'own' | 'twilio'
  status: TemplateStatus
  category: string | null
  quality: string | null
  rejection: string | null
  /** Twilio lists it no more. */
  gone: boolean
  /** When Twilio's events last told each of these: an older one that comes late changes nothing. */
  toldAt?: Partial<Record<ToldKind, number>>
  /** What was asked of WhatsApp from here. */
  submission?: Submission
}
/** Kept before Twilio is asked, so that who is killed on the way goes on where it was. */
export interface Submission {
  wanted: TemplateSubmission
  /** Which one it is under this name: WhatsApp does not give a rejected or deleted one's name again. */
  attempt: number
  /** What is to be done next: the content is made, WhatsApp is asked. `done`: it answers; `refused`: Twilio does not take it. */
  step: 'content' | 'approval' | 'done' | 'refused'
}
export type ToldKind = 'status' | 'category' | 'quality'
export interface TemplateRecord extends TemplateInput {
  rev: number
  updatedAt: number
}
export type TemplateKey = Pick<TemplateInput, 'name' | 'language'>
export interface TemplateFilter {
  q?: string
  /** In whatever country it is spoken. */
  language?: string
  /** Those that may go at any time. */
  approved?: boolean
}
/** What becomes of a template as it is now (null: there is none); null: nothing. Pure. */
export type TemplateRule = (before: TemplateRecord | null) => TemplateInput | null
export interface TemplateChanged {
  created: boolean
  changed: boolean
  /** Null: there is none, and none was made. */
  template: TemplateRecord | null
}

/** What people set up, by kind and name: an organization's own settings, an automation, a webhook of the host. At most some hundred of a kind. */
export interface Setting {
  kind: SettingKind
  name: string
  /** As its owner wrote it: who reads it checks its shape. */
  value: Record<string, unknown>
  rev: number
  createdAt: number
  updatedAt: number
}
export type SettingKind = 'organization' | 'automation' | 'webhook' | 'webhookCursor' | 'planTerms' | 'retention' | 'rates'
/** What becomes of a setting as it is now (null: there is none): its value; `delete`; null: nothing. Pure, may be called more than once. */
export type SettingRule = (before: Setting | null) => Setting['value'] | 'delete' | null
export interface SettingChanged {
  before: Setting | null
  after: Setting | null
  changed: boolean
}

// -- told to the host

/** The thing that a delivery tells of: read when it goes, so that no text stands in two places. */
export interface EventAbout {
  kind: 'message' | 'conversation' | 'coordination'
  id: string
}
export interface DeliveryDraft {
  id: string
  /** Its name. */
  webhook: string
  /** Unique for the webhook: the same event again adds nothing. */
  key: string
  type: string
  about: EventAbout
  /** When it happened. */
  at: number
}
/** One event on its way to one webhook of the host. */
export interface Delivery extends DeliveryDraft {
  state: 'waiting' | 'delivered' | 'failed'
  attempts: number
  /** Null: it is not tried any more. */
  dueAt: number | null
  /** What the last attempt met with; `status` null: nobody answered. */
  answer: { status: number | null; detail: string; at: number } | null
  rev: number
  createdAt: number
  updatedAt: number
}
/** What changes of a delivery as it is now; null: nothing. Pure, may be called more than once. */
export type DeliveryRule = (before: Delivery) => Partial<Pick<Delivery, 'state' | 'attempts' | 'dueAt' | 'answer'>> | null

/** Where a browser hears of messages while no page of it is open. */
export interface PushSubscription {
  orgId: string
  agentId: string
  endpoint: string
  p256dh: string
  auth: string
  /** Of the token that subscribed. */
  scope: Scope
  locale: string
  /** The host's page that a click opens. */
  page: string
  /** Renewed by every visit; gone then. */
  expiresAt: number
}
