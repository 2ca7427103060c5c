// Without a tunnel: no webhook and no callback reaches us, and the same code reads both from Twilio's list.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { isPrivateHost } from '../../server/private-host.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { pass as passTime, passUntil as passTimeUntil } from '../support/pass-time.ts'
import { until } from '../support/until.ts'

const phone = '+5491133350001'
let clock: ManualClock
let hilo: TestHilo

beforeEach(async () => {
  clock = createManualClock()
  hilo = await startHilo({ clock, given: { polls: true }, env: { PUBLIC_URL: 'http://localhost:8080' } })
  // Nothing listens there: whatever were sent to us would not arrive.
  hilo.simulator.connect('http://localhost:8080', 'http://127.0.0.1:9')
})
afterEach(() => hilo.close())

const pass = (ms: number, stepMs = 500) => passTime(clock, ms, stepMs)
const passUntil = (so: () => Promise<boolean>, limitMs: number) => passTimeUntil(clock, so, limitMs, 500)
async function thread(): Promise<Message[]> {
  const [conversation] = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', '/api/conversations')).body.items
  return conversation === undefined ? [] : hilo.messages(conversation.id)
}

describe('without a tunnel', () => {
  test('what a client writes is there within seconds, not marked as recovered, and agents are told live', async () => {
    const live = await hilo.agent().connect()
    expect((await hilo.simulator.phone(phone).write('hola')).webhook).toBe('unreachable')
    expect(await passUntil(async () => (await thread()).length === 1, 10_000)).toBeLessThanOrEqual(6_000)
    const written = clock.now()
    expect(await thread()).toMatchObject([{ text: 'hola', recovered: false, type: 'text' }])
    expect(Date.parse((await thread())[0]?.createdAt ?? '')).toBeGreaterThan(written - 10_000)
    await until(() => live.changes.some((event) => event.messages.some((one) => one.text === 'hola')))
    live.close()
  })

  test('a conversation to and fro: each message once, in order, with its ticks', async () => {
    await hilo.simulator.phone(phone).write('hola')
    await passUntil(async () => (await thread()).length === 1, 10_000)
    const conversationId = (await thread())[0]?.conversationId ?? ''
    const answer = await hilo.agent().send({ conversationId, text: '¿En qué te ayudo?' })
    await passUntil(async () => (await hilo.message(answer.id)).status === 'delivered', 10_000)
    expect(hilo.simulator.ledger().accepted, 'an address that nobody reaches is not given to Twilio').toMatchObject([
      { statusCallback: null },
    ])
    expect((await hilo.message(answer.id)).sentAt).not.toBeNull()
    await pass(10_000)
    hilo.simulator.phone(phone).read()
    expect(await passUntil(async () => (await hilo.message(answer.id)).status === 'read', 10_000)).toBeLessThanOrEqual(6_000)
    await hilo.simulator.phone(phone).write('gracias')
    await passUntil(async () => (await thread()).length === 3, 10_000)
    await pass(30_000)
    expect((await thread()).map((one) => one.text)).toEqual(['hola', '¿En qué te ayudo?', 'gracias'])
    expect((await hilo.conversation(phone)).unread).toBe(1)
  })

  test('a failure is shown with its reason', async () => {
    await hilo.simulator.phone(phone).write('hola')
    await passUntil(async () => (await thread()).length === 1, 10_000)
    hilo.simulator.phone(phone).set({ failWith: 63024 })
    const answer = await hilo.agent().send({ conversationId: (await thread())[0]?.conversationId, text: 'hola' })
    await passUntil(async () => (await hilo.message(answer.id)).status === 'failed', 10_000)
    expect((await hilo.message(answer.id)).error).toMatchObject({ code: 63024, action: 'try_sms' })
  })

  test('more than a minute late it is marked as recovered', async () => {
    hilo.simulator.faults.set({ readError500: 1 })
    await hilo.simulator.phone(phone).write('hola')
    await pass(90_000, 5_000)
    hilo.simulator.faults.set({ readError500: 0 })
    await passUntil(async () => (await thread()).length === 1, 70_000)
    expect(await thread()).toMatchObject([{ recovered: true }])
  })

  test('an answer that was lost is settled from the list as well', async () => {
    await hilo.simulator.phone(phone).write('hola')
    await passUntil(async () => (await thread()).length === 1, 10_000)
    hilo.simulator.faults.set({ answerLost: 1 })
    const answer = await hilo.agent().send({ conversationId: (await thread())[0]?.conversationId, text: 'una sola vez' })
    await hilo.messageWhen(answer.id, (one) => one.status === 'unconfirmed')
    await passUntil(async () => (await hilo.message(answer.id)).status === 'delivered', 15_000)
    expect(hilo.simulator.ledger().accepted).toHaveLength(1)
  })
})

describe('whether Twilio’s list is read', () => {
  const local = { PUBLIC_URL: 'http://localhost:8080' }
  const open = { PUBLIC_URL: 'https://chat.example.com' }
  const proxy = { TWILIO_API_URL: 'https://twilio-proxy.example.com' }
  test.each([
    ['a public address: no', open, false],
    ['a public address behind a firewall, TWILIO_POLL=1: yes', { ...open, TWILIO_POLL: '1' }, true],
    ['a private address, and a Twilio beside it: no', local, false],
    ['a private address, and Twilio behind a proxy elsewhere: yes', { ...local, ...proxy }, true],
    ['a public address, and Twilio behind a proxy: no', { ...open, ...proxy }, false],
    ['a private address, TWILIO_POLL=0: no', { ...local, ...proxy, TWILIO_POLL: '0' }, false],
    ['a private address and a Twilio beside it, TWILIO_POLL=1: yes', { ...local, TWILIO_POLL: '1' }, true],
  ])('%s', async (_, env, polls) => {
    await hilo.close()
    // Nothing leaves this machine: what is asked is only how it starts.
    const gateway = { ...hilo.server.parts.organizationOf('default').gateway }
    hilo = await startHilo({ clock, env, given: { gateway } })
    expect(hilo.server.polls).toBe(polls)
  })
})

test.each([
  ['localhost', true],
  ['192.168.1.20', true],
  ['10.1.2.3', true],
  ['172.31.0.1', true],
  ['172.32.0.1', false],
  ['100.64.0.1', true],
  ['169.254.1.1', true],
  ['[::1]', true],
  ['[fd00::1]', true],
  ['[fe80::1]', true],
  ['[::ffff:10.0.0.1]', true],
  ['[::ffff:8.8.8.8]', false],
  ['[2001:4860:4860::8888]', false],
  ['mi-notebook', true],
  ['mi-notebook.local', true],
  ['chat.example.com', false],
  ['8.8.8.8', false],
])('%s: nobody outside reaches it: %s', (host, unreachable) => {
  expect(isPrivateHost(new URL(`http://${host}`).hostname)).toBe(unreachable)
})
