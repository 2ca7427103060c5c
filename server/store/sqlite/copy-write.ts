// Writes the rows of a copy, kind by kind. What is there already stays as it is.
import type { SQLInputValue } from 'node:sqlite'
import { sortNameOf } from '../../rules/contact.ts'
import type { Copied, CopiedKind, CopiedMessage } from '../copied.ts'
import { rowOfCampaign } from './campaigns.ts'
import { rowOfDelivery } from './deliveries.ts'
import { toOptOutRow } from './line-row.ts'
import { mediaColumnsOf } from './media.ts'
import { rowOfPlan } from './plans.ts'
import { rowOfRecipient } from './recipients.ts'
import { type Extra, json } from './rows.ts'
import type { Sqlite } from './sqlite.ts'
import { rowOfSetting } from './settings.ts'
import { noteChange, rowOfTemplate } from './templates.ts'

type Write<K extends CopiedKind> = (sql: Sqlite, orgId: string, row: Copied[K]) => void

export function writeCopied<K extends CopiedKind>(sql: Sqlite, kind: K, orgId: string, rows: readonly Copied[K][]): Promise<void> {
  return sql.write(() => {
    for (const row of rows) writes[kind](sql, orgId, row)
  })
}

/** False: it was there. */
function put(sql: Sqlite, table: string, row: Record<string, SQLInputValue>): boolean {
  const columns = Object.keys(row)
  const text = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')}) ON CONFLICT DO NOTHING`
  return sql.run(text, ...Object.values(row)) > 0
}

const ms = (iso: string | null) => (iso === null ? null : Date.parse(iso))

const writes: { [K in CopiedKind]: Write<K> } = {
  contacts(sql, orgId, row) {
    put(sql, 'contacts', {
      id: row.id,
      org_id: orgId,
      name: row.name,
      name_source: row.nameSource,
      sort_name: sortNameOf(row.name),
      external_id: row.externalId,
      attributes: JSON.stringify(row.attributes),
      tags: JSON.stringify(row.tags),
      conflict_id: row.conflict,
      rev: row.rev,
      created_at: row.createdAt,
      updated_at: row.updatedAt,
    })
    for (const key of row.keys) put(sql, 'contact_keys', { org_id: orgId, key, contact_id: row.id })
    for (const { channel, address, phone, preferred } of row.addresses)
      put(sql, 'contact_addresses', { contact_id: row.id, channel, address, phone, preferred: preferred ? 1 : 0 })
  },
  records(sql, orgId, { record, phoneKeys, plan }) {
    put(sql, 'coordinations', {
      org_id: orgId,
      id: record.id,
      title: record.title,
      contact: JSON.stringify(record.contact),
      starts_at: record.startsAt,
      timezone: record.timezone ?? null,
      url: record.url ?? null,
      status: record.status,
      agent_id: record.agent?.id ?? null,
      agent_name: record.agent?.name ?? null,
      data: JSON.stringify(record.data),
      provisional: record.provisional ? 1 : 0,
      rev: record.rev,
      created_at: ms(record.createdAt),
      updated_at: ms(record.updatedAt),
      feed: sql.turn(),
      ...rowOfPlan(plan),
    })
    for (const key of phoneKeys) put(sql, 'coordination_phones', { org_id: orgId, key, coordination_id: record.id })
  },
  lines(sql, orgId, row) {
    put(sql, 'lines', {
      id: row.id,
      org_id: orgId,
      channel: row.channel,
      sender: row.sender,
      key: row.key,
      address: row.address,
      phone: row.phone,
      contact_id: row.contactId,
      last_inbound_at: row.lastInboundAt,
      ...toOptOutRow(row),
      has_record: row.lastRecord === null ? 0 : 1,
      last_record: row.lastRecord?.coordinationId ?? null,
    })
  },
  conversations(sql, orgId, { conversation }) {
    put(sql, 'conversations', {
      id: conversation.id,
      org_id: orgId,
      channel: conversation.channel,
      sender: conversation.sender,
      contact_id: conversation.contact.id,
      line_id: conversation.lineId,
      coordination_id: conversation.coordinationId,
      hint_id: conversation.hint?.coordinationId ?? null,
      status: conversation.status,
      snoozed_until: ms(conversation.snoozedUntil),
      assignee_id: conversation.assignee?.id ?? null,
      assignee_name: conversation.assignee?.name ?? null,
      tags: JSON.stringify(conversation.tags),
      last_seq: conversation.lastSeq,
      last_message_id: conversation.lastMessage?.id ?? null,
      last_status: conversation.lastMessage?.status ?? null,
      failures: JSON.stringify(conversation.failures),
      inbound_count: conversation.inboundCount,
      answered_count: conversation.answeredCount,
      awaiting_since: ms(conversation.awaitingReplySince),
      activity_at: ms(conversation.activityAt),
      rev: conversation.rev,
      feed: sql.turn(),
      created_at: ms(conversation.createdAt),
      updated_at: ms(conversation.updatedAt),
    })
  },
  messages: putMessage,
  planned: putMessage,
  keys: (sql, orgId, { key, messageId, asked }) =>
    void sql.run('UPDATE messages SET key = ?, asked = ? WHERE id = ? AND org_id = ?', key, JSON.stringify(asked), messageId, orgId),
  moves(sql, orgId, { id, undoneAt, messages }) {
    if (!put(sql, 'moves', { id, org_id: orgId, undone_at: undoneAt })) return
    for (const one of messages) put(sql, 'moved_messages', { move_id: id, message_id: one.id, place_id: one.placeId })
  },
  readers: (sql, orgId, { conversationId, agentId, readCount, readSeq }) =>
    void put(sql, 'readers', {
      conversation_id: conversationId,
      agent_id: agentId,
      org_id: orgId,
      read_count: readCount,
      read_seq: readSeq,
      feed: sql.turn(),
    }),
  callbacks: (sql, orgId, { twilioSid, status, failure, at, price, heldAt }) =>
    void put(sql, 'callbacks', {
      org_id: orgId,
      twilio_sid: twilioSid,
      status,
      report: JSON.stringify({ status, failure, at, ...(price === null ? {} : { price }) }),
      held_at: heldAt,
    }),
  leases: (sql, orgId, { name, fence }) => void put(sql, 'leases', { org_id: orgId, name, holder: null, held_until: 0, fence }),
  recoveries: (sql, orgId, { startedAt, position, statusesAt }) =>
    void put(sql, 'recoveries', { org_id: orgId, started_at: startedAt, position, statuses_at: statusesAt }),
  agents: (sql, orgId, { id, name, presence, settings, seenAt }) =>
    void put(sql, 'agents', {
      org_id: orgId,
      id,
      name,
      presence,
      settings: JSON.stringify(settings),
      seen_at: seenAt,
      feed: sql.turn(),
    }),
  pushSubscriptions: (sql, orgId, row) =>
    void put(sql, 'push_subscriptions', {
      org_id: orgId,
      endpoint: row.endpoint,
      agent_id: row.agentId,
      p256dh: row.p256dh,
      auth: row.auth,
      scope: json(row.scope),
      locale: row.locale,
      page: row.page,
      expires_at: row.expiresAt,
    }),
  templates: (sql, orgId, row) => void (put(sql, 'templates', { ...rowOfTemplate(orgId, row) }) && noteChange(sql, orgId)),
  settings: (sql, orgId, row) => void put(sql, 'settings', { ...rowOfSetting(orgId, row) }),
  deliveries: (sql, orgId, row) => void put(sql, 'deliveries', { ...rowOfDelivery(orgId, row) }),
  campaigns: (sql, orgId, row) => void put(sql, 'campaigns', { ...rowOfCampaign(orgId, row) }),
  recipients: (sql, orgId, { campaignId, recipient }) => void put(sql, 'recipients', { ...rowOfRecipient(orgId, campaignId, recipient) }),
  kept: (sql, _orgId, { name, value }) => void put(sql, 'kept', { name, value }),
}

