// The widget's state when events come twice, late, in another order, or while it asks.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import type { Thread } from '../../widget/client/client.ts'
import { ana, at, beto, conversation, message, ready } from '../widget-panel/fixtures/sample.ts'
import { broadcast, changes, type Line, openLine, openWhole, synced, upWith } from './scripted-line.ts'
import { createStorage, createTestPage } from './support.ts'

let line: Line
beforeEach(() => {
  vi.useFakeTimers()
  line = openLine()
})
afterEach(() => {
  line.client.close()
  vi.useRealTimers()
})

const sofia = conversation({ id: 'sofia', name: 'Sofía', inboundCount: 3, answeredCount: 0, readCount: 0, readSeq: 0, rev: 5 })
const numbered = (seq: number, more: Partial<Message> = {}) => message('sofia', { id: `m${seq}`, seq, text: `n.º ${seq}`, ...more })
const unread = (version: number, total: number) => ({ version, total, conversations: total, awaitingReply: total })
const seqs = (thread: Thread) => thread.messages.value.map((one) => one.seq)

const up = (answer = synced()) => upWith(line, answer)

describe('what is older', () => {
  test('an older unread version never overwrites a newer one, told or answered', async () => {
    await up(synced({ unread: unread(5, 2) }))
    line.tell('unread', unread(7, 4))
    line.tell('unread', unread(6, 1))
    expect(line.client.unread.value).toEqual(unread(7, 4))
    await up(synced({ unread: unread(6, 9) }))
    expect(line.client.unread.value).toEqual(unread(7, 4))
    line.tell('unread', unread(8, 0))
    expect(line.client.unread.value).toEqual(unread(8, 0))
  })

  test('an older rev of a message never overwrites a newer one, told or answered', async () => {
    const thread = await openWhole(line, sofia, [numbered(1)])
    line.tell('changes', changes({ messages: [numbered(1, { rev: 3, status: 'read' })] }))
    line.tell('changes', changes({ messages: [numbered(1, { rev: 2, status: 'delivered' })] }))
    expect(thread.messages.value).toMatchObject([{ rev: 3, status: 'read' }])
    void thread.reload()
    await line.open('messages:list').ok({ items: [numbered(1, { rev: 2, status: 'sent' })], hasMore: false })
    expect(thread.messages.value).toMatchObject([{ rev: 3, status: 'read' }])
  })

  test('an older rev of a conversation never overwrites a newer one, told or answered', async () => {
    await up(synced({ conversations: [{ ...sofia, rev: 6, tags: ['vip'] }] }))
    line.tell('changes', changes({ conversations: [{ ...broadcast(sofia), rev: 5, tags: [] }] }))
    expect(line.client.conversation('sofia').value).toMatchObject({ rev: 6, tags: ['vip'] })
    await up(synced({ conversations: [{ ...sofia, rev: 5, tags: [] }] }))
    expect(line.client.conversation('sofia').value).toMatchObject({ rev: 6, tags: ['vip'] })
  })

  test('what this agent read never falls: not by an older cursor, not by a conversation that says less', async () => {
    await up(synced({ conversations: [{ ...sofia, readCount: 2, readSeq: 2, unread: 1 }] }))
    line.tell('cursor', { conversationId: 'sofia', readCount: 3, readSeq: 3 })
    line.tell('cursor', { conversationId: 'sofia', readCount: 1, readSeq: 1 })
    expect(line.client.conversation('sofia').value).toMatchObject({ readSeq: 3, unread: 0 })
  })
})

