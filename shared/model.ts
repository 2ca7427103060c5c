// The wire model: what HTTP, sockets and widget exchange. Each shape is a zod schema once; types are inferred.
// The widget imports types from here only, so that zod stays out of its bundle.
import { z } from 'zod'

/** ISO 8601 in UTC with milliseconds, as `Date.prototype.toISOString` writes it. */
const time = z.string()
const maybeTime = time.nullable()

export const channel = z.enum(['whatsapp', 'sms'])
export type Channel = z.infer<typeof channel>

export const direction = z.enum(['inbound', 'outbound', 'internal'])
export type Direction = z.infer<typeof direction>

export const messageType = z.enum(['text', 'media', 'location', 'contacts', 'button', 'template', 'note', 'event', 'moved', 'unsupported'])
export type MessageType = z.infer<typeof messageType>

export const messageStatus = z.enum([
  'received',
  'scheduled',
  'queued',
  'sending',
  'unconfirmed',
  'sent',
  'delivered',
  'read',
  'failed',
  'canceled',
])
export type MessageStatus = z.infer<typeof messageStatus>

export const author = z.object({
  type: z.enum(['contact', 'agent', 'automation', 'campaign', 'system']),
  id: z.string().nullable(),
  name: z.string(),
})
export type Author = z.infer<typeof author>

export const failureReason = z.enum([
  'invalid_number',
  'not_on_whatsapp',
  'window',
  'opted_out',
  'blocked',
  'template',
  'media',
  'content',
  'rate',
  'account',
  'sender',
  'sandbox',
  'carrier',
  'expired',
  'unsettled',
  'unknown',
])
export type FailureReason = z.infer<typeof failureReason>

export const failureAction = z.enum(['send_template', 'try_sms', 'fix_number', 'retry', 'none'])
export type FailureAction = z.infer<typeof failureAction>

/** Why a message did not arrive, and the one next thing to do. `message` holds Twilio's own words. */
export const failure = z.object({
  code: z.number().int().nullable(),
  reason: failureReason,
  message: z.string(),
  action: failureAction,
})
export type Failure = z.infer<typeof failure>

export const delay = z.object({
  reason: z.enum(['rate', 'order', 'provider', 'quiet_hours']),
  until: maybeTime,
})
export type Delay = z.infer<typeof delay>

/** From everything, or from marketing alone. */
export const optOutScope = z.enum(['all', 'marketing'])
export type OptOutScope = z.infer<typeof optOutScope>
/** Who says so: the client by a word, Twilio (`OptOutType` or error 21610), WhatsApp, an agent, the host, or an imported list. */
export const optOutSource = z.enum(['keyword', 'twilio', 'whatsapp', 'agent', 'host', 'import'])
export type OptOutSource = z.infer<typeof optOutSource>

/** One of our senders that a contact wants no more messages of. */
export const optOut = z.object({ channel, sender: z.string(), scope: optOutScope, since: time, source: optOutSource })
export type OptOut = z.infer<typeof optOut>

export const media = z.object({
  id: z.string(),
  url: z.string(),
  /** Of a large picture, where the server makes them: a small one of it, of at most 640 pixels. */
  preview: z.string().optional(),
  contentType: z.string(),
  filename: z.string().nullable(),
  size: z.number().int().nullable(),
  state: z.enum(['pending', 'ready', 'failed', 'blocked']),
  /** Of one that is `blocked`. */
  reason: z.enum(['too_large', 'type', 'address']).optional(),
  /** Of a picture or a video, in pixels. */
  width: z.number().int().optional(),
  height: z.number().int().optional(),
})

/** A file that was uploaded: `id` goes with a message. */
export const upload = media
  .pick({ id: true, contentType: true, filename: true, width: true, height: true })
  .extend({ size: z.number().int() })
export type Upload = z.infer<typeof upload>

/** WhatsApp's category: its price, its limits and what an opt-out of marketing stops follow it. Twilio may name new ones. */
const templateCategory = z.string()

/** A template with its values, by the names in its text. */
const filledTemplate = z.object({
  name: z.string(),
  variables: z.record(z.string(), z.string()),
  language: z.string().optional(),
  /** As it was when it was sent: WhatsApp changes it without asking. */
  category: templateCategory.optional(),
  /** Names whose values nobody gave: from the record, the client, the agent or the template's own defaults. */
  filled: z.array(z.string()).optional(),
})

