// The world of a case: a watched store, an organization of its own in it, and the short words for what cases do.
import { expect } from 'vitest'
import type { Channel, Message } from '../../shared/model.ts'
import { createIds } from '../../server/ids.ts'
import type { MessageRule } from '../../server/rules/message.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type {
  Changes,
  Claim,
  ConversationFilter,
  ConversationState,
  CoordinationInput,
  Draft,
  EnterChecks,
  Head,
  InboundMessage,
  LogFilter,
  OwnConversationState,
  Received,
  Page,
  Route,
  RouteFacts,
  Scope,
  Viewer,
} from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { draft, inbound, MINUTE, MORNING, noChecks, ourNumber, type Person, person, record, viewerOf } from '../support/builders.ts'
import type { StorePlaces } from '../support/places.ts'
import { watch } from './watch.ts'

type InboundOver = Partial<InboundMessage> & { from?: Person; record?: string | null; hint?: string | null }

export interface World {
  store: Store
  places: StorePlaces
  orgId: string
  /** An agent who sees every record. */
  all: Viewer
  viewer(agentId: string, scope?: Scope): Viewer
  /** A second organization in the same store. */
  neighbour(): World
  newId(): string
  /** The case's own clock: each call is a second later. */
  now(): number
  pass(ms: number): number
  inbound(over?: InboundOver): InboundMessage
  /** Receives; `record` is the record that it is routed to. */
  receive(over?: InboundOver): Promise<Exclude<Received, { outcome: 'ignored' }>>
  /** The store's facts about a line when this person writes; nothing is asserted about the message. */
  factsFor(over?: InboundOver): Promise<RouteFacts>
  draft(conversation: { id: string }, over?: Partial<Draft>): Draft
  enter(
    conversation: { id: string },
    over?: Partial<Draft>,
    checks?: Partial<EnterChecks>,
  ): Promise<{ message: Message; conversation: ConversationState; outcome: 'created' | 'repeated' }>
  open(over?: { client?: Person; channel?: Channel; record?: string | null; name?: string | null }): Promise<ConversationState>
  save(...records: (string | CoordinationInput)[]): Promise<void>
  claim(line: { lineId: string }, options?: { now?: number; leaseMs?: number; fence?: number }): Promise<Head>
  /** Claims the head and fails where it cannot. */
  claimed(line: { lineId: string }, options?: { now?: number; leaseMs?: number; fence?: number }): Promise<Claim>
  /** Changes a message by a rule. */
  change(message: { id: string }, rule: MessageRule): Promise<Changes & { changed: boolean; message: Message | null }>
  /** Claims the head and has Twilio accept it. */
  send(line: { lineId: string }, twilioSid?: string): Promise<Message>
  newSid(): string
  conversation(id: string, viewer?: Viewer): Promise<OwnConversationState>
  message(id: string): Promise<Message>
  thread(id: string, viewer?: Viewer): Promise<Message[]>
  list(filter?: Partial<ConversationFilter>, viewer?: Viewer, limit?: number): Promise<OwnConversationState[]>
  log(filter?: LogFilter, viewer?: Viewer, limit?: number): Promise<Message[]>
  /** At the end of every case: what writes told is what is there. */
  audit(): Promise<void>
}

/** Reads all pages; a page may be short, none may repeat. */
export async function allPages<T extends { id: string }>(read: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read(cursor)
    items.push(...page.items)
    expect(page.nextCursor === null || page.nextCursor !== cursor, 'the next page is another one').toBe(true)
    cursor = page.nextCursor
  } while (cursor !== null)
  expect(new Set(items.map((item) => item.id)).size, 'no page repeats an item').toBe(items.length)
  return items
}

export function createWorld(store: Store, places: StorePlaces): World {
  const watched = watch(store)
  let time = MORNING
  const newId = createIds(() => Date.now())
  return worldIn(
    watched.store,
    places,
    watched.audit,
    newId,
    () => (time += 1000),
    (ms) => (time += ms),
  )
}

