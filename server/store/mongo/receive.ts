// Takes one inbound message in. The webhook is acknowledged after the append, which is one atomic update; everything
// before it (contact, line, empty conversation) is found again by a repeat, everything after it is in the flush.
import type { InboundMessage, Received, Route, RouteFacts } from '../records.ts'
import { append, blankMessage, type NewMessage } from './append.ts'
import { tellContact } from './contacts.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, LineDoc, MessageDoc } from './documents.ts'
import { enrich } from './enrich.ts'
import { flushWhere, loadConversation, tellLines } from './flush.ts'
import { allKeys, findContactId, type Identity, identify } from './identify.ts'
import { recordKey, takeConversation, takeLine } from './place.ts'
import { noChanges, toConversation, toMessage } from './rows.ts'
import { repeat } from './write.ts'

/** What the way in needs of the contact's conversations: not the whole of what is pending in them. */
const siblingFields = {
  channel: 1,
  sender: 1,
  coordinationId: 1,
  work: 1,
  gone: 1,
  'lastMessage.createdAt': 1,
  'pending._id': 1,
  'pending.key': 1,
  'pending.direction': 1,
  'pending.twilioSid': 1,
} as const
type Sibling = Pick<ConversationDoc, '_id' | 'channel' | 'sender' | 'coordinationId' | 'work' | 'gone'> & {
  lastMessage: { createdAt: number } | null
  pending: Pick<MessageDoc, '_id' | 'key' | 'direction' | 'twilioSid'>[]
}

const inboundKey = (twilioSid: string): string => `in|${twilioSid}`

export function receive(db: Database, inbound: InboundMessage, route: (facts: RouteFacts) => Route): Promise<Received> {
  // One at a time for one SID in this process; among processes `recent` and the unique key decide.
  return db.lock(`sid|${inbound.orgId}|${inbound.twilioSid}`, () => repeat(() => receiveOnce(db, inbound, route)))
}

async function receiveOnce(db: Database, inbound: InboundMessage, route: (facts: RouteFacts) => Route): Promise<Received | undefined> {
  const { orgId, channel, sender, keys, twilioSid } = inbound
  const key = inboundKey(twilioSid)
  const [stored, knownId] = await Promise.all([db.messages.findOne({ orgId, key }), findContactId(db, orgId, keys)])
  if (stored?.listed && !inbound.listed) return enrich(db, inbound, stored)
  if (stored) return repeated(db, stored)
  const unflushed = db.unflushed.get(`${orgId}|${key}`)
  if (unflushed !== undefined) {
    await loadConversation(db, { _id: unflushed, orgId })
    db.unflushed.delete(`${orgId}|${key}`)
    return undefined
  }
  if (knownId === null && inbound.onlyIfKnown) return { outcome: 'ignored' }

  const now = db.clock.now()
  const [known, conversations] =
    knownId === null
      ? [null, []]
      : await Promise.all([
          db.contacts.findOne({ _id: knownId, orgId }),
          db.conversations.find<Sibling>({ orgId, contactId: knownId }, { projection: siblingFields }).toArray(),
        ])
  const mine = conversations.filter((doc) => doc.channel === channel && doc.sender === sender)
  const waiting = mine.flatMap((doc) => doc.pending).find((message) => message.key === key)
  if (waiting) {
    await flushWhere(db, { orgId, contactId: knownId ?? '' })
    return undefined
  }
  // What was sent last decides the record: it must be on the line, read afterwards, before the route is asked.
  const unsettled = mine.filter((doc) => doc.work.length > 0 || doc.gone || doc.pending.some((message) => message.direction === 'outbound'))
  if (unsettled.length > 0) await flushWhere(db, { _id: { $in: unsettled.map((doc) => doc._id) }, orgId })
  if (unsettled.some((doc) => doc.work.length > 0 || doc.gone)) return undefined
  const { contact, renamed } = await identify(db, identityOf(inbound), { id: knownId, contact: known }, now)
  const line = await takeLine(db, { orgId, channel, sender }, contact._id, inbound.address, inbound.phone)

  const { facts, quotedId } = await gatherFacts(db, inbound, contact, line, conversations)
  const chosen = route(facts)
  const thread = mine.find((doc) => doc.coordinationId === chosen.coordinationId)
  const place = thread ?? (await takeConversation(db, line, contact, chosen.coordinationId, now)).doc
  const hint = chosen.coordinationId === null && chosen.hintId !== null ? await hintOf(db, orgId, chosen.hintId) : null
  const after = await append(db, place._id, messageOf(inbound, key, contact, quotedId), { now, answers: false, hint })
  if (!after) return undefined
  const message = toMessage(after.message)
  const told = await tellLines(db, [after.message])
  const renamedOnes = renamed ? await tellContact(db, contact) : []
  const latest = new Map([after.doc, ...told, ...renamedOnes].map((doc) => [doc._id, doc]))
  const shown = [...latest.values()].map(toConversation)
  const conversation = toConversation(latest.get(after.doc._id) ?? after.doc)
  return { outcome: 'created', message, conversation, changes: { ...noChanges(orgId), conversations: shown, messages: [message] } }
}

