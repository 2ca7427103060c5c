// Facts of the MongoDB adapter alone: its commit point and what heals after it, its indexes, its schema version,
// and what it says when the database is away. Skipped where MONGODB_URL reaches none.
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createConnection, type Connection } from 'mongoose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import type { Way } from '../../server/rules/plan-b.ts'
import type { ConversationDoc } from '../../server/store/mongo/documents.ts'
import { type MongoOptions, openMongoStore } from '../../server/store/mongo/open.ts'
import { type Collections, openCollections } from '../../server/store/mongo/schema.ts'
import { insertOnce, patchMessage } from '../../server/store/mongo/write.ts'
import { logWays } from './log-ways.ts'
import { openConnection } from '../../server/store/mongo/connection.ts'
import type { ConversationState } from '../../server/store/records.ts'
import type { Store } from '../../server/store/store.ts'
import { ANA, draft, HOUR, inbound, LUIS, noChecks, OUR_SMS, ourNumber, person, record, viewerOf } from '../support/builders.ts'
import { freePort } from '../support/free-port.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { places } from '../support/places/mongo-kept.ts'
import { until } from '../support/until.ts'

const orgId = 'org-1'
const all = viewerOf(orgId, 'agent-ana')
const newId = createIds(systemClock.now)
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const by = { id: 'agent-ana', name: 'Ana Díaz' }
const page = { cursor: null, limit: 10 }

