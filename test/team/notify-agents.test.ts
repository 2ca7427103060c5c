// Who is told of a client's message while no page is open, and who is left in peace.
import { afterEach, expect, test } from 'vitest'
import type { PushSubscription } from '../../server/store/records.ts'
import type { PushNote, PushOutcome } from '../../server/team/push-gateway.ts'
import { hostOrigin, startHilo, type HiloOptions, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { pass, passUntil } from '../support/pass-time.ts'
import { postWebhook } from '../support/post-webhook.ts'
import { until } from '../support/until.ts'

const client = '+5491122334455'
const keys = { p256dh: 'B'.repeat(87), auth: 'A'.repeat(22) }
const endpoint = 'https://push.example.com/one'

let hilo: TestHilo
let sent: { to: PushSubscription; note: PushNote }[]
let outcome: PushOutcome
afterEach(() => hilo.close())

async function start(options: HiloOptions = {}): Promise<void> {
  sent = []
  outcome = 'sent'
  const push = {
    publicKey: async () => 'public',
    async send(to: PushSubscription, note: PushNote) {
      sent.push({ to, note })
      return outcome
    },
  }
  hilo = await startHilo({ ...options, given: { push } })
}

async function subscribe(claims: Record<string, unknown> = {}, over: Record<string, unknown> = {}) {
  const agent = hilo.agent(claims)
  const reply = await agent.call('POST', '/api/me/push', { endpoint, keys, page: `${hostOrigin}/bookings?day=1`, ...over })
  expect(reply.status, reply.text).toBe(200)
  return agent
}

const write = (text: string) => hilo.simulator.phone(client).write(text)
/** A later subscriber hears of the same message: then those before were decided. */
const decided = async (count: number) => {
  await until(async () => sent.length >= count, { what: 'notifications' })
}

test('who subscribed hears of a client, of the record, and where to go', async () => {
  await start()
  const agent = await subscribe({ name: 'Ana' })
  await agent.call('PUT', '/api/coordinations/ev-1', { title: 'Boda Pérez', contact: { name: 'Marta Pérez', phone: client } })
  await write('  ¿Mañana a las 10? ')
  await decided(1)
  const { id } = await hilo.conversation(client)
  expect(sent).toEqual([
    {
      to: expect.objectContaining({ endpoint, agentId: 'agent-1', ...keys, scope: null, locale: 'es' }),
      note: {
        title: 'Marta Pérez · Boda Pérez',
        body: '¿Mañana a las 10?',
        conversationId: id,
        page: `${hostOrigin}/bookings?day=1`,
      },
    },
  ])
})

test('a repeated webhook is one notification', async () => {
  await start()
  await subscribe()
  hilo.simulator.faults.set({ duplicateWebhooks: 1 })
  await write('hola')
  await write('hola de nuevo')
  hilo.simulator.faults.set({ duplicateWebhooks: 0 })
  await write('fin')
  await decided(3)
  await until(() => sent.some(({ note }) => note.body === 'fin'))
  expect(sent.map(({ note }) => note.body).sort()).toEqual(['fin', 'hola', 'hola de nuevo'])
})

test('a webhook that comes after the list told of its message notifies nobody again', async () => {
  const clock = createManualClock()
  await start({ clock })
  await subscribe()
  await pass(clock, 30_000, 10_000)
  hilo.simulator.faults.next('lostWebhooks')
  const { sid } = await write('perdido')
  await passUntil(clock, async () => sent.length > 0, 4 * 60_000, 5_000)
  expect(await postWebhook(hilo, { MessageSid: sid, Body: 'perdido', From: `whatsapp:${client}`, ProfileName: 'Marta' })).toBe(200)
  await until(async () => (await hilo.conversation(client)).contact.name === 'Marta')
  await write('fin')
  await until(() => sent.some(({ note }) => note.body === 'fin'))
  expect(sent.map(({ note }) => note.body)).toEqual(['perdido', 'fin'])
})

test('not who has a page open, is away, wants none, or may not see the record', async () => {
  await start()
  const here = await subscribe({ sub: 'here' }, { endpoint: 'https://push.example.com/here' })
  const live = await here.connect()
  const away = await subscribe({ sub: 'away' }, { endpoint: 'https://push.example.com/away' })
  await away.call('PUT', '/api/me/presence', { presence: 'away' })
  const silent = await subscribe({ sub: 'silent' }, { endpoint: 'https://push.example.com/silent' })
  await silent.call('PATCH', '/api/me/settings', { notifications: false })
  await subscribe({ sub: 'elsewhere', coordinations: ['ev-9'] }, { endpoint: 'https://push.example.com/elsewhere' })
  await subscribe({ sub: 'free' }, { endpoint: 'https://push.example.com/free' })
  await write('uno')
  await decided(1)
  expect(sent.map(({ to }) => to.agentId)).toEqual(['free'])

  live.close()
  await away.call('PUT', '/api/me/presence', { presence: 'online' })
  await silent.call('PATCH', '/api/me/settings', { notifications: true })
  await until(async () => (await here.call<{ items: { id: string }[] }>('GET', '/api/agents')).body.items.length > 0)
  await until(async () => !hilo.server.parts.connected('default', 'here'))
  await write('dos')
  await decided(5)
  expect(
    sent
      .slice(1)
      .map(({ to }) => to.agentId)
      .sort(),
  ).toEqual(['away', 'free', 'here', 'silent'])
})

test('of others’ conversations not who wants to hear of own ones, nor of nobody’s who wants only those', async () => {
  await start()
  const wants = async (sub: string, notifyOf: string) => {
    const agent = await subscribe({ sub }, { endpoint: `https://push.example.com/${sub}` })
    await agent.call('PATCH', '/api/me/settings', { notifyOf })
    return agent
  }
  const mine = await wants('mine', 'mine')
  await wants('open', 'mine_or_unassigned')
  const last = await subscribe({ sub: 'zz-all' }, { endpoint: 'https://push.example.com/all' })
  const heardBy = async (text: string, count: number) => {
    await write(text)
    await until(() => sent.filter(({ note }) => note.body === text).length >= count, { what: `${text} heard by ${count}` })
    // Another message decides after this one: who did not hear by then does not.
    await until(() => sent.some(({ to, note }) => to.agentId === 'zz-all' && note.body === text))
    return sent
      .filter(({ note }) => note.body === text)
      .map(({ to }) => to.agentId)
      .sort()
  }
  expect(await heardBy('de nadie', 2)).toEqual(['open', 'zz-all'])
  const { id } = await hilo.conversation(client)
  await mine.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'me' })
  expect(await heardBy('de uno', 2)).toEqual(['mine', 'zz-all'])
  await last.call('PATCH', `/api/conversations/${id}`, { assigneeId: 'me' })
  expect(await heardBy('de otra', 1)).toEqual(['zz-all'])
})

