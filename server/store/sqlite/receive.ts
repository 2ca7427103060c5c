// Takes one inbound message in: contact, line, conversation and message in one step.
import { mergeIdentity, type Told } from '../../rules/contact.ts'
import { enterMessage, takeInbound } from '../../rules/conversation.ts'
import { isOpenRecord } from '../../rules/coordination.ts'
import { newMedia } from '../../rules/media.ts'
import { eventOf, type OptOutSaid } from '../../rules/opt-out.ts'
import type { CoordinationStatus, Message } from '../../../shared/model.ts'
import type { InboundMessage, Received, Route, RouteFacts } from '../records.ts'
import { changed } from './changed.ts'
import {
  allKeys,
  claimKey,
  closedCoordination,
  findContact,
  knownAddresses,
  makeContact,
  recordsOf,
  rename,
  saveAddresses,
  saveContact,
} from './contact-row.ts'
import {
  conversationState,
  findToAppend,
  makeConversation,
  preview,
  saveAppended,
  saveConversation,
  takeSteps,
  touchConversations,
} from './conversation-row.ts'
import { enrich } from './enrich.ts'
import { hearOnLine, type LineRow, sayOnLine, takeLine } from './line-row.ts'
import { mediaColumnsOf } from './media.ts'
import { insertMessage, messageBySid } from './message-row.ts'
import { type ContactRow, type ConversationRow, type Extra, toConversation, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function receive(sql: Sqlite, inbound: InboundMessage, route: (facts: RouteFacts) => Route): Promise<Received> {
  return sql.write(() => receiveOnce(sql, inbound, route))
}

function receiveOnce(sql: Sqlite, inbound: InboundMessage, route: (facts: RouteFacts) => Route): Received {
  const { orgId, channel, sender, keys, createdAt } = inbound
  const seen = messageBySid(sql, orgId, inbound.twilioSid)
  if (seen?.listed === 1 && !inbound.listed) return enrich(sql, inbound, seen)
  if (seen)
    return {
      outcome: 'repeated',
      message: toMessage(seen),
      conversation: conversationState(sql, orgId, seen.conversation_id),
      changes: changed(orgId),
    }
  const known = findContact(sql, orgId, keys)
  if (!known && inbound.onlyIfKnown) return { outcome: 'ignored' }

  const now = sql.clock.now()
  const { contact, renamed } = takeContact(sql, identityOf(inbound), known, now)
  const line = takeLine(sql, { orgId, channel, sender, keys, address: inbound.address, phone: inbound.phone, contactId: contact.id })
  const chosen = route(facts(sql, inbound, contact, line))

  const place = { orgId, channel, sender, contactId: contact.id, coordinationId: chosen.coordinationId }
  hearOnLine(sql, line, inbound)
  const news = inbound.said !== null && sayOnLine(sql, line, inbound.said, createdAt)
  const { address, phone, last_inbound_at, opted_out_at, marketing_out_at } = line
  const told = { address, phone, last_inbound_at, opted_out_at, marketing_out_at, contact_name: contact.name }
  const found = findToAppend(sql, place, line.id, told)
  const row = found?.row ?? makeConversation(sql, place, line.id, now)
  const hintId = row.coordination_id === null ? chosen.hintId : null
  const { awaiting_since, snoozed_until, answered_count } = row
  takeSteps(row, takeInbound(inbound))
  const isMore = row.awaiting_since === awaiting_since && row.snoozed_until === snoozed_until && row.answered_count === answered_count
  const isSameElse = hintId === row.hint_id && line.id === row.line_id
  if (hintId !== row.hint_id) {
    row.hint_id = hintId
    row.h_title = hintId === null ? null : titleOf(sql, orgId, hintId)
  }
  row.line_id = line.id

  const message = insertMessage(sql, {
    id: inbound.id,
    org_id: orgId,
    conversation_id: row.id,
    coordination_id: row.coordination_id,
    seq: row.last_seq,
    ordinal: row.inbound_count,
    direction: 'inbound',
    type: inbound.type,
    channel,
    author_type: 'contact',
    author_id: contact.id,
    author_name: contact.name,
    text: inbound.text,
    extra: extraOf(inbound),
    status: 'received',
    twilio_sid: inbound.twilioSid,
    created_at: createdAt,
    reply_to_id: quoted(sql, inbound, contact.id)?.id ?? null,
    forwarded: inbound.forwarded ? 1 : 0,
    recovered: inbound.recovered ? 1 : 0,
    listed: inbound.listed ? 1 : 0,
    ...mediaColumnsOf(newMedia(inbound.id, inbound.media, createdAt)),
  })
  preview(row, message)
  const event = news && inbound.said ? tellOptOut(sql, row, inbound.said, createdAt) : null
  if (isMore && isSameElse) saveAppended(sql, row)
  else saveConversation(sql, row)
  const conversation = toConversation(row)
  const wire = toMessage(message)
  // The window is the line's: its other threads show it too.
  const shown = renamed ? conversationsOf(sql, contact.id) : found?.others !== false ? conversationsOnLine(sql, contact.id, line.id) : []
  const others = shown.filter((id) => id !== row.id)
  return {
    outcome: 'created',
    message: wire,
    conversation,
    changes: changed(orgId, {
      conversations: [conversation, ...touchConversations(sql, orgId, others)],
      messages: event ? [wire, event] : [wire],
    }),
  }
}

/** The line in the thread that tells everybody; saved with its conversation. */
function tellOptOut(sql: Sqlite, row: ConversationRow, said: OptOutSaid, at: number): Message {
  takeSteps(row, enterMessage({ direction: 'internal', authorType: 'system', status: 'received', claimedAt: null }, at))
  const event = insertMessage(sql, {
    id: sql.newId(),
    org_id: row.org_id,
    conversation_id: row.id,
    coordination_id: row.coordination_id,
    seq: row.last_seq,
    ordinal: row.inbound_count,
    direction: 'internal',
    type: 'event',
    channel: row.channel,
    author_type: 'system',
    author_id: null,
    author_name: '',
    text: '',
    extra: JSON.stringify({ event: eventOf(said, row.coordination_id !== null) } satisfies Extra),
    status: 'received',
    created_at: at,
  })
  return toMessage(event)
}

type Identity = Told & Pick<InboundMessage, 'orgId' | 'keys' | 'aliases' | 'fallbackName' | 'attributes'>
export const identityOf = (inbound: InboundMessage): Identity => ({ ...inbound, names: { profile: inbound.profileName } })

/** The contact with all that this message or call tells about it. */
export function takeContact(sql: Sqlite, told: Identity, known: ReturnType<typeof findContact>, now: number) {
  const { orgId, keys, aliases, attributes, fallbackName, names } = told
  const contact = known ?? makeContact(sql, orgId, { keys: [...keys, ...aliases], names, fallbackName, attributes }, now)
  const facts = {
    nameSource: contact.name_source,
    addresses: knownAddresses(sql, contact.id),
    attributes: JSON.parse(contact.attributes) as Record<string, string>,
  }
  const news = mergeIdentity(facts, told)
  if (news.name) rename(contact, news.name)
  if (news.addresses) saveAddresses(sql, contact.id, news.addresses)
  if (news.attributes) contact.attributes = JSON.stringify(news.attributes)
  let conflicts = false
  if (known?.found_by !== keys[0]) claimKey(sql, orgId, keys[0], contact.id)
  for (const alias of aliases) {
    const other = claimKey(sql, orgId, alias, contact.id)
    if (other !== null && contact.conflict_id !== other) {
      contact.conflict_id = other
      conflicts = true
      sql.run('UPDATE contacts SET conflict_id = ?, rev = rev + 1 WHERE id = ? AND conflict_id IS NULL', contact.id, other)
    }
  }
  const isNews = known !== undefined && (news.name !== null || news.addresses !== null || news.attributes !== null)
  if (isNews || conflicts) saveContact(sql, contact, now)
  return { contact, renamed: known !== undefined && news.name !== null }
}

/** Looked up only when the route asks: most messages are settled by the first facts. */
function facts(sql: Sqlite, inbound: InboundMessage, contact: ContactRow, line: LineRow): RouteFacts {
  const { orgId } = inbound
  let keys: string[] | undefined
  const allOf = () => (keys ??= allKeys(sql, contact.id, [...inbound.keys, ...inbound.aliases]))
  let records: ReturnType<typeof recordsOf> | undefined
  const known = () => (records ??= recordsOf(sql, orgId, allOf()))
  let closed: string | null | undefined
  return {
    get quoted() {
      const row = quoted(sql, inbound, contact.id)
      if (!row) return null
      const { coordination_id: coordinationId, status } = row
      return { coordinationId, open: isOpenRecord(coordinationId, status) }
    },
    lastOutbound:
      line.has_record === 0
        ? null
        : {
            coordinationId: line.last_record,
            open: isOpenRecord(line.last_record, line.record_status),
          },
    get openCoordinations() {
      return known().open
    },
    get closedCoordination() {
      if (closed === undefined) closed = known().anyClosed ? closedCoordination(sql, orgId, contact.id, allOf()) : null
      return closed
    },
  }
}

/** The quoted message, where it is one of ours with this contact. */
export function quoted(sql: Sqlite, inbound: InboundMessage, contactId: string) {
  if (inbound.quotedSid === null) return undefined
  return sql.get<{ id: string; coordination_id: string | null; status: CoordinationStatus | null }>(
    `SELECT m.id, m.coordination_id, k.status FROM messages m JOIN conversations c ON c.id = m.conversation_id
     LEFT JOIN coordinations k ON k.org_id = m.org_id AND k.id = m.coordination_id
     WHERE m.org_id = ? AND m.twilio_sid = ? AND c.contact_id = ?`,
    inbound.orgId,
    inbound.quotedSid,
    contactId,
  )
}

export function extraOf(inbound: InboundMessage): string | null {
  const extra: Extra = {}
  if (inbound.button) extra.button = inbound.button
  if (inbound.location) extra.location = inbound.location
  if (inbound.contacts) extra.contacts = inbound.contacts
  if (inbound.referral) extra.referral = inbound.referral
  return Object.keys(extra).length === 0 ? null : JSON.stringify(extra)
}

function titleOf(sql: Sqlite, orgId: string, id: string): string | null {
  return sql.get<{ title: string }>('SELECT title FROM coordinations WHERE org_id = ? AND id = ?', orgId, id)?.title ?? null
}

export function conversationsOf(sql: Sqlite, contactId: string): string[] {
  return sql.all<{ id: string }>('SELECT id FROM conversations WHERE contact_id = ?', contactId).map(({ id }) => id)
}

export function conversationsOnLine(sql: Sqlite, contactId: string, lineId: string): string[] {
  return sql.all<{ id: string }>('SELECT id FROM conversations WHERE contact_id = ? AND line_id = ?', contactId, lineId).map(({ id }) => id)
}
