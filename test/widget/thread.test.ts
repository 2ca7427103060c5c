// One conversation's messages, when what comes crosses, comes twice, or comes to a thread that is no longer there.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { Thread } from '../../widget/client/client.ts'
import { at, conversation, message } from '../widget-panel/fixtures/sample.ts'
import { changes, type Line, openLine, openWhole, synced, upWith } from './scripted-line.ts'
import { createStorage, createTestPage } from './support.ts'

let line: Line
let storage = createStorage()
beforeEach(() => {
  vi.useFakeTimers()
  storage = createStorage()
  line = openLine(createTestPage(storage))
})
afterEach(() => {
  line.client.close()
  vi.useRealTimers()
})

const sofia = conversation({ id: 'sofia', name: 'Sofía', inboundCount: 3, rev: 5 })
const otra = conversation({ id: 'otra', name: 'Otra', rev: 1 })
const numbered = (seq: number, more: Partial<Message> = {}) => message('sofia', { id: `m${seq}`, seq, text: `n.º ${seq}`, ...more })
const up = (cursor: string, more = {}) => upWith(line, synced({ cursor, ...more }))
const told = (...messages: Message[]) => line.tell('changes', changes({ messages }))
const ids = (thread: Thread) => thread.messages.value.map(({ id }) => id)
const listed = (items: Message[] = [], hasMore = false) => line.open('messages:list').ok({ items, hasMore })
const lists = () => line.calls('messages:list').map(({ body }) => body as { after?: number; changedSince?: string })

describe('of two messages on one seq the one that changed last stands there', () => {
  test.each([
    ['it came new', [numbered(3, { id: 'new' })], ['m1', 'm2', 'new']],
    ['it was there before, on another', [numbered(1, { rev: 2, seq: 3 })], ['m2', 'm1']],
  ])('where %s', async (_, changed, left) => {
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    told(...changed)
    expect(ids(thread)).toEqual(left)
  })

  test('and a line of moved messages takes none that came back to another place', async () => {
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2)])
    told(numbered(2, { rev: 3, seq: 4 }), numbered(3))
    const moved = { to: 'ev-2', from: null, undoId: null, messages: [{ id: 'm2', seq: 2 }] }
    told(message('sofia', { id: 'line', seq: 2, type: 'moved', direction: 'internal', moved }))
    expect(ids(thread)).toEqual(['m1', 'line', 'm3', 'm2'])
  })
})

describe('a gap', () => {
  test('of exactly one is filled', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [numbered(1)])
    told(numbered(3))
    await line.settle()
    await listed([numbered(2), numbered(3)])
    expect(ids(thread)).toEqual(['m1', 'm2', 'm3'])
  })

  test('is none where a message only moved to another thread', async () => {
    await openWhole(line, sofia, [numbered(1)])
    const before = line.asked.length
    told(numbered(1, { rev: 2, conversationId: 'otra', seq: 9 }))
    await line.settle()
    expect(line.asked.length).toBe(before)
  })

  test('whose filling was overtaken by a sync is asked for from before that sync', async () => {
    await up('c1', { conversations: [sofia] })
    await openWhole(line, sofia, [numbered(1)])
    await up('c2')
    await up('c3')
    await listed() // newer, of the first
    const [, second] = line.calls('messages:list').filter(({ body }) => 'after' in (body as object))
    await second?.fail()
    await listed() // changed, of the first
    await up('c4')
    await listed()
    expect(lists().at(-1)).toMatchObject({ changedSince: 'c2' })
  })

  test('in which the thread was first loaded is asked for from before it', async () => {
    await up('c1', { conversations: [sofia] })
    line.client.openThread('sofia')
    await line.settle()
    await up('c2')
    await listed([numbered(1)])
    await up('c3')
    await listed()
    expect(lists().at(-1)).toMatchObject({ changedSince: 'c1' })
  })

  test('brings what was planned in it', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [numbered(1)])
    await up('c2')
    await listed()
    await listed()
    await line.open('GET /api/messages').ok({ items: [message('sofia', { id: 'plan', seq: null, status: 'scheduled', dueAt: at(-60) })] })
    expect(ids(thread)).toEqual(['m1', 'plan'])
  })

  test('after which a thread that was empty, and could not be had again, is loaded anew', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [])
    void thread.reload()
    await line.open('messages:list').fail()
    expect(thread.state.value).toBe('error')
    await up('c2')
    await line.open('GET /api/conversations/sofia').ok(sofia)
    await listed([numbered(1)])
    expect([thread.state.value, ids(thread)]).toEqual(['ready', ['m1']])
    expect(line.client.conversation('sofia').value, 'of the answer, the conversation alone').not.toHaveProperty('ok')
  })

  test('after which a thread is still not there makes the next sync come soon', async () => {
    line.client.openThread('sofia')
    await line.settle()
    await line.open('GET /api/conversations/sofia').fail()
    await up('c1')
    await line.open('GET /api/conversations/sofia').fail()
    await vi.advanceTimersByTimeAsync(2300)
    expect(line.calls('sync')).toHaveLength(2)
  })
})

