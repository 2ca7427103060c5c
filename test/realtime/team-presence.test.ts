// Settings and presence: kept on the server, told to one's own browsers and to colleagues.
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Agent, OwnSettings } from '../../shared/model.ts'
import { startHilo, type LiveAgent, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'

let hilo: TestHilo
beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())

/** The latest that this socket was told of each agent. */
function watchAgents({ socket }: LiveAgent): Map<string, Agent> {
  const known = new Map<string, Agent>()
  socket.on('agents', (agents: Agent[]) => {
    for (const agent of agents) known.set(agent.id, agent)
  })
  return known
}

test('settings are what nobody chose until one does, and every browser of the agent is told', async () => {
  const agent = hilo.agent({ sub: 'settings' })
  const [laptop, phone, other] = await Promise.all([agent.connect(), agent.connect(), hilo.agent({ sub: 'other' }).connect()])
  const told: [string, OwnSettings][] = []
  for (const [name, live] of Object.entries({ laptop, phone, other }))
    live.socket.on('settings', (settings: OwnSettings) => told.push([name, settings]))
  expect((await agent.call('GET', '/api/me/settings')).body).toEqual({
    sound: true,
    notifications: true,
    quiet: null,
    notifyOf: 'all',
    undoSend: true,
    checkText: true,
    assignOnAnswer: true,
    presence: 'online',
  })
  const quiet = { from: '22:00', to: '07:30' }
  expect((await agent.call('PATCH', '/api/me/settings', { sound: false, quiet })).body).toEqual({
    sound: false,
    notifications: true,
    quiet,
    notifyOf: 'all',
    undoSend: true,
    checkText: true,
    assignOnAnswer: true,
    presence: 'online',
  })
  await until(async () => told.length === 2)
  expect(told.map(([name]) => name).sort()).toEqual(['laptop', 'phone'])
  expect(told[0]?.[1]).toEqual({
    sound: false,
    notifications: true,
    quiet,
    notifyOf: 'all',
    undoSend: true,
    checkText: true,
    assignOnAnswer: true,
    presence: 'online',
  })
  expect((await agent.call('GET', '/api/me/settings')).body).toEqual({
    sound: false,
    notifications: true,
    quiet,
    notifyOf: 'all',
    undoSend: true,
    checkText: true,
    assignOnAnswer: true,
    presence: 'online',
  })
  for (const live of [laptop, phone, other]) live.close()
})

test.each([
  { sound: 'yes' },
  { quiet: { from: '25:00', to: '08:00' } },
  { quiet: { from: '22:00' } },
  { notifications: null },
  { notifyOf: 'nobody' },
])('settings %j are refused', async (body) => {
  expect((await hilo.agent().call('PATCH', '/api/me/settings', body)).status).toBe(422)
})

test('colleagues see who comes, steps away and goes', async () => {
  const watcher = await hilo.agent({ sub: 'watcher', name: 'Sol' }).connect()
  const seen = watchAgents(watcher)
  const agent = hilo.agent({ sub: 'luis', name: 'Luis' })
  const [first, second] = await Promise.all([agent.connect(), agent.connect()])
  await until(async () => seen.get('luis')?.presence === 'online')
  await agent.call('PUT', '/api/me/presence', { presence: 'away' })
  await until(async () => seen.get('luis')?.presence === 'away')
  first.close()
  second.close()
  await until(async () => seen.get('luis')?.presence === 'offline')
  expect(seen.get('luis')).toEqual({ id: 'luis', name: 'Luis', presence: 'offline' })
  const again = await agent.connect()
  await until(async () => seen.get('luis')?.presence === 'away', { what: 'the presence that was chosen' })
  again.close()
  watcher.close()
})

test('a conversation given to a colleague who never wrote shows the colleague’s name', async () => {
  const live = await hilo.agent({ sub: 'silent', name: 'Nora Gil' }).connect()
  const agent = hilo.agent()
  await hilo.simulator.phone('+5491122334455').write('hola')
  const { id } = await hilo.conversation('+5491122334455')
  await until(async () => (await agent.call<{ items: Agent[] }>('GET', '/api/agents')).body.items.some((one) => one.id === 'silent'))
  const reply = await agent.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'silent' })
  expect(reply.body).toMatchObject({ conversation: { assignee: { id: 'silent', name: 'Nora Gil' } } })
  live.close()
})

test('the list of agents holds who was here', async () => {
  const agent = hilo.agent({ sub: 'listed', name: 'Eva' })
  const live = await agent.connect()
  const list = async () => (await agent.call<{ items: Agent[] }>('GET', '/api/agents')).body.items
  await until(async () => (await list()).some((one) => one.id === 'listed'))
  expect(await list()).toContainEqual({ id: 'listed', name: 'Eva', presence: 'online' })
  live.close()
  await until(async () => (await list()).find((one) => one.id === 'listed')?.presence === 'online', {
    what: 'a page that was open a moment ago: it may be loading anew',
  })
})
