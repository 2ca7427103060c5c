// Reads for messages that arrive together all that the way in has to know, with a handful of commands.
import { isOpenRecord } from '../../rules/coordination.ts'
import type { InboundMessage, Route, RouteFacts } from '../records.ts'
import type { Database } from './database.ts'
import type { ContactDoc, ConversationDoc, CoordinationDoc, LineDoc, MessageDoc } from './documents.ts'
import { isCopied } from './flush.ts'
import { addressKey, allKeys } from './identify.ts'
import { recordKey } from './place.ts'

export interface Arrival {
  inbound: InboundMessage
  key: string
  route: (facts: RouteFacts) => Route
  /** Conversations that changed on the way, before it was taken in. */
  told: ConversationDoc[]
}

type Known = Pick<CoordinationDoc, 'id' | 'title' | 'status' | 'phoneKeys' | 'updatedAt'>
const recordFields = { id: 1, title: 1, status: 1, phoneKeys: 1, updatedAt: 1 } as const
/** Of one contact. A group that has more is looked up one by one, so that none hides another's. */
const MOST_RECORDS = 500

export interface Lookup {
  /** Its message is there already. */
  stored: ReadonlyMap<string, MessageDoc>
  isKnown(arrival: Arrival): boolean
  /** The id under the best of its keys; the contact itself may not be there yet. */
  of(arrival: Arrival): { id: string | null; contact: ContactDoc | null; conversations: readonly ConversationDoc[] }
  conversation(id: string): ConversationDoc | undefined
  /** Something of ours in it may not have been on its line yet, as the line was read. */
  isAhead(doc: ConversationDoc): boolean
  /** The contact's, under the first key of the message. */
  line(contactId: string, inbound: InboundMessage): LineDoc | undefined
  /** Those that know one of these keys, the latest changed first. */
  records(keys: readonly string[]): Known[]
  /** Also where it is not the contact's. */
  record(id: string): Pick<Known, 'id' | 'title' | 'status'> | undefined
  quoted(sid: string): MessageDoc | undefined
}

/** Nothing that began over several documents is unfinished. */
export const isComplete = (doc: ConversationDoc): boolean => doc.work.length === 0 && !doc.gone

/**
 * In this order: a line is read after its conversations, since what was pending in them goes to it; and so are the
 * messages, since what was no longer pending in them is there.
 */
export async function lookUp(db: Database, orgId: string, arrivals: readonly Arrival[]): Promise<Lookup> {
  const inbounds = arrivals.map((one) => one.inbound)
  const keys = [...new Set(inbounds.flatMap((one) => one.keys))]
  const addresses = await db.addresses.find({ _id: { $in: keys.map((key) => addressKey(orgId, key)) } }).toArray()
  const owners = new Map(addresses.map((address) => [address._id, address.contactId]))
  const ownerOf = ({ inbound }: Arrival): string | null => {
    for (const key of inbound.keys) {
      const owner = owners.get(addressKey(orgId, key))
      if (owner !== undefined) return owner
    }
    return null
  }
  const ids = [...new Set(arrivals.flatMap((one) => ownerOf(one) ?? []))]
  const [contacts, conversations] =
    ids.length === 0
      ? [[], []]
      : await Promise.all([
          db.contacts.find({ _id: { $in: ids }, orgId }).toArray(),
          db.conversations
            .find({ orgId, contactId: { $in: ids } }, { projection: { recent: 0 } })
            .toArray()
            .then((docs) => docs.map((doc): ConversationDoc => ({ ...doc, recent: [] }))),
        ])
  // Before the lines are read: what is copied from here on may reach them too late.
  const ahead = new Set(
    conversations.filter((doc) => doc.pending.some((message) => message.direction === 'outbound' && !isCopied(db, message))),
  )
  const contactOf = new Map(contacts.map((contact) => [contact._id, contact]))
  const keysOf = (one: Arrival) => allKeys(contactOf.get(ownerOf(one) ?? '') ?? null, [...one.inbound.keys, ...one.inbound.aliases])
  const quotedSids = [...new Set(inbounds.flatMap((one) => one.quotedSid ?? []))]
  const [stored, lines, records, quoted] = await Promise.all([
    db.messages.find({ orgId, key: { $in: arrivals.map((one) => one.key) } }).toArray(),
    ids.length === 0 ? [] : db.lines.find({ orgId, contactId: { $in: ids } }).toArray(),
    findRecords(db, orgId, arrivals.map(keysOf)),
    quotedSids.length === 0 ? [] : db.messages.find({ orgId, twilioSid: { $in: quotedSids } }).toArray(),
  ])
  const byId = new Map<string, Pick<Known, 'id' | 'title' | 'status'>>(records.map((record) => [record.id, record]))
  const pending = quotedSids.length === 0 ? [] : conversations.filter((doc) => doc.pending.length > 0)
  const named = [...lines.map((line) => line.lastRecord?.coordinationId), ...[...quoted, ...pending].map((doc) => doc.coordinationId)]
  const others = named.flatMap((id) => id ?? []).filter((id) => !byId.has(id))
  if (others.length > 0) {
    const _id = { $in: [...new Set(others)].map((id) => recordKey(orgId, id)) }
    for (const record of await db.coordinations.find({ _id }, { projection: recordFields }).toArray()) byId.set(record.id, record)
  }
  const conversationsOf = Map.groupBy(conversations, (doc) => doc.contactId)
  return {
    stored: new Map(stored.map((message) => [message.key, message])),
    isKnown: (arrival) => ownerOf(arrival) !== null,
    of(arrival) {
      const id = ownerOf(arrival)
      return { id, contact: contactOf.get(id ?? '') ?? null, conversations: conversationsOf.get(id ?? '') ?? [] }
    },
    conversation: (id) => conversations.find((doc) => doc._id === id),
    isAhead: (doc) => ahead.has(doc),
    line: (contactId, { channel, sender, keys: [key] }) =>
      lines.find((line) => line.key === key && line.contactId === contactId && line.channel === channel && line.sender === sender),
    records(own) {
      const wanted = new Set(own)
      return records.filter((record) => record.phoneKeys.some((key) => wanted.has(key)))
    },
    record: (id) => byId.get(id),
    quoted: (sid) => quoted.find((message) => message.twilioSid === sid),
  }
}

