// The widget's requests, and those that it does not make, when its line comes up, when it was away, and when it ends.
import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ana, beto, conversation, message, ready } from '../widget-panel/fixtures/sample.ts'
import { broadcast, changes, type Line, openInbox, openLine, openWhole, synced, upWith } from './scripted-line.ts'
import { createStorage, createTestPage } from './support.ts'

let line: Line
beforeEach(() => {
  vi.useFakeTimers()
  line = openLine()
})
afterEach(() => {
  line.client.close()
  vi.useRealTimers()
  vi.restoreAllMocks()
})

const SOON_MS = 2300
const sofia = conversation({ id: 'sofia', name: 'Sofía', inboundCount: 3, rev: 5 })
const otra = conversation({ id: 'otra', name: 'Otra', inboundCount: 2, rev: 1 })
const up = (answer = synced()) => upWith(line, answer)
const told = (...conversations: ReturnType<typeof broadcast>[]) => line.tell('changes', changes({ conversations }))

/** Another line, of the same browser where it is given its storage. */
function startAnew(storage = createStorage()): void {
  line.client.close()
  line = openLine(createTestPage(storage))
}

describe('what the server could not note as shown', () => {
  test('is told again soon, with all that was missed', async () => {
    await up()
    const thread = await openWhole(line, sofia, [])
    const [told, lists] = [line.calls('viewing').length, line.calls('messages:list').length]
    await line.calls('viewing').at(-1)?.fail('unavailable')
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('viewing')).toHaveLength(told + 1)
    await line.open('sync').ok(synced())
    expect(line.calls('messages:list').length).toBeGreaterThan(lists)
    thread.close()
  })

  test('is not told again where it is no more', async () => {
    await openWhole(line, sofia, [])
    await up()
    const told = line.calls('viewing').length
    await line.calls('viewing').at(-1)?.fail('not_found')
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('viewing')).toHaveLength(told)
  })
})

describe('the first sync', () => {
  test('is full by nature: it forgets nothing, and asks for no list again', async () => {
    await openInbox(line, [otra])
    await up(synced({ full: true, conversations: [sofia] }))
    expect(line.client.conversation('otra').value).toBeDefined()
    expect(line.calls('conversations:list')).toHaveLength(1)
  })

  test('brings the agent’s numbers', async () => {
    const unread = { version: 3, total: 7, conversations: 2, awaitingReply: 1 }
    await up(synced({ unread }))
    expect(line.client.unread.value).toEqual(unread)
  })

  test('comes after the server was told what is shown, and nothing is told where nothing is', async () => {
    void line.up()
    await line.settle()
    expect(line.asked.map((one) => one.event)).toEqual(['sync'])
    startAnew()
    line.client.openThread('sofia')
    const before = line.asked.length
    void line.up()
    await line.settle()
    expect(line.asked.slice(before).map((one) => one.event)).toEqual(['viewing', 'sync'])
  })

  test('takes up what an earlier page of this agent left unsent, and of no other agent or organization', async () => {
    const storage = createStorage()
    startAnew(storage)
    await up()
    line.usable(false)
    void line.client.openThread('sofia').send({ text: 'de antes' })
    const [key = ''] = Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '')
    expect(key).toMatch(new RegExp(`^hilo:https://chat\\.example:default:${ana.id}:unsent:`))
    startAnew(storage)
    await up()
    expect(line.open('message:send').body).toMatchObject({ conversationId: 'sofia', text: 'de antes' })
  })
})

describe('a later sync', () => {
  test('that is not full leaves the list alone, and tells the counts to be asked again', async () => {
    await openInbox(line, [sofia])
    const end = effect(() => void line.client.counts.value)
    await up()
    await vi.advanceTimersByTimeAsync(5000)
    await line.open('conversations:count').ok({ mine: 1 })
    const before = line.calls('conversations:count').length
    await up(synced({ cursor: 'c2' }))
    await vi.advanceTimersByTimeAsync(5000)
    expect(line.calls('conversations:list')).toHaveLength(1)
    expect(line.calls('conversations:count').length).toBe(before + 1)
    end()
  })

  test('that is full asks for no list that nobody looked at', async () => {
    await up()
    await up(synced({ cursor: 'c2', full: true }))
    expect(line.calls('conversations:list')).toEqual([])
  })

  test('asks for a list again that could not be had, and for no other', async () => {
    const { inbox } = line.client
    await line.settle()
    await line.open('conversations:list').fail()
    expect(inbox.state.value).toBe('error')
    await up()
    expect(inbox.state.value).toBe('loading')
    await line.open('conversations:list').ok({ items: [sofia], nextCursor: null })
    await up()
    expect(line.calls('conversations:list')).toHaveLength(2)
  })

  test('says ready by the socket alone where there is one', async () => {
    await up()
    expect(line.asked.filter(({ event }) => event.startsWith('GET'))).toEqual([])
  })

  test('without a socket has the server’s settings, once, and what the socket says later is newer', async () => {
    startAnew()
    line.usable(false)
    const first = line.up()
    await vi.dynamicImportSettled()
    await line.settle()
    line.tell('ready', ready)
    for (const path of ['/api/status', '/api/me/settings']) await line.open(`GET ${path}`).ok({ channels: [], items: [] })
    await line.open('sync').ok(synced())
    await first
    expect(line.client.ready.value).toEqual(ready)
    void line.up()
    await vi.dynamicImportSettled()
    await line.settle()
    expect(line.calls('GET /api/status')).toHaveLength(1)
  })
})

