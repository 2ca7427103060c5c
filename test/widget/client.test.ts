// The widget's state against the real server: live, after gaps, with what was not sent yet.
import { effect } from '@preact/signals-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { Thread } from '../../widget/client/client.ts'
import { freePort } from '../support/free-port.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { until } from '../support/until.ts'
import { createStorage, createTestPage, openTestClient, overhear, type TestClient } from './support.ts'

let hilo: TestHilo
const open: TestClient[] = []
let next = 0

beforeAll(async () => {
  hilo = await startHilo()
})
afterAll(() => hilo.close())
afterEach(() => {
  for (const one of open.splice(0)) one.client.close()
})

/** A number that no other test uses. */
const newPhone = () => `+54911500${String(10_000 + next++)}`

function connect(sub = 'agent-1', page = createTestPage()): TestClient {
  const made = openTestClient(hilo.url, { getToken: async () => hilo.agent({ sub, name: `Agent ${sub}` }).token }, { page })
  open.push(made)
  return made
}

async function online(sub?: string, page = createTestPage()): Promise<TestClient> {
  const made = connect(sub, page)
  await until(() => made.client.ready.value !== null && made.client.unread.value.version >= 0, { what: 'ready' })
  return made
}

async function writes(phone: string, text: string): Promise<void> {
  await hilo.simulator.phone(phone).write(text)
}

const texts = (thread: Thread) => thread.messages.value.map((message) => message.text)

async function openThread(one: TestClient, phone: string): Promise<Thread> {
  const conversation = await hilo.conversation(phone)
  const thread = one.client.openThread(conversation.id)
  await until(() => thread.state.value === 'ready', { what: 'the thread' })
  return thread
}

/** The thread as the server has it. */
async function truth(thread: Thread): Promise<Message[]> {
  const all: Message[] = []
  for (;;) {
    const after = all.at(-1)?.seq ?? 0
    const path = `/api/conversations/${thread.conversationId}/messages?after=${after}&limit=100`
    const { items, hasMore } = (await hilo.agent().call<{ items: Message[]; hasMore: boolean }>('GET', path)).body
    all.push(...items)
    if (!hasMore) return all
  }
}

const same = async (thread: Thread) => {
  const there = await truth(thread)
  return JSON.stringify(there) === JSON.stringify(thread.messages.value)
}

