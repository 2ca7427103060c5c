// The list under one filter: where a conversation stands in it as things change, and what is asked of the server for it.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { OwnConversation } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'
import { ana, at, conversation } from '../widget-panel/fixtures/sample.ts'
import { changes, type Line, openInbox, openLine } from './scripted-line.ts'

let line: Line
beforeEach(() => {
  vi.useFakeTimers()
  line = openLine()
})
afterEach(() => {
  line.client.close()
  vi.useRealTimers()
})

/** By its id, how many minutes ago something happened in it. */
const one = (id: string, minutes: number, more: Partial<OwnConversation> = {}) =>
  conversation({ id, name: id, activityAt: at(minutes), rev: 1, ...more })
const told = (...conversations: OwnConversation[]) => line.tell('changes', changes({ conversations }))
const inbox = () => line.client.inbox
const shown = () => inbox().items.value.map(({ id }) => id)
const asked = () => line.calls('conversations:list').map(({ body }) => body)
const answer = (items: OwnConversation[], nextCursor: string | null = null) => line.open('conversations:list').ok({ items, nextCursor })

/** The list under this filter, with what the server answers. */
async function under(filter: ConversationQuery, items: OwnConversation[] = []): Promise<void> {
  await openInbox(line)
  inbox().setFilter(filter)
  await answer(items)
}

describe('order', () => {
  test('is by what happened last, then by id, wherever one comes in', async () => {
    await openInbox(line, [one('a', 10), one('c', 30)])
    told(one('b', 20), one('z', 5), one('d', 40), one('b2', 20))
    expect(shown()).toEqual(['z', 'a', 'b2', 'b', 'c', 'd'])
    told(one('c', 1, { rev: 2 }))
    expect(shown()).toEqual(['c', 'z', 'a', 'b2', 'b', 'd'])
    told(one('a', 99, { rev: 2 }))
    expect(shown()).toEqual(['c', 'z', 'b2', 'b', 'd', 'a'])
  })

  test('of who waits is longest first, then by id, and nobody’s last', async () => {
    await under({ sort: 'waiting' })
    const waits = (id: string, minutes: number | null) => one(id, 0, { awaitingReplySince: minutes === null ? null : at(minutes) })
    told(waits('b', 10), waits('none', null), waits('a', 10), waits('long', 60), waits('short', 1))
    expect(shown()).toEqual(['long', 'a', 'b', 'short', 'none'])
  })

  test('below the last page that is loaded none is put, which comes with its own page', async () => {
    await openInbox(line, [one('a', 10), one('b', 20)], 'next')
    told(one('older', 30), one('middle', 15))
    expect(shown()).toEqual(['a', 'middle', 'b'])
    told(one('b', 20, { rev: 2, tags: ['vip'] }))
    expect(shown(), 'it did not sink').toEqual(['a', 'middle', 'b'])
    told(one('a', 50, { rev: 2 }))
    expect(shown(), 'it sank').toEqual(['middle', 'b'])
  })

  test('begins with the first that comes, also where more may be on the server', async () => {
    await openInbox(line, [], 'next')
    told(one('a', 10))
    expect(shown()).toEqual(['a'])
  })
})

describe('what fits no more', () => {
  test('leaves, what begins to fit comes, and what never did changes nothing', async () => {
    await openInbox(line, [one('a', 10)])
    const before = inbox().items.value
    told(one('closed', 5, { status: 'closed' }))
    expect(inbox().items.value).toBe(before)
    told(one('a', 10, { rev: 2, status: 'closed' }), one('closed', 5, { rev: 2, status: 'open' }))
    expect(shown()).toEqual(['closed'])
  })

  test('under “mine” is what is another’s', async () => {
    await under({ assignee: 'me' }, [one('a', 10)])
    told(one('b', 5, { assignee: { id: 'other', name: 'O' } }), one('c', 6, { assignee: ana }))
    expect(shown()).toEqual(['c', 'a'])
  })

  test('is not shown from an answer that is older than what is known', async () => {
    await openInbox(line, [one('a', 10)])
    void inbox().reload()
    told(one('b', 5, { status: 'closed', rev: 3 }), one('a', 1, { rev: 4, tags: ['new'] }))
    await answer([one('b', 5), one('a', 10, { rev: 2 })])
    expect(inbox().items.value.map(({ id, rev }) => [id, rev])).toEqual([['a', 4]])
  })
})