describe('a sync', () => {
  test('does not lose what is told while it runs, and applies it after the answer', async () => {
    const thread = await openWhole(line, sofia, [numbered(1)])
    void line.up()
    await line.settle()
    line.tell('changes', changes({ conversations: [{ ...broadcast(sofia), rev: 8, tags: ['told'] }], messages: [numbered(2)] }))
    await line.open('sync').ok(synced({ conversations: [{ ...sofia, rev: 7, tags: ['answered'] }] }))
    expect(line.client.conversation('sofia').value).toMatchObject({ rev: 8, tags: ['told'] })
    expect(seqs(thread)).toEqual([1, 2])
    expect(line.heard.map((one) => one.seq)).toEqual([2])
  })

  test('that starts afresh keeps what was told while it ran', async () => {
    await up()
    void line.up()
    await line.settle()
    line.tell('changes', changes({ conversations: [broadcast(sofia)] }))
    await line.open('sync').ok(synced({ cursor: 'c2', full: true }))
    expect(line.client.conversation('sofia').value).toMatchObject({ id: 'sofia' })
  })

  test('that fails loses nothing of it either', async () => {
    void line.up()
    await line.settle()
    line.tell('changes', changes({ conversations: [broadcast(sofia)], messages: [numbered(2)] }))
    await line.open('sync').fail()
    expect(line.client.conversation('sofia').value).toMatchObject({ id: 'sofia' })
    expect(line.heard).toHaveLength(1)
  })

  test('that is asked for while one runs is made afterwards, once, from where that one ended', async () => {
    const first = line.up()
    await line.settle()
    void line.up()
    void line.up()
    await line.settle()
    expect(line.calls('sync').map((one) => one.body)).toEqual([{ since: null }])
    await line.open('sync').ok(synced({ cursor: 'c1' }))
    expect(await first).toBe(true)
    expect(line.calls('sync').map((one) => one.body)).toEqual([{ since: null }, { since: 'c1' }])
    await line.open('sync').ok(synced({ cursor: 'c2' }))
    expect(line.calls('sync')).toHaveLength(2)
  })

  test('that fails keeps the cursor, so that the next one asks for the same again', async () => {
    await up(synced({ cursor: 'c1' }))
    void line.up()
    await line.settle()
    await line.open('sync').fail()
    void line.up()
    await line.settle()
    expect(line.calls('sync').map((one) => one.body)).toEqual([{ since: null }, { since: 'c1' }, { since: 'c1' }])
  })

  test('takes away what left, from the list and from the open thread', async () => {
    void line.client.inbox
    await line.settle()
    await line.open('conversations:list').ok({ items: [sofia], nextCursor: null })
    const thread = await openWhole(line, sofia, [numbered(1)])
    await up(synced({ removed: ['sofia'] }))
    expect(thread.state.value).toBe('gone')
    expect(line.client.inbox.items.value).toEqual([])
    expect(line.client.conversation('sofia').value).toBeUndefined()
  })

  test('afresh forgets all but open threads, which load anew, and the list is asked again', async () => {
    const other = conversation({ id: 'otra', name: 'Otra', rev: 1 })
    void line.client.inbox
    await line.settle()
    await line.open('conversations:list').ok({ items: [sofia, other], nextCursor: null })
    await up()
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2)])
    await up(synced({ cursor: 'c2', full: true }))
    expect(line.client.conversation('otra').value).toBeUndefined()
    expect(line.client.conversation('sofia').value).toBeDefined()
    await line.open('conversations:list').ok({ items: [sofia], nextCursor: null })
    expect(line.client.inbox.items.value.map((one) => one.id)).toEqual(['sofia'])
    await line.open('GET /api/conversations/sofia').ok(sofia)
    await line.open('messages:list').ok({ items: [numbered(2), numbered(3)], hasMore: true })
    expect(seqs(thread)).toEqual([2, 3])
    expect(thread.hasOlder.value).toBe(true)
  })

  test('afterwards asks for badges and numbers again, and sends what waited; a failed one does not', async () => {
    line.usable(false)
    const thread = line.client.openThread('sofia')
    void thread.send({ text: 'hola' })
    line.client.badge('ev-1')
    line.usable(true)
    const failed = line.up()
    await line.settle()
    await line.open('sync').fail()
    expect(await failed).toBe(false)
    expect(line.calls('message:send')).toEqual([])
    await up()
    expect(line.calls('message:send')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(60)
    expect(line.calls('subscribe:coordinations')).toHaveLength(1)
    await line.open('subscribe:coordinations').ok({ badges: { 'ev-1': 2 }, waiting: {} })
    expect(line.client.badge('ev-1').value).toBe(2)
    await up()
    await vi.advanceTimersByTimeAsync(60)
    expect(line.calls('subscribe:coordinations')).toHaveLength(2)
  })
})

