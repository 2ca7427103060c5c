// Several tabs of one browser: one socket for each agent, role and scope, whoever comes and goes. Node has the same locks
// and channels as a browser.
import { type AddressInfo, connect as dial, createServer, type Server } from 'node:net'
import { effect } from '@preact/signals-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { Page } from '../../widget/client/page.ts'
import type { TokenOptions } from '../../widget/client/token.ts'
import type { Thread } from '../../widget/client/client.ts'
import { problem } from '../../shared/problems.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { createStorage, createTestPage, openTestClient, type TestClient, type TestPage } from './support.ts'

const HANDSHAKE = Buffer.from('GET /socket.io')

let hilo: TestHilo
let relay: Server
let url = ''
/** The messages of this browser's tabs on their channels. */
let said: string[] = []
let storage: ReturnType<typeof createStorage>
/** Sockets that are open now, and all that ever were. */
const sockets = new Set<unknown>()
let opened = 0
const open: TestClient[] = []
let next = 0

beforeAll(async () => {
  hilo = await startHilo()
  relay = createServer((socket) => {
    const onward = dial(Number(new URL(hilo.url).port), '127.0.0.1')
    socket.on('data', (bytes) => {
      if (!bytes.subarray(0, 14).equals(HANDSHAKE)) return
      sockets.add(socket)
      opened++
    })
    socket.on('close', () => {
      sockets.delete(socket)
      onward.destroy()
    })
    onward.on('close', () => socket.destroy())
    for (const end of [socket, onward]) end.on('error', () => {})
    socket.pipe(onward).pipe(socket)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`
})
afterAll(async () => {
  relay.close()
  await hilo.close()
})
beforeEach(() => {
  opened = 0
  said = []
  storage = createStorage()
})
afterEach(async () => {
  vi.useRealTimers()
  for (const one of open.splice(0)) one.client.close()
  await until(() => sockets.size === 0, { what: 'no socket left' })
  const left = async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].filter((lock) => lock.name?.includes(url))
  }
  await until(async () => (await left()).length === 0, { what: 'no lock left' })
})

/** From here on tabs ping, and count who is silent, only when the test lets time pass. */
const holdPings = () => vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })

const tabs: NonNullable<Page['tabs']> = {
  locks: navigator.locks,
  channel(name) {
    const channel = new BroadcastChannel(name)
    const { postMessage } = channel
    channel.postMessage = (message) => {
      said.push(JSON.stringify(message))
      postMessage.call(channel, message)
    }
    return channel
  },
}

interface Tab extends TestClient {
  page: TestPage
}
function openTab(sub: string, claims: Record<string, unknown> = {}, tokens?: TokenOptions): Tab {
  const getToken = async () => hilo.agent({ sub, name: `Agent ${sub}`, ...claims }).token
  const made = openTestClient(url, tokens ?? { getToken }, { page: createTestPage(storage, tabs) })
  open.push(made)
  return made
}

async function openTabs(sub: string, count: number): Promise<Tab[]> {
  const all = Array.from({ length: count }, () => openTab(sub))
  await until(() => all.every(isUp), { what: 'all tabs' })
  return all
}

const isUp = ({ client }: TestClient) => client.link.value === 'online' && client.ready.value !== null && client.unread.value.version >= 0
const leader = (all: Tab[]) => all.find((one) => one.client.leads.value) as Tab
const followers = (all: Tab[]) => all.filter((one) => !one.client.leads.value)
const texts = (thread: Thread) => thread.messages.value.map((message) => message.text)
const newPhone = () => `+54911700${String(10_000 + next++)}`
const writes = (phone: string, text: string) => hilo.simulator.phone(phone).write(text)

async function openThread(one: Tab, phone: string): Promise<Thread> {
  const thread = one.client.openThread((await hilo.conversation(phone)).id)
  await until(() => thread.state.value === 'ready', { what: 'the thread' })
  return thread
}

/** As its browser ends a tab that crashed: its locks and its socket go, and nothing is said. */
function kill({ link, client, page }: Tab): void {
  link.socket.disconnect()
  client.close()
  page.setVisible(false)
}

test('five tabs cost the server one socket, show the same and say no token to each other', async () => {
  const phone = newPhone()
  await writes(phone, 'hola')
  const all = await openTabs('five', 5)
  expect([sockets.size, opened]).toEqual([1, 1])
  expect(all.filter((one) => one.client.leads.value)).toHaveLength(1)
  const threads = await Promise.all(all.map((one) => openThread(one, phone)))
  await writes(phone, '¿están?')
  for (const thread of threads) await until(() => texts(thread).includes('¿están?'), { what: 'the message in each' })
  for (const one of all) await until(() => one.client.unread.value.total === 2, { what: 'the number in each' })
  for (const one of followers(all)) expect(one.client.ready.value).toMatchObject({ agent: { id: 'five' } })
  expect(said.length).toBeGreaterThan(10)
  expect(said.filter((text) => text.includes('eyJ'))).toEqual([])
  expect(opened).toBe(1)
})

test('a follower sends, reads and corrects through the leader, and all see it', async () => {
  const phone = newPhone()
  await writes(phone, 'hola')
  const all = await openTabs('works', 2)
  const [follower] = followers(all) as [Tab]
  const [mine, other] = [await openThread(follower, phone), await openThread(leader(all), phone)]
  expect(await mine.send({ text: 'buenas' })).toMatchObject({ ok: true, message: { text: 'buenas' } })
  await until(() => texts(other).includes('buenas'), { what: 'it in the other tab' })
  // Ticks go only to those who view the conversation.
  for (const thread of [mine, other]) await until(() => thread.messages.value.at(-1)?.status === 'delivered', { what: 'its tick' })
  await writes(phone, 'gracias')
  const unread = ({ client }: Tab) => client.conversation(mine.conversationId).value?.unread
  await until(() => all.every((one) => unread(one) === 1), { what: 'one unread in each' })
  await until(() => texts(mine).includes('gracias'))
  mine.seen(3)
  await until(() => all.every((one) => unread(one) === 0), { what: 'nothing unread in each' })
  await until(() => leader(all).client.conversation(mine.conversationId).value?.readSeq === 3)
  expect(await follower.client.update(mine.conversationId, { tags: ['vip'] })).toMatchObject({ ok: true })
  await until(() => leader(all).client.conversation(mine.conversationId).value?.tags[0] === 'vip')
})

test('what the tabs show is the union: threads and badges of each, until that tab goes', async () => {
  const [one, two] = [newPhone(), newPhone()]
  const host = hilo.agent({ role: 'service', sub: 'host' })
  for (const [id, phone] of [
    ['tb-1', one],
    ['tb-2', two],
  ] as const) {
    await host.call('PUT', `/api/coordinations/${id}`, { title: id, contact: { name: 'Ana', phone } })
    await writes(phone, `soy de ${id}`)
  }
  const all = await openTabs('union', 3)
  const [first, second] = followers(all) as [Tab, Tab]
  const [a, b, c] = [await openThread(leader(all), one), await openThread(first, two), await openThread(second, two)]
  const numbers: Record<string, number> = {}
  const follow = (name: string, { client }: Tab, id: string) =>
    effect(() => {
      numbers[name] = client.badge(id).value
    })
  const ends = [follow('first', first, 'tb-1'), follow('second', second, 'tb-2'), follow('leader', leader(all), 'tb-2')]
  await until(() => numbers.first === 1 && numbers.second === 1 && numbers.leader === 1, { what: 'the badges' })

  // A colleague sees this agent in both; each tab sees the colleague where it shows him.
  const colleague = await hilo.agent({ sub: 'colleague', name: 'Beto' }).connect()
  const seen: Record<string, string[]> = {}
  colleague.socket.on('presence', (event: { conversationId: string; agents: { id: string }[] }) => {
    seen[event.conversationId] = event.agents.map((agent) => agent.id).sort()
  })
  await colleague.ask('viewing', { conversationId: a.conversationId, replying: false, also: [b.conversationId] })
  for (const thread of [a, b, c]) await until(() => thread.presence.value.some((agent) => agent.id === 'colleague'), { what: 'him' })
  await until(() => seen[a.conversationId]?.length === 2 && seen[b.conversationId]?.length === 2, { what: 'her in both' })

  for (const end of ends.slice(0, 2)) end()
  kill(first)
  await writes(two, 'sigo acá')
  await until(() => numbers.leader === 2, { what: 'the other tabs’ badge' })
  await until(() => texts(c).includes('sigo acá'))
  kill(second)
  await until(() => seen[b.conversationId]?.length === 1, { what: 'her leaving with the last tab' })
  expect(seen[a.conversationId]).toHaveLength(2)
  ends[2]?.()
  colleague.close()
})

test('tabs of another agent, role, scope or organization never share', async () => {
  const all = [openTab('alone'), openTab('other'), openTab('alone', { role: 'supervisor' }), openTab('alone', { coordinations: ['x'] })]
  all.push(openTab('alone', { coordinations: ['x', 'y'] }))
  await until(() => all.every(isUp))
  expect(sockets.size).toBe(5)
  expect(all.every((one) => one.client.leads.value)).toBe(true)
  // The same scope in another order is the same.
  const same = openTab('alone', { coordinations: ['y', 'x', 'y'] })
  await until(() => isUp(same))
  expect([sockets.size, same.client.leads.value]).toEqual([5, false])
})

test('a token that the server refuses does not ride on another tab’s socket', async () => {
  const [one] = await openTabs('guard', 1)
  const [head, body] = hilo.agent({ sub: 'guard', name: 'Agent guard' }).token.split('.')
  const forged = openTab('guard', {}, { token: `${head}.${body}.AAAA` })
  await until(() => forged.client.link.value === 'refused', { what: 'the refusal' })
  expect(forged.client.problem.value).toMatchObject({ code: 'token_invalid' })
  expect(forged.client.unread.value.version).toBe(-1)
  expect([one?.client.link.value, sockets.size]).toEqual(['online', 1])
})

test('when the leader goes another takes over within a second, and nothing is missed', async () => {
  const phone = newPhone()
  await writes(phone, 'uno')
  holdPings()
  const all = await openTabs('heirs', 3)
  const threads = new Map<Tab, Thread>()
  for (const one of all) threads.set(one, await openThread(one, phone))
  const first = leader(all)
  const left = all.filter((one) => one !== first)
  kill(first)
  await writes(phone, 'dos')
  await until(() => left.some((one) => one.client.leads.value && isUp(one)), { what: 'another leader, at once' })
  // The next ping of the one that follows, which is a quarter of a second away at most.
  vi.advanceTimersByTime(250)
  await until(() => left.every((one) => texts(threads.get(one) as Thread).includes('dos') && isUp(one)), { what: 'the message in both' })
  expect([left.filter((one) => one.client.leads.value).length, opened]).toEqual([1, 2])
  await until(() => sockets.size === 1)
})

test('a leader that hangs is robbed of the lock within a second, and follows when it wakes', async () => {
  let hangs = false
  const hanging: typeof tabs = {
    ...tabs,
    channel(name) {
      const channel = tabs.channel(name)
      let listener: BroadcastChannel['onmessage'] = null
      const late: MessageEvent[] = []
      channel.addEventListener('message', (event) => (hangs ? late.push(event) : listener?.call(channel, event)))
      return Object.defineProperty(channel, 'onmessage', {
        set(next: typeof listener) {
          listener = next
        },
      })
    },
  }
  holdPings()
  const getToken = async () => hilo.agent({ sub: 'hangs' }).token
  const first = openTestClient(url, { getToken }, { page: createTestPage(storage, hanging) })
  open.push(first)
  await until(() => isUp(first))
  const second = openTab('hangs', { name: 'Ana Díaz' })
  await until(() => isUp(second))
  expect([first.client.leads.value, second.client.leads.value]).toEqual([true, false])
  hangs = true
  vi.advanceTimersByTime(999)
  await until(() => second.client.leads.value && isUp(second), { what: 'another leader' })
  hangs = false
  vi.advanceTimersByTime(250)
  await until(() => isUp(first) && !first.client.leads.value && sockets.size === 1, { what: 'the first to follow' })
})

test('one that ends its widget, or whose session ended, ends no other', async () => {
  let isSignedIn = true
  const all = await openTabs('ends', 2)
  const first = leader(all)
  first.client.close()
  const [second] = all.filter((one) => one !== first) as [Tab]
  await until(() => second.client.leads.value && isUp(second))
  const third = openTab(
    'ends',
    {},
    {
      getToken: async () => (isSignedIn ? hilo.agent({ sub: 'ends', name: 'Agent ends' }).token : 'gone'),
    },
  )
  await until(() => isUp(third))
  isSignedIn = false
  third.client.reconnect()
  second.client.close()
  // Now it must lead, and has no right to.
  await until(() => third.client.link.value === 'expired')
  isSignedIn = true
  third.client.reconnect()
  await until(() => isUp(third) && third.client.leads.value)
})

test('what a follower sends while its leader dies goes out once', async () => {
  const phone = newPhone()
  await writes(phone, 'hola')
  const all = await openTabs('once', 2)
  const [follower] = followers(all) as [Tab]
  const thread = await openThread(follower, phone)
  const first = leader(all)
  const sending = ['uno', 'dos', 'tres'].map((text) => thread.send({ text }))
  kill(first)
  const answers = await Promise.all(sending)
  expect(answers.every((answer) => answer.ok)).toBe(true)
  const got = () =>
    hilo.simulator
      .phone(phone)
      .messages()
      .map(({ body }) => body)
      .filter((body) => body !== 'hola')
  await until(() => got().length >= 3, { what: 'three on the phone' })
  await until(() => texts(thread).length === 4 && thread.unsent.value.length === 0)
  expect(got()).toEqual(['uno', 'dos', 'tres'])
  expect(texts(thread)).toEqual(['hola', 'uno', 'dos', 'tres'])
})

test('what waits and is discarded in one tab is not sent by another', async () => {
  const phone = newPhone()
  await writes(phone, 'hola')
  const [one] = (await openTabs('discards', 1)) as [Tab]
  const thread = await openThread(one, phone)
  // The server is busy for two seconds.
  const { ask } = one.link.socket
  one.link.socket.ask = (event, body, ms) => {
    if (event !== 'message:send') return ask(event, body, ms)
    one.link.socket.ask = ask
    return Promise.resolve({ ok: false, error: { ...problem('unavailable', 'Busy.'), retryAfter: 2 } } as never)
  }
  const kept = thread.send({ text: 'esto sí' })
  const dropped = thread.send({ text: 'esto no' })
  // A second tab takes up what the browser keeps, and asks, since it is old by then.
  const two = openTab('discards')
  two.page.skip(11 * 60_000)
  await until(() => isUp(two))
  const copy = await openThread(two, phone)
  await until(() => copy.unsent.value.map(({ text, state }) => `${text} ${state}`).join() === 'esto sí late,esto no late')
  copy.discard(copy.unsent.value[1]?.clientMessageId ?? '')
  expect(await dropped).toMatchObject({ ok: false, error: { code: 'conflict' } })
  expect(await kept).toMatchObject({ ok: true })
  await until(() => copy.unsent.value.length === 0, { what: 'nothing left to ask' })
  const got = () =>
    hilo.simulator
      .phone(phone)
      .messages()
      .map(({ body }) => body)
  await until(() => got().includes('esto sí'))
  expect(got()).not.toContain('esto no')
})

test('a token that ends is renewed by the leader alone, with its own getToken', async () => {
  const clock = createManualClock()
  const own = await startHilo({ clock })
  const asked: string[] = []
  const tab = (name: string) => {
    const getToken = async () => {
      asked.push(name)
      return own.agent({ sub: 'renews', exp: Math.floor(clock.now() / 1000) + 120 }).token
    }
    const made = openTestClient(own.url, { getToken }, { page: createTestPage(storage, tabs) })
    open.push(made)
    return made
  }
  const first = tab('first')
  await until(() => isUp(first))
  const second = tab('second')
  await until(() => isUp(second))
  expect([first.client.leads.value, asked]).toEqual([true, ['first', 'second']])
  await clock.advance(70_000)
  await until(() => asked.length === 3, { what: 'a new token' })
  await clock.advance(40_000)
  expect(await second.link.call('sync', { since: null })).toMatchObject({ ok: true })
  expect(asked).toEqual(['first', 'second', 'first'])
  for (const one of open.splice(0)) one.client.close()
  await own.close()
})

test('a leader that loses the line tells the others, and one that comes late gets the state', async () => {
  const all = await openTabs('late', 2)
  for (const socket of sockets) (socket as { destroy(): void }).destroy()
  await until(() => all.some((one) => one.client.link.value !== 'online'))
  await until(() => all.every(isUp))
  const late = openTab('late')
  await until(() => isUp(late))
  expect(Math.abs(late.client.clockSkewMs.value)).toBeLessThan(1000)
  expect(late.client.ready.value?.agent.id).toBe('late')
  expect(opened).toBe(2)
})

test('where the browser refuses locks each tab has a socket of its own', async () => {
  const refusing = Object.assign(Object.create(null), {
    request: () => Promise.reject(new DOMException('Not here.', 'SecurityError')),
  }) as LockManager
  const page = createTestPage(storage, { ...tabs, locks: refusing })
  const one = openTestClient(url, { getToken: async () => hilo.agent({ sub: 'framed' }).token }, { page })
  open.push(one)
  await until(() => isUp(one))
  expect([sockets.size, one.client.leads.value]).toEqual([1, true])
})

test('where the browser has no locks each tab has a socket of its own', async () => {
  const all = [1, 2].map(() => openTestClient(url, { getToken: async () => hilo.agent({ sub: 'plain' }).token }))
  open.push(...all)
  await until(() => all.every(isUp))
  expect([sockets.size, all.every((one) => one.client.leads.value)]).toEqual([2, true])
})
