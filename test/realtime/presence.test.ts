// Who shows a conversation and who is replying; and the typing sign towards the client.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PresenceEvent, ReplyingEvent } from '../../shared/events.ts'
import type { OwnConversation } from '../../shared/model.ts'
import { systemClock } from '../../server/clock.ts'
import { readConfig } from '../../server/config.ts'
import type { Gateway } from '../../server/outbox/gateway.ts'
import { createTyping } from '../../server/realtime/typing.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, hears, type Live, openThread } from './live.ts'

const CLIENT = '+5491154823391'
let clock: ManualClock
let hilo: TestHilo
let thread: OwnConversation
let ana: Live
let beto: Live
let typed: Parameters<Gateway['showTyping']>[0][]

beforeEach(async () => {
  clock = createManualClock()
  typed = []
  const gateway: Gateway = {
    send: async () => ({ kind: 'not_sent', detail: 'no network in this test' }),
    listSent: async () => [],
    listInbound: async () => ({ items: [], next: null, aheadMs: 0 }),
    listMedia: async () => [],
    listRecent: async () => [],
    fetchSent: async () => null,
    contentState: async () => null,
    listContents: async () => ({ items: [], sids: [], next: null, readAt: 0 }),
    findContent: async () => null,
    createContent: async () => ({ kind: 'refused', detail: 'no network in this test' }),
    askApproval: async () => ({ kind: 'refused', detail: 'no network in this test' }),
    showTyping: async (query) => void typed.push(query),
  }
  hilo = await startHilo({ clock, env: { TWILIO_TYPING: '1' }, simulator: { clock: systemClock }, given: { gateway } })
  const agent = hilo.agent({ sub: 'ana', name: 'Ana Díaz' })
  thread = await openThread(agent, 'ev-1', CLIENT)
  ana = await connect(hilo.url, agent.token)
  beto = await connect(hilo.url, hilo.agent({ sub: 'beto', name: 'Beto Gil', coordinations: ['ev-1'] }).token)
})
afterEach(async () => {
  ana.socket.close()
  beto.socket.close()
  await hilo.close()
})

const scopedTo = (record: string) => hilo.agent({ sub: `of-${record}`, coordinations: [record] }).token
const view = (live: Live, replying: boolean) => live.ask('viewing', { conversationId: thread.id, replying })
const last = (live: Live) => live.all<PresenceEvent>('presence').at(-1)
const present = (live: Live) => last(live)?.agents.map((agent) => `${agent.name}${agent.replying ? ' replies' : ''}`)
const sees = (live: Live, wanted: string[]) =>
  until(() => JSON.stringify(present(live)) === JSON.stringify(wanted), { what: wanted.join(', ') })

test('those who show a conversation know of each other, across scopes; others are told nothing', async () => {
  const outsider = await connect(hilo.url, hilo.agent({ sub: 'carla' }).token)
  await view(ana, false)
  await sees(ana, ['Ana Díaz'])
  await view(beto, true)
  await sees(ana, ['Ana Díaz', 'Beto Gil replies'])
  await sees(beto, ['Ana Díaz', 'Beto Gil replies'])
  expect(last(ana)).toEqual({
    conversationId: thread.id,
    agents: [
      { id: 'ana', name: 'Ana Díaz', replying: false },
      { id: 'beto', name: 'Beto Gil', replying: true },
    ],
  })
  await outsider.caughtUp()
  expect(outsider.all('presence')).toEqual([])
  outsider.socket.close()
})

test('that somebody replies is told to all whose scope holds the conversation, once when it begins and once when it ends', async () => {
  const [all, other] = [await connect(hilo.url, hilo.agent({ sub: 'carla' }).token), await connect(hilo.url, scopedTo('ev-2'))]
  const told = (live: Live) => live.all<ReplyingEvent>('replying')
  const replying = { conversationId: thread.id, agents: [{ id: 'beto', name: 'Beto Gil' }] }
  const nobody = { conversationId: thread.id, agents: [] }
  await view(beto, false)
  for (let turn = 0; turn < 3; turn++) {
    await view(beto, true)
    await clock.advance(4000)
  }
  await until(() => told(all).length > 0)
  const late = await connect(hilo.url, hilo.agent({ sub: 'dora' }).token)
  await late.caughtUp()
  expect(told(late), 'who comes later knows too').toEqual([replying])
  const lateOthers = [
    await connect(hilo.url, scopedTo('ev-2')),
    await connect(hilo.url, hilo.agent({ sub: 'eva', coordinations: [] }).token),
  ]
  for (const one of lateOthers) {
    await one.caughtUp()
    expect(told(one), 'who comes later with another scope does not').toEqual([])
  }
  await view(beto, false)
  await until(() => told(all).length > 1 && told(late).length > 1)
  await view(beto, true)
  await until(() => told(all).length > 2)
  beto.socket.close()
  await until(() => told(all).length > 3)
  await other.caughtUp()
  expect(told(all)).toEqual([replying, nobody, replying, nobody])
  expect(told(ana)).toEqual(told(all))
  expect(told(other), 'another scope').toEqual([])
  for (const live of [all, other, late, ...lateOthers]) live.socket.close()
})

