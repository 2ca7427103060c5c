// Messages that webhooks and callbacks did not bring are found in Twilio's list (invariant 11), with a clock that the test moves.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { DomainError } from '../../shared/problems.ts'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { createIds } from '../../server/ids.ts'
import { createServer } from '../../server/server.ts'
import { completeStatus } from '../../server/outbox/complete-statuses.ts'
import { ListUnreadable } from '../../server/outbox/gateway.ts'
import { insist } from '../../server/outbox/insist.ts'
import { openStore } from '../../server/store/open-store.ts'
import type { Store } from '../../server/store/store.ts'
import { accountSid, authToken, ownNumbers, startHilo, type HiloOptions, type TestHilo } from '../support/hilo.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { pass as passTime, passUntil as passTimeUntil } from '../support/pass-time.ts'
import { postWebhook } from '../support/post-webhook.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const phone = '+5491133340001'
const MINUTE = 60_000
let clock: ManualClock
let hilo: TestHilo

async function begin(options: HiloOptions = {}): Promise<void> {
  hilo = await startHilo({ clock, ...options })
  // The look of the start is over.
  await pass(30_000, 10_000)
}
beforeEach(() => {
  clock = createManualClock()
})
afterEach(() => hilo.close())

const pass = (ms: number, stepMs?: number) => passTime(clock, ms, stepMs)
const passUntil = (so: () => Promise<boolean>, limitMs: number, stepMs = 2_000) => passTimeUntil(clock, so, limitMs, stepMs)
const list = async () => (await hilo.agent().call<{ items: OwnConversation[] }>('GET', '/api/conversations?automated=true')).body.items
async function thread(of = phone): Promise<Message[]> {
  const path = `/api/conversations?automated=true&phone=${encodeURIComponent(of)}`
  const [conversation] = (await hilo.agent().call<{ items: OwnConversation[] }>('GET', path)).body.items
  return conversation === undefined ? [] : hilo.messages(conversation.id)
}
const has = (count: number) => async () => (await thread()).length === count
const dated = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString()
/** Looks at Twilio's list from now on. */
function countLooks(): () => number {
  let looks = 0
  const { gateway } = hilo.server.parts.organizationOf('default')
  const read = gateway.listInbound.bind(gateway)
  gateway.listInbound = (query) => {
    if (query.page === null) looks++
    return read(query)
  }
  return () => looks
}
async function writeUnheard(text: string, from = phone, options = {}): Promise<string> {
  hilo.simulator.faults.next('lostWebhooks')
  return (await hilo.simulator.phone(from).write(text, options)).sid
}
/** The webhook of a message that the list brought, after all. */
const told = (fields: Record<string, string>) => postWebhook(hilo, { From: `whatsapp:${phone}`, ...fields })

