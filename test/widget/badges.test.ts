// Badges and the filters' numbers: asked for together, as seldom as can be, and only while somebody looks.
import { effect } from '@preact/signals-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { conversation } from '../widget-panel/fixtures/sample.ts'
import { broadcast, changes, type Line, openLine, synced, upWith } from './scripted-line.ts'

let line: Line
const ends: (() => void)[] = []
beforeEach(() => {
  vi.useFakeTimers()
  line = openLine()
})
afterEach(() => {
  for (const end of ends.splice(0)) end()
  line.client.close()
  vi.useRealTimers()
})
const wait = (ms: number) => vi.advanceTimersByTimeAsync(ms)

describe('badges', () => {
  const asked = () => line.calls('subscribe:coordinations').map(({ body }) => (body as { ids: string[] }).ids)
  /** A row of the host's list; the answer takes it away. */
  function row(id: string): () => void {
    const badge = line.client.badge(id)
    return effect(() => void badge.value)
  }

  test('of one moment are asked for at once, the newest thousand', async () => {
    for (let n = 0; n < 1005; n++) ends.push(row(`ev-${n}`))
    await wait(49)
    expect(asked()).toEqual([])
    await wait(1)
    expect(asked()).toHaveLength(1)
    expect([asked()[0]?.length, asked()[0]?.at(0), asked()[0]?.at(-1)]).toEqual([1000, 'ev-5', 'ev-1004'])
  })

  test('are asked for from the first moment on, though nobody reads them yet', async () => {
    line.client.badge('ev-1')
    await wait(50)
    expect(asked()).toEqual([['ev-1']])
  })

  test('that leave are told two seconds later; one that comes meanwhile is not kept waiting, and tells both', async () => {
    const gone = row('ev-1')
    ends.push(row('ev-2'))
    await wait(50)
    gone()
    await wait(1900)
    expect(asked()).toHaveLength(1)
    ends.push(row('ev-3'))
    await wait(50)
    await wait(3000)
    expect(asked()).toEqual([
      ['ev-1', 'ev-2'],
      ['ev-2', 'ev-3'],
    ])
  })

  test('that leave are told though none comes', async () => {
    const gone = row('ev-1')
    ends.push(row('ev-2'))
    await wait(50)
    gone()
    await wait(2000)
    expect(asked()).toEqual([['ev-1', 'ev-2'], ['ev-2']])
  })

  test('that leave after one came do not keep that one waiting', async () => {
    const gone = row('ev-1')
    ends.push(row('ev-2'))
    gone()
    await wait(50)
    expect(asked()).toEqual([['ev-2']])
  })

  test('that leave and come back within that time are not told', async () => {
    const gone = row('ev-1')
    await wait(50)
    await line.open('subscribe:coordinations').ok({ badges: { 'ev-1': 3 }, waiting: {} })
    gone()
    await wait(1000)
    expect(line.client.badge('ev-1').value, 'known from before').toBe(3)
    ends.push(row('ev-1'))
    await wait(3000)
    expect(asked()).toHaveLength(1)
  })

  test('that could not be had are asked for with the next of the same', async () => {
    const gone = row('ev-1')
    await wait(50)
    await line.open('subscribe:coordinations').fail()
    gone()
    ends.push(row('ev-1'))
    await wait(50)
    expect(asked()).toEqual([['ev-1'], ['ev-1']])
  })

  test('are asked for once the line is there, and after a gap; without any, nothing is', async () => {
    await upWith(line)
    await wait(100)
    expect(asked()).toEqual([])
    line.usable(false)
    ends.push(row('ev-1'))
    await wait(50)
    expect(asked()).toEqual([])
    line.usable(true)
    for (const times of [1, 2]) {
      await upWith(line, synced({ cursor: `c${times}` }))
      await wait(0)
      expect(asked()).toHaveLength(times)
      await line.open('subscribe:coordinations').ok({ badges: {}, waiting: {} })
    }
  })

  test('say who waits and how long, as asked and as told, and draw only what changed', async () => {
    const drawn: (string | null)[] = []
    const awaiting = line.client.awaiting('ev-1')
    ends.push(effect(() => void drawn.push(awaiting.value)))
    await wait(50)
    const since = '2026-11-29T10:00:00.000Z'
    await line.open('subscribe:coordinations').ok({ badges: { 'ev-1': 1, 'ev-9': 4 }, waiting: { 'ev-1': since } })
    expect(awaiting.value).toBe(since)
    line.tell('badges', { 'ev-1': 2 }, { 'ev-1': since })
    expect(line.client.badge('ev-1').value).toBe(2)
    line.tell('badges', { 'ev-1': 2 }, {})
    expect(drawn).toEqual([null, since, null])
  })

  test('say what waits without a record, as asked and as told; a server that knows nothing of it says none', async () => {
    const drawn: unknown[] = []
    const unfiled = line.client.unfiled('ev-1')
    ends.push(effect(() => void drawn.push(unfiled.value)))
    await wait(50)
    const since = '2026-11-29T10:00:00.000Z'
    await line
      .open('subscribe:coordinations')
      .ok({ badges: { 'ev-1': 0 }, waiting: {}, unfiled: { 'ev-1': 2 }, unfiledSince: { 'ev-1': since } })
    line.tell('badges', { 'ev-1': 0 }, {}, { 'ev-1': 3 }, { 'ev-1': since })
    line.tell('badges', { 'ev-1': 0 }, {})
    const none = { count: 0, since: null }
    expect(drawn).toEqual([none, { count: 2, since }, { count: 3, since }, none])
  })
})

describe('the filters’ numbers', () => {
  const asked = () => line.calls('conversations:count').length
  const look = () => effect(() => void line.client.counts.value)
  const change = (rev: number) =>
    line.tell('changes', changes({ conversations: [broadcast(conversation({ id: 'sofia', name: 'Sofía', rev }))] }))
  /** Begins with numbers that are two seconds old. */
  async function looking(): Promise<void> {
    ends.push(look())
    await wait(0)
    await line.open('conversations:count').ok({ mine: 1 })
    await wait(2000)
  }

  test('are asked for when somebody looks, and not after he went', async () => {
    await upWith(line)
    change(1)
    await wait(5000)
    expect(asked()).toBe(0)
    await looking()
    expect([line.client.counts.value, asked()]).toEqual([{ mine: 1 }, 1])
    change(2)
    for (const end of ends.splice(0)) end()
    await wait(5000)
    change(3)
    await wait(5000)
    expect(asked()).toBe(1)
  })

  test('follow a change a moment later, many changes in two seconds once', async () => {
    await looking()
    change(1)
    await wait(249)
    expect(asked()).toBe(1)
    await wait(1)
    expect(asked()).toBe(2)
    for (let rev = 2; rev < 10; rev++) {
      change(rev)
      await wait(100)
    }
    expect(asked()).toBe(2)
    await wait(1200)
    expect(asked()).toBe(3)
    await wait(5000)
    expect(asked()).toBe(3)
  })

  test('are asked for again where something changed while they were asked', async () => {
    await looking()
    change(1)
    await wait(250)
    change(2)
    await wait(2000)
    expect(asked()).toBe(3)
  })

  test('that could not be had leave those that are known; without a line none are asked', async () => {
    await looking()
    change(1)
    await wait(250)
    await line.open('conversations:count').fail()
    expect(line.client.counts.value).toEqual({ mine: 1 })
    line.usable(false)
    change(2)
    await wait(5000)
    expect(asked()).toBe(2)
    line.usable(true)
    await upWith(line)
    await wait(2000)
    expect(asked()).toBe(3)
  })
})