describe('a thread', () => {
  test('fills a gap in seq, and asks for nothing where there is none', async () => {
    await up(synced({ conversations: [sofia] }))
    const thread = await openWhole(line, sofia, [numbered(1)])
    line.tell('changes', changes({ messages: [numbered(2)] }))
    await line.settle()
    expect(line.calls('messages:list')).toHaveLength(1)
    line.tell('changes', changes({ messages: [numbered(5)] }))
    await line.settle()
    expect(seqs(thread)).toEqual([1, 2, 5])
    const asked = line.open('messages:list')
    expect(asked.body).toMatchObject({ conversationId: 'sofia' })
    await asked.ok({ items: [numbered(3), numbered(4), numbered(5)], hasMore: false })
    await line.open('messages:list').ok({ items: [], hasMore: false })
    expect(seqs(thread)).toEqual([1, 2, 3, 4, 5])
  })

  test('after a gap asks for what is newer, page by page, and for what changed since it was last whole', async () => {
    await up(synced({ cursor: 'c1', conversations: [sofia] }))
    const thread = await openWhole(line, sofia, [numbered(10), numbered(11)])
    await up(synced({ cursor: 'c2' }))
    expect(line.open('messages:list').body).toMatchObject({ after: 11 })
    await line.open('messages:list').ok({ items: [numbered(12)], hasMore: true })
    expect(line.open('messages:list').body).toMatchObject({ after: 12 })
    await line.open('messages:list').ok({ items: [numbered(13)], hasMore: false })
    const changed = line.open('messages:list')
    expect(changed.body).toMatchObject({ changedSince: 'c1' })
    expect(changed.body).not.toHaveProperty('after')
    await changed.ok({ items: [numbered(2, { rev: 2 }), numbered(10, { rev: 2, status: 'read' })], hasMore: false })
    // A change on a page that is not loaded comes with that page.
    expect(thread.messages.value.map(({ seq, rev }) => [seq, rev])).toEqual([
      [10, 2],
      [11, 1],
      [12, 1],
      [13, 1],
    ])
    await up(synced({ cursor: 'c3' }))
    await line.open('messages:list').ok({ items: [], hasMore: false })
    expect(line.open('messages:list').body).toMatchObject({ changedSince: 'c2' })
  })

  test('that could not be made whole asks from the same place again', async () => {
    await up(synced({ cursor: 'c1', conversations: [sofia] }))
    await openWhole(line, sofia, [numbered(1)])
    await up(synced({ cursor: 'c2' }))
    await line.open('messages:list').ok({ items: [], hasMore: false })
    await line.open('messages:list').fail()
    await vi.advanceTimersByTimeAsync(3000)
    await line.open('sync').ok(synced({ cursor: 'c3' }))
    await line.open('messages:list').ok({ items: [], hasMore: false })
    expect(line.open('messages:list').body).toMatchObject({ changedSince: 'c1' })
  })

  test('that is no longer there is gone, and nothing brings it back', async () => {
    const thread = await openWhole(line, sofia, [numbered(1)])
    void thread.reload()
    await line.open('messages:list').fail('not_found')
    expect(thread.state.value).toBe('gone')
    line.tell('changes', changes({ messages: [numbered(2)] }))
    expect(seqs(thread)).toEqual([1])
  })

  test('that fails while nothing is shown says so, and one that shows something goes on showing it', async () => {
    const thread = line.client.openThread('sofia')
    await line.settle()
    await line.open('GET /api/conversations/sofia').fail()
    expect(thread.state.value).toBe('error')
    void thread.reload()
    await line.settle()
    await line.open('GET /api/conversations/sofia').ok(sofia)
    await line.open('messages:list').ok({ items: [numbered(1)], hasMore: false })
    void thread.reload()
    await line.open('messages:list').fail()
    expect(thread.state.value).toBe('ready')
  })

  test('takes in no message below the oldest that is loaded: it comes with its page', async () => {
    const thread = await openWhole(line, sofia, [numbered(10)], true)
    line.tell('changes', changes({ messages: [numbered(3, { rev: 4 })] }))
    expect(seqs(thread)).toEqual([10])
    const loading = Promise.all([thread.loadOlder(), thread.loadOlder()])
    await line.settle()
    expect(line.open('messages:list').body).toMatchObject({ before: 10 })
    await line.open('messages:list').ok({ items: [numbered(8), numbered(9)], hasMore: false })
    await loading
    expect(line.calls('messages:list')).toHaveLength(2)
    expect(seqs(thread)).toEqual([8, 9, 10])
    expect(thread.hasOlder.value).toBe(false)
    await thread.loadOlder()
    expect(line.calls('messages:list')).toHaveLength(2)
  })

  test('puts what is planned last, by when it is due, and drops what was called off', async () => {
    const planned = (id: string, dueAt: string) => message('sofia', { id, seq: null, status: 'scheduled', dueAt, text: id })
    const thread = await openWhole(line, sofia, [numbered(1)])
    line.tell('changes', changes({ messages: [planned('late', at(-120)), planned('soon', at(-60)), numbered(2)] }))
    expect(thread.messages.value.map((one) => one.id)).toEqual(['m1', 'm2', 'soon', 'late'])
    line.tell('changes', changes({ messages: [{ ...planned('soon', at(-60)), status: 'canceled', rev: 2 }] }))
    expect(thread.messages.value.map((one) => one.id)).toEqual(['m1', 'm2', 'late'])
    line.tell('changes', changes({ messages: [{ ...planned('late', at(-120)), status: 'queued', seq: 3, rev: 2 }] }))
    expect(seqs(thread)).toEqual([1, 2, 3])
  })

  test('lets messages go that moved to another thread, and puts the line in their place', async () => {
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    line.tell('changes', changes({ messages: [numbered(3, { rev: 2, conversationId: 'otra', seq: 9 })] }))
    expect(seqs(thread)).toEqual([1, 2])
    const moved = { to: 'ev-2', from: null, undoId: null, messages: [{ id: 'm2', seq: 2 }] }
    line.tell('changes', changes({ messages: [message('sofia', { id: 'line', seq: 4, type: 'moved', direction: 'internal', moved })] }))
    await line.settle()
    expect(thread.messages.value.map((one) => one.id)).toEqual(['m1', 'line'])
  })

  test('tells what was read only from a visible page, once for many, never less than is known', async () => {
    await up(synced({ conversations: [sofia] }))
    const thread = await openWhole(line, sofia, [numbered(1), numbered(2), numbered(3)])
    line.page.setVisible(false)
    thread.seen(2)
    await vi.advanceTimersByTimeAsync(2000)
    expect(line.calls('conversation:read'), 'hidden').toEqual([])
    line.page.setVisible(true)
    await vi.advanceTimersByTimeAsync(10)
    expect(line.calls('conversation:read').map((one) => one.body)).toEqual([{ conversationId: 'sofia', seq: 2 }])
    await line.open('conversation:read').ok({ unread: 1, readCount: 2, readSeq: 2 })
    expect(line.client.conversation('sofia').value).toMatchObject({ readSeq: 2, unread: 1 })
    thread.seen(1)
    thread.seen(2)
    await vi.advanceTimersByTimeAsync(2000)
    expect(line.calls('conversation:read')).toHaveLength(1)
    line.tell('cursor', { conversationId: 'sofia', readCount: 3, readSeq: 3 })
    thread.seen(3)
    await vi.advanceTimersByTimeAsync(2000)
    expect(line.calls('conversation:read'), 'read elsewhere').toHaveLength(1)
  })

  test('closed while hidden tells nothing as read; closed while visible tells at once', async () => {
    const hidden = await openWhole(line, sofia, [numbered(1)])
    hidden.seen(1)
    line.page.setVisible(false)
    hidden.close()
    await vi.advanceTimersByTimeAsync(2000)
    expect(line.calls('conversation:read')).toEqual([])
    line.page.setVisible(true)
    const visible = await openWhole(line, sofia, [numbered(1)])
    visible.seen(1)
    visible.close()
    await line.settle()
    expect(line.calls('conversation:read')).toHaveLength(1)
  })

  test('what was read and could not be told is told when the line is back', async () => {
    await up(synced({ conversations: [sofia] }))
    const thread = await openWhole(line, sofia, [numbered(1)])
    thread.seen(1)
    await vi.advanceTimersByTimeAsync(600)
    await line.open('conversation:read').fail()
    await up(synced({ cursor: 'c2' }))
    await line.open('messages:list').ok({ items: [], hasMore: false })
    await line.open('messages:list').ok({ items: [], hasMore: false })
    await vi.advanceTimersByTimeAsync(10)
    expect(line.calls('conversation:read')).toHaveLength(2)
  })

  test('held by two parts of the page ends with the last of them', async () => {
    const thread = await openWhole(line, sofia, [numbered(1)])
    expect(line.client.openThread('sofia')).toBe(thread)
    thread.close()
    expect(line.client.shows('sofia')).toBe(true)
    thread.close()
    expect(line.client.shows('sofia')).toBe(false)
    expect(line.calls('viewing').at(-1)?.body).toMatchObject({ conversationId: null })
  })

  test('says what it shows: the one opened last, with the others, and that one again when it closes', async () => {
    const other = conversation({ id: 'otra', name: 'Otra', rev: 1 })
    await openWhole(line, sofia, [])
    const last = await openWhole(line, other, [])
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'otra', replying: false, also: ['sofia'] })
    last.setReplying(true)
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'otra', replying: true, also: ['sofia'] })
    last.close()
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'sofia', replying: false })
    await up()
    expect(line.calls('viewing').at(-1)?.body).toEqual({ conversationId: 'sofia', replying: false })
  })

  test('replying is told again while one types, and ends by itself, by sending, by closing', async () => {
    const thread = await openWhole(line, sofia, [])
    const told = () => line.calls('viewing').map((one) => (one.body as { replying: boolean }).replying)
    const before = told().length
    for (let n = 0; n < 4; n++) {
      thread.setReplying(true)
      await vi.advanceTimersByTimeAsync(1000)
    }
    expect(told().slice(before)).toEqual([true, true])
    await vi.advanceTimersByTimeAsync(4000)
    expect(told().slice(before)).toEqual([true, true, false])
    thread.setReplying(true)
    void thread.send({ text: 'hola' })
    expect(told().slice(before + 3)).toEqual([true, false])
    thread.setReplying(true)
    thread.setReplying(false)
    thread.setReplying(false)
    expect(told().slice(before + 5)).toEqual([true, false])
  })

  test('of an answer that the server has shows the message, not what waits, and of one that moved by a retry the new one', async () => {
    const thread = await openWhole(line, sofia, [])
    void thread.send({ text: 'hola' })
    await line.settle()
    const [waiting] = thread.unsent.value
    line.tell('changes', changes({ messages: [numbered(1, { direction: 'outbound', clientMessageId: waiting?.clientMessageId ?? '' })] }))
    expect(thread.unsent.value).toEqual([])
    const retried = thread.retry('m1')
    await line.open('POST /api/messages/m1/retry').ok({ message: numbered(2, { retryOf: 'm1' }) })
    await retried
    expect(seqs(thread)).toEqual([1, 2])
    const canceled = thread.cancel('m2')
    await line.open('POST /api/messages/m2/cancel').ok({ message: numbered(2, { rev: 2, status: 'canceled' }) })
    await canceled
    expect(thread.messages.value.at(-1)).toMatchObject({ rev: 2, status: 'canceled' })
  })
})