describe('a lost webhook', () => {
  test('is taken in from the list within minutes, as recovered, dated by when it was written, unread once', async () => {
    await begin()
    const writtenAt = clock.now()
    const sid = await writeUnheard('¿siguen ahí?')
    await passUntil(has(1), 4 * MINUTE, 5_000)
    expect(await thread()).toMatchObject([
      { text: '¿siguen ahí?', recovered: true, direction: 'inbound', type: 'text', twilioSid: sid, createdAt: dated(writtenAt) },
    ])
    await pass(7 * MINUTE, 5_000)
    expect(await thread(), 'found in every later look, taken in once').toHaveLength(1)
    expect(await list()).toMatchObject([{ unread: 1, inboundCount: 1 }])
  })

  test('of a STOP that START has followed by then: the client is in, also where it is found within a minute', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('hola')
    await writeUnheard('STOP')
    await pass(5_000)
    await hilo.simulator.phone(phone).write('START')
    // Who starts looks at once.
    await pass(20_000)
    await hilo.restart()
    await passUntil(has(3), MINUTE)
    expect((await thread()).find(({ text }) => text === 'STOP')).toMatchObject({ recovered: false })
    expect(await list()).toMatchObject([{ optedOut: false, inboundCount: 3 }])
  })

  test('agents are told of it live', async () => {
    await begin()
    const live = await hilo.agent().connect()
    await writeUnheard('hola')
    await passUntil(async () => live.changes.some((event) => event.messages.some((one) => one.recovered)), 4 * MINUTE, 5_000)
    expect(live.changes.flatMap((event) => event.messages)).toHaveLength(1)
    live.close()
  })

  test('of before the last message: both in the order in which they were taken in, the window by the newest', async () => {
    await begin()
    await writeUnheard('primero')
    await pass(5_000)
    await hilo.simulator.phone(phone).write('segundo')
    const heardAt = clock.now()
    await passUntil(has(2), 4 * MINUTE, 5_000)
    expect((await thread()).map((one) => [one.text, one.recovered])).toEqual([
      ['segundo', false],
      ['primero', true],
    ])
    const expiresAt = (await hilo.conversation(phone)).window.expiresAt
    expect(Date.parse(expiresAt ?? '')).toBeGreaterThanOrEqual(heardAt + 24 * 60 * MINUTE)
  })

  test('while the server was down: taken in at the next start, in the order of writing', async () => {
    await begin()
    await hilo.server.close()
    for (const text of ['uno', 'dos', 'tres']) {
      expect((await hilo.simulator.phone(phone).write(text)).webhook).toBe('unreachable')
      await clock.advance(1_000)
    }
    await hilo.simulator.phone(phone).write('por SMS', { channel: 'sms' })
    await clock.advance(2 * MINUTE)
    await hilo.restart()
    await passUntil(async () => (await list()).length === 2, 10_000, 500)
    await until(async () => (await list()).reduce((sum, one) => sum + one.unread, 0) === 4)
    const whatsapp = (await list()).find((one) => one.channel === 'whatsapp')
    expect((await hilo.messages(whatsapp?.id ?? '')).map((one) => one.text)).toEqual(['uno', 'dos', 'tres'])
    expect((await list()).find((one) => one.channel === 'sms')).toMatchObject({ unread: 1, sender: ownNumbers.sms })
  })

  test('M1: with media and without text it is a media message', async () => {
    await begin()
    await writeUnheard('', phone, { fields: { NumMedia: '1', MediaUrl0: 'https://api.twilio.com/m/ME1', MediaContentType0: 'image/jpeg' } })
    await passUntil(has(1), 4 * MINUTE, 5_000)
    expect(await thread()).toMatchObject([{ type: 'media', text: '', recovered: true }])
  })

  test('M17: contacts that a client shared are contacts, also where the list shows only that there are media', async () => {
    await begin()
    const vcard = { MediaUrl0: 'https://api.twilio.com/m/ME1', MediaContentType0: 'text/vcard', NumMedia: '1' }
    await writeUnheard('', phone, { fields: { ...vcard, MessageType: 'contacts' } })
    await passUntil(has(1), 4 * MINUTE, 5_000)
    expect(await thread()).toMatchObject([{ type: 'contacts', recovered: true }])
    await writeUnheard('', '+5491133340003', { channel: 'sms', fields: vcard })
    await passUntil(async () => (await thread('+5491133340003')).length === 1, 4 * MINUTE, 5_000)
    expect(await thread('+5491133340003')).toMatchObject([{ type: 'contacts', channel: 'sms' }])
  })

  test('M28: what has neither text nor media is kept as unsupported, also of a stranger: it may be a place, or a lead', async () => {
    await begin()
    await writeUnheard('', '+5491133340002')
    await passUntil(async () => (await thread('+5491133340002')).length === 1, 4 * MINUTE, 5_000)
    expect((await thread('+5491133340002'))[0]).toMatchObject({ type: 'unsupported', recovered: true })
  })

  test('P15: of a client who hides the number', async () => {
    await begin()
    await writeUnheard('hola', 'AR.2081978709342942')
    await passUntil(async () => (await list()).length === 1, 4 * MINUTE, 5_000)
    expect(await list()).toMatchObject([{ contact: { phone: null, address: 'AR.2081978709342942' } }])
  })

  test('I24: it goes to the record of the last message on its line, like any other', async () => {
    await begin()
    const supervisor = hilo.agent({ role: 'supervisor' })
    await supervisor.call('PUT', '/api/coordinations/ev-7', { title: 'Boda', contact: { name: 'Ana', phone }, status: 'active' })
    await writeUnheard('¿y el salón?')
    await passUntil(has(1), 4 * MINUTE, 5_000)
    expect(await thread()).toMatchObject([{ coordinationId: 'ev-7' }])
  })

  test('more than a page of them: all, once, each thread in its order', async () => {
    await begin()
    const phones = ['+5491133340011', '+5491133340012', '+5491133340013']
    hilo.simulator.faults.set({ lostWebhooks: 1 })
    for (let n = 0; n < 1_150; n++) await hilo.simulator.phone(phones[n % 3] ?? '').write(String(n))
    hilo.simulator.faults.set({ lostWebhooks: 0 })
    // Half of the pages do not come.
    hilo.simulator.faults.set({ readError500: 0.5 })
    const counted = async () => (await list()).reduce((sum, one) => sum + one.inboundCount, 0)
    await passUntil(async () => (await counted()) === 1_150, 20 * MINUTE, 5_000)
    await pass(4 * MINUTE, 10_000)
    expect(await counted()).toBe(1_150)
    const threads = await Promise.all((await list()).map(async ({ id }) => (await hilo.messages(id)).map((one) => Number(one.text))))
    for (const numbers of threads) expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(threads.map((numbers) => numbers.length).toSorted()).toEqual([383, 383, 384])
  })

  test('Twilio away for hours, answering 500: found when it is back', async () => {
    await begin()
    hilo.simulator.faults.set({ readError500: 1 })
    await writeUnheard('hola')
    await pass(150 * MINUTE, 20_000)
    expect(await thread()).toEqual([])
    hilo.simulator.faults.set({ readError500: 0 })
    await passUntil(has(1), 70_000, 5_000)
    expect(hilo.log()).toContain('could not be compared')
  })

  test('401: found when the credentials are right again', async () => {
    await begin()
    const { twilio } = hilo.server.parts.config
    const right = twilio?.authTokens.slice() ?? []
    if (twilio !== null) twilio.authTokens[0] = 'revoked'
    await hilo.restart()
    await writeUnheard('hola')
    await pass(5 * MINUTE, 10_000)
    expect(await thread()).toEqual([])
    expect(hilo.log()).not.toContain('revoked')
    twilio?.authTokens.splice(0, 1, ...right)
    await hilo.restart()
    await passUntil(has(1), MINUTE, 5_000)
  })

  test('a restart goes on where it was: nothing is forgotten between two starts', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('uno')
    await hilo.server.close()
    await hilo.simulator.phone(phone).write('dos')
    await clock.advance(30 * MINUTE)
    await hilo.restart()
    await passUntil(has(2), 10_000, 500)
    await hilo.restart()
    await pass(4 * MINUTE, 10_000)
    expect(await thread()).toHaveLength(2)
  })

  test('what was written before the first start of this installation is left alone', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('de antes')
    await clock.advance(5_000)
    const folder = mkdtempSync(join(tmpdir(), 'hilo-'))
    const { config } = hilo.server.parts
    const other = await createServer({ ...config, port: 0, databaseUrl: `sqlite:${join(folder, 'hilo.db')}` }, { clock })
    try {
      await pass(4 * MINUTE, 5_000)
      const viewer = { orgId: 'default', agentId: 'a', scope: null }
      const read = () => other.parts.store.conversations(viewer, { automated: true, sort: 'activity' }, { cursor: null, limit: 10 })
      expect((await read()).items).toEqual([])
      hilo.simulator.faults.next('lostWebhooks')
      await hilo.simulator.phone(phone).write('de después')
      await passUntil(async () => (await read()).items.length === 1, 4 * MINUTE, 5_000)
      expect((await read()).items).toMatchObject([{ inboundCount: 1, lastMessage: { text: 'de después' } }])
    } finally {
      await other.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test.each([
    ['behind', -5 * MINUTE],
    ['ahead', 5 * MINUTE],
  ])('our clock five minutes %s of Twilio’s: taken in no later than else', async (_, ms) => {
    let oursMs = 0
    await begin({ clock: { ...clock, now: () => clock.now() + oursMs }, simulator: { clock } })
    await hilo.simulator.phone(phone).write('en hora')
    oursMs = ms
    // A look sees Twilio's clock; the next one is soon after that.
    await pass(3 * MINUTE, 10_000)
    hilo.simulator.faults.next('lostWebhooks')
    await hilo.simulator.phone(phone).write('perdido')
    await passUntil(has(2), 4 * MINUTE, 5_000)
  })

  test.each([
    ['was cut off', { reset: 1 }],
    ['answered 500', { error500: 1 }],
  ])('Twilio %s for a moment between two looks: looked at soon after a send went through again', async (_, fault) => {
    await begin()
    const other = '+5491133340009'
    for (const one of [phone, other]) await hilo.simulator.phone(one).write('hola')
    const [first, second] = [await hilo.conversation(phone), await hilo.conversation(other)]
    await pass(2_000)
    hilo.simulator.faults.set(fault)
    const failing = await hilo.agent().send({ conversationId: second.id, text: 'no llega' })
    await passUntil(async () => (await hilo.message(failing.id)).status === 'unconfirmed', 10_000, 500)
    await writeUnheard('perdido')
    hilo.simulator.faults.set({ reset: 0, error500: 0 })
    const through = await hilo.agent().send({ conversationId: first.id, text: 'llega' })
    await passUntil(async () => (await hilo.message(through.id)).twilioSid !== null, 10_000, 500)
    expect(await passUntil(has(3), 4 * MINUTE)).toBeLessThanOrEqual(45_000)
  })

  test('a machine that slept looks at once', async () => {
    await begin()
    const began = clock.now()
    // The look of the start was half a minute ago: the next one by the clock is two and a half minutes away.
    clock.sleep(50_000)
    await writeUnheard('mientras dormía')
    clock.sleep(50_000)
    // Awake: no more time passes, so that no look by the clock can bring it.
    await clock.advance(1_000)
    await until(has(1), { what: 'the look' })
    expect(clock.now() - began).toBeLessThan(140_000)
  })

  test('a machine that did not sleep does not look more often than every three minutes', async () => {
    await begin()
    const looks = countLooks()
    await pass(2 * MINUTE, 5_000)
    expect(looks()).toBe(0)
    await passUntil(async () => looks() > 0, 30 * MINUTE, 5_000)
    const [began, before] = [clock.now(), looks()]
    await pass(10 * MINUTE, 5_000)
    expect(looks() - before).toBeLessThanOrEqual(Math.ceil((clock.now() - began) / (3 * MINUTE)))
  })

  test.each<[what: string, awayMs: number, httpStatus: number | null]>([
    // Shorter than the time between two questions whether it answers.
    ['the refused webhook', 2_000, 503],
    ['a webhook that never came', 20_000, null],
  ])('a store that was away: %s is found as soon as it is back', async (_what, awayMs, httpStatus) => {
    const folder = mkdtempSync(join(tmpdir(), 'hilo-'))
    const real = await openStore(`sqlite:${join(folder, 'hilo.db')}`, { clock, newId: createIds(() => clock.now()) })
    let away = false
    const store = new Proxy(real, {
      get(target, name) {
        const call: unknown = Reflect.get(target, name)
        if (typeof call !== 'function' || name === 'close') return call
        return (...args: unknown[]) =>
          away ? Promise.reject(new DomainError('unavailable', 'The store is away.')) : (call as (...all: unknown[]) => unknown)(...args)
      },
    }) satisfies Store
    await begin({ given: { store } })
    await pass(45_000)
    away = true
    if (httpStatus === null) await writeUnheard('hola')
    else expect(await hilo.simulator.phone(phone).write('hola')).toMatchObject({ httpStatus })
    await pass(awayMs)
    away = false
    const ms = await passUntil(has(1), 4 * MINUTE)
    expect(ms).toBeLessThanOrEqual(40_000)
    rmSync(folder, { recursive: true, force: true })
  })
})

