// Rows as the tables hold them, and the model's objects made from them.
import { unreadOf } from '../../../shared/unread.ts'
import { ownForm } from '../../rules/coordination.ts'
import { type MediaItem, showMedia } from '../../rules/media.ts'
import { shownMedia } from '../../rules/shown-media.ts'
import type { Author, Contact, Coordination, Delay, Failure, Message } from '../../../shared/model.ts'
import { listOptOuts } from '../../rules/opt-out.ts'
import { optOutFactsOf, type OptOutRow } from './line-row.ts'
import type { NameSource } from '../../rules/contact.ts'
import type { Failing } from '../../rules/failures.ts'
import type { ConversationState, Keyed, OwnConversationState } from '../records.ts'

/** Nullable like the columns; names are the columns'. */
export interface MessageRow {
  id: string
  org_id: string
  conversation_id: string
  coordination_id: string | null
  seq: number | null
  ordinal: number
  direction: Message['direction']
  type: Message['type']
  channel: Message['channel']
  author_type: Author['type']
  author_id: string | null
  author_name: string
  text: string
  extra: string | null
  status: Message['status']
  twilio_sid: string | null
  created_at: number
  rev: number
  feed: number
  reply_to_id: string | null
  forwarded: number
  recovered: number
  /** 1: from the provider's list; its webhook has not come. */
  listed: number
  sensitive: number
  line_id: string | null
  sender: string | null
  entered: number | null
  entered_at: number | null
  lane: number | null
  cost: number | null
  content: string | null
  key: string | null
  asked: string | null
  client_message_id: string | null
  retry_of: string | null
  fallback_of: string | null
  due_at: number | null
  expires_in: number | null
  expires_at: number | null
  attempt: number
  claimed_at: number | null
  first_claimed_at: number | null
  lease_until: number | null
  fence: number | null
  not_before: number | null
  delay: string | null
  error: string | null
  sent_at: number | null
  delivered_at: number | null
  read_at: number | null
  failed_at: number | null
  price: string | null
  /** JSON; null: it has none. */
  media: string | null
  /** When the next of them is to be fetched. */
  media_due: number | null
}

/** Fields that few messages have, in one JSON column. */
export type Extra = Pick<
  Message,
  | 'location'
  | 'contacts'
  | 'button'
  | 'template'
  | 'moved'
  | 'arrived'
  | 'referral'
  | 'putAway'
  | 'planB'
  | 'marketing'
  | 'event'
  | 'erased'
>

export const iso = (ms: number) => new Date(ms).toISOString()
export const maybeIso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
export const parsed = <T>(text: string | null) => (text === null ? null : (JSON.parse(text) as T))
export const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

export function toMessage(row: MessageRow): Message {
  const message: Message = {
    id: row.id,
    conversationId: row.conversation_id,
    coordinationId: row.coordination_id,
    seq: row.seq,
    direction: row.direction,
    type: row.type,
    channel: row.channel,
    author: { type: row.author_type, id: row.author_id, name: row.author_name },
    text: row.text,
    media: [],
    replyToId: row.reply_to_id,
    forwarded: row.forwarded === 1,
    status: row.status,
    delay: parsed<Delay>(row.delay),
    error: parsed<Failure>(row.error),
    retryOf: row.retry_of,
    fallbackOf: row.fallback_of,
    twilioSid: row.twilio_sid,
    clientMessageId: row.client_message_id,
    recovered: row.recovered === 1,
    sensitive: row.sensitive === 1,
    dueAt: maybeIso(row.due_at),
    expiresAt: maybeIso(row.expires_at),
    createdAt: iso(row.created_at),
    sentAt: maybeIso(row.sent_at),
    deliveredAt: maybeIso(row.delivered_at),
    readAt: maybeIso(row.read_at),
    failedAt: maybeIso(row.failed_at),
    price: parsed<Message['price']>(row.price),
    rev: row.rev,
  }
  if (row.extra !== null) Object.assign(message, JSON.parse(row.extra) as Extra)
  return row.media === null ? message : Object.assign(message, showMedia(mediaOf(row)))
}

