// The messages between processes, over a bell that the test can silence, and by a clock that it moves.
import { setImmediate as turn } from 'node:timers/promises'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Bell } from '../../server/processes/bell.ts'
import { createElsewhere, type PresenceThere } from '../../server/processes/elsewhere.ts'
import { createExchange } from '../../server/processes/exchange.ts'
import type { News } from '../../server/processes/news.ts'
import { noChanges } from '../../server/store/no-changes.ts'
import type { Message } from '../../shared/model.ts'
import { captureLog } from '../support/captured-log.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

let clock: ManualClock
let hears: Map<string, (text: string) => void>
/** Whom nothing reaches, and whose word reaches nobody. */
let deaf: Set<string>
let mute: Set<string>
/** All that anybody said. */
let said: string[]
beforeEach(() => {
  clock = createManualClock()
  hears = new Map()
  deaf = new Set()
  mute = new Set()
  said = []
})

const ring = (text: string) => {
  for (const [id, hear] of hears) if (!deaf.has(id)) hear(text)
}

async function join(id: string, database = 'db-1', presence: PresenceThere = { viewing: [], agents: [] }) {
  const bell: Bell = {
    async start(hear) {
      hears.set(id, hear)
    },
    ring(text) {
      said.push(text)
      if (!mute.has(id)) queueMicrotask(() => ring(text))
    },
    async close() {
      hears.delete(id)
    },
  }
  const heard: News[] = []
  const changed: string[] = []
  const looks = { count: 0 }
  const elsewhere = createElsewhere({
    viewing: (conversationId) => changed.push(conversationId),
    agent: (_orgId, agentId) => changed.push(agentId),
  })
  const exchange = createExchange({
    ...{ bell, clock, id, database, elsewhere, log: captureLog().log },
    look: () => looks.count++,
    hear: (news) => heard.push(news),
    presence: () => presence,
  })
  await exchange.start()
  await turn()
  return { exchange, heard, changed, looks, elsewhere }
}

const cursor = (agentId: string): News => ({
  kind: 'cursor',
  orgId: 'o',
  agentId,
  cursor: { conversationId: 'k', readCount: 1, readSeq: 1 },
})
const viewing = (name: string, replying = false) => ({
  conversationId: 'k',
  orgId: 'o',
  coordinationId: null,
  agents: [{ id: name, name, replying }],
})
const settle = async () => {
  await turn()
  await turn()
}