describe('a conversation that nobody saw here', () => {
  test('with one message, that is known, or before anybody looked at the list, needs no sync', async () => {
    await up(synced({ conversations: [sofia] }))
    told(broadcast(otra))
    await openInbox(line, [sofia])
    told({ ...broadcast(sofia), rev: 6 }, broadcast(conversation({ id: 'una', name: 'Una', inboundCount: 1 })))
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('sync')).toHaveLength(1)
  })

  test('with two messages is asked for once for all that come, and again for those after', async () => {
    await openInbox(line)
    await up()
    told(broadcast(otra))
    told(broadcast(sofia))
    await vi.advanceTimersByTimeAsync(SOON_MS)
    await line.open('sync').ok(synced({ cursor: 'c2' }))
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('sync')).toHaveLength(2)
    told(broadcast(conversation({ id: 'más', name: 'Más', inboundCount: 2 })))
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('sync')).toHaveLength(3)
  })

  test('is asked for at another moment by each agent, and not while the line is down', async () => {
    await openInbox(line)
    await up()
    for (const [chance, sooner, later] of [
      [0, 740, 20],
      [1, 2240, 20],
    ] as const) {
      vi.spyOn(Math, 'random').mockReturnValue(chance)
      const before = line.calls('sync').length
      told(broadcast(conversation({ id: `al azar ${chance}`, name: 'Azar', inboundCount: 2 })))
      await vi.advanceTimersByTimeAsync(sooner)
      expect(line.calls('sync').length).toBe(before)
      await vi.advanceTimersByTimeAsync(later)
      await line.open('sync').ok(synced())
    }
    told(broadcast(otra))
    line.usable(false)
    const before = line.calls('sync').length
    await vi.advanceTimersByTimeAsync(SOON_MS)
    expect(line.calls('sync').length).toBe(before)
  })
})

describe('what is told', () => {
  test('of conversations that went takes them from the list and their thread', async () => {
    const inbox = await openInbox(line, [sofia])
    const thread = await openWhole(line, sofia, [])
    line.tell('changes', changes({ removed: ['sofia'] }))
    expect([inbox.items.value, thread.state.value]).toEqual([[], 'gone'])
  })

  test('of numbers, badges, settings and channels shows at once, and nothing of it before the line is ready', async () => {
    line.tell('channels', [])
    line.tell('settings', ready.settings)
    expect(line.client.ready.value).toBeNull()
    line.tell('ready', { ...ready, timezone: 'Nowhere/Land' })
    expect(line.client.ready.value?.foreignTimezone).toBe(true)
    line.tell('settings', { ...ready.settings, presence: 'away' })
    expect(line.client.ready.value).toMatchObject({ settings: { presence: 'away' }, channels: ready.channels })
    line.tell('channels', [])
    expect(line.client.ready.value?.channels).toEqual([])
    const badge = line.client.badge('ev-1')
    line.tell('badges', { 'ev-1': 4 }, {})
    expect(badge.value).toBe(4)
    line.tell('unread', { version: 1, total: 4, conversations: 1, awaitingReply: 0 })
    expect(line.client.unread.value.total).toBe(4)
  })

  test('of colleagues who reply ends with them', () => {
    line.tell('ready', ready)
    line.tell('replying', { conversationId: 'sofia', agents: [beto] })
    line.tell('replying', { conversationId: 'sofia', agents: [ana] })
    expect(line.client.replying.value.size).toBe(0)
  })
})