describe('what was read', () => {
  const read = () => line.calls('conversation:read').map(({ body }) => (body as { seq: number }).seq)

  test('is told once, also where the server counts less of it', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    thread.seen(3)
    await vi.advanceTimersByTimeAsync(600)
    await line.open('conversation:read').ok({ unread: 1, readCount: 2, readSeq: 2 })
    line.page.setVisible(true)
    await vi.advanceTimersByTimeAsync(600)
    expect(read()).toEqual([3])
  })

  test('is the newest that was seen, though older ones are seen again', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    for (const seq of [3, 1]) thread.seen(seq)
    await vi.advanceTimersByTimeAsync(600)
    expect(read()).toEqual([3])
  })

  test('is told at most twice a second, each time the newest', async () => {
    await up('c1', { conversations: [sofia] })
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    for (let seq = 1; seq <= 10; seq++) {
      thread.seen(seq)
      await vi.advanceTimersByTimeAsync(100)
    }
    expect(read()).toEqual([5, 10])
  })

  test('when it was opened stays known, whatever is read or loaded later', async () => {
    const thread = await openWhole(line, { ...sofia, readSeq: 1, readCount: 1 }, [numbered(1), numbered(2)])
    expect(thread.openedAtSeq).toBe(1)
    line.tell('cursor', { conversationId: 'sofia', readCount: 2, readSeq: 2 })
    const again = await openWhole(line, otra, [])
    expect(again.openedAtSeq, 'nothing').toBe(0)
    line.tell('cursor', { conversationId: 'otra', readCount: 1, readSeq: 1 })
    await up('c1')
    for (const id of ['sofia', 'otra']) await line.open(`GET /api/conversations/${id}`).ok(id === 'sofia' ? sofia : otra)
    expect([thread.openedAtSeq, again.openedAtSeq]).toEqual([1, 0])
    thread.close()
    expect(line.client.openThread('sofia').openedAtSeq, 'known before it is loaded').toBe(2)
  })
})