export const mediaOf = ({ media }: Pick<MessageRow, 'media'>): MediaItem[] => parsed<MediaItem[]>(media) ?? []

/** A conversation with what it shows of its line, contact, records and last message. */
export interface ConversationRow {
  id: string
  org_id: string
  channel: Message['channel']
  sender: string
  contact_id: string
  line_id: string
  coordination_id: string | null
  hint_id: string | null
  status: ConversationState['status']
  snoozed_until: number | null
  assignee_id: string | null
  assignee_name: string | null
  tags: string
  /** JSON */
  failures: string
  last_seq: number
  last_message_id: string | null
  last_status: Message['status'] | null
  inbound_count: number
  answered_count: number
  awaiting_since: number | null
  activity_at: number | null
  rev: number
  feed: number
  created_at: number
  updated_at: number
  address: string
  phone: string | null
  last_inbound_at: number | null
  opted_out_at: number | null
  marketing_out_at: number | null
  contact_name: string
  k_title: string | null
  k_starts_at: string | null
  k_contact: string | null
  k_status: Coordination['status'] | null
  h_title: string | null
  m_seq: number | null
  m_direction: Message['direction'] | null
  m_type: Message['type'] | null
  m_author_type: Author['type'] | null
  m_author_id: string | null
  m_author_name: string | null
  m_text: string | null
  m_sensitive: number | null
  m_media: string | null
  m_created_at: number | null
}

/** Everything of ConversationRow; add conditions on `c`. */
export const selectConversation = `SELECT c.*, l.address, l.phone, l.last_inbound_at, l.opted_out_at, l.marketing_out_at, p.name AS contact_name,
  k.title AS k_title, k.starts_at AS k_starts_at, k.status AS k_status, k.contact AS k_contact, h.title AS h_title,
  m.seq AS m_seq, m.direction AS m_direction, m.type AS m_type, m.author_type AS m_author_type, m.author_id AS m_author_id,
  m.author_name AS m_author_name, m.text AS m_text, m.sensitive AS m_sensitive, m.media AS m_media, m.created_at AS m_created_at
FROM conversations c
CROSS JOIN lines l ON l.id = c.line_id
CROSS JOIN contacts p ON p.id = c.contact_id
LEFT JOIN coordinations k ON k.org_id = c.org_id AND k.id = c.coordination_id
LEFT JOIN coordinations h ON h.org_id = c.org_id AND h.id = c.hint_id
LEFT JOIN messages m ON m.id = c.last_message_id`

export function toConversation(row: ConversationRow): ConversationState {
  return {
    id: row.id,
    channel: row.channel,
    sender: row.sender,
    contact: { id: row.contact_id, name: row.contact_name, phone: row.phone, address: row.address },
    coordinationId: row.coordination_id,
    coordination:
      row.coordination_id === null || row.k_title === null || row.k_status === null
        ? null
        : {
            ...{ id: row.coordination_id, title: row.k_title, startsAt: row.k_starts_at, status: row.k_status },
            ...ownPhone(row),
          },
    status: row.status,
    snoozedUntil: maybeIso(row.snoozed_until),
    assignee: row.assignee_id === null ? null : { id: row.assignee_id, name: row.assignee_name ?? '' },
    inboundCount: row.inbound_count,
    answeredCount: row.answered_count,
    awaitingReplySince: maybeIso(row.awaiting_since),
    optedOut: row.opted_out_at !== null,
    hint:
      row.coordination_id !== null || row.hint_id === null || row.h_title === null
        ? null
        : { coordinationId: row.hint_id, title: row.h_title },
    lastMessage: toLastMessage(row),
    failures: JSON.parse(row.failures) as Failing[],
    lastSeq: row.last_seq,
    activityAt: maybeIso(row.activity_at),
    tags: JSON.parse(row.tags) as string[],
    rev: row.rev,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
    lineId: row.line_id,
    lastInboundAt: row.last_inbound_at,
  }
}