describe('the list asks to wait or fails in the middle', () => {
  test('what is younger than twenty seconds is left to its webhook', async () => {
    await begin()
    await writeUnheard('recién')
    // A start looks at once.
    await hilo.restart()
    await pass(12_000)
    expect(await thread()).toEqual([])
    expect(await passUntil(has(1), MINUTE)).toBeLessThan(30_000)
  })

  test('an entry that comes late, behind newer ones that were taken in, is found all the same', async () => {
    await begin()
    const late = await writeUnheard('tarde')
    await pass(5_000)
    await writeUnheard('en hora')
    const { gateway } = hilo.server.parts.organizationOf('default')
    const read = gateway.listInbound.bind(gateway)
    gateway.listInbound = async (query) => {
      const page = await read(query)
      return { ...page, items: page.items.filter((one) => one.twilioSid !== late) }
    }
    await passUntil(has(1), 4 * MINUTE, 5_000)
    gateway.listInbound = read
    await passUntil(has(2), 4 * MINUTE, 5_000)
    expect((await thread()).map((one) => one.text)).toEqual(['en hora', 'tarde'])
  })

  test('nothing is passed over: the position stays where it was until all is stored', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('antes')
    await pass(4 * MINUTE, 10_000)
    const { store } = hilo.server.parts
    const { gateway } = hilo.server.parts.organizationOf('default')
    const before = await store.recovery('default', 0)
    expect(before.position).toBeGreaterThan(before.startedAt)
    const listed = (n: number) => ({
      twilioSid: `SM${String(n).padStart(32, '0')}`,
      channel: 'whatsapp' as const,
      sender: ownNumbers.whatsapp,
      senderConfigured: true,
      address: phone,
      phone,
      text: `n${n}`,
      mediaCount: 0,
      createdAt: clock.now() - 60_000 + n * 1_000,
    })
    let asked = 0
    const read = gateway.listInbound.bind(gateway)
    // The newest page comes, the one after it does not.
    gateway.listInbound = async ({ page }) => {
      asked++
      if (page === null) return { items: [listed(3), listed(2)], next: 'older', aheadMs: 0 }
      throw new ListUnreadable('429', 7_000)
    }
    await pass(4 * MINUTE, 5_000)
    expect(asked).toBeGreaterThan(3)
    expect((await store.recovery('default', 0)).position).toBe(before.position)
    expect(await thread(), 'nothing newer before the older').toHaveLength(1)
    const older = [listed(1), listed(0)]
    const newer = [listed(3), listed(2)]
    gateway.listInbound = async ({ page }) =>
      page === null ? { items: newer, next: 'older', aheadMs: 0 } : { items: older, next: null, aheadMs: 0 }
    await passUntil(has(5), 2 * MINUTE, 5_000)
    expect((await thread()).map((one) => one.text)).toEqual(['antes', 'n0', 'n1', 'n2', 'n3'])
    expect((await store.recovery('default', 0)).position).toBeGreaterThan(before.position)
    gateway.listInbound = read
  })

  test('what cannot be stored for a reason of its own is tried again and again, while all else comes in', async () => {
    await begin()
    const sid = await writeUnheard('difícil')
    const { store } = hilo.server.parts
    const receive = store.receive.bind(store)
    let broken = true
    store.receive = (inbound, route) =>
      broken && inbound.twilioSid === sid ? Promise.reject(new Error('It cannot be stored.')) : receive(inbound, route)
    const before = (await store.recovery('default', 0)).position
    // More than the hour that a look reaches back behind its position.
    for (let n = 0; n < 4; n++) {
      clock.sleep(18 * MINUTE)
      await pass(2 * MINUTE, 20_000)
      await writeUnheard(`n${n}`)
    }
    await passUntil(has(4), 4 * MINUTE, 5_000)
    const { position } = await store.recovery('default', 0)
    expect(position - before).toBeLessThan(MINUTE)
    broken = false
    await passUntil(has(5), 4 * MINUTE, 5_000)
    expect((await thread()).map((one) => one.text)).toEqual(['n0', 'n1', 'n2', 'n3', 'difícil'])
    await pass(4 * MINUTE, 5_000)
    expect((await store.recovery('default', 0)).position - before).toBeGreaterThan(70 * MINUTE)
  })

  test('what cannot be stored holds the position back for a day and no longer', async () => {
    await begin()
    const sid = await writeUnheard('imposible')
    const { store } = hilo.server.parts
    const receive = store.receive.bind(store)
    store.receive = (inbound, route) =>
      inbound.twilioSid === sid ? Promise.reject(new Error('It cannot be stored.')) : receive(inbound, route)
    const before = (await store.recovery('default', 0)).position
    const moved = async () => (await store.recovery('default', 0)).position - before
    clock.sleep(23 * 60 * MINUTE)
    await writeUnheard('fácil')
    await passUntil(has(1), 4 * MINUTE, 5_000)
    expect(await moved()).toBeLessThan(MINUTE)
    clock.sleep(60 * MINUTE)
    await passUntil(async () => (await moved()) > 22 * 60 * MINUTE, 30 * MINUTE, 5_000)
  })

  test('a store that goes away in the midst of a look: nothing is passed over', async () => {
    await begin()
    const sids = [await writeUnheard('uno'), await writeUnheard('dos')]
    const { store } = hilo.server.parts
    const receive = store.receive.bind(store)
    let away = true
    store.receive = (inbound, route) =>
      away && inbound.twilioSid === sids[1] ? Promise.reject(new DomainError('unavailable', 'The store is away.')) : receive(inbound, route)
    const before = (await store.recovery('default', 0)).position
    await passUntil(has(1), 4 * MINUTE, 5_000)
    await pass(2 * MINUTE, 5_000)
    expect((await store.recovery('default', 0)).position).toBe(before)
    away = false
    await passUntil(has(2), 10 * MINUTE, 5_000)
    expect((await thread()).map((one) => one.text)).toEqual(['uno', 'dos'])
  })

  test('a page that never comes is given up and asked for again: nothing is passed over, and nothing hangs on it', async () => {
    await begin({ given: { twilioTimeoutMs: 150 } })
    await writeUnheard('perdido')
    const { position } = await hilo.server.parts.store.recovery('default', 0)
    hilo.simulator.faults.set({ readHang: 1 })
    const failed = () => hilo.log().includes('could not be compared with the store')
    await passUntil(async () => failed(), 10 * MINUTE, 2_000)
    expect((await hilo.server.parts.store.recovery('default', 0)).position).toBe(position)
    expect(await thread()).toHaveLength(0)
    hilo.simulator.faults.set({ readHang: 0 })
    await passUntil(has(1), 2 * MINUTE, 2_000)
  })

  test('a 429 is waited for as long as it asks', async () => {
    const waits: number[] = []
    let asked = 0
    const answer = await insist(
      async () => {
        if (++asked < 3) throw new ListUnreadable('429', asked === 1 ? 7_000 : null)
        return 'page'
      },
      async (ms) => void waits.push(ms),
    )
    await begin()
    expect([answer, ...waits]).toEqual(['page', 7_000, 2_000])
  })
})

