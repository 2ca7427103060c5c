// Invariant 8 over sockets: one client with two open records, an agent for each; nothing of one reaches the other.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, hears, type Live, note, openThread } from './live.ts'

const CLIENT = '+5491154823391'
let hilo: TestHilo
let boss: TestAgent
let ana: TestAgent
let beto: TestAgent
let [one, two]: OwnConversation[] = []
let live: { boss: Live; ana: Live; beto: Live }

beforeAll(async () => {
  hilo = await startHilo()
  boss = hilo.agent({ sub: 'boss', role: 'supervisor', name: 'Sol Paz' })
  ana = hilo.agent({ sub: 'ana', coordinations: ['ev-1'] })
  beto = hilo.agent({ sub: 'beto', coordinations: ['ev-2'] })
  one = await openThread(boss, 'ev-1', CLIENT)
  two = await openThread(boss, 'ev-2', CLIENT)
  live = { boss: await connect(hilo.url, boss.token), ana: await connect(hilo.url, ana.token), beto: await connect(hilo.url, beto.token) }
})
afterAll(async () => {
  for (const one of Object.values(live)) one.socket.close()
  await hilo.close()
})

function ids() {
  if (!one || !two) throw new Error('no threads')
  return { one: one.id, two: two.id }
}

test('a stranger’s thread is not there: read, list, shown, written to, subscribed', async () => {
  const foreign = ids().two
  const { ana } = live
  for (const [event, payload] of [
    ['messages:list', { conversationId: foreign }],
    ['conversation:read', { conversationId: foreign, seq: 1 }],
    ['conversation:update', { conversationId: foreign, status: 'closed' }],
    ['viewing', { conversationId: foreign, replying: false }],
    ['typing', { conversationId: foreign }],
    ['message:send', { conversationId: foreign, note: 'x', clientMessageId: 'c-1' }],
    ['conversations:list', { coordinationId: 'ev-2' }],
  ] as const)
    expect(await ana.ask(event, payload), event).toMatchObject({ ok: false, error: { code: 'not_found' } })
  expect(await ana.ask('message:send', { channel: 'whatsapp', to: CLIENT, note: 'x', clientMessageId: 'c-2' })).toMatchObject({
    error: { code: 'forbidden' },
  })
  const listed = await ana.ask<{ items: OwnConversation[] }>('conversations:list', { automated: true })
  expect(listed.ok && listed.items.map((item) => item.id)).toEqual([ids().one])
  expect(await ana.ask('subscribe:coordinations', { ids: ['ev-1', 'ev-2'] })).toEqual({
    ok: true,
    badges: { 'ev-1': 0 },
    waiting: {},
    unfiled: {},
    unfiledSince: {},
  })
})

test('no event of one record reaches the agent of the other', async () => {
  await live.beto.ask('viewing', { conversationId: ids().two, replying: true })
  await live.boss.ask('viewing', { conversationId: ids().two, replying: true })
  await live.beto.ask('subscribe:coordinations', { ids: ['ev-1', 'ev-2'] })
  const before = live.ana.heard.length
  await note(beto, ids().two, 'solo para ev-2')
  await note(boss, ids().two, 'también para ev-2')
  await beto.call('POST', `/api/conversations/${ids().two}/read`, { seq: 1 })
  await boss.call('PATCH', `/api/conversations/${ids().two}`, { tags: ['vip'] })
  await boss.call('PUT', '/api/coordinations/ev-2', { title: 'Otro título', contact: { name: 'Ana Suárez', phone: CLIENT } })
  await hears(live.beto, 'también para ev-2')
  await until(() => live.beto.changes().some((event) => event.conversations.some((c) => c.tags.includes('vip'))))
  await until(() => live.boss.all('coordination').length > 0)
  await live.ana.caughtUp()
  expect(live.ana.heard.slice(before)).toEqual([])

  await note(ana, ids().one, 'para ev-1')
  await hears(live.ana, 'para ev-1')
  await hears(live.boss, 'para ev-1')
  const told = JSON.stringify(live.ana.heard)
  for (const foreign of ['ev-2', ids().two, 'beto', 'Otro título']) expect(told).not.toContain(foreign)
  expect(JSON.stringify(live.beto.heard)).not.toContain(ids().one)
})