function putMessage(sql: Sqlite, orgId: string, { message, ordinal, listed, content, media, expiresInMs, sending }: CopiedMessage): void {
  const { location, contacts, button, template, moved, arrived, referral, putAway, planB, marketing, event, erased } = message
  const fields = { location, contacts, button, template, moved, arrived, referral, putAway, planB, marketing, event, erased }
  const extra = JSON.stringify(
    fields satisfies {
      [K in keyof Extra]: unknown
    },
  )
  const isNew = put(sql, 'messages', {
    id: message.id,
    org_id: orgId,
    conversation_id: message.conversationId,
    coordination_id: message.coordinationId,
    seq: message.seq,
    ordinal: ordinal ?? 0,
    direction: message.direction,
    type: message.type,
    channel: message.channel,
    author_type: message.author.type,
    author_id: message.author.id,
    author_name: message.author.name,
    text: message.text,
    extra: extra === '{}' ? null : extra,
    status: message.status,
    twilio_sid: message.twilioSid,
    created_at: ms(message.createdAt),
    rev: message.rev,
    feed: sql.turn(),
    reply_to_id: message.replyToId,
    forwarded: message.forwarded ? 1 : 0,
    recovered: message.recovered ? 1 : 0,
    listed: listed ? 1 : 0,
    sensitive: message.sensitive ? 1 : 0,
    line_id: sending?.lineId ?? null,
    sender: sending?.sender ?? null,
    entered: sending?.place ?? null,
    entered_at: sending?.enteredAt ?? null,
    lane: sending?.lane ?? null,
    cost: sending?.cost ?? null,
    content: json(content),
    client_message_id: message.clientMessageId,
    retry_of: message.retryOf,
    fallback_of: message.fallbackOf,
    due_at: ms(message.dueAt),
    expires_in: expiresInMs,
    expires_at: ms(message.expiresAt),
    attempt: sending?.attempt ?? 0,
    claimed_at: sending?.claimedAt ?? null,
    first_claimed_at: sending?.firstClaimedAt ?? null,
    lease_until: sending?.leaseUntil ?? null,
    fence: sending?.fence ?? null,
    not_before: sending?.notBefore ?? null,
    delay: json(message.delay),
    error: json(message.error),
    sent_at: ms(message.sentAt),
    delivered_at: ms(message.deliveredAt),
    read_at: ms(message.readAt),
    failed_at: ms(message.failedAt),
    price: json(message.price),
    ...mediaColumnsOf(media),
  })
  // What enters later on this line goes behind it.
  if (isNew && sending?.place) sql.run('UPDATE lines SET entered = max(entered, ?) WHERE id = ?', sending.place, sending.lineId)
}