describe('live', () => {
  test('a message shows in the list, the thread and the number at once', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const one = await online('live-1')
    const { inbox } = one.client
    await until(() => inbox.state.value === 'ready')
    const thread = await openThread(one, phone)
    const before = one.client.unread.value.total
    await writes(phone, '¿están?')
    await until(() => texts(thread).includes('¿están?'), { what: 'the message' })
    expect(inbox.items.value[0]).toMatchObject({ id: thread.conversationId, lastMessage: { text: '¿están?' }, unread: 2 })
    await until(() => one.client.unread.value.total === before + 1, { what: 'the number' })
    expect(one.heard.map((message) => message.text)).toEqual(['¿están?'])
  })

  test('an answer goes out, and its ticks come back to who sent it', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const one = await online()
    const thread = await openThread(one, phone)
    const answer = await thread.send({ text: 'buenas' })
    expect(answer).toMatchObject({ ok: true, message: { text: 'buenas', direction: 'outbound' } })
    await until(() => thread.messages.value.at(-1)?.status === 'delivered', { what: 'delivered' })
    expect(thread.unsent.value).toEqual([])
    expect(await truth(thread)).toEqual(thread.messages.value)
  })

  test('reading clears the number, told once for many, and only while the page is visible', async () => {
    const phone = newPhone()
    for (const text of ['1', '2', '3']) await writes(phone, text)
    const page = createTestPage()
    const one = await online('reader', page)
    const asked: unknown[] = []
    overhear(one, (event, body) => event === 'conversation:read' && asked.push(body))

    page.setVisible(false)
    const hidden = await openThread(one, phone)
    expect(hidden.openedAtSeq).toBe(0)
    hidden.seen(3)
    hidden.close() // tells at once what there is to tell
    expect(asked).toEqual([])
    page.setVisible(true)
    const thread = await openThread(one, phone)
    expect(asked, 'told from a hidden page').toEqual([])
    expect(thread.openedAtSeq).toBe(0)
    for (const seq of [1, 2, 3]) thread.seen(seq)
    const conversation = one.client.conversation(thread.conversationId)
    await until(() => conversation.value?.readSeq === 3, { what: 'the cursor' })
    expect(conversation.value).toMatchObject({ unread: 0, readCount: 3 })
    expect(asked).toEqual([{ conversationId: thread.conversationId, seq: 3 }])
  })

  test('what was read in a hidden page is told when it shows again', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const page = createTestPage()
    const one = await online('hidden-reader', page)
    const asked: unknown[] = []
    overhear(one, (event, body) => event === 'conversation:read' && asked.push(body))
    const thread = await openThread(one, phone)
    const looking = await online('looking-reader')
    const other = await openThread(looking, phone)
    page.setVisible(false)
    thread.seen(1)
    other.seen(1)
    // Both had the same time to tell it.
    await until(() => looking.client.conversation(other.conversationId).value?.readSeq === 1, { what: 'the other cursor' })
    expect(asked).toEqual([])
    page.setVisible(true)
    await until(() => one.client.conversation(thread.conversationId).value?.readSeq === 1, { what: 'the cursor' })
  })

  test("badges follow the record's unread, with one subscription for all of them", async () => {
    const phone = newPhone()
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/bd-1', { title: 'Boda', contact: { name: 'Ana', phone } })
    const one = await online('badges')
    const asked: unknown[] = []
    overhear(one, (event, body) => event === 'subscribe:coordinations' && asked.push(body))
    const [badge, other] = [one.client.badge('bd-1'), one.client.badge('bd-2')]
    await until(() => asked.length > 0)
    await writes(phone, 'hola')
    await until(() => badge.value === 1, { what: 'the badge' })
    expect(other.value).toBe(0)
    const [awaiting, nobody] = [one.client.awaiting('bd-1'), one.client.awaiting('bd-2')]
    const conversation = await hilo.conversation(phone)
    expect([awaiting.value, nobody.value]).toEqual([conversation.awaitingReplySince, null])
    await hilo.agent({ sub: 'colleague' }).send({ conversationId: conversation.id, text: 'hola' })
    await until(() => badge.value === 0 && awaiting.value === null, { what: 'an answer' })
    // Asked again after a gap, always for all of them at once.
    expect(new Set(asked.map((body) => JSON.stringify(body)))).toEqual(new Set([JSON.stringify({ ids: ['bd-1', 'bd-2'] })]))
  })

  test('a colleague who replies is shown to those who have the list, until he stops', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const [one, other] = [await online('looks-on'), await online('replies')]
    const { conversationId, setReplying } = await openThread(other, phone)
    const names = () => one.client.replying.value.get(conversationId)
    setReplying(true)
    await until(() => names()?.length === 1, { what: 'the colleague' })
    expect(other.client.replying.value.size, 'not oneself').toBe(0)
    setReplying(false)
    await until(() => names() === undefined, { what: 'the end' })
    setReplying(true)
    await until(() => names() !== undefined, { what: 'again' })
    other.client.close()
    await until(() => names() === undefined, { what: 'who left' })
  })

  test('the numbers of the filters are asked while somebody looks at them, and follow what changes', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const one = await online('counted')
    const { counts } = one.client
    await writes(phone, 'sigo acá')
    expect(counts.value).toBeNull()
    const end = effect(() => void counts.value)
    await until(() => counts.value !== null, { what: 'the first numbers' })
    const before = counts.value
    expect(before).toMatchObject({ mine: 0 })
    const { id } = await hilo.conversation(phone)
    await one.client.update(id, { assigneeId: 'counted' })
    await until(() => counts.value?.mine === 1, { what: 'the one that is mine now' })
    expect(counts.value?.unassigned).toBe((before?.unassigned ?? 0) - 1)
    end()
  })

  test("a record's conversation is made once and then found", async () => {
    const phone = newPhone()
    await hilo
      .agent({ role: 'service', sub: 'host' })
      .call('PUT', '/api/coordinations/fc-1', { title: 'Boda', contact: { name: 'Ana', phone } })
    const one = await online()
    const made = await one.client.find({ coordinationId: 'fc-1' })
    expect(made).toMatchObject({ ok: true, conversation: { coordinationId: 'fc-1', channel: 'whatsapp', lastSeq: 0 } })
    const found = await one.client.find({ coordinationId: 'fc-1' })
    expect(made.ok && found.ok && found.conversation.id === made.conversation.id).toBe(true)
    expect(await one.client.find({ coordinationId: 'nobody-has-this' })).toMatchObject({ ok: false, error: { code: 'not_found' } })
  })
})