describe('the host', () => {
  test('hears of a client’s message once, whatever else becomes of it, and of nobody else’s', async () => {
    await up()
    line.tell('changes', changes({ messages: [numbered(1)] }))
    line.tell('changes', changes({ messages: [numbered(1, { rev: 2, status: 'read' })] }))
    line.tell(
      'changes',
      changes({ messages: [numbered(2, { direction: 'outbound' }), numbered(3, { direction: 'internal', type: 'note' })] }),
    )
    expect(line.heard.map((one) => one.seq)).toEqual([1])
    // Two hundred are remembered, the oldest forgotten first.
    for (let seq = 10; seq < 209; seq++) line.tell('changes', changes({ messages: [numbered(seq)] }))
    line.tell('changes', changes({ messages: [numbered(1, { rev: 3 })] }))
    expect(line.heard).toHaveLength(200)
  })
})

describe('who else is there', () => {
  test('is shown without oneself, and nobody once the line is down', async () => {
    const thread = await openWhole(line, sofia, [])
    line.tell('ready', ready)
    line.tell('presence', {
      conversationId: 'sofia',
      agents: [
        { ...ana, replying: false },
        { ...beto, replying: true },
      ],
    })
    line.tell('presence', { conversationId: 'otra', agents: [] })
    line.tell('replying', { conversationId: 'sofia', agents: [ana, beto] })
    line.tell('replying', { conversationId: 'otra', agents: [ana] })
    expect(thread.presence.value).toEqual([{ ...beto, replying: true }])
    expect([...line.client.replying.value]).toEqual([['sofia', [beto.name]]])
    line.down()
    expect(thread.presence.value).toEqual([])
    expect(line.client.replying.value.size).toBe(0)
  })
})

