// The documents as kept. Times are ms since the epoch; Dates (`changedAt`, `pendingSince`, `enteredAt`) are the
// database's clock, since the feed and the order of a line must not depend on any process's.
import type {
  Author,
  Channel,
  Contact,
  ConversationStatus,
  Coordination,
  Delay,
  Direction,
  Failure,
  LastMessage,
  Message,
  MessageStatus,
  MessageType,
} from '../../../shared/model.ts'
import type { NameSource } from '../../rules/contact.ts'
import type { Answer } from '../../rules/conversation.ts'
import type { Failing } from '../../rules/failures.ts'
import type { MediaItem } from '../../rules/media.ts'
import type { AttemptFacts } from '../../rules/message.ts'
import type { OptOutFacts, OptOutSaid } from '../../rules/opt-out.ts'
import type { RecipientState } from '../../rules/recipient.ts'
import type { CopiedAgent, CopiedCallback, CopiedLine, CopiedReader } from '../copied.ts'
import type { Lane, PushSubscription, RecoveryState, Setting } from '../records.ts'

export interface MessageDoc extends AttemptFacts {
  _id: string
  orgId: string
  conversationId: string
  lineId: string
  contactId: string
  coordinationId: string | null
  /** Null only in the collection of scheduled messages. */
  seq: number | null
  /** Of an inbound message: `inboundCount` after it. */
  ordinal: number | null
  /** Unique in the organization: of an inbound message its SID, else its id. */
  key: string
  direction: Direction
  type: MessageType
  channel: Channel
  sender: string
  /** Of an inbound message: what the client wrote from. */
  address: string | null
  phone: string | null
  author: Author
  text: string
  location: Message['location'] | null
  contacts: Message['contacts'] | null
  button: Message['button'] | null
  /** JSON: names of variables may be anything, names of fields may not. */
  template: string | null
  moved: Message['moved'] | null
  /** Only of what was moved to its thread. */
  arrived?: Message['arrived']
  referral: Message['referral'] | null
  /** Of an inbound message: what it says about further ones, for its line. */
  said?: OptOutSaid
  event?: Message['event']
  marketing?: true | undefined
  /** JSON of the draft's `content`. */
  content: string | null
  replyToId: string | null
  forwarded: boolean
  status: MessageStatus
  delay: Delay | null
  error: Failure | null
  /** It failed, and nothing is left to do about it. */
  putAway?: boolean
  /** What it said is gone. */
  erased?: boolean
  /** JSON. */
  planB?: string | null
  retryOf: string | null
  fallbackOf: string | null
  twilioSid: string | null
  clientMessageId: string | null
  recovered: boolean
  /** From the provider's list; its webhook has not come. */
  listed?: true
  sensitive: boolean
  dueAt: number | null
  expiresAt: number | null
  expiresInMs: number | null
  createdAt: number
  sentAt: number | null
  deliveredAt: number | null
  readAt: number | null
  failedAt: number | null
  price: Message['price']
  /** Absent: it has none. */
  media?: MediaItem[]
  /** When the next of them is to be fetched. */
  mediaDue?: number
  lane: Lane
  cost: number
  /** When it entered, by the caller's clock. */
  queuedAt: number
  /** Place on its line: the database's clock, then `entry`, its seq when it entered. */
  enteredAt: Date | null
  entry: number
  /** Only while it is open (`isOpen`); partial indexes hang on it. */
  open?: true
  /** The conversation's preview does not show this state yet; the sweep completes it. */
  echo?: true
  /** The group of statuses that wrote it last, where it was not alone. */
  statusBy?: string
  /** A place in the order without a message, so that `seq` stays whole. */
  hidden?: true
  /** Scheduled and being entered: can no longer be canceled. */
  entering?: true
  rev: number
  changedAt: Date
  /** When it came to another thread or record; absent: it never did. */
  placedAt?: Date
}

export interface PreviewDoc {
  id: string
  seq: number
  direction: Direction
  type: MessageType
  author: Author
  text: string
  /** Absent: copied from another store, or it has none. */
  attachment?: LastMessage['attachment'] | null
  status: MessageStatus
  createdAt: number
  /** `rev` of the message that is shown, so that an older state never replaces a newer one. */
  rev: number
}