describe.runIf(process.env.MONGODB_URL)('two processes on one MongoDB', () => {
  test('both look: each message is taken in once', async () => {
    await begin({ mongoUrl: process.env.MONGODB_URL ?? '' })
    const other = await createServer({ ...hilo.server.parts.config, port: 0 }, { clock })
    try {
      hilo.simulator.faults.set({ lostWebhooks: 1, lostCallbacks: 1 })
      for (let n = 0; n < 30; n++) await hilo.simulator.phone(`+549113334${2000 + (n % 5)}`).write(`n${n}`)
      const counted = async () => (await list()).reduce((sum, one) => sum + one.inboundCount, 0)
      for (let looks = 0; looks < 2; looks++) {
        await pass(4 * MINUTE, 20_000)
        // The database takes real time.
        await until(async () => (await counted()) === 30, { timeoutMs: 30_000 })
      }
      expect((await list()).map((one) => one.inboundCount)).toEqual([6, 6, 6, 6, 6])
    } finally {
      await other.close()
    }
  })
})

describe('a webhook that comes after the list', () => {
  test('enriches what the list gave: name, quote, button; once, told to agents, no second unread', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('hola', { profileName: '' })
    const conversation = await hilo.conversation(phone)
    const asked = await hilo.agent().send({ conversationId: conversation.id, text: '¿Confirmás?' })
    const { twilioSid } = await hilo.messageWhen(asked.id, (one) => one.twilioSid !== null)
    const sid = await writeUnheard('Sí')
    await passUntil(has(3), 4 * MINUTE, 5_000)
    const listed = (await thread())[2]
    expect(listed).toMatchObject({ type: 'text', recovered: true, replyToId: null })
    const before = await hilo.conversation(phone)
    const live = await hilo.agent().connect()
    const fields = {
      MessageSid: sid,
      Body: 'Sí',
      ProfileName: 'María',
      MessageType: 'button',
      ButtonText: 'Sí',
      ButtonPayload: 'confirm:1',
      OriginalRepliedMessageSid: twilioSid ?? '',
      Forwarded: 'true',
    }
    expect(await told(fields)).toBe(200)
    const heard = await until(() => live.changes.find((event) => event.messages.length > 0))
    expect(heard.messages).toMatchObject([
      {
        id: listed?.id,
        seq: 3,
        rev: (listed?.rev ?? 0) + 1,
        type: 'button',
        button: { text: 'Sí', payload: 'confirm:1' },
        replyToId: asked.id,
        forwarded: true,
        recovered: true,
        createdAt: listed?.createdAt,
      },
    ])
    expect(await hilo.conversation(phone)).toMatchObject({
      contact: { name: 'María' },
      unread: before.unread,
      inboundCount: before.inboundCount,
    })
    expect(await told({ ...fields, ButtonPayload: 'another' })).toBe(200)
    expect((await thread())[2]).toMatchObject({ rev: (listed?.rev ?? 0) + 1, button: { payload: 'confirm:1' } })
    live.close()
  })

  test('M16: a location that the list could not show becomes one', async () => {
    await begin()
    await hilo.simulator.phone(phone).write('hola')
    const sid = await writeUnheard('')
    await passUntil(has(2), 4 * MINUTE, 5_000)
    await told({ MessageSid: sid, Body: '', MessageType: 'location', Latitude: '0', Longitude: '-58.38', Label: 'Obelisco' })
    expect((await thread())[1]).toMatchObject({ type: 'location', location: { latitude: 0, longitude: -58.38, label: 'Obelisco' } })
  })
})

