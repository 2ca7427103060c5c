// A client's badge by his number: over all his records that the agent may see, and of no other.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Unread } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, type Live, openThread } from './live.ts'

const CLIENT = '+5491154823391'
const ID = `phone:${CLIENT}`
let hilo: TestHilo
let boss: TestAgent
let all: Live
let one: Live

beforeAll(async () => {
  hilo = await startHilo()
  boss = hilo.agent({ sub: 'boss', role: 'supervisor', name: 'Sol Paz' })
  await openThread(boss, 'ev-1', CLIENT)
  await openThread(boss, 'ev-2', CLIENT)
  all = await connect(hilo.url, hilo.agent({ sub: 'all' }).token)
  one = await connect(hilo.url, hilo.agent({ sub: 'one', coordinations: ['ev-1'] }).token)
})
afterAll(async () => {
  for (const live of [all, one]) live.socket.close()
  await hilo.close()
})

const badge = (live: Live) => live.all<Record<string, number>>('badges').at(-1)?.[ID]

test('counts all that he wrote, also without a record, in whatever form his number is given; an agent of one record counts that one', async () => {
  const forms = [ID, 'phone:+54 9 11 5482-3391', 'phone:no number', 'ev-1']
  expect(await all.ask('subscribe:coordinations', { ids: forms })).toMatchObject({
    ok: true,
    badges: { [ID]: 0, 'phone:+54 9 11 5482-3391': 0, 'phone:no number': 0, 'ev-1': 0 },
  })
  await one.ask('subscribe:coordinations', { ids: [ID] })
  const before = one.heard.length
  await hilo.simulator.phone(CLIENT).write('una consulta')
  await until(() => badge(all) === 1)
  expect(all.all('badges').at(-1)).toEqual({ [ID]: 1, 'phone:+54 9 11 5482-3391': 1, 'ev-1': 0 })
  const { body } = await boss.call<{ items: { id: string }[] }>('GET', '/api/conversations?unfiled=1')
  await boss.call('PATCH', `/api/conversations/${body.items[0]?.id}`, { coordinationId: 'ev-2' })
  await hilo.simulator.phone(CLIENT).write('otra de la segunda')
  await until(() => badge(all) === 2)
  await one.caughtUp()
  expect(one.all('badges')).toEqual([])
  expect(JSON.stringify(one.heard.slice(before))).not.toMatch(/consulta|segunda|ev-2/)
  const unread = async (sub: string, scope?: string[]) => {
    const agent = hilo.agent({ sub, ...(scope ? { coordinations: scope } : {}) })
    const { body: found } = await agent.call<Unread>('GET', `/api/unread?coordinations=${encodeURIComponent(ID)}`)
    return [found.byCoordination, found.unfiledByCoordination, Object.keys(found.waitingByCoordination ?? {}).length]
  }
  expect(await unread('all')).toEqual([{ [ID]: 2 }, {}, 1])
  expect(await unread('one', ['ev-1'])).toEqual([{ [ID]: 0 }, {}, 0])
  expect(await unread('none', ['ev-9'])).toEqual([{ [ID]: 0 }, {}, 0])
})

test('of a number that nobody has yet it counts from the first message on', async () => {
  const stranger = '+5215512345678'
  await all.ask('subscribe:coordinations', { ids: ['phone:+52 55 1234 5678'] })
  await hilo.simulator.phone(stranger).write('hola')
  await until(() => all.all<Record<string, number>>('badges').at(-1)?.['phone:+52 55 1234 5678'] === 1)
})