describe('a page with several parts', () => {
  test('each thread it shows is live by itself, and what one record prefers is its channel', async () => {
    const [first, second] = [newPhone(), newPhone()]
    for (const phone of [first, second]) await writes(phone, 'hola')
    const one = await online('several')
    const threads = [await openThread(one, first), await openThread(one, second)]
    const [other] = [await openThread(one, first)]
    // Ticks come only to who views the conversation.
    for (const thread of threads) {
      await thread.send({ text: `para ${thread.conversationId}` })
      await until(() => thread.messages.value.at(-1)?.status === 'delivered', { what: 'its tick' })
    }
    other?.close()
    threads[1]?.close()
    await threads[0]?.send({ text: 'otra' })
    await until(() => threads[0]?.messages.value.at(-1)?.status === 'delivered', { what: 'its tick, with the others closed' })

    const phone = newPhone()
    const record = { title: 'Boda', contact: { name: 'Ana', phone, channel: 'sms' } }
    await hilo.agent({ role: 'service', sub: 'host' }).call('PUT', '/api/coordinations/ch-1', record)
    const found = await one.client.find({ coordinationId: 'ch-1', phone, name: 'Ana' })
    expect(found).toMatchObject({ ok: true, conversation: { channel: 'sms', coordinationId: 'ch-1', lastSeq: 0 } })
    const asked = await one.client.find({ coordinationId: 'ch-1', phone, channel: 'whatsapp' })
    expect(asked).toMatchObject({ ok: true, conversation: { channel: 'whatsapp' } })
    // A record that nobody told Hilo of yet, with its number.
    const unknown = await one.client.find({ coordinationId: 'ch-unknown', phone: newPhone(), name: 'Eva' })
    expect(unknown).toMatchObject({ ok: true, conversation: { channel: 'whatsapp', coordinationId: 'ch-unknown' } })
  })

  test('badges of rows that come and go are told to the server once for all, and not for rows that went', async () => {
    const one = await online('rows')
    const asked: { ids: string[] }[] = []
    overhear(one, (event, body) => event === 'subscribe:coordinations' && asked.push(body as { ids: string[] }))
    const ends = Array.from({ length: 300 }, (_, index) => {
      const badge = one.client.badge(`row-${index}`)
      return effect(() => void badge.value)
    })
    await until(() => asked.length > 0)
    for (const end of ends.splice(0, 100)) end()
    await until(() => asked.length > 1, { what: 'fewer' })
    for (const end of ends.splice(0)) end()
    await until(() => asked.length > 2, { what: 'none' })
    expect(asked.map(({ ids }) => ids.length)).toEqual([300, 200, 0])
  })
})

describe('after a gap', () => {
  test('it holds exactly what the server holds: new, changed, and from pages scrolled to', async () => {
    const phone = newPhone()
    for (let index = 0; index < 60; index++) await writes(phone, `m${index}`)
    const page = createTestPage()
    const one = await online('gap', page)
    const { inbox } = one.client
    await until(() => inbox.state.value === 'ready')
    const thread = await openThread(one, phone)
    expect(thread.messages.value).toHaveLength(50)
    await thread.loadOlder()
    expect(thread.messages.value).toHaveLength(60)
    expect(thread.hasOlder.value).toBe(false)
    hilo.simulator.phone(phone).set({ phoneOff: true })
    await thread.send({ text: 'ida' })

    page.setOnline(false)
    await until(() => one.client.link.value === 'offline')
    hilo.simulator.phone(phone).set({ phoneOff: false })
    for (let index = 0; index < 130; index++) await writes(phone, `gap${index}`)
    await hilo.agent({ sub: 'other' }).send({ conversationId: thread.conversationId, text: 'vuelta' })
    await hilo.agent().call('PATCH', `/api/conversations/${thread.conversationId}`, { tags: ['vip'] })
    const other = newPhone()
    await writes(other, 'nuevo')

    page.setOnline(true)
    await until(() => same(thread), { what: 'the same view' })
    expect(thread.messages.value).toHaveLength(192)
    const listed = await hilo
      .agent({ sub: 'gap' })
      .call<{ items: { id: string; rev: number; unread: number }[] }>('GET', '/api/conversations?status=open')
    await until(
      () =>
        JSON.stringify(inbox.items.value.map(({ id, rev, unread }) => [id, rev, unread])) ===
        JSON.stringify(listed.body.items.map(({ id, rev, unread }) => [id, rev, unread])),
      { what: 'the same list' },
    )
  }, 60_000)

  test('it follows a server that is restarted', async () => {
    const own = await startHilo({ env: { PORT: String(await freePort()) } })
    try {
      const phone = newPhone()
      await own.simulator.phone(phone).write('antes')
      const one = openTestClient(own.url, { getToken: async () => own.agent().token })
      open.push(one)
      const { id } = await own.conversation(phone)
      const thread = one.client.openThread(id)
      await until(() => thread.state.value === 'ready')
      await own.restart()
      await own.simulator.phone(phone).write('después')
      await until(() => texts(thread).includes('después'), { what: 'the message' })
      expect(thread.messages.value).toEqual(await own.messages(id))
      one.client.close()
    } finally {
      await own.close()
    }
  })
})