async function findRecords(db: Database, orgId: string, keys: readonly (readonly string[])[]): Promise<Known[]> {
  const find = (some: readonly string[]) =>
    db.coordinations
      .find<Known>({ orgId, phoneKeys: { $in: [...some] } }, { projection: recordFields })
      .sort({ updatedAt: -1 })
      .limit(MOST_RECORDS)
      .toArray()
  const all = await find([...new Set(keys.flat())])
  if (all.length < MOST_RECORDS || keys.length === 1) return all
  const each = await Promise.all(keys.map(find))
  return [...new Map(each.flat().map((record) => [record.id, record])).values()].toSorted((a, b) => b.updatedAt - a.updatedAt)
}

export async function hintOf(db: Database, orgId: string, id: string, lookup: Lookup): Promise<ConversationDoc['hint']> {
  const record = lookup.record(id) ?? (await db.coordinations.findOne({ _id: recordKey(orgId, id) }))
  return record && { coordinationId: record.id, title: record.title }
}

/** The facts that choose the route. */
export function factsOf(
  { inbound }: Arrival,
  contact: ContactDoc,
  line: LineDoc,
  conversations: readonly ConversationDoc[],
  lookup: Lookup,
): { facts: RouteFacts; quotedId: string | null } {
  const { quotedSid } = inbound
  const last = line.lastRecord
  const isOpen = (id: string | null) => isOpenRecord(id, id === null ? null : (lookup.record(id)?.status ?? null))
  const stored = quotedSid === null ? undefined : lookup.quoted(quotedSid)
  const quoted = stored?.contactId === contact._id ? stored : quotedSid === null ? null : quotedPending(conversations, quotedSid)
  const records = lookup.records(allKeys(contact, [...inbound.keys, ...inbound.aliases]))
  const closed = records.filter((record) => record.status !== 'active')
  const spokenAt = (id: string) =>
    Math.max(0, ...conversations.filter((doc) => doc.coordinationId === id).map((doc) => doc.lastMessage?.createdAt ?? 0))
  const [latest] = closed.toSorted((a, b) => spokenAt(b.id) - spokenAt(a.id) || b.updatedAt - a.updatedAt || (a.id < b.id ? 1 : -1))
  return {
    quotedId: quoted?._id ?? null,
    facts: {
      quoted: quoted && { coordinationId: quoted.coordinationId, open: isOpen(quoted.coordinationId) },
      lastOutbound: last && { coordinationId: last.coordinationId, open: isOpen(last.coordinationId) },
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
function quotedPending(conversations: readonly ConversationDoc[], sid: string): MessageDoc | null {
  return conversations.flatMap((doc) => doc.pending).find((message) => message.twilioSid === sid) ?? null
}