test('a reply in a conversation that is filed elsewhere ends for the scope that lost it and begins for the one that got it', async () => {
  const service = hilo.agent({ sub: 'host', role: 'service' })
  await service.call('PUT', '/api/coordinations/ev-2', { title: 'Otra', contact: { name: 'Ana', phone: CLIENT } })
  const other = await connect(hilo.url, scopedTo('ev-2'))
  const names = (live: Live) => live.all<ReplyingEvent>('replying').map((event) => event.agents.map((agent) => agent.name).join())
  await view(ana, true)
  await until(() => names(beto).length === 1)
  const { body } = await service.call<{ conversation: OwnConversation }>('PATCH', `/api/conversations/${thread.id}`, {
    coordinationId: 'ev-2',
  })
  expect(body.conversation.id).toBe(thread.id)
  await view(ana, true)
  await until(() => names(other).length === 1 && names(beto).length === 2)
  expect([names(beto), names(other)]).toEqual([['Ana Díaz', ''], ['Ana Díaz']])
  other.socket.close()
})

test('an agent with two screens is there once, until the last one leaves', async () => {
  const second = await connect(hilo.url, hilo.agent({ sub: 'beto', name: 'Beto Gil' }).token)
  await view(ana, false)
  await view(beto, false)
  await view(second, true)
  await sees(ana, ['Ana Díaz', 'Beto Gil replies'])
  second.socket.close()
  await sees(ana, ['Ana Díaz', 'Beto Gil'])
  beto.socket.close()
  await sees(ana, ['Ana Díaz'])
})

test('a reply that is not renewed ends after six seconds', async () => {
  await view(ana, false)
  await view(beto, true)
  await sees(ana, ['Ana Díaz', 'Beto Gil replies'])
  await clock.advance(4000)
  await view(beto, true)
  await clock.advance(4000)
  await ana.caughtUp()
  expect(present(ana)).toEqual(['Ana Díaz', 'Beto Gil replies'])
  await clock.advance(2000)
  await sees(ana, ['Ana Díaz', 'Beto Gil'])
})

test('showing another conversation, or none, leaves the former', async () => {
  const next = await openThread(hilo.agent(), 'ev-1', '+5491154820000')
  await view(ana, false)
  await view(beto, false)
  await sees(ana, ['Ana Díaz', 'Beto Gil'])
  await beto.ask('viewing', { conversationId: next.id, replying: false })
  await sees(ana, ['Ana Díaz'])
  await ana.ask('viewing', { conversationId: null, replying: false })
  await view(beto, false)
  await sees(beto, ['Beto Gil'])
})

test('a socket that several tabs share shows all of theirs, and replying in one says nothing of the others', async () => {
  const next = await openThread(hilo.agent(), 'ev-1', '+5491154820000')
  await view(ana, false)
  await beto.ask('viewing', { conversationId: next.id, replying: false, also: [thread.id] })
  await sees(ana, ['Ana Díaz', 'Beto Gil'])
  await view(beto, true)
  await sees(ana, ['Ana Díaz', 'Beto Gil replies'])
  await beto.ask('viewing', { conversationId: next.id, replying: false, also: [thread.id, 'not-there'] })
  await ana.caughtUp()
  expect(present(ana)).toEqual(['Ana Díaz', 'Beto Gil replies'])
  await beto.ask('viewing', { conversationId: null, replying: false, also: [next.id] })
  await sees(ana, ['Ana Díaz'])
})

test('typing is shown under the client’s last WhatsApp message, at most every 20 s', async () => {
  expect(await ana.ask('typing', { conversationId: thread.id })).toEqual({ ok: true })
  await clock.advance(20_000)
  await hilo.simulator.phone(CLIENT).write('Hola')
  await hears(ana, 'Hola')
  const sid = ana.changes().flatMap((event) => event.messages)[0]?.twilioSid
  for (const live of [ana, ana, beto]) expect(await live.ask('typing', { conversationId: thread.id })).toEqual({ ok: true })
  await until(() => typed.length === 1)
  expect(typed).toEqual([{ channel: 'whatsapp', inboundSid: sid }])
  await clock.advance(20_000)
  await ana.ask('typing', { conversationId: thread.id })
  await until(() => typed.length === 2)
})

test('who replies in a thread is shown to its client as typing; who only looks is not', async () => {
  await hilo.simulator.phone(CLIENT).write('Hola')
  await hears(ana, 'Hola')
  await view(ana, false)
  await ana.caughtUp()
  expect(typed).toEqual([])
  await view(ana, true)
  await until(() => typed.length === 1)
})

test('without TWILIO_TYPING nothing is shown to a client, nor marked read', async () => {
  const asked: unknown[] = []
  let looked = 0
  const parts = {
    ...{ store: { messages: async () => void looked++ }, clock, log: null },
    organizationOf: () => ({ settings: readConfig({}), gateway: { showTyping: async (query: unknown) => void asked.push(query) } }),
  } as unknown as Parameters<typeof createTyping>[0]
  createTyping(parts).show({ orgId: 'default', agentId: 'ana', scope: null }, { ...thread, lineId: 'l', lastInboundAt: 0 })
  await clock.advance(20_000)
  expect([asked, looked]).toEqual([[], 0])
})

test('what is left of presence and counts goes with the sockets', async () => {
  await view(ana, true)
  await view(beto, true)
  const timers = clock.waiting()
  expect(timers).toBeGreaterThan(2)
  await hilo.server.close()
  await until(() => ana.closed() !== null && beto.closed() !== null)
  expect(clock.waiting()).toBe(0)
})