/** What becomes of a planned text that WhatsApp does not take when it is due: the template, else SMS. */
export const planB = z.object({
  template: filledTemplate.optional(),
  sms: z.boolean(),
  /** Nobody asked for it: the SMS went by the organization's policy. */
  byPolicy: z.literal(true).optional(),
  /** What was planned to be said, where the template was sent in its place. */
  text: z.string().optional(),
  /** The step that was taken, and why none before it. */
  taken: z
    .object({
      step: z.enum(['text', 'template', 'sms']),
      because: z.array(z.enum(['window', 'template', 'opted_out', 'sender', 'not_on_whatsapp'])),
      /** The SMS that went in its place, and its thread. */
      messageId: z.string().optional(),
      conversationId: z.string().optional(),
    })
    .optional(),
})
export type PlanB = z.infer<typeof planB>

/** What the host knows of a record, or of what happened to it. */
const recordData = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))

export const message = z.object({
  id: z.string(),
  conversationId: z.string(),
  coordinationId: z.string().nullable(),
  seq: z.number().int().nullable(),
  direction,
  type: messageType,
  channel,
  author,
  text: z.string(),
  media: z.array(media),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      label: z.string().optional(),
      address: z.string().optional(),
    })
    .optional(),
  contacts: z.array(z.object({ name: z.string(), phones: z.array(z.string()) })).optional(),
  button: z.object({ text: z.string(), payload: z.string() }).optional(),
  template: filledTemplate.optional(),
  planB: planB.optional(),
  /** It promotes something: refused where the client opted out of that. */
  marketing: z.literal(true).optional(),
  /** An `event` line only: what happened. `ambiguous`: the word may have been meant for the record. */
  event: z
    .discriminatedUnion('name', [
      z.object({
        name: z.enum(['opted_out', 'opted_in']),
        scope: optOutScope,
        source: optOutSource,
        ambiguous: z.literal(true).optional(),
      }),
      /** Something happened to the record: `type` as the host calls it. */
      z.object({ name: z.literal('record'), type: z.string(), data: recordData.optional() }),
    ])
    .optional(),
  /** A `moved` line only: where the messages went or came from, and their old places here. */
  moved: z
    .object({
      to: z.string().nullable(),
      from: z.string().nullable(),
      messages: z.array(z.object({ id: z.string(), seq: z.number().int() })),
      undoId: z.string().nullable(),
    })
    .optional(),
  /** It was moved here from another thread: by whom, from which record (null: unfiled, or not to be known), and what puts it back. */
  arrived: z
    .object({
      from: z.string().nullable(),
      by: z.object({ id: z.string(), name: z.string() }),
      at: time,
      undoId: z.string().nullable(),
    })
    .optional(),
  replyToId: z.string().nullable(),
  forwarded: z.boolean(),
  referral: z
    .object({
      sourceId: z.string(),
      sourceType: z.string(),
      sourceUrl: z.string(),
      headline: z.string(),
      body: z.string(),
    })
    .optional(),
  status: messageStatus,
  delay: delay.nullable(),
  error: failure.nullable(),
  /** Of one that failed: nothing is left to do, it was sent again or an agent put it away. */
  putAway: z.literal(true).optional(),
  /** It is older than the organization keeps messages: what it said and came with is gone. */
  erased: z.literal(true).optional(),
  retryOf: z.string().nullable(),
  fallbackOf: z.string().nullable(),
  twilioSid: z.string().nullable(),
  clientMessageId: z.string().nullable(),
  recovered: z.boolean(),
  sensitive: z.boolean(),
  dueAt: maybeTime,
  expiresAt: maybeTime,
  createdAt: time,
  sentAt: maybeTime,
  deliveredAt: maybeTime,
  readAt: maybeTime,
  failedAt: maybeTime,
  price: z.object({ amount: z.number(), currency: z.string(), estimated: z.boolean() }).nullable(),
  rev: z.number().int(),
})
export type Message = z.infer<typeof message>

/** What one conversation holds of the messages that the log is asked for. */
export const logThread = z.object({
  conversationId: z.string(),
  channel,
  contact: z.object({ id: z.string(), name: z.string(), phone: z.string().nullable(), address: z.string() }),
  coordinationId: z.string().nullable(),
  messages: z.number().int(),
  inbound: z.number().int(),
  outbound: z.number().int(),
  /** Of those that went out: how many are in which state. */
  byStatus: z.partialRecord(messageStatus, z.number().int()),
  firstAt: time,
  /** Of the newest of them. */
  lastAt: time,
  lastStatus: messageStatus,
  /** What they cost, as far as it is known, by currency. */
  cost: z.record(z.string(), z.number()),
})
export type LogThread = z.infer<typeof logThread>