/** Unfinished work over several documents, begun by the conversation; whoever meets it completes it. */
export type WorkDoc =
  | { kind: 'filed'; id: string; from: string | null; to: string | null; at: number }
  /** Messages leave by this move. */
  | { kind: 'leaving'; id: string; moveId: string }
  /** Messages come in from `sourceId` (a merge) or by the move with this id, to the seqs from `firstSeq` on. Before: as the thread was then. */
  | {
      kind: 'moving'
      id: string
      sourceId: string | null
      moveId: string | null
      firstSeq: number
      inboundBefore: number
      answeredBefore?: number
    }

export interface ConversationDoc extends OptOutFacts {
  _id: string
  orgId: string
  lineId: string
  channel: Channel
  sender: string
  contactId: string
  coordinationId: string | null
  status: ConversationStatus
  snoozedUntil: number | null
  assignee: { id: string; name: string } | null
  inboundCount: number
  answeredCount: number
  /** inboundCount − answeredCount, only while above 0. */
  unanswered?: number
  awaitingSince: number | null
  lastSeq: number
  lastMessage: PreviewDoc | null
  /** Absent: none ever. */
  failures?: Failing[]
  activityAt: number | null
  tags: string[]
  /** Copies of what it shows of contact, line and record: they change here with its `rev`, and a list needs no join. */
  contactName: string
  address: string
  phone: string | null
  lastInboundAt: number | null
  record: {
    id: string
    title: string
    startsAt: string | null
    status: Coordination['status']
    /** The record's numbers; an older Hilo kept none here. */
    phone?: string | undefined
    phones?: NonNullable<Coordination['contact']['phones']>
  } | null
  hint: { coordinationId: string; title: string } | null
  /** Whether the contact's or the record's copy is the latest: their `rev` when copied. */
  contactRev: number
  recordRev: number
  lastEnteredAt: Date | null
  lastAnswer: Answer | null
  /** The last answer by anybody but the author of `lastAnswer`. */
  otherAnswer: Answer | null
  /** The last message keys and finished steps, so that a repeat changes nothing. */
  recent: string[]
  /** Whole messages that the flush has not copied yet. */
  pending: MessageDoc[]
  work: WorkDoc[]
  /** Set while there is something pending or unfinished. */
  pendingSince?: Date
  /** Its messages go to the thread of that record, then it is no more. */
  gone?: { id: string; to: string; at: number }
  rev: number
  changedAt: Date
  createdAt: number
  updatedAt: number
}

export interface LineDoc extends Omit<CopiedLine, 'id'> {
  _id: string
  orgId: string
  lastRecordAt: number
}

export interface ContactDoc {
  _id: string
  orgId: string
  name: string
  nameSource: NameSource
  /** The name without case and accents: the order of the list. */
  sortName: string
  externalId: string | null
  /** One per channel. */
  addresses: Contact['addresses']
  /** All keys that lead here (the collection `addresses` has the same, the other way round). */
  keys: string[]
  /** JSON: names of attributes may be anything. */
  attributes: string
  conflict: string | null
  tags: string[]
  rev: number
  createdAt: number
  updatedAt: number
}

/** Whose a key is; `_id` is org|key. */
export interface AddressDoc {
  _id: string
  orgId: string
  contactId: string
}

export interface CoordinationDoc {
  _id: string
  orgId: string
  id: string
  title: string
  contact: Coordination['contact']
  phoneKeys: string[]
  startsAt: string | null
  timezone: string | null
  /** Absent in what was saved before records had one. */
  url?: string | null
  status: Coordination['status']
  agent: { id: string; name: string } | null
  /** JSON. */
  data: string
  provisional?: true
  /** Absent: nothing is to come. */
  nextDueAt?: number
  /** JSON, without when it is due. */
  plan?: string
  /** Rises with every change of the plan alone. */
  planRev?: number
  rev: number
  changedAt: Date
  createdAt: number
  updatedAt: number
}

/** The message of a caller's key; `_id` is org|key. */
export interface KeyDoc {
  _id: string
  orgId: string
  messageId: string
  conversationId: string
  /** The record that was asked for; absent in what was written before records were kept here. */
  coordinationId?: string | null
}

/** `_id` is org|name. */
export interface LeaseDoc {
  _id: string
  orgId: string
  leaseBy: string | null
  leaseUntil: Date
  fence: number
}