describe('a search', () => {
  test('is asked again a second after something changed that it may find, once for all of it', async () => {
    await under({ q: 'boda' }, [one('a', 10)])
    const before = asked().length
    const again = () => asked().length - before
    told(one('b', 5), one('c', 4))
    told(one('a', 9, { rev: 2, tags: ['vip'] }))
    expect(inbox().items.value).toMatchObject([{ id: 'a', tags: ['vip'] }])
    await vi.advanceTimersByTimeAsync(999)
    expect(again()).toBe(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(again()).toBe(1)
    expect([shown(), inbox().state.value], 'what is found stays meanwhile').toEqual([['a'], 'ready'])
    await answer([one('b', 5), one('a', 9, { rev: 2 })])
    expect(shown()).toEqual(['b', 'a'])
    told(one('d', 1))
    await vi.advanceTimersByTimeAsync(1000)
    expect(again()).toBe(2)
    await answer([one('b', 5)])
    told(one('e', 1))
    line.client.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('asking', () => {
  test('begins when somebody looks, and what came before is not put in', async () => {
    told(one('a', 10))
    expect(asked()).toEqual([])
    inbox()
    expect(asked()).toEqual([{ status: 'open', limit: 50 }])
    expect(shown()).toEqual([])
    expect(asked()).toHaveLength(1)
  })

  test('with the filter of the beginning is asking, too; the same filter again is none', () => {
    const { client } = line
    client.inbox.setFilter({ status: 'open' })
    expect(asked()).toHaveLength(1)
    client.inbox.setFilter({ status: 'closed' })
    client.inbox.setFilter({ status: 'closed' })
    expect(asked()).toEqual([
      { status: 'open', limit: 50 },
      { status: 'closed', limit: 50 },
    ])
  })

  test('for another filter shows nothing of the one before, whose answers come too late', async () => {
    await openInbox(line, [one('a', 10)], 'next')
    void inbox().loadMore()
    void inbox().reload()
    inbox().setFilter({ tag: 'vip' })
    expect([shown(), inbox().hasMore.value, inbox().state.value]).toEqual([[], false, 'loading'])
    await answer([one('b', 20, { tags: ['vip'] })]) // the page after
    await answer([one('b', 20, { tags: ['vip'] })]) // the same again
    expect([shown(), inbox().state.value]).toEqual([[], 'loading'])
    await answer([one('c', 30, { tags: ['vip'] })])
    expect([shown(), inbox().hasMore.value]).toEqual([['c'], false])
  })

  test('that fails says so where nothing is shown, and leaves what is', async () => {
    inbox()
    await line.open('conversations:list').fail()
    expect(inbox().state.value).toBe('error')
    void inbox().loadMore()
    void inbox().reload()
    expect([inbox().state.value, asked().length]).toEqual(['loading', 2])
    await answer([one('a', 10)])
    void inbox().reload()
    await line.open('conversations:list').fail()
    expect([inbox().state.value, shown()]).toEqual(['ready', ['a']])
  })

  test('for more goes on from where the page ended, once at a time, and joins without doubles', async () => {
    await openInbox(line, [one('a', 10), one('b', 20)], 'p2')
    const twice = Promise.all([inbox().loadMore(), inbox().loadMore()])
    expect(asked()).toEqual([
      { status: 'open', limit: 50 },
      { status: 'open', limit: 50, cursor: 'p2' },
    ])
    await answer([one('b', 20), one('c', 30)], 'p3')
    await twice
    expect(shown()).toEqual(['a', 'b', 'c'])
    const failing = inbox().loadMore()
    await line.open('conversations:list').fail()
    await failing
    expect([shown().length, inbox().hasMore.value]).toEqual([3, true])
    const last = inbox().loadMore()
    expect(asked().at(-1)).toMatchObject({ cursor: 'p3' })
    await answer([one('d', 40)])
    await last
    expect([shown(), inbox().hasMore.value]).toEqual([['a', 'b', 'c', 'd'], false])
    void inbox().loadMore()
    expect(asked()).toHaveLength(4)
  })

  test('for more under the filter before does not keep the next one from it', async () => {
    await openInbox(line, [one('a', 10)], 'p2')
    void inbox().loadMore()
    inbox().setFilter({ tag: 'vip' })
    void inbox().loadMore()
    expect(asked(), 'not while its first page loads').toHaveLength(3)
    await line.calls('conversations:list')[2]?.ok({ items: [one('b', 20, { tags: ['vip'] })], nextCursor: 'v2' })
    void inbox().loadMore()
    expect(asked().at(-1)).toEqual({ tag: 'vip', limit: 50, cursor: 'v2' })
  })

  test('that ends after all was closed changes nothing', async () => {
    const list = await openInbox(line, [one('a', 10)])
    void list.reload()
    line.client.close()
    await answer([one('b', 20)])
    expect(list.items.value.map(({ id }) => id)).toEqual(['a'])
  })
})