export const conversationStatus = z.enum(['open', 'snoozed', 'closed'])
export type ConversationStatus = z.infer<typeof conversationStatus>

export const coordinationStatus = z.enum(['active', 'canceled', 'done'])
export type CoordinationStatus = z.infer<typeof coordinationStatus>

/** What a message's media are, in a word. */
export const shownKind = z.enum(['image', 'sticker', 'audio', 'video', 'document', 'contacts'])
export type ShownKind = z.infer<typeof shownKind>

export const lastMessage = z.object({
  id: z.string(),
  seq: z.number().int(),
  direction,
  type: messageType,
  author,
  text: z.string(),
  /** The first thing that it came with; a document has the name that its sender gave it, if any. */
  attachment: z.object({ kind: shownKind, filename: z.string().nullable() }).optional(),
  status: messageStatus,
  createdAt: time,
})
export type LastMessage = z.infer<typeof lastMessage>

/** A conversation as it is broadcast: nobody's own numbers are in it. */
export const conversation = z.object({
  id: z.string(),
  channel,
  /** Our number or messaging service, without a `whatsapp:` prefix. */
  sender: z.string(),
  contact: z.object({
    id: z.string(),
    name: z.string(),
    phone: z.string().nullable(),
    /** Reply to exactly this. */
    address: z.string(),
  }),
  coordinationId: z.string().nullable(),
  coordination: z
    .object({
      id: z.string(),
      title: z.string(),
      startsAt: maybeTime,
      status: coordinationStatus,
      /** The record's own form of the contact's number, where it is another one. */
      phone: z.string().optional(),
    })
    .nullable(),
  status: conversationStatus,
  snoozedUntil: maybeTime,
  assignee: z.object({ id: z.string(), name: z.string() }).nullable(),
  inboundCount: z.number().int(),
  answeredCount: z.number().int(),
  awaitingReplySince: maybeTime,
  window: z.object({ open: z.boolean(), expiresAt: maybeTime }),
  /** From everything: nothing more is sent. An opt-out from marketing alone stands with the contact. */
  optedOut: z.boolean(),
  canReply: z.boolean(),
  hint: z.object({ coordinationId: z.string(), title: z.string() }).nullable(),
  lastMessage: lastMessage.nullable(),
  /** Its messages that failed and that nobody sent again or put away yet: at most 20, the newest failure last. */
  failures: z.array(z.object({ messageId: z.string(), error: failure })),
  lastSeq: z.number().int(),
  activityAt: maybeTime,
  tags: z.array(z.string()),
  rev: z.number().int(),
  createdAt: time,
  updatedAt: time,
})
export type Conversation = z.infer<typeof conversation>

/** The same in an answer to one caller: with that caller's own numbers. */
export const ownConversation = conversation.extend({
  readCount: z.number().int(),
  readSeq: z.number().int(),
  unread: z.number().int(),
})
export type OwnConversation = z.infer<typeof ownConversation>

export const contact = z.object({
  id: z.string(),
  name: z.string(),
  externalId: z.string().nullable(),
  addresses: z.array(
    z.object({
      channel,
      address: z.string(),
      phone: z.string().nullable(),
      preferred: z.boolean(),
    }),
  ),
  attributes: z.record(z.string(), z.string()),
  optOuts: z.array(optOut),
  conflict: z.string().nullable(),
  tags: z.array(z.string()),
  rev: z.number().int(),
  createdAt: time,
  updatedAt: time,
})
export type Contact = z.infer<typeof contact>

export const coordination = z.object({
  id: z.string(),
  title: z.string(),
  contact: z.object({
    name: z.string(),
    phone: z.string(),
    channel: channel.optional(),
    externalId: z.string().optional(),
    phones: z.object({ whatsapp: z.string().optional(), sms: z.string().optional() }).optional(),
  }),
  startsAt: maybeTime,
  timezone: z.string().optional(),
  /** The host's page of it: http or https. */
  url: z.string().optional(),
  /** Made by a button or a send, and not yet saved by the host. */
  provisional: z.literal(true).optional(),
  status: coordinationStatus,
  agent: z.object({ id: z.string(), name: z.string() }).optional(),
  data: recordData,
  rev: z.number().int(),
  createdAt: time,
  updatedAt: time,
})
export type Coordination = z.infer<typeof coordination>

export const role = z.enum(['agent', 'supervisor', 'admin', 'service'])
export type Role = z.infer<typeof role>

export const presence = z.enum(['online', 'away', 'offline'])
export type Presence = z.infer<typeof presence>

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is no time of day like 22:00')

