// The changes of one moment: one packet for each audience, the last revision only, viewers' and everybody's merged.
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { ChangesEvent, ReadCursor } from '../../shared/events.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type { Changes } from '../../server/store/records.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, everyone, hears, type Live, note, openThread, viewers } from './live.ts'

let hilo: TestHilo
let ana: TestAgent
let live: Live
let other: Live
let thread: OwnConversation
let client = 5491150002000

beforeAll(async () => {
  hilo = await startHilo()
  ana = hilo.agent({ sub: 'ana' })
  live = await connect(hilo.url, ana.token)
  other = await connect(hilo.url, hilo.agent({ sub: 'beto' }).token)
})
beforeEach(async () => {
  for (const one of [live, other]) await one.ask('viewing', { conversationId: null, replying: false })
  thread = await openThread(ana, `ev-${++client}`, `+${client}`)
})
afterAll(async () => {
  live.socket.close()
  other.socket.close()
  await hilo.close()
})

/** The thread as the store has it now, in the form of a write's answer. */
async function changesOf(messages: Message[] = []): Promise<Changes> {
  const state = await hilo.server.parts.store.conversation({ orgId: 'default', agentId: 'ana', scope: null }, thread.id)
  if (!state) throw new Error('no thread')
  return { ...noChanges('default'), conversations: [state], messages }
}

function packets(of: Live, from: number): ChangesEvent[] {
  return of.heard.slice(from).flatMap(({ name, data }) => (name === 'changes' ? [data as ChangesEvent] : []))
}

describe('changes', () => {
  test('bring an inbound message and its row in one packet, without anybody’s own numbers', async () => {
    await hilo.simulator.phone(`+${client}`).write('¿Cuándo es?')
    const event = await hears(live, '¿Cuándo es?')
    expect(event).toMatchObject({ conversations: [{ id: thread.id, inboundCount: 1, lastMessage: { text: '¿Cuándo es?' } }], removed: [] })
    expect(event.messages).toHaveLength(1)
    for (const own of ['unread', 'readCount', 'readSeq', 'lineId', 'lastInboundAt']) expect(event.conversations[0]).not.toHaveProperty(own)
    expect(await hears(other, '¿Cuándo es?')).toEqual(event)
  })

  test('of one turn are one packet, of each object the last revision', async () => {
    const first = await note(ana, thread.id, 'primera')
    const second = await note(ana, thread.id, 'segunda')
    await hears(live, 'segunda')
    await live.caughtUp()
    const from = live.heard.length
    const { publish } = hilo.server.parts
    const changes = await changesOf([first])
    publish.changes(changes, everyone)
    publish.changes(
      { ...changes, conversations: changes.conversations.map((c) => ({ ...c, rev: c.rev + 2, tags: ['last'] })), messages: [second] },
      everyone,
    )
    publish.changes({ ...changes, conversations: changes.conversations.map((c) => ({ ...c, rev: c.rev + 1, tags: ['late'] })) }, everyone)
    await live.caughtUp()
    const told = packets(live, from)
    expect(told).toHaveLength(1)
    expect(told[0]?.conversations.map((c) => c.tags)).toEqual([['last']])
    expect(told[0]?.messages.map((message) => message.id)).toEqual([first.id, second.id])
  })

  test('reach all in their last revision when any of that turn was for all', async () => {
    const message = await note(ana, thread.id, 'para todos')
    await hears(live, 'para todos')
    await live.caughtUp()
    const from = live.heard.length
    const { publish } = hilo.server.parts
    const newer = { ...message, rev: message.rev + 1, text: 'para todos, ya enviada' }
    publish.changes({ orgId: 'default', conversations: [], messages: [message], left: [] }, everyone)
    publish.changes({ orgId: 'default', conversations: [], messages: [newer], left: [] }, viewers)
    await live.caughtUp()
    expect(packets(live, from).map((event) => event.messages.map((one) => one.text))).toEqual([['para todos, ya enviada']])
  })

  test('that only viewers hear come to those who show the conversation, merged with what all hear', async () => {
    const loud = await note(ana, thread.id, 'para todos')
    const quiet = await note(ana, thread.id, 'para quien mira')
    await hears(other, 'para quien mira')
    await live.ask('viewing', { conversationId: thread.id, replying: false })
    await Promise.all([live.caughtUp(), other.caughtUp()])
    const [from, otherFrom] = [live.heard.length, other.heard.length]
    const { publish } = hilo.server.parts
    publish.changes(await changesOf([loud]), everyone)
    publish.changes({ orgId: 'default', conversations: [], messages: [{ ...quiet, rev: quiet.rev + 1 }], left: [] }, viewers)
    await Promise.all([live.caughtUp(), other.caughtUp()])
    expect(packets(live, from).map((event) => event.messages.map((message) => message.id))).toEqual([[loud.id, quiet.id]])
    expect(packets(other, otherFrom).map((event) => event.messages.map((message) => message.id))).toEqual([[loud.id]])
  })

  test('of a message’s status reach those who look; its row reaches all when it is an agent’s last message', async () => {
    await hilo.simulator.phone(`+${client}`).write('Hola')
    await hears(live, 'Hola')
    await live.ask('viewing', { conversationId: thread.id, replying: false })
    const sent = await ana.send({ conversationId: thread.id, text: 'Ya llega' })
    await hilo.messageWhen(sent.id, (message) => message.status === 'delivered')
    await until(() => live.changes().some((event) => event.messages.some((m) => m.id === sent.id && m.status === 'delivered')))
    await until(() => other.changes().some((event) => event.conversations.some((c) => c.lastMessage?.status === 'delivered')))
    const statuses = other.changes().flatMap((event) => event.messages.filter((m) => m.id === sent.id).map((m) => m.status))
    expect(statuses).not.toContain('delivered')
    expect(statuses[0]).toBe('queued')
  })

  test('go on where a thread is read that the server does not yet know to be shown', async () => {
    const { store } = hilo.server.parts
    const { conversation } = store
    const slow = Promise.withResolvers<void>()
    vi.spyOn(store, 'conversation').mockImplementationOnce(async (...args) => {
      await slow.promise
      return await conversation(...args)
    })
    const viewed = live.ask('viewing', { conversationId: thread.id, replying: false })
    let isRead = false
    const read = live.ask('messages:list', { conversationId: thread.id }).then(() => {
      isRead = true
    })
    await live.caughtUp()
    expect(isRead).toBe(false)
    slow.resolve()
    await viewed
    await read
  })

  test('stop for the conversation that is no longer shown', async () => {
    await live.ask('viewing', { conversationId: thread.id, replying: false })
    await live.ask('viewing', { conversationId: null, replying: false })
    const message = await note(ana, thread.id, 'x')
    await hears(live, 'x')
    await live.caughtUp()
    const from = live.heard.length
    hilo.server.parts.publish.changes({ orgId: 'default', conversations: [], messages: [message], left: [] }, viewers)
    await live.caughtUp()
    expect(packets(live, from)).toEqual([])
  })

  test('say removed to all when a conversation is no more', async () => {
    const from = live.heard.length
    hilo.server.parts.publish.changes(
      { orgId: 'default', conversations: [], messages: [], left: [{ conversationId: 'gone', from: thread.coordinationId }] },
      everyone,
    )
    await live.caughtUp()
    expect(packets(live, from)).toEqual([{ conversations: [], messages: [], removed: ['gone'] }])
  })
})