describe('settings and the server’s clock', () => {
  test('a setting shows at once, is the server’s when it answers, and is as before when it refuses', async () => {
    line.tell('ready', ready)
    const settings = () => line.client.ready.value?.settings
    const refused = line.client.changeSettings({ sound: false })
    expect(settings()).toMatchObject({ sound: false, notifications: true })
    await line.open('PATCH /api/me/settings').fail()
    expect(await refused).toMatchObject({ ok: false })
    expect(settings()).toEqual(ready.settings)
    const taken = line.client.changeSettings({ sound: false })
    await line.open('PATCH /api/me/settings').ok({ ...ready.settings, sound: false, presence: 'away' })
    await taken
    expect(settings()).toEqual({ ...ready.settings, sound: false, presence: 'away' })
    line.tell('channels', [])
    expect(line.client.ready.value).toMatchObject({ channels: [], settings: { presence: 'away' } })
  })

  test('the clock is compared when the server says its time', () => {
    line.tell('ready', { ...ready, serverTime: new Date(line.page.now() - 5000).toISOString() })
    expect(line.client.clockSkewMs.value).toBe(5000)
  })
})

describe('a thread that nobody has seen', () => {
  test('is synced soon when more came than one, since only the server knows what of it was read', async () => {
    void line.client.inbox
    await line.settle()
    await line.open('conversations:list').ok({ items: [], nextCursor: null })
    await up()
    line.tell('changes', changes({ conversations: [{ ...broadcast(sofia), inboundCount: 1 }] }))
    line.tell('changes', changes({ conversations: [{ ...broadcast(conversation({ id: 'otra', name: 'Otra' })), inboundCount: 4 }] }))
    line.tell('changes', changes({ conversations: [{ ...broadcast(conversation({ id: 'más', name: 'Más' })), inboundCount: 4 }] }))
    expect(line.calls('sync')).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2300)
    expect(line.calls('sync')).toHaveLength(2)
  })
})

describe('a draft', () => {
  test('that is emptied leaves nothing in the browser', async () => {
    const storage = createStorage()
    line.client.close()
    line = openLine(createTestPage(storage))
    await up()
    const thread = await openWhole(line, sofia, [])
    thread.draft.write('Ho')
    expect([storage.length, thread.draft.read()]).toEqual([1, 'Ho'])
    thread.draft.write('')
    expect([storage.length, thread.draft.read()]).toEqual([0, ''])
  })
})