/** How an agent wants to hear of messages and to send them, on every browser. */
export const agentSettings = z.object({
  sound: z.boolean(),
  notifications: z.boolean(),
  /** Without sound and notifications between these times, in the organization's time zone; over midnight where `to` is earlier. */
  quiet: z.object({ from: timeOfDay, to: timeOfDay }).nullable(),
  /** Whose conversations make a sound, a notification or a push; the others only count. */
  notifyOf: z.enum(['all', 'mine_or_unassigned', 'mine']),
  /** A sent message can be taken back for five seconds. */
  undoSend: z.boolean(),
  /** A message that contradicts the record is held. */
  checkText: z.boolean(),
  /** Who answers a conversation that is nobody's takes it. */
  assignOnAnswer: z.boolean(),
})
export type AgentSettings = z.infer<typeof agentSettings>

/** An agent's settings, as its own browsers are told. */
export const ownSettings = agentSettings.extend({ presence })
export type OwnSettings = z.infer<typeof ownSettings>

export const agent = z.object({ id: z.string(), name: z.string(), presence })
export type Agent = z.infer<typeof agent>

/** Absolute numbers of one caller; of two, the one with the higher `version` is right. */
export const unread = z.object({
  version: z.number(),
  /** Unread messages. */
  total: z.number().int(),
  /** Conversations with at least one of them. */
  conversations: z.number().int(),
  /** Conversations in which a client waits for an answer. */
  awaitingReply: z.number().int(),
  byCoordination: z.record(z.string(), z.number().int()).optional(),
  /** Of those records, since when a client waits in the ones where one does. */
  waitingByCoordination: z.record(z.string(), time).optional(),
  /** Of those records, what waits without a record from who has one of their numbers: how many messages, and since when. */
  unfiledByCoordination: z.record(z.string(), z.number().int()).optional(),
  unfiledSinceByCoordination: z.record(z.string(), time).optional(),
})
export type Unread = z.infer<typeof unread>

/** Conversations under each filter of the inbox, counted up to 100: that many, or more. */
const counted = z.number().int().min(0).max(100)
export const inboxCounts = z.object({
  open: counted,
  /** Clients who wait for an answer in the open ones. */
  awaiting: counted,
  /** Of the open ones. */
  mine: counted,
  unassigned: counted,
  unfiled: counted,
  /** In any state: with a message that failed and that nobody sent again or put away. */
  failed: counted,
  snoozed: counted,
})
export type InboxCounts = z.infer<typeof inboxCounts>

/** Where a template stands with WhatsApp. */
export const templateStatus = z.enum(['unsubmitted', 'received', 'pending', 'approved', 'rejected', 'paused', 'disabled'])
export type TemplateStatus = z.infer<typeof templateStatus>

export const templateType = z.enum([
  'text',
  'media',
  'quick-reply',
  'call-to-action',
  'card',
  'list-picker',
  'location',
  'carousel',
  'flows',
  'authentication',
  'other',
])
export type TemplateType = z.infer<typeof templateType>

export const template = z.object({
  name: z.string(),
  language: z.string(),
  /** Text with `{{named}}` placeholders. */
  body: z.string(),
  /** Placeholder names in the order of their first appearance. */
  variables: z.array(z.string()),
  /** What stands in for values that are given nowhere else. */
  defaults: z.record(z.string(), z.string()),
  /** Whether WhatsApp takes it now, whenever the client wrote last. */
  approved: z.boolean(),
  /** Whether it may go by WhatsApp while the client's window is open. */
  inWindow: z.boolean(),
  type: templateType,
  /** Twilio's content; null: a text of our own. */
  whatsapp: z.object({ contentSid: z.string(), variables: z.array(z.string()) }).nullable(),
  status: templateStatus,
  category: templateCategory.nullable(),
  /** WhatsApp's, of how clients take it. */
  quality: z.string().nullable(),
  /** Why WhatsApp rejected it. */
  rejection: z.string().nullable(),
  /** Twilio does not have it any more. */
  gone: z.boolean(),
  updatedAt: time,
})
export type Template = z.infer<typeof template>

/** What a reading of Twilio's list did. */
const howMany = z.number().int().min(0)
export const templateCounts = z.object({ created: howMany, changed: howMany, gone: howMany, unchanged: howMany })
export type TemplateCounts = z.infer<typeof templateCounts>

/** When Twilio's list of templates was last read to its end, by the process that answers; null: not since its start. */
export const templatesStatus = z.object({
  readAt: time.nullable(),
  /** Why it could not be read since; null: it could. */
  fault: z.string().nullable(),
})
export type TemplatesStatus = z.infer<typeof templatesStatus>
