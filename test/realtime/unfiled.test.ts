// Messages without a record are told at their client's records: how much and since when, also to who may not see it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import { startHilo, type TestAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { connect, type Live, openThread } from './live.ts'

const CLIENT = '+5491154823391'
let hilo: TestHilo
let boss: TestAgent
let ana: Live
let beto: Live

beforeAll(async () => {
  hilo = await startHilo()
  boss = hilo.agent({ sub: 'boss', role: 'supervisor', name: 'Sol Paz' })
  await openThread(boss, 'ev-1', CLIENT)
  await openThread(boss, 'ev-2', CLIENT)
  ana = await connect(hilo.url, hilo.agent({ sub: 'ana', coordinations: ['ev-1'] }).token)
  beto = await connect(hilo.url, hilo.agent({ sub: 'beto', coordinations: ['ev-9'] }).token)
})
afterAll(async () => {
  for (const one of [ana, beto]) one.socket.close()
  await hilo.close()
})

test('an agent of one record hears how much of its client waits unfiled and since when, until it is filed elsewhere, and nothing else of it', async () => {
  const told: unknown[] = []
  ana.socket.on('badges', (...parts) => told.push(parts))
  for (const one of [ana, beto]) await one.ask('subscribe:coordinations', { ids: ['ev-1', 'ev-2', 'ev-9'] })
  const before = ana.heard.length
  const phone = hilo.simulator.phone(CLIENT)
  await phone.write('una consulta sin cita')
  const since = { 'ev-1': expect.stringMatching(/^\d{4}-.*Z$/) }
  await until(() => told.length === 1)
  expect(told[0]).toEqual([{ 'ev-1': 0 }, {}, { 'ev-1': 1 }, since])
  await phone.write('y otra')
  await until(() => told.length === 2)
  expect(told[1]).toEqual([{ 'ev-1': 0 }, {}, { 'ev-1': 2 }, since])

  const { body } = await boss.call<{ items: OwnConversation[] }>('GET', '/api/conversations?unfiled=1')
  const [thread] = body.items
  await boss.call('PATCH', `/api/conversations/${thread?.id}`, { coordinationId: 'ev-2' })
  await until(() => told.length === 3)
  expect(told[2]).toEqual([{ 'ev-1': 0 }, {}, {}, {}])
  await ana.caughtUp()
  const heard = JSON.stringify([ana.heard.slice(before), told])
  for (const foreign of ['consulta', 'y otra', thread?.id ?? '', 'ev-2']) expect(heard).not.toContain(foreign)
  await beto.caughtUp()
  expect(beto.all('badges'), 'of no record of this client').toEqual([])
})

test('a record that gets its client’s number is told what waits of it', async () => {
  const other = '+5491150002222'
  await hilo.simulator.phone(other).write('hola')
  await until(async () => (await boss.call<{ items: unknown[] }>('GET', '/api/conversations?unfiled=1')).body.items.length === 1)
  const told: unknown[] = []
  beto.socket.on('badges', (...parts) => told.push(parts[2]))
  await boss.call('PUT', '/api/coordinations/ev-9', { title: 'Boda', contact: { name: 'Eva', phone: other } })
  await until(() => told.length > 0)
  expect(told).toEqual([{ 'ev-9': 1 }])
})