function worldIn(
  store: Store,
  places: StorePlaces,
  audit: () => Promise<void>,
  newId: () => string,
  now: () => number,
  pass: (ms: number) => number,
): World {
  const orgId = `org-${newId().slice(-12)}`
  const all = viewerOf(orgId, 'agent-all')
  const world: World = {
    store,
    places,
    orgId,
    all,
    audit,
    newId,
    now,
    pass,
    viewer: (agentId, scope = null) => viewerOf(orgId, agentId, scope),
    neighbour: () => worldIn(store, places, audit, newId, now, pass),
    newSid: () => `SM${newId().replaceAll('-', '')}`,
    inbound({ record: _record, hint: _hint, ...over } = {}) {
      return inbound(orgId, newId(), { createdAt: now(), ...over })
    },
    async receive(over = {}) {
      const route: Route = { coordinationId: over.record ?? null, hintId: over.hint ?? null }
      const received = await store.receive(world.inbound(over), () => route)
      if (received.outcome === 'ignored') throw new Error('The message was ignored.')
      return received
    },
    async factsFor(over = {}) {
      let facts: RouteFacts | undefined
      await store.receive(world.inbound(over), (known) => {
        facts = known
        return { coordinationId: over.record ?? null, hintId: null }
      })
      if (!facts) throw new Error('The route was not asked for.')
      return facts
    },
    draft: (conversation, over = {}) => draft(orgId, newId(), conversation.id, { createdAt: now(), ...over }),
    async enter(conversation, over = {}, checks = {}) {
      const entered = await store.enter(world.draft(conversation, over), { ...noChecks, ...checks })
      expect(['created', 'repeated'], 'the message is entered').toContain(entered.outcome)
      if (entered.outcome !== 'created' && entered.outcome !== 'repeated') throw new Error(entered.outcome)
      return entered
    },
    async open({ client = person(1), channel = 'whatsapp', record: coordinationId = null, name = null } = {}) {
      const { address, phone, keys, fallbackName } = client
      const sender = ourNumber(channel)
      const opened = await store.openConversation({
        orgId,
        channel,
        sender,
        address,
        phone,
        keys,
        name,
        fallbackName,
        coordinationId,
        now: now(),
      })
      return opened.conversation
    },
    async save(...records) {
      await store.saveCoordinations(
        orgId,
        records.map((one) => (typeof one === 'string' ? record(one) : one)),
        now(),
      )
    },
    claim: (line, { now: at = now(), leaseMs = MINUTE, fence = 1 } = {}) => store.claim(orgId, line.lineId, { now: at, leaseMs, fence }),
    async change({ id }, rule) {
      const done = await store.changeMessage(orgId, id, rule)
      return {
        changed: done?.changed ?? false,
        message: done?.message ?? null,
        ...(done?.changes ?? noChanges(orgId)),
      }
    },
    async claimed(line, options = {}) {
      const head = await world.claim(line, options)
      expect(head.state, 'the state of the head of the line').toBe('claimed')
      if (head.state !== 'claimed') throw new Error(head.state)
      return head.claim
    },
    async send(line, twilioSid = world.newSid()) {
      const claim = await world.claimed(line)
      const applied = await store.accepted(claim, { twilioSid, status: 'sending', at: now(), failure: null })
      expect(applied.outcome).toBe('applied')
      return world.message(claim.message.id)
    },
    async conversation(id, viewer = all) {
      const found = await store.conversation(viewer, id)
      expect(found, 'the conversation is there').not.toBeNull()
      return found as OwnConversationState
    },
    async message(id) {
      const found = await store.message(all, id)
      expect(found, 'the message is there').not.toBeNull()
      return found as Message
    },
    async thread(id, viewer = all) {
      const items: Message[] = []
      for (let after = 0; ; ) {
        const page = await store.messages(viewer, id, { after, limit: 50 })
        expect(page, 'the thread is there').not.toBeNull()
        items.push(...(page?.items ?? []))
        if (!page?.hasMore) return items
        const last = page.items.at(-1)?.seq
        expect(last, 'a page with more after it holds something').toBeGreaterThan(after)
        after = last ?? after
      }
    },
    list: (filter = {}, viewer = all, limit = 50) =>
      allPages((cursor) => store.conversations(viewer, { sort: 'activity', automated: true, ...filter }, { cursor, limit })),
    log: (filter = {}, viewer = all, limit = 50) => allPages((cursor) => store.messageLog(viewer, filter, { cursor, limit })),
  }
  return world
}