test('an inbound answer to one record’s message is heard by that record’s agents alone', async () => {
  const phone = hilo.simulator.phone(CLIENT)
  const opening = await phone.write('Hola, una consulta')
  expect(opening).toBeDefined()
  await hears(live.boss, 'Hola, una consulta')
  const sent = await ana.send({ conversationId: ids().one, text: '¿Sobre la boda?' })
  await hilo.messageWhen(sent.id, (message) => message.twilioSid !== null)
  const before = live.beto.heard.length
  await phone.write('Sí, sobre esa')
  const event = await hears(live.ana, 'Sí, sobre esa')
  expect(event.conversations.map((conversation) => conversation.id)).toEqual([ids().one])
  await until(() => live.ana.all<{ total: number }>('unread').at(-1)?.total === 1)
  await live.beto.caughtUp()
  // The window is the line's: it opened for the other record's thread too, and that is all that is told of it.
  for (const { name, data } of live.beto.heard.slice(before))
    if (name === 'changes')
      expect(data).toMatchObject({ messages: [], removed: [], conversations: [{ id: ids().two, window: { open: true } }] })
    // That something waited unfiled at his own record, and no more.
    else expect(data).toMatchObject(name === 'badges' ? { 'ev-2': 0 } : { total: 0 })
  const told = JSON.stringify(live.beto.heard)
  for (const foreign of ['ev-1', ids().one, 'sobre la boda', 'sobre esa', 'una consulta']) expect(told).not.toContain(foreign)
})

test('what is filed elsewhere is removed where it was, and comes where it went', async () => {
  const moved = await openThread(boss, 'ev-1', '+5491150001111')
  await note(boss, moved.id, 'antes de archivar')
  await hears(live.ana, 'antes de archivar')
  await live.ana.ask('viewing', { conversationId: moved.id, replying: false })
  const filed = await boss.call('PATCH', `/api/conversations/${moved.id}`, { coordinationId: 'ev-2' })
  expect(filed.status).toBe(200)
  const removed = await until(() => live.ana.changes().find((event) => event.removed.includes(moved.id)))
  expect(removed.conversations.map((conversation) => conversation.id)).not.toContain(moved.id)
  await until(() => live.beto.changes().some((event) => event.conversations.some((conversation) => conversation.id === moved.id)))
  const before = live.ana.heard.length
  await note(boss, moved.id, 'después de archivar')
  await live.beto.ask('viewing', { conversationId: moved.id, replying: true })
  await hears(live.beto, 'después de archivar')
  await live.ana.caughtUp()
  expect(live.ana.heard.slice(before).filter((one) => one.name !== 'unread')).toEqual([])
  expect(live.boss.changes().some((event) => event.removed.includes(moved.id))).toBe(false)
})

test('that a message was moved to another record is told to the agents of the first without naming it, live and by id', async () => {
  const said = await note(boss, ids().one, 'de la otra boda')
  await hears(live.ana, 'de la otra boda')
  // Those who show the conversation hear more, in another packet.
  await live.ana.ask('viewing', { conversationId: ids().one, replying: false })
  const before = live.ana.heard.length
  const moved = await boss.call<{ undoId: string }>('POST', '/api/messages/move', { ids: [said.id], coordinationId: 'ev-2' })
  expect(moved.status).toBe(200)
  const lineOf = (one: Live) => () =>
    one
      .changes()
      .flatMap((event) => event.messages)
      .find((message) => message.type === 'moved' && message.conversationId === ids().one)
  const line = await until(lineOf(live.ana))
  expect(line.moved).toMatchObject({ to: null, from: null, undoId: null })
  expect((await until(lineOf(live.boss))).moved).toMatchObject({ to: 'ev-2', undoId: moved.body.undoId })
  expect((await ana.call('GET', `/api/messages/${line.id}`)).body).toEqual(line)
  const listed = await live.ana.ask<{ items: unknown[] }>('messages:list', { conversationId: ids().one })
  await live.ana.caughtUp()
  const told = JSON.stringify([listed, live.ana.heard.slice(before)])
  for (const foreign of ['ev-2', ids().two, moved.body.undoId]) expect(told).not.toContain(foreign)
})

test('an agent’s cursor reaches those of the agent’s sockets alone whose token holds the conversation', async () => {
  const wide = await connect(hilo.url, hilo.agent({ sub: 'ana' }).token)
  await note(boss, ids().two, 'leído por Ana con otro token')
  await hears(wide, 'leído por Ana con otro token')
  const last = wide.changes().flatMap((event) => event.messages)
  const seq = last.at(-1)?.seq ?? 0
  expect(await wide.ask('conversation:read', { conversationId: ids().two, seq })).toMatchObject({ ok: true, readSeq: seq })
  await until(() => wide.all<{ readSeq: number }>('cursor').at(-1)?.readSeq === seq)
  await live.ana.ask('conversation:read', { conversationId: ids().one, seq: 1 })
  await until(() => wide.all<{ conversationId: string }>('cursor').some((cursor) => cursor.conversationId === ids().one))
  await until(() => live.ana.all('cursor').length > 0)
  expect(JSON.stringify(live.ana.all('cursor'))).not.toContain(ids().two)
  wide.socket.close()
})