describe('what is not sent yet', () => {
  test('waits for the connection and goes out once, in order', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const page = createTestPage()
    const one = await online('queue', page)
    const thread = await openThread(one, phone)
    page.setOnline(false)
    const answers = ['uno', 'dos', 'tres'].map((text) => thread.send({ text }))
    expect(thread.unsent.value.map(({ text, state }) => [text, state])).toEqual([
      ['uno', 'waiting'],
      ['dos', 'waiting'],
      ['tres', 'waiting'],
    ])
    page.setOnline(true)
    expect((await Promise.all(answers)).every((answer) => answer.ok)).toBe(true)
    expect(texts(thread)).toEqual(['hola', 'uno', 'dos', 'tres'])
    expect((await truth(thread)).map((message: Message) => message.text)).toEqual(['hola', 'uno', 'dos', 'tres'])
    expect(thread.unsent.value).toEqual([])
    expect(page.storage.length).toBe(0)
  })

  test('survives a reload, also when the server had it already', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const storage = createStorage()
    const page = createTestPage(storage)
    const one = await online('reload', page)
    const thread = await openThread(one, phone)
    page.setOnline(false)
    void thread.send({ text: 'guardado' })
    void thread.send({ text: 'llegó antes' })
    const [, second] = thread.unsent.value
    one.client.close()
    await hilo
      .agent({ sub: 'reload' })
      .send({ conversationId: thread.conversationId, text: 'llegó antes', clientMessageId: second?.clientMessageId })

    const again = await online('reload', createTestPage(storage))
    const reopened = await openThread(again, phone)
    await until(() => reopened.unsent.value.length === 0 && reopened.messages.value.length === 3, { what: 'both' })
    expect(texts(reopened).toSorted()).toEqual(['guardado', 'hola', 'llegó antes'])
    await until(() => same(reopened), { what: 'the same view' })
    await until(() => storage.length === 0)
  })

  test('asks first when it waited ten minutes', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const page = createTestPage()
    const one = await online('late', page)
    const thread = await openThread(one, phone)
    page.setOnline(false)
    void thread.send({ text: 'viejo' })
    const answer = thread.send({ text: 'descartado' })
    page.skip(11 * 60_000)
    page.setOnline(true)
    await until(() => thread.unsent.value.every((item) => item.state === 'late'), { what: 'the question' })
    expect(await truth(thread)).toHaveLength(1)
    const [old, dropped] = thread.unsent.value
    thread.discard(dropped?.clientMessageId ?? '')
    expect(await answer).toMatchObject({ ok: false })
    thread.resend(old?.clientMessageId ?? '')
    await until(() => texts(thread).includes('viejo'), { what: 'the message' })
    expect(await truth(thread)).toHaveLength(2)
  })

  test('stays with its reason when it is refused, and the next one goes on', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const one = await online('refused')
    const thread = await openThread(one, phone)
    await hilo.agent({ sub: 'faster' }).send({ conversationId: thread.conversationId, text: 'ya contesté' })
    const [held, sent] = await Promise.all([
      thread.send({ text: 'tarde' }, { ifNoAnswerSince: 1 }),
      thread.send({ note: 'para el equipo' }),
    ])
    expect(held).toMatchObject({ ok: false, error: { code: 'conflict' } })
    expect(sent.ok).toBe(true)
    expect(thread.unsent.value).toMatchObject([{ text: 'tarde', state: 'refused', problem: { code: 'conflict' } }])
    thread.resend(thread.unsent.value[0]?.clientMessageId ?? '')
    await until(() => texts(thread).includes('tarde'), { what: 'sent anyway' })
    expect(thread.unsent.value).toEqual([])
  })

  test('a draft survives a reload; another agent neither sees it nor leaves it there', async () => {
    const phone = newPhone()
    await writes(phone, 'hola')
    const storage = createStorage()
    const one = await online('writer', createTestPage(storage))
    const thread = await openThread(one, phone)
    thread.draft.write('a medias')
    one.client.close()
    const reloaded = await online('writer', createTestPage(storage))
    const again = await openThread(reloaded, phone)
    expect(again.draft.read()).toBe('a medias')
    again.draft.write('')
    expect(storage.length).toBe(0)
    again.draft.write('otra vez')
    reloaded.client.close()
    const other = await openThread(await online('another', createTestPage(storage)), phone)
    expect([other.draft.read(), storage.length]).toEqual(['', 0])
  })
})
