// Takes inbound messages in. Those that arrive together are looked up together, and each conversation gets its own in one
// write, which is what acknowledges them. What is seldom (a stranger, a new name, a repeat of something unusual) is done
// by itself first, and then tried again; whatever it made is found again by a repeat, everything later is in the flush.
import type { InboundMessage, Received, Route, RouteFacts } from '../records.ts'
import { type Arrival, factsOf, lookUp, type Lookup, hintOf, isComplete } from './look-up.ts'
import { tellContact } from './contacts.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, LineDoc, MessageDoc } from './documents.ts'
import { enrich } from './enrich.ts'
import { flushWhere, loadConversation } from './flush.ts'
import { createGroup, type Step } from './group.ts'
import { allKeys, hasNews, identify, identityOf } from './identify.ts'
import { takeLine } from './line.ts'
import { takeConversation } from './place.ts'
import { putOnLine } from './put-on-line.ts'
import { toConversation, toMessage } from './rows.ts'
import { createInboundBatch, type InboundBatch } from './append-inbound.ts'
import { repeat } from './write.ts'

const inboundKey = (twilioSid: string): string => `in|${twilioSid}`

export function createReceive(db: Database): (inbound: InboundMessage, route: (facts: RouteFacts) => Route) => Promise<Received> {
  const receiveTogether = createGroup<Arrival, Step<Received>>({
    async run(arrivals) {
      const steps = new Map<Arrival, Step<Received>>()
      await Promise.all(
        [...Map.groupBy(arrivals, ({ inbound }) => inbound.orgId)].map(([orgId, own]) => receiveOfOrg(db, orgId, own, steps)),
      )
      return arrivals.map((one) => steps.get(one) ?? { alone: async () => undefined })
    },
    // Of one client: their conversations are the same.
    nameOf: ({ inbound }) => `${inbound.orgId}|${inbound.keys[0]}`,
    apart: false,
    atOnce: 2,
  })
  return (inbound, route) => {
    const arrival: Arrival = { inbound, key: inboundKey(inbound.twilioSid), route, told: [] }
    // One at a time for one SID in this process; among processes the conversation's `rev` and the unique key decide.
    return db.lock(`sid|${inbound.orgId}|${inbound.twilioSid}`, () =>
      repeat(async () => {
        const step = await receiveTogether(arrival)
        return 'done' in step ? step.done : db.inTurn(step.alone)
      }),
    )
  }
}

async function receiveOfOrg(db: Database, orgId: string, arrivals: readonly Arrival[], steps: Map<Arrival, Step<Received>>): Promise<void> {
  const lookup = await lookUp(db, orgId, arrivals)
  const batch = createInboundBatch(db)
  for (const arrival of arrivals) {
    const step = await look(db, arrival, lookup, batch)
    if (step) steps.set(arrival, step)
  }
  for (const [arrival, received] of await batch.write()) steps.set(arrival, { done: received })
}

/** Null: it is among those that are to be written. */
async function look(db: Database, arrival: Arrival, lookup: Lookup, batch: InboundBatch): Promise<Step<Received> | null> {
  const { inbound, key, route } = arrival
  const { orgId, channel, sender } = inbound
  const stored = lookup.stored.get(key)
  if (stored?.listed && !inbound.listed) return { alone: () => enrich(db, inbound, stored) }
  if (stored) {
    const doc = lookup.conversation(stored.conversationId)
    return doc && isComplete(doc) ? repeatedAs(stored, doc) : { alone: () => repeated(db, stored) }
  }
  const { contact, conversations } = lookup.of(arrival)
  const holder = conversations.find((doc) => doc.pending.some((message) => message.key === key))
  const pending = holder?.pending.find((message) => message.key === key)
  if (holder && pending && isComplete(holder) && !pending.listed) return repeatedAs(pending, holder)
  const unflushed = holder?._id ?? db.unflushed.get(`${orgId}|${key}`)
  if (unflushed !== undefined) return { alone: () => flushArrival(db, arrival, unflushed) }
  if (!lookup.isKnown(arrival) && inbound.onlyIfKnown) return { done: { outcome: 'ignored' } }

  const line = contact && lookup.line(contact._id, inbound)
  if (!contact || !line || hasNews(identityOf(inbound), contact)) return { alone: () => upsertClient(db, arrival, lookup) }
  const mine = conversations.filter((doc) => doc.channel === channel && doc.sender === sender)
  // The last message sent decides the record: it must be on the line, which is read afterwards, before the route is asked.
  const incomplete = mine.filter((doc) => !isComplete(doc) || lookup.isAhead(doc))
  if (incomplete.length > 0) {
    const ids = incomplete.map((doc) => doc._id)
    return { alone: () => flushWhere(db, { _id: { $in: ids }, orgId }).then(() => undefined) }
  }
  const { facts, quotedId } = factsOf(arrival, contact, line, conversations, lookup)
  const { coordinationId, hintId } = route(facts)
  const thread = mine.find((doc) => doc.coordinationId === coordinationId)
  if (!thread) return { alone: () => takeConversation(db, line, contact, coordinationId, db.clock.now()).then(() => undefined) }
  if (thread.lineId !== line._id) return { alone: () => changeLine(db, arrival, thread, line) }
  const hint = coordinationId === null && hintId !== null ? await hintOf(db, orgId, hintId, lookup) : null
  batch.add(arrival, thread, contact, { quotedId, hint })
  return null
}

/** Makes what a first message needs, or brings what is known of the client up to this one. */
async function upsertClient(db: Database, arrival: Arrival, lookup: Lookup): Promise<undefined> {
  const { inbound, route, told } = arrival
  const now = db.clock.now()
  const known = lookup.of(arrival)
  const { contact, renamed } = await identify(db, identityOf(inbound), known, now)
  const { line, created } = await takeLine(db, { ...inbound, contactId: contact._id })
  if (renamed) told.push(...(await tellContact(db, contact)))
  // Only where everything that decides was looked up: else the next look tells.
  const looked = new Set([...inbound.keys, ...inbound.aliases])
  if (!created || known.conversations.length > 0 || allKeys(contact, []).some((key) => !looked.has(key))) return
  const { coordinationId } = route(factsOf(arrival, contact, line, [], lookup).facts)
  await takeConversation(db, line, contact, coordinationId, now)
}

/** The client wrote from another address than before. */
async function changeLine(db: Database, { told }: Arrival, thread: ConversationDoc, line: LineDoc): Promise<undefined> {
  const put = await putOnLine(db, thread, line)
  if (put) told.push(put)
}

/** Appended and not copied yet: it is, then it is found. */
async function flushArrival(db: Database, { inbound, key }: Arrival, conversationId: string): Promise<undefined> {
  const { orgId } = inbound
  await loadConversation(db, { _id: conversationId, orgId })
  db.unflushed.delete(`${orgId}|${key}`)
}

const repeatedAs = (message: MessageDoc, doc: ConversationDoc): Step<Received> => ({
  done: { outcome: 'repeated', message: toMessage(message), conversation: toConversation(doc), changes: noChanges(message.orgId) },
})

export async function repeated(db: Database, message: MessageDoc): Promise<Received | undefined> {
  // A tombstone's key is another one; what is found by its key is the message itself.
  const doc = await loadConversation(db, { _id: message.conversationId, orgId: message.orgId })
  if (!doc) return undefined
  const step = repeatedAs(message, doc)
  return 'done' in step ? step.done : undefined
}