describe('loading', () => {
  test('is said while nothing is shown, not while something is; two ask once', async () => {
    const thread = line.client.openThread('sofia')
    await line.settle()
    await line.open('GET /api/conversations/sofia').fail()
    void thread.reload()
    expect(thread.state.value).toBe('loading')
    await line.settle()
    await line.open('GET /api/conversations/sofia').ok(sofia)
    await listed([numbered(5)], true)
    expect([thread.state.value, thread.hasOlder.value]).toEqual(['ready', true])
    void thread.reload()
    void thread.reload()
    expect(thread.state.value).toBe('ready')
    await line.settle()
    expect(lists()).toHaveLength(2)
    await listed([numbered(5)], false)
    expect(thread.hasOlder.value).toBe(false)
    void thread.reload()
    expect(lists()).toHaveLength(3)
  })

  test('older ones joins them, and says whether there are more', async () => {
    const thread = await openWhole(line, sofia, [numbered(3)], true)
    void thread.loadOlder()
    await listed([numbered(2)], true)
    expect([ids(thread), thread.hasOlder.value]).toEqual([['m2', 'm3'], true])
    void thread.loadOlder()
    expect(lists().at(-1)).toMatchObject({ before: 2 })
    await listed([numbered(1)], false)
    expect([ids(thread), thread.hasOlder.value]).toEqual([['m1', 'm2', 'm3'], false])
  })

  test('that ends after the thread was closed changes nothing and asks nothing more', async () => {
    const first = line.client.openThread('sofia')
    await line.settle()
    first.close()
    await line.open('GET /api/conversations/sofia').ok(sofia)
    expect(lists()).toEqual([])

    const second = line.client.openThread('otra')
    await line.settle()
    await line.open('GET /api/conversations/otra').ok(otra)
    second.close()
    await listed([message('otra', {})], true)
    expect([ids(second), second.state.value]).toEqual([[], 'loading'])

    const third = await openWhole(line, sofia, [numbered(3)], true)
    void third.reload()
    await listed([numbered(3)], true)
    void third.loadOlder()
    await line.settle()
    third.close()
    await line.open('GET /api/messages').ok({ items: [message('sofia', { id: 'plan', seq: null, status: 'scheduled' })] })
    await listed([numbered(2)])
    expect([ids(third), third.hasOlder.value]).toEqual([['m3'], true])
  })
})

describe('what one writes', () => {
  test('goes as what it is: a text, a note, a template, an answer to a message, at a time', async () => {
    const thread = await openWhole(line, sofia, [])
    const template = { name: 'hola', variables: { nombre: 'Ana' } }
    void thread.send({ text: 'hola' }, { replyToId: 'm1', sendAt: at(-60), ifNoAnswerSince: 3 })
    void thread.send({ note: 'para el equipo' })
    void thread.send({ template })
    const expected = [{ text: 'hola', replyToId: 'm1', sendAt: at(-60), ifNoAnswerSince: 3 }, { note: 'para el equipo' }, { template }]
    for (const content of expected) {
      const { body, ok } = line.open('message:send')
      expect(body).toEqual({ conversationId: 'sofia', clientMessageId: expect.any(String), ...content })
      await ok({ message: numbered(1), conversation: sofia })
    }
  })

  test('and waits is settled, and forgotten by the browser, when it comes among the messages', async () => {
    await up('c1')
    const thread = await openWhole(line, sofia, [])
    line.usable(false)
    const answer = thread.send({ text: 'hola' })
    const [{ clientMessageId = '' } = {}] = thread.unsent.value
    expect(storage.length).toBe(1)
    const arrived = numbered(1, { direction: 'outbound', clientMessageId })
    told(arrived)
    expect(await answer).toEqual({ ok: true, message: arrived })
    expect(storage.length).toBe(0)
  })

  test('shows in its own thread alone', async () => {
    const thread = await openWhole(line, sofia, [])
    const other = await openWhole(line, otra, [])
    void thread.send({ text: 'hola' })
    expect([thread.unsent.value.length, other.unsent.value.length]).toEqual([1, 0])
  })

  test('says no more that one replies, once it is closed', async () => {
    const thread = await openWhole(line, sofia, [])
    await openWhole(line, otra, [])
    const replies = () => line.calls('viewing').map(({ body }) => (body as { replying: boolean }).replying)
    thread.setReplying(true)
    expect(replies().at(-1)).toBe(true)
    const before = replies().length
    thread.close()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(replies().slice(before)).toEqual([false, false])
  })

  test('again after a stop says at once that one replies', async () => {
    const thread = await openWhole(line, sofia, [])
    const replies = () => line.calls('viewing').map(({ body }) => (body as { replying: boolean }).replying)
    const before = replies().length
    for (let turn = 0; turn < 2; turn++) {
      thread.setReplying(true)
      await vi.advanceTimersByTimeAsync(100)
      thread.setReplying(false)
    }
    expect(replies().slice(before)).toEqual([true, false, true, false])
    await vi.advanceTimersByTimeAsync(10_000)
    expect(replies().slice(before)).toHaveLength(4)
  })
})
