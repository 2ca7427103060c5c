// Reads the rows of a copy, kind by kind, each in the order of its key.
import type { Report } from '../../rules/merge-status.ts'
import type { Copied, CopiedKind, CopiedMessage, RowKey } from '../copied.ts'
import { ownNames, rowKeys } from '../copied.ts'
import type { CopiedPage } from '../copy-end.ts'
import type { Lane } from '../records.ts'
import { type AgentRow, type PushRow, selectPush, toPush } from './agents.ts'
import { addressesOf } from './contact-row.ts'
import { type CampaignRow, toCampaign } from './campaigns.ts'
import { type DeliveryRow, toDelivery } from './deliveries.ts'
import { answersOf } from './enter.ts'
import { type LineRow, optOutFactsOf } from './line-row.ts'
import { toPlan } from './plans.ts'
import { type RecipientRow, toRecipient } from './recipients.ts'
import {
  type ContactRow,
  type ConversationRow,
  type CoordinationRow,
  mediaOf,
  type MessageRow,
  parsed,
  selectConversation,
  toConversation,
  toCoordination,
  toKeyed,
  toMessage,
} from './rows.ts'
import { openMessage } from './schema.ts'
import type { Sqlite } from './sqlite.ts'
import { type SettingRow, toSetting } from './settings.ts'
import { type TemplateRow, toTemplate } from './templates.ts'

type Read<K extends CopiedKind> = (sql: Sqlite, orgId: string, after: RowKey, limit: number) => Copied[K][]

export function readCopied<K extends CopiedKind>(sql: Sqlite, kind: K, orgId: string, after: RowKey | null, limit: number): CopiedPage<K> {
  const rows = reads[kind](sql, orgId, after ?? [], limit)
  const last = rows.at(-1)
  return { rows, next: last === undefined || rows.length < limit ? null : rowKeys[kind](last) }
}