describe('what an agent does', () => {
  test('to a conversation shows with its answer: found, changed, written to', async () => {
    const found = line.client.find({ coordinationId: 'ev-1' })
    await line.settle()
    await line.open('conversations:list').ok({ items: [otra] })
    await found
    expect(line.client.conversation('otra').value).toMatchObject({ rev: 1 })

    const changed = line.client.update('otra', { tags: ['vip'] })
    expect(line.open('conversation:update').body).toEqual({ conversationId: 'otra', tags: ['vip'] })
    await line.open('conversation:update').ok({ conversation: { ...otra, rev: 2, tags: ['vip'] } })
    await changed
    expect(line.client.conversation('otra').value).toMatchObject({ rev: 2, tags: ['vip'] })

    const thread = await openWhole(line, otra, [])
    const sent = thread.send({ text: 'hola' })
    const said = message('otra', { id: 'said', seq: 1, direction: 'outbound', text: 'hola' })
    await line.open('message:send').ok({ message: said, conversation: { ...otra, rev: 3 } })
    await sent
    expect(thread.messages.value.map(({ id }) => id)).toEqual(['said'])
    expect(line.client.conversation('otra').value).toMatchObject({ rev: 3 })
  })

  test('to a client’s name or number is sent as it is kept', () => {
    void line.client.renameContact('c/1', { name: 'Ana' })
    expect(line.open('PATCH /api/contacts/c%2F1').body).toEqual({ name: 'Ana' })
    void line.client.renameContact('c2', { phone: { channel: 'sms', phone: '+541' } })
    expect(line.open('PATCH /api/contacts/c2').body).toEqual({ addresses: [{ channel: 'sms', phone: '+541' }] })
  })

  test('is not shown in a page that nobody sees', async () => {
    const thread = await openWhole(line, sofia, [])
    expect([line.client.shows('sofia'), line.client.shows('otra')]).toEqual([true, false])
    line.page.setVisible(false)
    expect(line.client.shows('sofia')).toBe(false)
    line.page.setVisible(true)
    const end = thread.watchSight(() => false)
    expect(line.client.shows('sofia')).toBe(false)
    end()
    expect(line.client.shows('sofia')).toBe(true)
    for (const isInSight of [false, true]) thread.watchSight(() => isInSight)
    expect(line.client.shows('sofia'), 'one of two places is in sight').toBe(true)
  })

  test('as he leaves, and signs out, ends what this browser keeps', async () => {
    const storage = createStorage()
    startAnew(storage)
    await up()
    line.client.openThread('sofia').draft.write('a medias')
    expect(storage.length).toBe(1)
    await line.client.forget()
    expect(storage.length).toBe(0)
  })
})

describe('threads of one page', () => {
  test('opened again, the server is told so, and the one opened last is what it shows', async () => {
    const first = await openWhole(line, sofia, [])
    await openWhole(line, otra, [])
    const before = line.calls('viewing').length
    const again = line.client.openThread('sofia')
    expect(again).toBe(first)
    expect(
      line
        .calls('viewing')
        .slice(before)
        .map(({ body }) => body),
    ).toEqual([{ conversationId: 'sofia', replying: false, also: ['otra'] }])
  })

  test('when one closes that was not opened last, that one stays what is shown', async () => {
    const first = await openWhole(line, sofia, [])
    await openWhole(line, otra, [])
    const third = await openWhole(line, conversation({ id: 'tercera', name: 'Tercera' }), [])
    line.client.openThread('otra')
    third.close()
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'otra', replying: false, also: ['sofia'] })
    first.close()
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'otra', replying: false })
    await openWhole(line, sofia, [])
    expect(line.calls('messages:list'), 'opened anew it is loaded anew').toHaveLength(4)
  })

  test('replying in one that was opened before makes it what is shown', async () => {
    const first = await openWhole(line, sofia, [])
    await openWhole(line, otra, [])
    first.setReplying(true)
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'sofia', replying: true, also: ['otra'] })
  })

  test('without a socket nobody is told what is shown', () => {
    startAnew()
    line.usable(false)
    line.client.openThread('sofia')
    expect(line.calls('viewing')).toEqual([])
  })
})

describe('closed', () => {
  test('it takes in nothing more, plans nothing more, tells nothing more, and ends its line', async () => {
    const inbox = await openInbox(line, [sofia])
    const thread = await openWhole(line, sofia, [])
    line.client.openThread('sofia')
    const badge = line.client.badge('ev-1')
    const end = effect(() => void [badge.value, line.client.counts.value])
    await up()
    told(broadcast(otra))
    thread.setReplying(true)
    void line.up()
    await line.settle()
    const sync = line.open('sync')
    void line.up()
    line.client.badge('ev-2')
    const shown = line.calls('viewing').length
    line.client.close()
    expect([vi.getTimerCount(), line.page.listeners()]).toEqual([0, 0])
    expect(
      line
        .calls('viewing')
        .slice(shown)
        .map(({ body }) => body),
    ).toEqual([{ conversationId: 'sofia', replying: false }])
    const before = line.asked.length
    await sync.ok(synced({ unread: { version: 9, total: 9, conversations: 9, awaitingReply: 9 }, conversations: [{ ...sofia, rev: 9 }] }))
    told({ ...broadcast(sofia), rev: 9 })
    line.page.setVisible(true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(line.asked.slice(before).map(({ event }) => event)).toEqual([])
    expect(line.client.unread.value.version).toBe(1)
    expect(inbox.items.value.map(({ id, rev }) => [id, rev]).toSorted()).toEqual([
      ['otra', 1],
      ['sofia', 5],
    ])
    expect([vi.getTimerCount(), line.isClosed()]).toEqual([0, true])
    end()
  })

  test('what was read last is told before, and what waits is not sent any more', async () => {
    const thread = await openWhole(line, sofia, [message('sofia', { id: 'm1', seq: 1 })])
    line.client.openThread('sofia')
    thread.seen(1)
    void thread.send({ text: 'uno' })
    void thread.send({ text: 'dos' })
    line.client.close()
    expect(line.calls('conversation:read').map(({ body }) => body)).toEqual([{ conversationId: 'sofia', seq: 1 }])
    await line.open('message:send').ok({ message: message('sofia', {}), conversation: sofia })
    expect(line.calls('message:send')).toHaveLength(1)
  })
})