test('not in quiet hours, by the organization’s clock', async () => {
  const now = new Date()
  const hourAt = (offset: number) => `${String((now.getUTCHours() + offset + 24) % 24).padStart(2, '0')}:00`
  await start({ env: { TIMEZONE: 'UTC' } })
  const quiet = await subscribe({ sub: 'quiet' }, { endpoint: 'https://push.example.com/quiet' })
  await quiet.call('PATCH', '/api/me/settings', { quiet: { from: hourAt(-1), to: hourAt(2) } })
  const awake = await subscribe({ sub: 'awake' }, { endpoint: 'https://push.example.com/awake' })
  await awake.call('PATCH', '/api/me/settings', { quiet: { from: hourAt(3), to: hourAt(5) } })
  await write('hola')
  await decided(1)
  expect(sent.map(({ to }) => to.agentId)).toEqual(['awake'])
})

test('the newest who signs in on a browser is who hears on it', async () => {
  await start()
  await subscribe({ sub: 'first' })
  await subscribe({ sub: 'second', coordinations: ['ev-9'] })
  await subscribe({ sub: 'other' }, { endpoint: 'https://push.example.com/other' })
  await write('hola')
  await decided(1)
  expect(sent.map(({ to }) => to.agentId)).toEqual(['other'])
})

test('a browser that took it back is forgotten, and one that says so itself', async () => {
  await start()
  await subscribe()
  outcome = 'gone'
  await write('uno')
  await decided(1)
  await until(async () => (await hilo.server.parts.store.pushSubscriptions('default', Date.now())).length === 0)
  outcome = 'sent'
  const agent = await subscribe()
  expect((await agent.call('DELETE', '/api/me/push', { endpoint })).status).toBe(204)
  await subscribe({ sub: 'other' }, { endpoint: 'https://push.example.com/other' })
  await write('dos')
  await decided(2)
  expect(sent.slice(1).map(({ to }) => to.agentId)).toEqual(['other'])
})

test.each([
  ['no https', { endpoint: 'http://push.example.com/one' }],
  ['an address inside', { endpoint: 'https://10.0.0.1/one' }],
  ['a name inside', { endpoint: 'https://db.internal/one' }],
  ['this machine', { endpoint: 'https://localhost/one' }],
  ['another port', { endpoint: 'https://push.example.com:8443/one' }],
  ['no key', { keys: { auth: keys.auth } }],
  ['a key of another length', { keys: { ...keys, p256dh: 'B'.repeat(40) } }],
  ['a page of somebody else', { page: 'https://evil.example.com/' }],
  ['a page that is a script', { page: 'javascript:alert(1)' }],
])('a subscription with %s is refused', async (_what, over) => {
  await start()
  const reply = await hilo.agent().call<{ code: string }>('POST', '/api/me/push', { endpoint, keys, page: `${hostOrigin}/`, ...over })
  expect([reply.status, reply.body.code]).toEqual([422, 'validation_failed'])
  expect(await hilo.server.parts.store.pushSubscriptions('default', 0)).toEqual([])
})