describe('statuses of what was sent', () => {
  const send = async (to = phone) => {
    await hilo.simulator.phone(to).write('hola')
    const message = await hilo.agent().send({ conversationId: (await hilo.conversation(to)).id, text: '¿Cómo estás?' })
    await hilo.messageWhen(message.id, (one) => one.twilioSid !== null)
    return message.id
  }

  test('whose callbacks were lost: delivered within a minute, with its times, and priced after minutes', async () => {
    await begin()
    hilo.simulator.faults.set({ lostCallbacks: 1 })
    const id = await send()
    await passUntil(async () => (await hilo.message(id)).status === 'delivered', MINUTE)
    const delivered = await hilo.message(id)
    expect(Date.parse(delivered.sentAt ?? '')).toBeLessThanOrEqual(Date.parse(delivered.deliveredAt ?? ''))
    expect(Date.parse(delivered.deliveredAt ?? '')).toBeLessThan(clock.now() - 20_000)
    await passUntil(async () => (await hilo.message(id)).price !== null, 6 * MINUTE, 5_000)
    expect((await hilo.message(id)).price).toEqual({ amount: 0.005, currency: 'USD', estimated: false })
  })

  test('a price that comes while the clock is behind dates nothing back', async () => {
    await begin()
    const id = await send()
    await passUntil(async () => (await hilo.message(id)).status === 'delivered', MINUTE)
    const { twilioSid, sentAt, deliveredAt } = await hilo.message(id)
    const { parts } = hilo.server
    const [state] = await parts.store.sentStates('default', [twilioSid ?? ''])
    const listed = await parts.organizationOf('default').gateway.fetchSent(twilioSid ?? '')
    if (state === undefined || listed === null) throw new Error('It was not sent.')
    const behind = { ...parts, clock: { ...clock, now: () => clock.now() - 3 * MINUTE } }
    await completeStatus(behind, 'default', state, { ...listed, price: { amount: 0.005, currency: 'USD' } })
    expect(await hilo.message(id)).toMatchObject({ sentAt, deliveredAt, price: { amount: 0.005, currency: 'USD', estimated: false } })
  })

  test('S3: failed, with Twilio’s code', async () => {
    await begin()
    hilo.simulator.faults.set({ lostCallbacks: 1, failWith: 30008 })
    const id = await send()
    await passUntil(async () => (await hilo.message(id)).status === 'failed', MINUTE)
    expect((await hilo.message(id)).error).toMatchObject({ code: 30008, reason: 'carrier' })
  })

  /** When a message was asked for at Twilio, minutes since now. */
  const countAsked = () => {
    const began = clock.now()
    const asked: number[] = []
    const { gateway } = hilo.server.parts.organizationOf('default')
    const fetch = gateway.fetchSent.bind(gateway)
    gateway.fetchSent = (sid) => {
      asked.push((clock.now() - began) / MINUTE)
      return fetch(sid)
    }
    return asked
  }

  test('a lost read is found after an hour, over a restart, and one that comes later after a day', async () => {
    await begin()
    const other = '+5491133340003'
    const began = clock.now()
    const [early, late] = [await send(), await send(other)]
    await passUntil(async () => (await hilo.message(late)).status === 'delivered', MINUTE)
    hilo.simulator.faults.set({ lostCallbacks: 1 })
    // The looks after five minutes are over, and it is written down that they are.
    const asked = countAsked()
    await passUntil(async () => asked.length >= 2, 30 * MINUTE, 5_000)
    const lookedAt = clock.now()
    const kept = async () => (await hilo.server.parts.store.recovery('default', 0)).statusesAt
    await passUntil(async () => (await kept()) > lookedAt, 30 * MINUTE, 5_000)
    hilo.simulator.phone(phone).read()
    await hilo.restart()
    const askedLater = countAsked()
    clock.sleep(50 * MINUTE - (clock.now() - began))
    await pass(5 * MINUTE, 15_000)
    expect([askedLater, (await hilo.message(early)).status]).toEqual([[], 'delivered'])
    await passUntil(async () => (await hilo.message(early)).status === 'read', 30 * MINUTE, 5_000)
    expect(clock.now() - began).toBeGreaterThan(59 * MINUTE)
    await passUntil(async () => askedLater.length >= 2, 30 * MINUTE, 5_000)
    expect((await hilo.message(late)).status).toBe('delivered')
    hilo.simulator.phone(other).read()
    // The night is slept through: what becomes due in it is looked at afterwards.
    clock.sleep(23 * 60 * MINUTE - (clock.now() - began))
    await pass(10 * MINUTE, 15_000)
    expect([askedLater.length, (await hilo.message(late)).status]).toEqual([2, 'delivered'])
    clock.sleep(55 * MINUTE)
    await passUntil(async () => (await hilo.message(late)).status === 'read', 30 * MINUTE, 5_000)
  })

  test('one that stays without its read is asked for after 5 minutes, an hour and a day, and not again', async () => {
    await begin()
    const id = await send()
    await passUntil(async () => (await hilo.message(id)).status === 'delivered', MINUTE)
    const asked = countAsked()
    const askedBetween = async (count: number, fromMinutes: number, toMinutes: number) => {
      await passUntil(async () => asked.length >= count, 2 * 60 * MINUTE, 5_000)
      expect(asked).toHaveLength(count)
      expect(asked.at(-1)).toBeGreaterThanOrEqual(fromMinutes)
      expect(asked.at(-1)).toBeLessThan(toMinutes)
    }
    // The machine's own slowness passes for minutes here.
    await askedBetween(1, 4, 59)
    clock.sleep(Math.max(0, 55 - (asked[0] ?? 0)) * MINUTE)
    await askedBetween(2, 59, 3 * 60)
    clock.sleep(22.5 * 60 * MINUTE)
    await askedBetween(3, 24 * 60 - 1, 27 * 60)
    clock.sleep(25 * 60 * MINUTE)
    await pass(10 * MINUTE, 15_000)
    expect(asked).toHaveLength(3)
    expect((await hilo.message(id)).status).toBe('delivered')
  })

  test('complete ones are not asked for again', async () => {
    await begin()
    const id = await send()
    hilo.simulator.phone(phone).read()
    await passUntil(async () => (await hilo.message(id)).price !== null, 7 * MINUTE, 5_000)
    const { rev } = await hilo.message(id)
    await pass(62 * MINUTE, 15_000)
    expect((await hilo.message(id)).rev).toBe(rev)
  })

  test('the clock set back by minutes: what is sent then is completed within a minute all the same', async () => {
    let behindMs = 0
    await begin({ clock: { ...clock, now: () => clock.now() - behindMs } })
    await pass(MINUTE, 5_000)
    behindMs = 5 * MINUTE
    hilo.simulator.faults.set({ lostCallbacks: 1 })
    const id = await send()
    await passUntil(async () => (await hilo.message(id)).status === 'delivered', MINUTE)
  })

  test('Twilio away: nothing is skipped', async () => {
    await begin()
    hilo.simulator.faults.set({ lostCallbacks: 1 })
    const id = await send()
    hilo.simulator.faults.set({ readError500: 1 })
    await pass(4 * MINUTE, 5_000)
    expect((await hilo.message(id)).status).toBe('sending')
    hilo.simulator.faults.set({ readError500: 0 })
    await passUntil(async () => (await hilo.message(id)).status === 'delivered', 90_000, 5_000)
  })
})

test('what another system sends by the same account is left alone', async () => {
  await begin()
  await hilo.simulator.phone(phone).write('hola')
  const { twilio } = hilo.server.parts.config
  const form = { To: `whatsapp:${phone}`, From: `whatsapp:${ownNumbers.whatsapp}`, Body: 'de otro sistema' }
  const answer = await fetch(`${twilio?.apiUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(form).toString(),
  })
  expect(answer.status).toBe(201)
  await pass(10 * MINUTE, 5_000)
  expect(await thread()).toHaveLength(1)
})
