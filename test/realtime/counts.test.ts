// The numbers: absolute, at most one a second for each agent, the last one always.
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { OwnConversation, Unread } from '../../shared/model.ts'
import { systemClock } from '../../server/clock.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, hears, type Live, openThread } from './live.ts'

const CLIENT = '+5491154823391'
let clock: ManualClock
let hilo: TestHilo
let ana: TestAgent
let thread: OwnConversation
let live: Live

beforeEach(async () => {
  clock = createManualClock()
  hilo = await startHilo({ clock, simulator: { clock: systemClock } })
  ana = hilo.agent({ sub: 'ana' })
  thread = await openThread(ana, 'ev-1', CLIENT)
  live = await connect(hilo.url, ana.token)
  await until(() => live.all('unread').length === 1)
})
afterEach(async () => {
  live.socket.close()
  await hilo.close()
})

function totals(of: Live): number[] {
  return of.all<Unread>('unread').map((unread) => unread.total)
}

async function write(count: number): Promise<void> {
  const phone = hilo.simulator.phone(CLIENT)
  for (let i = 0; i < count; i++) {
    const text = `mensaje ${Math.random()}`
    await phone.write(text)
    await hears(live, text)
  }
  await live.caughtUp()
}

test('numbers that did not move are not told again; a new connection is told them', async () => {
  await write(1)
  await clock.advance(1000)
  await until(() => totals(live).at(-1) === 1)
  const told = totals(live).length
  const body = { conversationId: thread.id, note: 'Llama mañana' }
  expect((await ana.call('POST', '/api/messages', body)).status).toBe(202)
  await hears(live, 'Llama mañana')
  await clock.advance(2000)
  await live.caughtUp()
  expect(totals(live)).toHaveLength(told)
  const second = await connect(hilo.url, ana.token)
  await clock.advance(1000)
  await until(() => totals(second).at(-1) === 1)
  second.socket.close()
})

test('numbers that a sync answered, and that then went back to what was told before, are told again', async () => {
  await write(1)
  await clock.advance(1000)
  await until(() => totals(live).at(-1) === 1)
  const told = totals(live).length
  await live.ask('conversation:read', { conversationId: thread.id, seq: 1 })
  expect(await live.ask('sync', { since: null })).toMatchObject({ ok: true, unread: { total: 0 } })
  await write(1)
  await clock.advance(1000)
  await until(() => totals(live).length > told)
  expect(totals(live).slice(told)).toEqual([1])
})

test('unread comes once after connecting, then in a burst once a second, ending with the right one', async () => {
  expect(totals(live)).toEqual([0])
  await clock.advance(1000)
  await write(5)
  await until(() => totals(live).length === 2)
  expect(totals(live)[1]).toBeGreaterThanOrEqual(1)
  await clock.advance(999)
  await live.caughtUp()
  expect(totals(live)).toHaveLength(2)
  await clock.advance(1)
  await until(() => totals(live).at(-1) === 5)
  expect(totals(live)).toHaveLength(3)
  await clock.advance(60_000)
  await live.caughtUp()
  expect(totals(live)).toHaveLength(3)
  const versions = live.all<Unread>('unread').map((unread) => unread.version)
  expect(versions).toEqual([...versions].sort((a, b) => a - b))
  expect(live.all<Unread>('unread').at(-1)).toMatchObject({ total: 5, conversations: 1, awaitingReply: 1 })
})

test('are told within a second also after the machine’s clock was set back', async () => {
  await clock.advance(1000)
  clock.set(300_000)
  await write(1)
  await until(() => totals(live).at(-1) === 1)
  clock.set(-300_000)
  await write(1)
  await clock.advance(1000)
  await until(() => totals(live).at(-1) === 2)
})

test('reading on one screen clears the number on the agent’s other one, and not a colleague’s', async () => {
  const screen = await connect(hilo.url, ana.token)
  const colleague = await connect(hilo.url, hilo.agent({ sub: 'beto' }).token)
  await clock.advance(1000)
  await write(2)
  for (const one of [screen, colleague])
    await until(async () => {
      await clock.advance(1000)
      return totals(one).at(-1) === 2
    })
  await live.ask('conversation:read', { conversationId: thread.id, seq: 2 })
  await until(async () => {
    await clock.advance(1000)
    return totals(screen).at(-1) === 0
  })
  await colleague.caughtUp()
  expect(totals(colleague).at(-1)).toBe(2)
  screen.socket.close()
  colleague.socket.close()
})

test('who waits for an answer moves the numbers too, where nothing is unread', async () => {
  const newest = () => live.all<Unread>('unread').at(-1)
  const tellsNoneUnread = (awaitingReply: number) =>
    until(async () => {
      await clock.advance(1000)
      return newest()?.total === 0 && newest()?.awaitingReply === awaitingReply
    })
  await write(1)
  await live.ask('conversation:read', { conversationId: thread.id, seq: 1 })
  await tellsNoneUnread(1)
  expect((await ana.call('POST', '/api/messages', { conversationId: thread.id, text: 'Ya le respondo' })).status).toBe(202)
  await tellsNoneUnread(0)
})

test('every one of many agents is told, also those who have to wait for their turn', async () => {
  const many = await Promise.all(Array.from({ length: 120 }, (_, n) => connect(hilo.url, hilo.agent({ sub: `many-${n}` }).token)))
  await until(() => many.every((one) => totals(one).length === 1))
  await clock.advance(1000)
  await write(1)
  await until(() => many.every((one) => totals(one).at(-1) === 1))
  for (const one of many) one.socket.close()
})

test('badges tell only the records whose number changed, of those that are shown', async () => {
  await openThread(ana, 'ev-2', '+5491154820000')
  expect(await live.ask('subscribe:coordinations', { ids: ['ev-1', 'ev-2', 'ev-none'] })).toMatchObject({
    ok: true,
    badges: { 'ev-1': 0, 'ev-2': 0 },
  })
  const waiting: unknown[] = []
  live.socket.on('badges', (_unread: unknown, since: unknown) => waiting.push(since))
  await clock.advance(1000)
  await write(1)
  await until(() => live.all('badges').length === 1)
  expect(live.all('badges')).toEqual([{ 'ev-1': 1 }])
  expect(waiting).toEqual([{ 'ev-1': expect.stringMatching(/^\d{4}-.*Z$/) }])
  await clock.advance(1000)
  await live.ask('conversation:read', { conversationId: thread.id, seq: 1 })
  await until(async () => {
    await clock.advance(1000)
    return live.all('badges').length === 2
  })
  expect(live.all('badges')[1]).toEqual({ 'ev-1': 0 })
  expect(waiting[1], 'read, and still not answered').toEqual(waiting[0])
  await live.ask('subscribe:coordinations', { ids: [] })
  await clock.advance(1000)
  await write(1)
  await until(() => totals(live).at(-1) === 1)
  await live.caughtUp()
  expect(live.all('badges')).toHaveLength(2)
})

test('a badge that is not shown is not told', async () => {
  await openThread(ana, 'ev-2', '+5491154820000')
  await live.ask('subscribe:coordinations', { ids: ['ev-2'] })
  await write(1)
  await until(async () => {
    await clock.advance(1000)
    return totals(live).at(-1) === 1
  })
  await hilo.simulator.phone('+5491154820000').write('del otro')
  await until(async () => {
    await clock.advance(1000)
    return live.all('badges').length > 0
  })
  expect(live.all('badges')).toEqual([{ 'ev-2': 1 }])
})