/** The record's contact is read only where it has not the number as it stands. */
function ownPhone({ k_contact: contact, channel, phone }: ConversationRow): { phone?: string } {
  if (contact === null || phone === null || (contact.includes(`"${phone}"`) && !contact.includes('"phones"'))) return {}
  const own = ownForm(JSON.parse(contact) as Coordination['contact'], channel, phone)
  return own === null ? {} : { phone: own }
}

function toLastMessage(row: ConversationRow): ConversationState['lastMessage'] {
  const { m_seq, m_direction, m_type, m_author_type, last_status, m_created_at } = row
  if (row.last_message_id === null || m_seq === null || m_direction === null || m_type === null) return null
  if (m_author_type === null || last_status === null || m_created_at === null) return null
  const attachment = row.m_media === null ? null : shownMedia(mediaOf({ media: row.m_media }))
  return {
    id: row.last_message_id,
    seq: m_seq,
    direction: m_direction,
    type: m_type,
    author: { type: m_author_type, id: row.m_author_id, name: row.m_author_name ?? '' },
    // A one-time code belongs into its thread alone, never into lists.
    text: row.m_sensitive === 1 ? '' : (row.m_text ?? ''),
    ...(attachment && { attachment }),
    status: last_status,
    createdAt: iso(m_created_at),
  }
}

export interface OwnConversationRow extends ConversationRow {
  read_count: number | null
  read_seq: number | null
}

export function toOwnConversation(row: OwnConversationRow): OwnConversationState {
  const readCount = row.read_count ?? 0
  return {
    ...toConversation(row),
    readCount,
    readSeq: row.read_seq ?? 0,
    unread: unreadOf({ inboundCount: row.inbound_count, answeredCount: row.answered_count }, readCount),
  }
}

export interface ContactRow {
  id: string
  org_id: string
  name: string
  name_source: NameSource
  sort_name: string
  external_id: string | null
  attributes: string
  tags: string
  conflict_id: string | null
  rev: number
  created_at: number
  updated_at: number
}
export interface AddressRow {
  contact_id: string
  channel: Message['channel']
  address: string
  phone: string | null
  preferred: number
}

export function toContact(
  row: ContactRow,
  addresses: Contact['addresses'],
  lines: (OptOutRow & { channel: Message['channel']; sender: string })[],
): Contact {
  return {
    id: row.id,
    name: row.name,
    externalId: row.external_id,
    addresses,
    attributes: JSON.parse(row.attributes) as Contact['attributes'],
    optOuts: lines.flatMap(({ channel, sender, ...row }) => listOptOuts(optOutFactsOf(row)).map((one) => ({ channel, sender, ...one }))),
    conflict: row.conflict_id,
    tags: JSON.parse(row.tags) as string[],
    rev: row.rev,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  }
}

export function toKeyed(row: MessageRow): Keyed {
  const asked = parsed<Keyed['asked']>(row.asked) ?? { conversationId: row.conversation_id, coordinationId: row.coordination_id }
  return { message: toMessage(row), asked }
}

export interface CoordinationRow {
  org_id: string
  id: string
  title: string
  contact: string
  starts_at: string | null
  timezone: string | null
  url: string | null
  status: Coordination['status']
  agent_id: string | null
  agent_name: string | null
  data: string
  provisional: number
  rev: number
  created_at: number
  updated_at: number
  feed: number
  next_due_at: number | null
  /** JSON, without when it is due. */
  plan: string | null
}

export function toCoordination(row: CoordinationRow): Coordination {
  return {
    id: row.id,
    title: row.title,
    contact: JSON.parse(row.contact) as Coordination['contact'],
    startsAt: row.starts_at,
    ...(row.timezone === null ? {} : { timezone: row.timezone }),
    ...(row.url === null ? {} : { url: row.url }),
    ...(row.provisional === 0 ? {} : { provisional: true as const }),
    status: row.status,
    ...(row.agent_id === null ? {} : { agent: { id: row.agent_id, name: row.agent_name ?? '' } }),
    data: JSON.parse(row.data) as Coordination['data'],
    rev: row.rev,
    createdAt: iso(row.created_at),
    updatedAt: iso(row.updated_at),
  }
}