/** A status callback that came before its SID. */
export interface CallbackDoc extends Omit<CopiedCallback, 'heldAt'> {
  _id: string
  orgId: string
  messageId: string | null
  heldAt: Date
}

export interface ReaderDoc extends CopiedReader {
  _id: string
  orgId: string
  changedAt: Date
}

/** Something left a record's scope; `gone`: the conversation is no more. */
export interface DepartureDoc {
  _id: string
  orgId: string
  conversationId: string
  from: string | null
  to: string | null
  gone: boolean
  changedAt: Date | null
}

export interface MovePart {
  /** The conversation that they leave. */
  sourceId: string
  from: string | null
  messages: {
    id: string
    seq: number
    ordinal: number | null
    lineId: string
    inbound: boolean
    unanswered: boolean
    person: boolean
    createdAt: number
  }[]
}

export interface MoveDoc {
  _id: string
  orgId: string
  state: 'moving' | 'moved' | 'undoing' | 'undone'
  to: string | null
  parts: MovePart[]
  by: { id: string; name: string }
  at: number
  /** Of an undo: who goes where. `place`: where it is now; `back`: where its `moved` line stands. */
  undo: {
    by: { id: string; name: string }
    at: number
    items: {
      id: string
      lineId: string
      /** Where it goes; and where it is, which its line takes on. */
      ordinal: number | null
      placeOrdinal?: number | null
      inbound: boolean
      /** Nobody answered it where it is; absent in what an older Hilo left. */
      unanswered?: boolean
      createdAt?: number
      place: { conversationId: string; seq: number; coordinationId: string | null }
      back: { conversationId: string; seq: number; coordinationId: string | null }
    }[]
  } | null
}

/** A write over many documents, kept until it is complete. */
export interface TaskDoc {
  _id: string
  orgId: string
  at: Date
  now: number
  /** The contact whose lines and conversations are to be told. */
  contactId: string | null
  /** Its threads go to the line of its new number, on each of these channels; absent in what an older Hilo left. */
  moved?: { channel: Channel; key: string }[]
  /** JSON of the records to save. */
  records: string | null
}

/** How far recovery has come; `_id` is the organization. */
export interface RecoveryDoc extends RecoveryState {
  _id: string
}

export interface MetaDoc {
  _id: string
  version: number
  /** The version that a migration began with and that is not whole yet. */
  migratingFrom?: number
}

export interface AgentDoc extends Omit<CopiedAgent, 'id'> {
  /** org|agent */
  _id: string
  orgId: string
  agentId: string
  /** When settings or presence were chosen; absent: never. */
  changedAt?: Date
}

/** A server process on this database, and until when it counts as being there. */
export interface ProcessDoc {
  _id: string
  until: Date
}

export interface PushSubscriptionDoc extends Omit<PushSubscription, 'scope' | 'expiresAt'> {
  /** org|hash of the endpoint */
  _id: string
  scope: string[] | null
  expiresAt: Date
}

export interface TemplateDoc {
  /** org, name and language as JSON */
  _id: string
  orgId: string
  name: string
  language: string
  contentSid?: string
  /** May go by WhatsApp at any time. */
  approved: boolean
  /** JSON of the template. */
  template: string
  rev: number
  updatedAt: number
}

/** How often templates of an organization changed, and when for the last time. */
export interface TemplateChangesDoc {
  /** org */
  _id: string
  orgId: string
  changes: number
  changedAt: Date
}

export interface SettingDoc extends Omit<Setting, 'value'> {
  /** org, kind and name as JSON */
  _id: string
  orgId: string
  /** JSON */
  value: string
}

export interface DeliveryDoc {
  _id: string
  orgId: string
  webhook: string
  key: string
  /** Absent: it is not tried any more. */
  dueAt?: number
  rev: number
  createdAt: number
  /** JSON */
  delivery: string
}

export interface CampaignDoc {
  _id: string
  orgId: string
  key: string
  /** Absent: nobody has to look at it. */
  lookAt?: number
  rev: number
  createdAt: number
  /** JSON */
  campaign: string
}

export interface RecipientDoc {
  _id: string
  orgId: string
  campaignId: string
  key: string
  state: RecipientState
  /** Absent: it is not pending. */
  dueAt?: number
  /** JSON */
  recipient: string
}

/** A value that is kept once, for all processes. */
export interface KeptDoc {
  _id: string
  value: string
}