export async function repeated(db: Database, message: MessageDoc): Promise<Received | undefined> {
  // A tombstone's key is another one; what is found by its key is the message itself.
  const doc = await loadConversation(db, { _id: message.conversationId, orgId: message.orgId })
  if (!doc) return undefined
  const conversation = toConversation(doc)
  return { outcome: 'repeated', message: toMessage(message), conversation, changes: noChanges(message.orgId) }
}

export function identityOf(inbound: InboundMessage): Identity {
  const profile = inbound.profileName?.trim()
  return { ...inbound, name: profile ? { text: profile, source: 'profile' } : null }
}

async function hintOf(db: Database, orgId: string, id: string): Promise<ConversationDoc['hint']> {
  const record = await db.coordinations.findOne({ _id: recordKey(orgId, id) })
  return record && { coordinationId: record.id, title: record.title }
}

async function gatherFacts(
  db: Database,
  inbound: InboundMessage,
  contact: ContactDoc,
  line: LineDoc,
  conversations: readonly Sibling[],
): Promise<{ facts: RouteFacts; quotedId: string | null }> {
  const { orgId, quotedSid } = inbound
  const last = line.lastRecord
  const [quoted, records, lastRecord] = await Promise.all([
    quotedSid === null ? null : db.messages.findOne({ orgId, twilioSid: quotedSid }),
    db.coordinations
      .find(
        { orgId, phoneKeys: { $in: allKeys(contact, [...inbound.keys, ...inbound.aliases]) } },
        { projection: { id: 1, status: 1, updatedAt: 1 } },
      )
      .sort({ updatedAt: -1 })
      .limit(500)
      .toArray(),
    last === null || last.coordinationId === null ? null : db.coordinations.findOne({ _id: recordKey(orgId, last.coordinationId) }),
  ])
  const mine = quoted?.contactId === contact._id ? quoted : quotedSid === null ? null : quotedPending(conversations, quotedSid)
  const closed = records.filter((record) => record.status !== 'active')
  const spokenAt = (id: string) =>
    Math.max(0, ...conversations.filter((doc) => doc.coordinationId === id).map((doc) => doc.lastMessage?.createdAt ?? 0))
  const [latest] = closed.toSorted((a, b) => spokenAt(b.id) - spokenAt(a.id) || b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  return {
    quotedId: mine?._id ?? null,
    facts: {
      quoted: mine && { coordinationId: mine.coordinationId },
      // A record that the host named but never sent us is not closed.
      lastOutbound: last && {
        coordinationId: last.coordinationId,
        open: last.coordinationId !== null && (lastRecord === null || lastRecord.status === 'active'),
      },
      openCoordinations: records
        .filter((record) => record.status === 'active')
        .map((record) => record.id)
        .toSorted()
        .slice(0, 2),
      closedCoordination: latest?.id ?? null,
    },
  }
}

/** The client may quote what it wrote a moment ago. */
function quotedPending(conversations: readonly Sibling[], sid: string): { _id: string; coordinationId: string | null } | null {
  for (const { coordinationId, pending } of conversations)
    for (const { _id, twilioSid } of pending) if (twilioSid === sid) return { _id, coordinationId }
  return null
}

function messageOf(inbound: InboundMessage, key: string, contact: ContactDoc, replyToId: string | null): NewMessage {
  return {
    ...blankMessage,
    _id: inbound.id,
    orgId: inbound.orgId,
    key,
    direction: 'inbound',
    type: inbound.type,
    channel: inbound.channel,
    sender: inbound.sender,
    address: inbound.address,
    phone: inbound.phone,
    author: { type: 'contact', id: contact._id, name: contact.name },
    text: inbound.text,
    location: inbound.location ?? null,
    contacts: inbound.contacts ?? null,
    button: inbound.button ?? null,
    referral: inbound.referral ?? null,
    replyToId,
    forwarded: inbound.forwarded,
    status: 'received',
    twilioSid: inbound.twilioSid,
    recovered: inbound.recovered,
    ...(inbound.listed ? { listed: true } : {}),
    createdAt: inbound.createdAt,
    queuedAt: inbound.createdAt,
  }
}