describe('processes', () => {
  test('hear what the others tell, in order, and not themselves', async () => {
    const [one, two] = [await join('one'), await join('two')]
    one.exchange.tell(cursor('a'))
    one.exchange.tell(cursor('b'))
    await settle()
    expect(two.heard).toEqual([cursor('a'), cursor('b')])
    expect(one.heard).toEqual([])
  })
  test('on another database are told apart, though they share the bell', async () => {
    const [one, stranger] = [await join('one'), await join('stranger', 'db-2')]
    one.exchange.tell(cursor('a'))
    await settle()
    expect(stranger.heard).toEqual([])
    expect(stranger.exchange.ignored().foreign).toBeGreaterThan(0)
    expect(one.exchange.ignored()).toMatchObject({ version: 0, broken: 0 })
  })
  test('ignore and count what is foreign, of another version, or broken', async () => {
    const { exchange, heard } = await join('one')
    for (const text of ['PING', '{}', '{"v":1}', '\u0000'.repeat(5)]) ring(text)
    ring('{"v":2,"db":"db-1","from":"new","n":1,"kind":"news","news":[]}')
    ring('{"v":1,"db":"db-1","from":"odd"')
    ring('{"v":1,"db":"db-1","kind":"news","news":[]}')
    ring('{"v":1,"db":"db-1","from":"odd","n":1,"kind":"news"}')
    ring('{"v":1,"db":"db-1","from":"odd","n":2,"kind":"of tomorrow"}')
    expect(exchange.ignored()).toEqual({ foreign: 4, version: 1, broken: 3 })
    expect(heard).toEqual([])
  })
  test('read the feed at once where something of another was not heard', async () => {
    const [one, two] = [await join('one'), await join('two')]
    await settle()
    const before = two.looks.count
    one.exchange.tell(cursor('a'))
    await settle()
    expect(two.looks.count).toBe(before)
    deaf.add('two')
    one.exchange.tell(cursor('b'))
    await settle()
    deaf.delete('two')
    one.exchange.tell(cursor('c'))
    await settle()
    expect(two.heard).toEqual([cursor('a'), cursor('c')])
    expect(two.looks.count).toBe(before + 1)
  })
  test.each([
    ['is large', { messages: [{ text: 'a'.repeat(200_000) } as Message] }],
    ['left a record', { left: [{ conversationId: 'k', from: 'ev-1', to: null }] }],
  ])('look at the feed for what %s', async (_, what) => {
    const [one, two] = [await join('one'), await join('two')]
    await settle()
    const before = two.looks.count
    one.exchange.tell({ kind: 'changes', changes: { ...noChanges('o'), ...what } })
    await settle()
    expect(two.heard).toEqual([])
    expect(two.looks.count).toBe(before + 1)
  })
  test('say nothing to a bell that does not bring back their own word, and all of it when it does again', async () => {
    const [one, two] = [await join('one'), await join('two')]
    await settle()
    expect(one.exchange.isUp()).toBe(true)
    deaf.add('one').add('two')
    await clock.advance(5_000)
    expect(one.exchange.isUp()).toBe(false)
    const before = one.looks.count
    one.exchange.tell(cursor('a'))
    await settle()
    expect(said.filter((text) => text.includes('"kind":"news"'))).toEqual([])
    deaf.clear()
    await clock.advance(1_000)
    expect(two.heard).toEqual([])
    expect(one.exchange.isUp()).toBe(true)
    expect(one.looks.count, 'what was not heard meanwhile').toBeGreaterThan(before)
  })
  test('hold a bell for away that brings back what was said long ago, steadily though it does', async () => {
    const one = await join('one')
    await settle()
    expect(one.exchange.isUp()).toBe(true)
    mute.add('one')
    const late = () => {
      const text = said.at(-6)
      if (text !== undefined) ring(text)
    }
    for (let second = 0; second < 12; second++) {
      await clock.advance(1_000)
      late()
    }
    expect(one.exchange.isUp()).toBe(false)
    mute.clear()
    await clock.advance(1_000)
    await settle()
    expect(one.exchange.isUp()).toBe(true)
  })
})

describe('who is at another process', () => {
  const ana = { orgId: 'o', agentId: 'ana' }

  test('is known to one that comes, and changes with what is told', async () => {
    const one = await join('one', 'db-1', { viewing: [viewing('ana')], agents: [ana] })
    const two = await join('two')
    await settle()
    expect(two.elsewhere.viewers('k')).toEqual([viewing('ana')])
    expect(two.elsewhere.connected('o', 'ana')).toBe(true)
    expect(two.changed.toSorted()).toEqual(['ana', 'k'])
    one.exchange.tell({ kind: 'viewing', viewers: viewing('ana', true) })
    one.exchange.tell({ kind: 'connected', agent: ana, isHere: false })
    await settle()
    expect(two.elsewhere.viewers('k')).toEqual([viewing('ana', true)])
    expect(two.elsewhere.connected('o', 'ana')).toBe(false)
    one.exchange.tell({ kind: 'viewing', viewers: { ...viewing('ana'), agents: [] } })
    await settle()
    expect(two.elsewhere.viewers('k')).toEqual([])
  })
  test.each(['that ends', 'that is killed', 'that is no longer heard'])('is forgotten with a process %s', async (how) => {
    const one = await join('one', 'db-1', { viewing: [viewing('ana')], agents: [ana] })
    const two = await join('two')
    await settle()
    two.changed.length = 0
    if (how === 'that ends') await one.exchange.close()
    else {
      if (how === 'that is killed') mute.add('one')
      else deaf.add('two')
      await clock.advance(5_000)
    }
    await settle()
    expect(two.elsewhere.viewers('k')).toEqual([])
    expect(two.elsewhere.connected('o', 'ana')).toBe(false)
    expect(two.changed.toSorted()).toEqual(['ana', 'k'])
  })
})