test('a read cursor reaches the agent’s own sockets and nobody else’s', async () => {
  await hilo.simulator.phone(`+${client}`).write('uno')
  await hears(live, 'uno')
  const second = await connect(hilo.url, ana.token)
  const answer = await live.ask('conversation:read', { conversationId: thread.id, seq: 1 })
  expect(answer).toMatchObject({ ok: true, unread: 0, readCount: 1, readSeq: 1 })
  const cursor = await until(() => second.all('cursor')[0])
  expect(cursor).toEqual({ conversationId: thread.id, readCount: 1, readSeq: 1 })
  await other.caughtUp()
  expect(other.all('cursor')).toEqual([])
  second.socket.close()
})

test('a read cursor that rises since another thread was filed into this one is told, too', async () => {
  const filed = await openThread(ana, `ev-${client}-b`, `+${client}`)
  await note(ana, filed.id, 'la seña')
  await live.ask('conversation:read', { conversationId: filed.id, seq: 1 })
  expect(await ana.call('PATCH', `/api/conversations/${filed.id}`, { coordinationId: `ev-${client}` })).toMatchObject({ status: 200 })
  expect(await until(() => live.all<ReadCursor>('cursor').find((one) => one.conversationId === thread.id))).toMatchObject({ readSeq: 1 })
})

test('the state of our senders reaches everybody', async () => {
  hilo.server.parts.publish.channels('default')
  const [first] = await Promise.all([live, other].map((one) => until(() => one.all('channels')[0])))
  expect(first).toMatchObject([{ channel: 'whatsapp', ready: true }, { channel: 'sms' }])
})

test('a host that saves many records at once tells each of them, and drops nobody', async () => {
  const records = Array.from({ length: 700 }, (_, i) => ({
    id: `many-${i}`,
    title: `Turno ${i}`,
    contact: { name: 'Luz Gil', phone: '+5491150003000' },
  }))
  const saved = await ana.call('PUT', '/api/coordinations', records)
  expect(saved.status).toBe(200)
  await until(() => live.all<{ id: string }>('coordination').filter((one) => one.id.startsWith('many-')).length >= 700)
  await live.caughtUp()
  expect(new Set(live.all<{ id: string }>('coordination').map((one) => one.id)).size).toBeGreaterThanOrEqual(700)
  expect(live.closed()).toBeNull()
})