describe.skipIf(serverUrl === undefined)('the MongoDB store', { timeout: 120_000 }, () => {
  let address: string
  let connection: Connection
  let raw: Collections
  const open: Store[] = []

  async function openStore(options: Partial<MongoOptions> = {}): Promise<Store> {
    const store = await openMongoStore({ url: address, clock: systemClock, newId, ...options })
    open.push(store)
    return store
  }
  /** One that flushes nothing by itself: closing it is like killing it after its last acknowledgement. */
  const openIdle = () => openStore({ upkeep: false })

  async function receive(store: Store, over: Parameters<typeof inbound>[2] & { record?: string | null } = {}) {
    const { record: coordinationId = null, ...rest } = over
    const received = await store.receive(inbound(orgId, newId(), rest), () => ({ coordinationId, hintId: null }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    return received
  }
  async function enter(store: Store, conversation: ConversationState, over: Parameters<typeof draft>[3] = {}) {
    const entered = await store.enter(draft(orgId, newId(), conversation.id, over), noChecks)
    if (entered.outcome !== 'created') throw new Error(entered.outcome)
    return entered
  }
  const seqs = async (store: Store, id: string) => (await store.messages(all, id, { after: 0, limit: 100 }))?.items.map((one) => one.seq)

  /** As a process leaves it that committed a join and kept room for the messages, which it has not brought yet. */
  async function beginJoin(sourceId: string, to: string, targetId: string, counts: Partial<ConversationDoc>) {
    const [id, target] = [newId(), await raw.conversations.findOne({ _id: targetId })]
    const { lastSeq = 0, inboundCount: inboundBefore = 0 } = target ?? {}
    const work = { kind: 'moving' as const, id, sourceId, moveId: null, firstSeq: lastSeq + 1, inboundBefore }
    const mark = { $inc: { rev: 1 }, $currentDate: { pendingSince: true } } as const
    await raw.conversations.updateOne({ _id: sourceId }, { $set: { gone: { id, to, at: Date.now() } }, ...mark })
    await raw.conversations.updateOne({ _id: targetId }, { $set: { ...counts, recent: [id], work: [work] }, ...mark })
  }

  beforeEach(async () => {
    address = await places.create()
    connection = await createConnection(address).asPromise()
    raw = openCollections(connection)
  })
  afterEach(async () => {
    for (const store of open.splice(0)) await store.close()
    await connection.close()
    await places.remove(address)
  })

  test('which processes are there is known by the database’s clock, until they leave or are silent', async () => {
    const [one, two] = [await openIdle(), await openIdle()]
    expect(await one.processes()).toMatchObject({ ids: [] })
    await one.beat('one', 60_000)
    await two.beat('two', 60_000)
    await two.beat('two', 60_000)
    expect((await two.processes())?.ids.toSorted()).toEqual(['one', 'two'])
    await two.beat('two', 0)
    await one.beat('three', 300)
    await until(async () => (await two.processes())?.ids.join() === 'one')
    const { cursor } = (await two.processes()) ?? { cursor: null }
    const { conversation } = await receive(one)
    expect((await two.changesSince(orgId, cursor, () => true)).conversations).toEqual([conversation])
  })

  test('acknowledges when the conversation holds the message, and reads it before any flush', async () => {
    const store = await openIdle()
    const { message, conversation } = await receive(store)
    expect(await raw.messages.countDocuments()).toBe(0)
    expect((await raw.conversations.findOne({ _id: conversation.id }))?.pending).toHaveLength(1)
    const other = await openIdle()
    expect(await other.message(all, message.id)).toEqual(message)
    expect(await raw.messages.countDocuments()).toBe(1)
    expect((await raw.conversations.findOne({ _id: conversation.id }))?.pendingSince).toBeUndefined()
  })

  test.each(['', '?w=1&journal=false'])(
    'every write waits until a majority has it on disk, whatever the address says: %s',
    async (query) => {
      const concerns = new Map<string, unknown>()
      const writing = ['insert', 'update', 'delete', 'findAndModify']
      const store = await openStore({
        url: address + query,
        onCommand(command) {
          const name = writing.find((one) => one in command)
          if (name !== undefined)
            concerns.set(`${name} ${String(command[name])} ${JSON.stringify(command.writeConcern)}`, command.writeConcern)
        },
      })
      const { conversation } = await receive(store)
      const entered = await enter(store, conversation)
      const head = await store.claim(orgId, conversation.lineId, { now: Date.now(), leaseMs: HOUR, fence: 1 })
      if (head.state !== 'claimed') throw new Error(head.state)
      const twilioSid = `SM${newId().replaceAll('-', '')}`
      const report = { orgId, messageId: null, twilioSid, failure: null, at: Date.now() }
      await store.applyStatus({ ...report, status: 'delivered' })
      await store.accepted(head.claim, { twilioSid, status: 'sending', at: Date.now(), failure: null })
      await store.markRead(all, conversation.id, 1)
      await store.moveMessages(all, [entered.message.id], 'ev-1', by, Date.now()).catch(() => null)
      await store.saveCoordinations(orgId, [record('ev-1')], Date.now())
      await store.takeLease(orgId, 'sender', 'server-1', HOUR)
      await store.schedule(draft(orgId, newId(), conversation.id, { dueAt: Date.now() + HOUR }))
      expect(new Set([...concerns.keys()].map((key) => key.split(' ')[0])).size).toBeGreaterThanOrEqual(3)
      for (const [command, concern] of concerns) expect(concern, command).toMatchObject({ w: 'majority', j: true })
    },
  )

  test('what is read is read from the primary, whatever the address says', async () => {
    // One server has no secondaries to be read: asked is what the driver was told.
    const connection = await openConnection({ url: `${address}?readPreference=secondaryPreferred`, patienceMs: 5_000 })
    expect(connection.first.getClient().options.readPreference?.mode).toBe('primary')
    await connection.close()
  })

  test('where very many wait, their numbers are summed by the database, and are the same', async () => {
    const store = await openStore()
    const few = await openStore({ countOneByOne: 0 })
    const threads = await Promise.all(
      times(12, async (index) => {
        const record = index % 3 === 0 ? null : `ev-${index}`
        const from = person(index)
        for (let count = 0; count <= index % 4; count++) await receive(store, { from, record })
        return receive(store, { from, record })
      }),
    )
    for (const [index, { conversation }] of threads.entries()) {
      if (index % 5 === 1) await enter(store, conversation)
      if (index % 2 === 0) await store.markRead(all, conversation.id, index % 4 === 0 ? 9 : 1)
      if (index % 3 === 1) await store.markRead(viewerOf(orgId, 'agent-b', ['ev-1', 'ev-4', 'ev-7']), conversation.id, 9)
    }
    const scopes = [null, [], ['ev-1', 'ev-4', 'ev-7'], ['ev-2', 'ev-5', 'ev-8']]
    const viewers = scopes.flatMap((scope) => ['agent-ana', 'agent-b', 'agent-c'].map((agent) => viewerOf(orgId, agent, scope)))
    const numbers = async (of: Store) => (await of.unread(viewers)).map(({ version: _, ...sums }) => sums)
    const summed = await numbers(few)
    expect(summed).toEqual(await numbers(store))
    expect(new Set(summed.map(({ total }) => total)).size, 'not all the same').toBeGreaterThan(3)
  })

  test('callbacks that waited for their SID are kept no longer than until it is known', async () => {
    const store = await openStore()
    const { conversation } = await receive(store)
    await enter(store, conversation)
    const head = await store.claim(orgId, conversation.lineId, { now: Date.now(), leaseMs: HOUR, fence: 1 })
    if (head.state !== 'claimed') throw new Error(head.state)
    const told = { twilioSid: `SM${newId().replaceAll('-', '')}`, failure: null, at: Date.now() }
    await store.applyStatus({ ...told, orgId, messageId: null, status: 'delivered' })
    expect(await raw.callbacks.countDocuments()).toBe(1)
    await store.accepted(head.claim, { ...told, status: 'sending' })
    expect(await raw.callbacks.countDocuments()).toBe(0)
  })

  test('three flushes at once make no gap and no double', async () => {
    const stores = [await openIdle(), await openIdle(), await openIdle()] as const
    const first = await receive(stores[0])
    await Promise.all(times(60, (index) => receive(stores[index % 3] ?? stores[0])))
    const found = await Promise.all(stores.map((store) => seqs(store, first.conversation.id)))
    for (const one of found) expect(one).toEqual(times(61, (index) => index + 1))
    expect(await raw.messages.countDocuments()).toBe(61)
  })

  test('flushes shortly by itself', async () => {
    const { conversation } = await receive(await openStore())
    await until(async () => (await raw.messages.countDocuments({ conversationId: conversation.id })) === 1)
    await until(async () => (await raw.conversations.countDocuments({ pendingSince: { $exists: true } })) === 0)
  })

  test('what arrives together costs few commands, strangers and repeats aside', async () => {
    let commands = 0
    const store = await openStore({ upkeep: false, onCommand: () => commands++ })
    const clients = times(32, (index) => person(index + 1))
    await Promise.all(clients.map((from) => receive(store, { from })))
    const sent = clients.map((from) => inbound(orgId, newId(), { from }))
    const route = () => ({ coordinationId: null, hintId: null })
    const together = async () => {
      commands = 0
      const answers = await Promise.all(sent.map((one) => store.receive(one, route)))
      return { outcomes: new Set(answers.map((one) => one.outcome)), commands }
    }
    const first = await together()
    expect(first.outcomes).toEqual(new Set(['created']))
    expect(first.commands, 'for 32 messages').toBeLessThanOrEqual(24)
    const again = await together()
    expect(again.outcomes).toEqual(new Set(['repeated']))
    expect(again.commands, 'for 32 repeats').toBeLessThanOrEqual(24)
  })

  test('statuses that arrive together are merged with few commands, each told once', async () => {
    let commands = 0
    const store = await openStore({ upkeep: false, onCommand: () => commands++ })
    const sids = times(20, (index) => `SM-${index}`)
    for (const [index, twilioSid] of sids.entries()) {
      const { conversation } = await receive(store, { from: person(index + 1) })
      await enter(store, conversation)
      const head = await store.claim(orgId, conversation.lineId, { now: Date.now(), leaseMs: 1000, fence: 1 })
      if (head.state !== 'claimed') throw new Error(head.state)
      await store.accepted(head.claim, { twilioSid, status: 'queued', at: Date.now(), failure: null })
    }
    commands = 0
    const report = (twilioSid: string) =>
      store.applyStatus({ orgId, messageId: null, twilioSid, status: 'delivered', failure: null, at: Date.now() })
    const applied = await Promise.all([...sids, ...sids].map(report))
    expect(applied.filter((one) => one.outcome === 'applied')).toHaveLength(20)
    expect(applied.filter((one) => one.outcome === 'unchanged')).toHaveLength(20)
    expect(commands, 'for 20 statuses and their repeats').toBeLessThanOrEqual(12)
    for (const one of applied)
      if (one.outcome === 'applied')
        expect(one.changes.conversations).toMatchObject([{ lastMessage: { id: one.message.id, status: 'delivered' } }])
  })

  test('a message that changed since it was read is changed all the same', async () => {
    const store = await openIdle()
    const { conversation, message } = await receive(store)
    expect(await seqs(store, conversation.id)).toEqual([1])
    const before = await raw.messages.findOne({ _id: message.id })
    if (!before) throw new Error('It was not copied.')
    await raw.messages.updateOne({ _id: message.id }, { $set: { price: null, text: 'Changed meanwhile' }, $inc: { rev: 1 } })
    const changed = await patchMessage(raw, before, () => ({ status: 'read' }))
    expect(changed?.after).toMatchObject({ _id: message.id, text: 'Changed meanwhile', status: 'read', rev: before.rev + 2 })
  })

  test('what was copied and is still on its conversation is taken in once, also by another process', async () => {
    const stores = [await openStore(), await openStore()] as const
    const { conversation } = await receive(stores[0])
    await until(async () => (await raw.messages.countDocuments({ conversationId: conversation.id })) === 1)
    // The other appends to it and copies all that is pending; the first then takes off what it had copied.
    await receive(stores[1])
    await receive(stores[0])
    await enter(stores[1], conversation)
    await until(async () => (await raw.conversations.findOne({ _id: conversation.id }))?.pending.length === 0)
    for (const store of stores) expect(await seqs(store, conversation.id)).toEqual([1, 2, 3, 4])
    expect(await raw.messages.countDocuments({ conversationId: conversation.id })).toBe(4)
  })

  test('what was acknowledged and not flushed when the process died is flushed when one starts again', async () => {
    const killed = await openIdle()
    const { message, conversation } = await receive(killed)
    const answer = await enter(killed, conversation)
    await killed.close()
    expect(await raw.messages.countDocuments()).toBe(0)
    const store = await openStore()
    expect(await raw.messages.countDocuments()).toBe(2)
    expect(await store.message(all, message.id)).toEqual(message)
    expect(await store.claim(orgId, conversation.lineId, { now: Date.now(), leaseMs: 1000, fence: 1 })).toMatchObject({
      state: 'claimed',
      claim: { message: { id: answer.message.id }, lastInboundAt: Date.parse(message.createdAt) },
    })
  })

  test('a webhook that is repeated after the process died is a repeat', async () => {
    const killed = await openIdle()
    const sent = inbound(orgId, newId())
    const route = () => ({ coordinationId: null, hintId: null })
    await killed.receive(sent, route)
    await killed.close()
    const store = await openIdle()
    expect(await store.receive({ ...sent, id: newId() }, route)).toMatchObject({ outcome: 'repeated', message: { id: sent.id, seq: 1 } })
    expect(await store.conversations(all, { sort: 'activity' }, page)).toMatchObject({ items: [{ inboundCount: 1, lastSeq: 1 }] })
  })

  test('a key that was reserved by a process that died is completed by the repeat, once', async () => {
    const store = await openStore()
    const { conversation } = await receive(store)
    const reserved = newId()
    await raw.keys.insertOne({ _id: `${orgId}|agent-ana|c-1`, orgId, messageId: reserved, conversationId: conversation.id })
    const again = () => store.enter(draft(orgId, newId(), conversation.id, { key: 'agent-ana|c-1' }), noChecks)
    const entered = await Promise.all([again(), again(), again()])
    expect(entered.map((one) => one.outcome).toSorted()).toEqual(['created', 'repeated', 'repeated'])
    for (const one of entered) expect(one).toMatchObject({ message: { id: reserved, seq: 2 } })
  })

  test('a scheduled message whose entering was cut off is entered once', async () => {
    const killed = await openIdle()
    const { conversation } = await receive(killed)
    const planned = await killed.schedule(draft(orgId, newId(), conversation.id, { dueAt: Date.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const { id } = planned.message
    const kept = await raw.scheduled.findOne({ _id: id })
    await killed.enterScheduled(orgId, id, Date.now(), { checks: noChecks })
    // As if it had died after the append: what was planned is still there.
    if (kept) await raw.scheduled.insertOne({ ...kept, entering: true })
    await killed.close()
    const store = await openStore()
    expect(await store.enterScheduled(orgId, id, Date.now(), { checks: noChecks })).toMatchObject({
      outcome: 'repeated',
      message: { id, seq: 2 },
    })
    expect(await seqs(store, conversation.id)).toEqual([1, 2])
    expect(await store.nextDueAt()).toBeNull()
  })

  test.each([0, 1])(
    'a plan B that was cut off on its way by SMS goes on by SMS, once, whatever would be chosen now (%i)',
    async (sentBefore) => {
      const killed = await openIdle()
      const { conversation } = await receive(killed)
      const planB = { sms: true }
      const planned = await killed.schedule(draft(orgId, newId(), conversation.id, { dueAt: Date.now(), planB }))
      if (planned.outcome !== 'created') throw new Error(planned.outcome)
      const { id } = planned.message
      const { address, phone, keys, fallbackName } = person(1)
      const { conversation: thread } = await killed.openConversation({
        ...{ orgId, channel: 'sms', sender: OUR_SMS, address, phone, keys, name: null, fallbackName },
        coordinationId: null,
        now: Date.now(),
      })
      const place = { id: newId(), conversationId: thread.id }
      const taken = { step: 'sms' as const, because: ['window' as const], messageId: place.id, conversationId: thread.id }
      // As if it had died after it was written down that it goes by SMS: before the SMS entered, or after.
      if (sentBefore) await killed.enter(draft(orgId, place.id, thread.id, { fallbackOf: id }), noChecks)
      await raw.scheduled.updateOne({ _id: id }, { $set: { entering: true, planB: JSON.stringify({ ...planB, taken }) } })
      await killed.close()
      const store = await openStore()
      const enter = () => store.enterScheduled(orgId, id, Date.now(), { checks: noChecks, way: () => ({ step: 'text' }) })
      expect(await enter()).toMatchObject({ outcome: 'created', message: { id, status: 'canceled', planB: { taken } } })
      expect(await enter()).toMatchObject({ outcome: 'repeated' })
      const viewer = { orgId, agentId: 'a', scope: null }
      const sms = await store.messages(viewer, thread.id, { limit: 10 })
      expect(sms?.items.map((one) => [one.id, one.fallbackOf])).toEqual([[place.id, id]])
      expect(await store.nextDueAt()).toBeNull()
    },
  )

  test('two processes that enter one plan B by different steps send one of them', async () => {
    const processes = [await openStore(), await openStore()]
    const [first] = processes as [Store]
    const { conversation } = await receive(first)
    const { address, phone, keys, fallbackName } = person(1)
    const { conversation: thread } = await first.openConversation({
      ...{ orgId, channel: 'sms', sender: OUR_SMS, address, phone, keys, name: null, fallbackName },
      coordinationId: null,
      now: Date.now(),
    })
    const plans = await Promise.all(
      times(12, () => first.schedule(draft(orgId, newId(), conversation.id, { dueAt: Date.now(), planB: { sms: true } }))),
    )
    const sms = (): Way => ({ step: 'sms', because: ['window'], place: { id: newId(), conversationId: thread.id } })
    for (const one of plans) {
      const id = one.outcome === 'created' ? one.message.id : ''
      await Promise.all(
        processes.flatMap((store) =>
          [sms, (): Way => ({ step: 'text' })].map((way) => store.enterScheduled(orgId, id, Date.now(), { checks: noChecks, way })),
        ),
      )
    }
    const viewer = { orgId, agentId: 'a', scope: null }
    const here = (await first.messages(viewer, conversation.id, { limit: 100 }))?.items.filter((one) => one.direction === 'outbound') ?? []
    const there = (await first.messages(viewer, thread.id, { limit: 100 }))?.items ?? []
    expect(here).toHaveLength(12)
    expect(there.map((one) => one.fallbackOf).toSorted()).toEqual(
      here
        .filter((one) => one.status === 'canceled')
        .map((one) => one.id)
        .toSorted(),
    )
  })

  test('two processes hold the limit per contact exactly, over messages that come due', async () => {
    const processes = [await openStore(), await openStore()]
    const [first] = processes as [Store]
    const { conversation } = await receive(first)
    const planned = await Promise.all(times(40, () => first.schedule(draft(orgId, newId(), conversation.id, { dueAt: Date.now() }))))
    const now = Date.now() + 2 * HOUR
    // More than what one process would take by its own order alone.
    const checks = { ...noChecks, contactLimit: { max: 35, since: now - HOUR } }
    const all = await Promise.all(
      planned.map((one, index) =>
        processes[index % 2]?.enterScheduled(orgId, one.outcome === 'created' ? one.message.id : '', now, { checks }),
      ),
    )
    expect(all.filter((one) => one?.outcome === 'created')).toHaveLength(35)
    expect(all.filter((one) => one?.outcome === 'limited')).toHaveLength(5)
    expect(await raw.scheduled.countDocuments({ status: 'scheduled', entering: { $exists: false } })).toBe(5)
  })

  test('a preview that was cut off from its message follows when a process starts again', async () => {
    const killed = await openIdle()
    const { conversation } = await receive(killed)
    const { message } = await enter(killed, conversation)
    await killed.message(all, message.id)
    await raw.messages.updateOne({ _id: message.id }, { $set: { status: 'failed', echo: true }, $unset: { open: '' }, $inc: { rev: 1 } })
    await killed.close()
    const store = await openStore()
    expect((await store.conversation(all, conversation.id))?.lastMessage).toMatchObject({ id: message.id, status: 'failed' })
    expect(await raw.messages.countDocuments({ echo: true })).toBe(0)
  })

  test('a move that was cut off is completed when a process starts again', async () => {
    const store = await openStore()
    const { conversation } = await receive(store, { text: 'uno' })
    const ids: string[] = []
    for (const text of ['dos', 'tres', 'cuatro']) ids.push((await receive(store, { text })).message.id)
    const target = await receive(store, { record: 'ev-1', text: 'allí' })
    const moved = await store.moveMessages(all, ids.slice(0, 2), 'ev-1', by, Date.now())
    const [last] = ids.slice(2)
    // The plan of another move, as it stands before its first step.
    const plan = await raw.moves.findOne({ _id: moved?.undoId ?? '' })
    if (!plan || last === undefined) throw new Error('There is no plan.')
    const [part] = plan.parts
    const [one] = part?.messages ?? []
    if (!part || !one) throw new Error('The plan is empty.')
    await store.close()
    const next = { ...one, id: last, seq: 4, ordinal: 4, lineId: newId(), unanswered: false }
    await raw.moves.insertOne({ ...plan, _id: newId(), state: 'moving', parts: [{ ...part, messages: [next] }] })
    const again = await openStore()
    const here = (await again.messages(all, conversation.id, { after: 0, limit: 50 }))?.items ?? []
    const there = (await again.messages(all, target.conversation.id, { after: 0, limit: 50 }))?.items ?? []
    expect(here.map((each) => [each.seq, each.type])).toEqual([
      [1, 'text'],
      [2, 'moved'],
      [3, 'moved'],
      [4, 'moved'],
    ])
    expect(there.map((each) => [each.seq, each.text])).toEqual([
      [1, 'allí'],
      [2, 'dos'],
      [3, 'tres'],
      [4, 'cuatro'],
    ])
    expect(await raw.conversations.countDocuments({ pendingSince: { $exists: true } })).toBe(0)
  })

  test('a filing that was cut off is completed by whoever reads the thread', async () => {
    const store = await openIdle()
    const { conversation, message } = await receive(store)
    await store.message(all, message.id)
    const work = { kind: 'filed' as const, id: newId(), from: null, to: 'ev-1', at: Date.now() }
    await raw.conversations.updateOne(
      { _id: conversation.id },
      { $set: { coordinationId: 'ev-1', work: [work] }, $inc: { rev: 1 }, $currentDate: { pendingSince: true } },
    )
    const scoped = viewerOf(orgId, 'agent-b', ['ev-1'])
    expect((await store.messages(scoped, conversation.id, { limit: 5 }))?.items).toMatchObject([{ id: message.id, coordinationId: 'ev-1' }])
    expect(await raw.departures.countDocuments({ conversationId: conversation.id })).toBe(1)
  })

  test('what another process appended is told before its flush, also where this one has changed the row since', async () => {
    const [one, two] = [await openIdle(), await openIdle()]
    await receive(one)
    const { cursor } = await one.changesSince(orgId, null, () => true)
    const theirs = await receive(two)
    const ours = await receive(one)
    expect(await raw.messages.countDocuments({ _id: { $in: [theirs.message.id, ours.message.id] } })).toBe(0)
    const known = new Map([ours.conversation, ours.message].map(({ id, rev }) => [id, rev]))
    const feed = await one.changesSince(orgId, cursor, (key, rev) => (known.get(key) ?? 0) < rev)
    expect(feed.messages.map(({ message }) => message.id)).toContain(theirs.message.id)
    expect(feed.messages.map(({ message }) => message.id)).not.toContain(ours.message.id)
    expect(feed.conversations).toEqual([])
  })

  test('how long ago a message entered is told by the database’s clock, whatever that of its process said', async () => {
    const store = await openIdle()
    const { conversation } = await receive(store)
    const { cursor } = await store.changesSince(orgId, null, () => true)
    const { message } = await enter(store, conversation, { createdAt: Date.now() - HOUR })
    const told = (await store.changesSince(orgId, cursor, () => true)).messages.find((one) => one.message.id === message.id)
    expect(told?.enteredMsAgo).toBeGreaterThanOrEqual(0)
    expect(told?.enteredMsAgo).toBeLessThan(30_000)
  })

  test('a move into a thread that another process is joining to forgets no answer that comes along', async () => {
    const store = await openIdle()
    const there = await receive(store, { record: 'ev-1', text: 'allí' })
    const source = await receive(store, { text: 'sin presupuesto' })
    const answer = await enter(store, source.conversation, { author: LUIS, text: 'de Luis' })
    const { message: elsewhere } = await receive(store, { record: 'ev-2', text: 'esto es del otro' })
    for (const { id } of [there.message, source.message, elsewhere]) await store.message(all, id)
    await beginJoin(source.conversation.id, 'ev-1', there.conversation.id, {
      ...{ lastSeq: 3, inboundCount: 2, answeredCount: 1, unanswered: 1 },
      lastAnswer: { by: LUIS.id ?? '', id: answer.message.id, seq: 3 },
    })
    expect(await store.moveMessages(all, [elsewhere.id], 'ev-1', by, Date.now())).not.toBeNull()
    const thread = await store.messages(all, there.conversation.id, { after: 0, limit: 10 })
    expect(thread?.items.map(({ seq, text }) => [seq, text])).toEqual([
      [1, 'allí'],
      [2, 'sin presupuesto'],
      [3, 'de Luis'],
      [4, 'esto es del otro'],
    ])
    const second = draft(orgId, newId(), there.conversation.id, { author: ANA })
    const guarded = await store.enter(second, { ...noChecks, ifNoAnswerSince: 1 })
    expect(guarded).toMatchObject({ outcome: 'answered', by: { text: 'de Luis', seq: 3 } })
  })

  test('joining a thread tells of its messages where another process takes one in behind them meanwhile', async () => {
    const other = await openIdle()
    const into = await receive(other, { record: 'ev-1', text: 'allí' })
    const source = await receive(other, { text: 'sin presupuesto' })
    const url = new URL(address)
    const proxy = await createTcpProxy(Number(url.port || '27017'), url.hostname)
    url.host = `127.0.0.1:${proxy.port}`
    let isHeld = false
    // The messages are in the other thread by then, and nobody has told of them.
    const holds = (command: Readonly<Record<string, unknown>>) => {
      if (command.delete !== 'conversations' || isHeld) return
      isHeld = true
      proxy.freeze()
    }
    const store = await openStore({ upkeep: false, url: url.toString(), onCommand: holds })
    const joining = store.updateConversation(all, source.conversation.id, { coordinationId: 'ev-1' })
    await until(() => isHeld)
    const behind = await receive(other, { record: 'ev-1', text: 'después' })
    await proxy.mend()
    const told = (await joining)?.changes.messages ?? []
    const place = { conversationId: into.conversation.id, seq: 2, coordinationId: 'ev-1' }
    expect(told.map(({ id, seq }) => [id, seq])).toEqual([
      [source.message.id, 2],
      [behind.message.id, 3],
    ])
    expect(told).toContainEqual(await other.message(all, source.message.id))
    expect(told[0]).toMatchObject(place)
    await store.close()
    open.splice(open.indexOf(store), 1)
    await proxy.close()
  })

  test('undoing a move into a thread that another process is joining to leaves who comes along waiting', async () => {
    const store = await openIdle()
    const home = await receive(store, { record: 'ev-2', text: 'allí' })
    await enter(store, home.conversation, { author: ANA })
    const moved = await store.moveMessages(all, [home.message.id], 'ev-1', by, Date.now())
    const source = await receive(store, { text: 'sin presupuesto' })
    await store.message(all, source.message.id)
    const waits = { status: 'open' as const, awaitingSince: Date.parse(source.message.createdAt) }
    await beginJoin(source.conversation.id, 'ev-2', home.conversation.id, {
      ...{ lastSeq: 3, inboundCount: 2, answeredCount: 1, unanswered: 1 },
      ...waits,
    })
    expect(await store.undoMove(all, moved?.undoId ?? '', by, Date.now())).toMatchObject({ outcome: 'undone' })
    expect(await store.conversation(all, home.conversation.id)).toMatchObject({ awaitingReplySince: source.message.createdAt })
  })

  test('records whose saving was cut off are saved, later ones are not undone', async () => {
    const store = await openStore()
    await store.saveCoordinations(orgId, [record('ev-1', { title: 'later' })], Date.now())
    const records = JSON.stringify([record('ev-1', { title: 'cut off' }), record('ev-2', { title: 'cut off' })])
    await raw.tasks.insertOne({ _id: newId(), orgId, at: new Date(Date.now() - HOUR), now: Date.now() - HOUR, contactId: null, records })
    await until(async () => (await raw.tasks.countDocuments()) === 0)
    expect((await store.coordination(all, 'ev-1'))?.title).toBe('later')
    expect((await store.coordination(all, 'ev-2'))?.title).toBe('cut off')
  })

  test('the loser of a race to insert gets the winner’s document', async () => {
    await openIdle()
    const documents = times(30, (index) => ({ _id: 'org-1|+549', orgId, contactId: `c-${index}` }))
    const results = await Promise.all(documents.map((document) => insertOnce(raw.addresses, document, { _id: document._id })))
    expect(results.filter((one) => one.inserted)).toHaveLength(1)
    expect(new Set(results.map((one) => one.document.contactId)).size).toBe(1)
  })

  test('a newer schema is refused with a sentence that says what to do', async () => {
    await (await openStore()).close()
    await raw.meta.updateOne({ _id: 'schema' }, { $set: { version: 99 } })
    await expect(openStore()).rejects.toThrow(/schema version 99.*Start the newer Hilo/)
  })

  test('servers that start at once on a new database all start', async () => {
    for (let round = 0; round < 3; round++) {
      const fresh = `${address}_${round}`
      const stores = await Promise.allSettled(times(4, () => openMongoStore({ url: fresh, clock: systemClock, newId })))
      for (const one of stores) if (one.status === 'fulfilled') await one.value.close()
      const connection = await createConnection(fresh).asPromise()
      await connection.dropDatabase()
      await connection.close()
      expect(stores.flatMap((one) => (one.status === 'rejected' ? [String(one.reason)] : []))).toEqual([])
    }
  })

  test('opening an up-to-date database makes no index', async () => {
    await (await openStore()).close()
    const commands: string[] = []
    await openStore({ onCommand: (command) => commands.push(Object.keys(command)[0] ?? '') })
    expect(commands).not.toContain('createIndexes')
    expect(commands).toContain('find')
  })

  test('every query of a read uses an index', async () => {
    await (await openStore()).close()
    await raw.messages.insertMany(times(400, (index) => filler('messages', index)) as never)
    await raw.conversations.insertMany(times(400, (index) => filler('conversations', index)) as never)
    const commands: Readonly<Record<string, unknown>>[] = []
    const store = await openStore({ upkeep: false, onCommand: (command) => void commands.push(command) })
    await store.saveCoordinations(orgId, [record('ev-1'), record('ev-2', { status: 'done' })], Date.now())
    const { conversation, message } = await receive(store, { record: 'ev-1' })
    await enter(store, conversation)
    commands.length = 0
    await readEverything(store, conversation, message.id)
    const queries = new Map<string, object>()
    for (const { find, aggregate, filter, sort, pipeline, limit, hint } of commands) {
      if (find === undefined && aggregate === undefined) continue
      const query =
        find === undefined
          ? { aggregate, pipeline, cursor: {} }
          : { find, filter, ...(sort ? { sort } : {}), ...(limit ? { limit } : {}), ...(hint ? { hint } : {}) }
      const shape = JSON.stringify(query).replaceAll(/"[^"]*-[^"]*"|\d+/g, '?')
      queries.set(shape, query)
    }
    const isScan = async (query: object) => {
      const plan = JSON.stringify(await connection.db?.command({ explain: query }))
      return /COLLSCAN|Seq Scan/.test(plan) || !/indexName|IXSCAN|IDHACK|EXPRESS|Index/.test(plan)
    }
    const scans = await Promise.all([...queries.values()].map(async (query) => ((await isScan(query)) ? [JSON.stringify(query)] : [])))
    expect(scans.flat()).toEqual([])
    expect(queries.size).toBeGreaterThan(30)
  })

  test('the log of each filter is read by the index of its way', async () => {
    await (await openStore()).close()
    await raw.messages.insertMany(times(400, (index) => filler('messages', index)) as never)
    const commands: Readonly<Record<string, unknown>>[] = []
    const store = await openStore({ upkeep: false, onCommand: (command) => void commands.push(command) })
    const { conversation } = await receive(store, { record: 'ev-1' })
    await enter(store, conversation)
    for (const { filter: asked, mongo } of logWays) {
      commands.length = 0
      await store.messageLog(all, { ...asked, from: 1 }, page)
      const reads = commands.filter(({ find }) => find === 'messages')
      expect(reads.length, JSON.stringify(asked)).toBeGreaterThan(0)
      for (const { find, filter, sort, limit, hint } of reads) {
        const plan = JSON.stringify(
          await connection.db?.command({ explain: { find, filter, sort, limit, ...(hint === undefined ? {} : { hint }) } }),
        )
        expect(plan, JSON.stringify(filter)).toContain(`${mongo}_createdAt_-1__id_-1`)
        expect(plan).not.toMatch(/COLLSCAN|Seq Scan/)
      }
    }
  })

  test('a database that is away is said to be unavailable, and is used again when it is back', async () => {
    const gate = await openGate(new URL(address))
    try {
      const store = await openStore({ url: gate.url, patienceMs: 500 })
      const { conversation } = await receive(store)
      gate.shut()
      const fault = await store.conversation(all, conversation.id).catch((error: unknown) => error)
      expect(fault).toMatchObject({ code: 'unavailable' })
      await expect(store.ping()).rejects.toMatchObject({ code: 'unavailable' })
      await gate.reopen()
      await until(() => store.conversation(all, conversation.id).catch(() => null), { what: 'the database to be used again' })
    } finally {
      await gate.close()
    }
  })

  test('an address without a server is refused, and its password is in no message', async () => {
    const url = 'mongodb://hilo:secreto@127.0.0.1:1/hilo'
    const fault = await openStore({ url, patienceMs: 200 }).catch((error: unknown) => error)
    expect(fault).toMatchObject({ code: 'unavailable' })
    expect(JSON.stringify([String(fault), (fault as Error).stack, String((fault as Error).cause)])).not.toContain('secreto')
  })
})

/** Enough of a document for the indexes; the planner of a nearly empty collection reads all of it. */
function filler(kind: string, index: number) {
  const common = { _id: `${kind}-${index}`, orgId: 'org-filler', contactId: `c-${index}`, coordinationId: null, changedAt: new Date() }
  return kind === 'messages'
    ? {
        ...common,
        key: `${index}`,
        conversationId: `v-${index}`,
        seq: 1,
        createdAt: index,
        hidden: true,
        channel: 'sms',
        status: 'received',
      }
    : { ...common, channel: 'sms', sender: 's', activityAt: index, lastSeq: 0 }
}

async function readEverything(store: Store, conversation: ConversationState, messageId: string): Promise<void> {
  const { id, sender, contact, lineId } = conversation
  const scoped = viewerOf(orgId, 'agent-b', ['ev-1'])
  for (const viewer of [all, scoped]) {
    for (const filter of [
      {},
      { automated: true },
      { unread: true },
      { awaiting: true },
      { assignee: 'agent-ana' },
      { assignee: 'none' },
      { tag: 'vip' },
      { coordinationId: 'ev-1' },
      { contactId: contact.id },
      { phoneKeys: person(1).keys },
      { unfiled: true },
      { failed: true },
      { q: 'ana' },
    ])
      for (const sort of ['activity', 'waiting'] as const) await store.conversations(viewer, { sort, ...filter }, page)
    await store.conversation(viewer, id)
    for (const range of [{}, { before: 5 }, { after: 0 }]) await store.messages(viewer, id, { ...range, limit: 5 })
    await store.message(viewer, messageId)
    await store.message(viewer, newId())
    for (const filter of [{}, { q: 'a' }, { conversationId: id }, { contactId: contact.id }, { coordinationId: 'ev-1' }, { from: 1 }])
      await store.messageLog(viewer, filter, page)
    await store.unread([viewer])
    await store.unreadByCoordination(viewer, ['ev-1'])
    await store.unreadByKey(viewer, [...person(1).keys])
    await store.recordsOfContacts(viewer.orgId, [contact.id])
    const { cursor } = await store.sync(viewer, null, 10)
    await store.sync(viewer, cursor, 10)
    await store.messages(viewer, id, { changedSince: cursor, limit: 5 })
    await store.markRead(viewer, id, 1)
    await store.contact(viewer, contact.id)
    await store.contacts(viewer, null, page)
    await store.contacts(viewer, 'ana', page)
    await store.contactMessages(viewer, contact.id, page)
    await store.coordination(viewer, 'ev-1')
    await store.coordinations(viewer, {}, page)
    await store.coordinations(viewer, { phoneKeys: person(1).keys }, page)
    await store.coordinationMessages(viewer, 'ev-1', page)
  }
  await store.findByKey(orgId, 'k')
  await store.knownSids(orgId, ['SM1'])
  await store.recovery(orgId, 1)
  await store.sentStates(orgId, ['SM1'])
  await store.incompleteSends(orgId, { from: 0, to: Date.now(), after: { claimedAt: 1, id: 'a' }, limit: 5 })
  await store.oldestQueued(orgId)
  await store.openLines(null, 5)
  await store.claim(orgId, lineId, { now: Date.now(), leaseMs: 1000, fence: 1 })
  await store.expireClaims(orgId, sender, { now: Date.now(), fence: 1 })
  await store.dueMessages(Date.now(), 5)
  await store.nextDueAt()
  await store.snoozeEnds(Date.now(), 5)
  await store.changePlan(orgId, 'ev-1', ({ plan }) => ({ ...plan, nextDueAt: 1 }))
  await store.duePlans(Date.now(), 5)
  await store.nextPlanAt()
  await store.recordPlans(orgId, 'ev-1', 5)
  await store.settings(orgId, 'automation')
  await store.openConversation({
    orgId,
    channel: 'whatsapp',
    sender: ourNumber('whatsapp'),
    address: person(2).address,
    phone: person(2).phone,
    keys: person(2).keys,
    name: null,
    fallbackName: person(2).fallbackName,
    coordinationId: 'ev-2',
    now: Date.now(),
  })
  await store.receive(inbound(orgId, newId(), { quotedSid: 'SM1' }), (facts) => ({
    coordinationId: null,
    hintId: facts.closedCoordination,
  }))
}

/** A way to the database that can be shut. */
async function openGate(target: URL) {
  const sockets = new Set<Socket>()
  let server: Server
  const port = await freePort()
  const listen = () =>
    new Promise<void>((resolve) => {
      server = createServer((near) => {
        const far = connect(Number(target.port), target.hostname)
        for (const socket of [near, far]) {
          sockets.add(socket)
          socket.on('error', () => socket.destroy())
          socket.on('close', () => {
            sockets.delete(socket)
            near.destroy()
            far.destroy()
          })
        }
        near.pipe(far)
        far.pipe(near)
      })
      server.listen(port, '127.0.0.1', resolve)
    })
  await listen()
  const url = new URL(target)
  url.host = `127.0.0.1:${port}`
  const shut = () => {
    server.close()
    for (const socket of sockets) socket.destroy()
  }
  return { url: url.toString(), shut, reopen: listen, close: async () => shut() }
}