const reads: { [K in CopiedKind]: Read<K> } = {
  contacts: (sql, orgId, [id = ''], limit) =>
    sql.all<ContactRow>('SELECT * FROM contacts WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?', orgId, id, limit).map((row) => ({
      id: row.id,
      name: row.name,
      nameSource: row.name_source,
      externalId: row.external_id,
      addresses: addressesOf(sql, row.id),
      keys: sql.all<{ key: string }>('SELECT key FROM contact_keys WHERE contact_id = ? ORDER BY key', row.id).map(({ key }) => key),
      attributes: JSON.parse(row.attributes) as Record<string, string>,
      tags: JSON.parse(row.tags) as string[],
      conflict: row.conflict_id,
      rev: row.rev,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
    })),
  records: (sql, orgId, [id = ''], limit) =>
    sql
      .all<CoordinationRow>('SELECT * FROM coordinations WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?', orgId, id, limit)
      .map((row) => ({
        record: toCoordination(row),
        plan: toPlan(row),
        phoneKeys: sql
          .all<{ key: string }>('SELECT key FROM coordination_phones WHERE org_id = ? AND coordination_id = ? ORDER BY key', orgId, row.id)
          .map(({ key }) => key),
      })),
  lines: (sql, orgId, [id = ''], limit) =>
    sql.all<LineRow>('SELECT * FROM lines WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?', orgId, id, limit).map((row) => ({
      id: row.id,
      channel: row.channel,
      sender: row.sender,
      key: row.key,
      address: row.address,
      phone: row.phone,
      contactId: row.contact_id,
      lastInboundAt: row.last_inbound_at,
      ...optOutFactsOf(row),
      lastRecord: row.has_record === 0 ? null : { coordinationId: row.last_record },
    })),
  conversations: (sql, orgId, [id = ''], limit) =>
    sql
      .all<ConversationRow>(`${selectConversation} WHERE c.org_id = ? AND c.id > ? ORDER BY c.id LIMIT ?`, orgId, id, limit)
      .map((row) => ({ conversation: toConversation(row), answers: answersOf(sql, row.id, 0) })),
  messages: (sql, orgId, [conversationId = '', seq = 0], limit) =>
    sql
      .all<MessageRow>(
        `SELECT * FROM messages INDEXED BY messages_by_seq WHERE org_id = ? AND seq IS NOT NULL AND (conversation_id, seq) > (?, ?)
         ORDER BY conversation_id, seq LIMIT ?`,
        orgId,
        conversationId,
        seq,
        limit,
      )
      .map((row) => toCopied(sql, row)),
  planned: (sql, orgId, [id = ''], limit) =>
    sql
      .all<MessageRow>('SELECT * FROM messages WHERE org_id = ? AND seq IS NULL AND id > ? ORDER BY id LIMIT ?', orgId, id, limit)
      .map((row) => toCopied(sql, row)),
  keys: (sql, orgId, [key = ''], limit) =>
    sql.all<MessageRow>('SELECT * FROM messages WHERE org_id = ? AND key > ? ORDER BY key LIMIT ?', orgId, key, limit).map((row) => ({
      key: row.key ?? '',
      messageId: row.id,
      asked: toKeyed(row).asked,
    })),
  moves: (sql, orgId, [id = ''], limit) =>
    sql
      .all<{ id: string; undone_at: number | null }>(
        'SELECT id, undone_at FROM moves WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?',
        orgId,
        id,
        limit,
      )
      .map((row) => ({
        id: row.id,
        undoneAt: row.undone_at,
        messages: sql
          .all<{ id: string; placeId: string; inbound: number }>(
            `SELECT n.message_id AS id, n.place_id AS placeId, m.direction = 'inbound' AS inbound
             FROM moved_messages n JOIN messages m ON m.id = n.message_id WHERE n.move_id = ? ORDER BY n.id`,
            row.id,
          )
          .map((one) => ({ ...one, inbound: one.inbound === 1 })),
      })),
  readers: (sql, orgId, [conversationId = '', agentId = ''], limit) =>
    sql.all<Copied['readers']>(
      `SELECT conversation_id AS conversationId, agent_id AS agentId, read_count AS readCount, read_seq AS readSeq FROM readers
       WHERE org_id = ? AND (conversation_id, agent_id) > (?, ?) ORDER BY conversation_id, agent_id LIMIT ?`,
      orgId,
      conversationId,
      agentId,
      limit,
    ),
  callbacks: (sql, orgId, [twilioSid = '', status = ''], limit) =>
    sql
      .all<{ twilio_sid: string; report: string; held_at: number }>(
        `SELECT twilio_sid, report, held_at FROM callbacks WHERE org_id = ? AND (twilio_sid, status) > (?, ?)
         ORDER BY twilio_sid, status LIMIT ?`,
        orgId,
        twilioSid,
        status,
        limit,
      )
      .map((row) => ({ price: null, ...(JSON.parse(row.report) as Report), twilioSid: row.twilio_sid, heldAt: row.held_at })),
  leases: (sql, orgId, [name = ''], limit) =>
    sql.all<Copied['leases']>('SELECT name, fence FROM leases WHERE org_id = ? AND name > ? ORDER BY name LIMIT ?', orgId, name, limit),
  recoveries: (sql, orgId) =>
    sql.all<Copied['recoveries']>(
      'SELECT started_at AS startedAt, position, statuses_at AS statusesAt FROM recoveries WHERE org_id = ?',
      orgId,
    ),
  agents: (sql, orgId, [id = ''], limit) =>
    sql
      .all<AgentRow>(
        'SELECT id, name, presence, settings, seen_at FROM agents WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?',
        orgId,
        id,
        limit,
      )
      .map(({ settings, seen_at: seenAt, ...row }) => ({ ...row, settings: JSON.parse(settings) as Copied['agents']['settings'], seenAt })),
  pushSubscriptions: (sql, orgId, [endpoint = ''], limit) =>
    sql.all<PushRow>(`${selectPush} WHERE org_id = ? AND endpoint > ? ORDER BY endpoint LIMIT ?`, orgId, endpoint, limit).map(toPush),
  templates: (sql, orgId, [name = '', language = ''], limit) =>
    sql
      .all<TemplateRow>(
        'SELECT * FROM templates WHERE org_id = ? AND (name, language) > (?, ?) ORDER BY name, language LIMIT ?',
        orgId,
        name,
        language,
        limit,
      )
      .map(toTemplate),
  settings: (sql, orgId, [kind = '', name = ''], limit) =>
    sql
      .all<SettingRow>(
        'SELECT * FROM settings WHERE org_id = ? AND (kind, name) > (?, ?) ORDER BY kind, name LIMIT ?',
        ...[orgId, kind, name, limit],
      )
      .map(toSetting),
  deliveries: (sql, orgId, [id = ''], limit) =>
    sql
      .all<DeliveryRow>(
        'SELECT * FROM deliveries INDEXED BY deliveries_by_id WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?',
        ...[orgId, id, limit],
      )
      .map(toDelivery),
  campaigns: (sql, orgId, [id = ''], limit) =>
    sql
      .all<CampaignRow>(
        'SELECT * FROM campaigns INDEXED BY campaigns_by_id WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?',
        ...[orgId, id, limit],
      )
      .map(toCampaign),
  recipients: (sql, orgId, [id = ''], limit) =>
    sql
      .all<RecipientRow>(
        'SELECT * FROM recipients INDEXED BY recipients_by_id WHERE org_id = ? AND id > ? ORDER BY id LIMIT ?',
        ...[orgId, id, limit],
      )
      .map((row) => ({ campaignId: row.campaign_id, recipient: toRecipient(row) })),
  kept: (sql, _orgId, [name = ''], limit) =>
    sql.all<Copied['kept']>(
      `SELECT name, value FROM kept WHERE name > ? AND name NOT LIKE 'save|%' AND name NOT IN (SELECT value FROM json_each(?)) ORDER BY name LIMIT ?`,
      name,
      JSON.stringify(ownNames),
      limit,
    ),
}

function toCopied(sql: Sqlite, row: MessageRow): CopiedMessage {
  return {
    message: toMessage(row),
    ordinal: row.seq === null ? null : row.ordinal,
    listed: row.listed === 1,
    content: parsed(row.content),
    media: mediaOf(row),
    expiresInMs: row.expires_in,
    sending:
      row.direction === 'outbound'
        ? {
            lineId: row.line_id ?? '',
            sender: row.sender ?? '',
            place: placeOf(sql, row),
            enteredAt: row.entered_at,
            lane: (row.lane ?? 0) as Lane,
            cost: row.cost ?? 1,
            notBefore: row.not_before,
            attempt: row.attempt,
            claimedAt: row.claimed_at,
            firstClaimedAt: row.first_claimed_at,
            leaseUntil: row.lease_until,
            fence: row.fence,
          }
        : null,
  }
}

function placeOf(sql: Sqlite, row: MessageRow): number | null {
  const found = sql.get<{ place: number }>(
    `SELECT count(*) AS place FROM messages INDEXED BY messages_open WHERE line_id = ? AND ${openMessage} AND entered <= ?
     AND EXISTS (SELECT 1 FROM messages o WHERE o.id = ? AND o.${openMessage.replace('status', 'o.status')})`,
    row.line_id,
    row.entered,
    row.id,
  )
  return found === undefined || found.place === 0 ? null : found.place
}
