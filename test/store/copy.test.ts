// A database that is copied into another: all of it, also where the copy was killed, and what differs is named.
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { createIds } from '../../server/ids.ts'
import { compareCopies } from '../../server/store/compare-copies.ts'
import type { Copied, CopiedKind } from '../../server/store/copied.ts'
import type { CopyEnd } from '../../server/store/copy-end.ts'
import type { CopyMark } from '../../server/store/copy-mark.ts'
import { beginCopy, copyRows } from '../../server/store/copy-rows.ts'
import { openCopyEnd } from '../../server/store/open-store.ts'
import type { Store } from '../../server/store/store.ts'
import { ANA, person } from '../support/builders.ts'
import type { StorePlaces } from '../support/places.ts'
import { serverUrl } from '../support/places/mongo.ts'
import { places as mongo } from '../support/places/mongo-kept.ts'
import { places as sqlite } from '../support/places/sqlite.ts'
import { createRandom } from '../support/random.ts'
import { contract } from './contract.ts'
import { createWorld, type World } from './world.ts'

const parts = { clock: systemClock, newId: createIds(systemClock.now) }
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function newPlace(places: StorePlaces): Promise<string> {
  const address = await places.create()
  closers.push(() => places.remove(address))
  return address
}
async function openEnd(address: string): Promise<CopyEnd> {
  const end = await openCopyEnd(address, parts)
  closers.push(() => end.close())
  return end
}
async function openStoreAt(places: StorePlaces, address: string): Promise<Store> {
  const store = await places.open(address)
  closers.push(() => store.close())
  return store
}

/** As `hilo copy` does it, `target` being what the rows go through. */
async function copy(source: CopyEnd, end: CopyEnd, target: CopyEnd = end): Promise<void> {
  await copyRows(source, target, await beginCopy(source, end))
}
async function finish(source: CopyEnd, end: CopyEnd): Promise<void> {
  await end.setMark(JSON.stringify({ from: source.id, at: null, finishedAt: await end.now() } satisfies CopyMark))
}
async function expectEqual(source: CopyEnd, target: CopyEnd): Promise<Partial<Record<CopiedKind, number>>> {
  const { counts, differences } = await compareCopies(source, target)
  expect(differences).toEqual([])
  return counts
}

/** A place with what the cases of the contract leave, each in an organization of its own. */
async function usedPlace(places: StorePlaces, choose: (name: string, index: number) => boolean): Promise<string> {
  const address = await newPlace(places)
  const store = await places.open(address)
  const left = contract.filter((one, index) => !one.alone && choose(one.name, index))
  // Three at once with MongoDB: each waits for the server most of its time.
  const lane = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await one.run(createWorld(store, places))
  }
  await Promise.all(places === mongo ? [lane(), lane(), lane()] : [lane()])
  await store.close()
  return address
}

/** Two threads, one with a move, several open messages, a plan and a key. */
async function smallWorld(store: Store, places: StorePlaces): Promise<{ world: World; threads: string[] }> {
  const world = createWorld(store, places)
  await world.save('ev-1')
  const { conversation, message } = await world.receive({ text: 'uno' })
  await world.receive({ text: 'dos' })
  const { conversation: other } = await world.receive({ from: person(2), text: 'otra' })
  await store.moveMessages(world.all, [message.id], 'ev-1', { id: 'agent-ana', name: 'Ana Díaz' }, world.now())
  for (const text of ['primera', 'segunda', 'tercera']) await world.enter(conversation, { text, author: ANA, key: `key ${text}` })
  await store.schedule(world.draft(conversation, { text: 'después', dueAt: world.now() + 3_600_000 }))
  await store.markRead(world.viewer('agent-1'), other.id, 1)
  return { world, threads: [conversation.id, other.id] }
}

const pairs: [string, StorePlaces, StorePlaces][] = [
  ['SQLite to SQLite', sqlite, sqlite],
  ...(serverUrl === undefined
    ? []
    : ([
        ['SQLite to MongoDB', sqlite, mongo],
        ['MongoDB to SQLite', mongo, sqlite],
        ['MongoDB to MongoDB', mongo, mongo],
      ] satisfies [string, StorePlaces, StorePlaces][])),
]

describe.each(pairs)('a copy from %s', (_name, here, there) => {
  test('carries what the cases of the contract leave, there and back, to the last row', { timeout: 300_000 }, async () => {
    // All of them between files; a part with MongoDB, where all take minutes, with one that leaves keys wherever it stands.
    const leavesKeys = /: a key remembers which thread/
    const isFile = here === sqlite && there === sqlite
    const isPart = (name: string, index: number) =>
      here === sqlite
        ? index % 3 === 0
        : (index % 2 === 0 && /^(moving|scheduled|contacts|statuses: (ten|a )|outbox: a message)/.test(name)) || leavesKeys.test(name)
    const source = await openEnd(await usedPlace(here, (name, index) => isFile || isPart(name, index)))
    const target = await openEnd(await newPlace(there))
    await copy(source, target)
    const counts = await expectEqual(source, target)
    for (const kind of ['contacts', 'conversations', 'messages', 'planned', 'keys', 'moves'] as const)
      expect(counts[kind], kind).toBeGreaterThan(0)
    const back = await openEnd(await newPlace(here))
    await copy(target, back)
    expect(await expectEqual(source, back)).toEqual(counts)
  })

  test('that is killed at any page, in the middle of it too, goes on where it was and gives the same', { timeout: 120_000 }, async () => {
    const random = createRandom(7)
    const address = await newPlace(here)
    const store = await here.open(address)
    await smallWorld(store, here)
    await smallWorld(store, here)
    await store.close()
    const source = await openEnd(address)
    const target = await openEnd(await newPlace(there))
    // Small pages, so that there are many to be killed at.
    const slow: CopyEnd = { ...source, read: (kind, orgId, after) => source.read(kind, orgId, after, 2) }
    let kills = 0
    for (let done = false; !done; ) {
      let left = random(6)
      const mortal: CopyEnd = {
        ...target,
        async write<K extends CopiedKind>(kind: K, orgId: string, rows: readonly Copied[K][]) {
          if (left-- > 0) return target.write(kind, orgId, rows)
          await target.write(kind, orgId, rows.slice(0, random(rows.length)))
          throw new Error('killed')
        },
      }
      try {
        await copy(slow, target, mortal)
        done = true
      } catch (error) {
        expect((error as Error).message).toBe('killed')
        // A first page that never ends would try the test, not the copy.
        if (++kills > 20) await copy(slow, target)
        done = kills > 20
      }
    }
    expect(kills).toBeGreaterThan(3)
    await expectEqual(source, target)
  })

  const faults: Record<string, (row: Copied['messages']) => Copied['messages'] | null> = {
    'a message that was dropped': () => null,
    'a text that was changed': (row) => ({ ...row, message: { ...row.message, text: `${row.message.text}.` } }),
    'a status that was changed': (row) => ({ ...row, message: { ...row.message, rev: row.message.rev + 1 } }),
    'a count that is one off': (row) => ({ ...row, ordinal: (row.ordinal ?? 0) + 1 }),
  }
  test.each(Object.entries(faults))('with %s says in which conversation', async (_what, fault) => {
    const address = await newPlace(here)
    const store = await here.open(address)
    const { threads } = await smallWorld(store, here)
    await store.close()
    const [thread = ''] = threads
    const source = await openEnd(address)
    const target = await openEnd(await newPlace(there))
    let broken = false
    const faulty: CopyEnd = {
      ...target,
      write(kind, orgId, rows) {
        if (kind !== 'messages' || broken) return target.write(kind, orgId, rows)
        const spoilt = (rows as readonly Copied['messages'][]).flatMap((row) => {
          if (broken || row.message.conversationId !== thread || row.message.direction !== 'inbound') return [row]
          broken = true
          return fault(row) ?? []
        })
        return target.write('messages', orgId, spoilt)
      },
    }
    await copy(source, target, faulty)
    expect(broken).toBe(true)
    const { differences } = await compareCopies(source, target)
    expect(differences.filter((one) => one.startsWith('messages'))).toEqual([expect.stringContaining(`conversation ${thread}`)])
  })

  test('is refused by a target that holds something else, and by one that was copied from elsewhere', async () => {
    const [address, foreign, taken] = [await newPlace(here), await newPlace(there), await newPlace(there)]
    const store = await here.open(address)
    await smallWorld(store, here)
    await store.close()
    const used = await there.open(foreign)
    await used.seeAgents('default', [{ id: 'agent-1', name: 'Ana' }], 1)
    await used.close()
    const source = await openEnd(address)
    await expect(beginCopy(source, await openEnd(foreign))).rejects.toThrow(/holds data already/)
    const other = await openEnd(taken)
    await beginCopy({ ...source, id: 'another' }, other)
    await expect(beginCopy(source, other)).rejects.toThrow(/copied from another database/)
  })

  test('with a row too many says which', async () => {
    const address = await newPlace(here)
    const store = await here.open(address)
    const { world } = await smallWorld(store, here)
    await store.close()
    const source = await openEnd(address)
    const target = await openEnd(await newPlace(there))
    await copy(source, target)
    await target.write('leases', world.orgId, [{ name: 'zzz', fence: 1 }])
    expect((await compareCopies(source, target)).differences).toEqual(['leases: zzz is in the target alone'])
  })

  test('goes on as the source would have: order of sending, undoing, reading, keys, places; cursors of before begin anew', async () => {
    const address = await newPlace(here)
    const store = await here.open(address)
    const { world, threads } = await smallWorld(store, here)
    const [thread = ''] = threads
    const before = await store.sync(world.all, null, 50)
    const { id, lineId } = await world.conversation(thread)
    const own = world.viewer('agent-1')
    const unread = await store.unread([own, world.viewer('agent-2')])
    const filed = (await world.list({ coordinationId: 'ev-1' }))[0]
    await store.close()
    const source = await openEnd(address)
    const to = await newPlace(there)
    const target = await openEnd(to)
    await copy(source, target)
    await target.close()
    await expect(there.open(to), 'no server starts on half a copy').rejects.toThrow(/A copy into this database is not whole/)
    const whole = await openEnd(to)
    await finish(source, whole)
    await whole.close()

    const copied = await openStoreAt(there, to)
    expect((await copied.sync(world.all, before.cursor, 50)).full).toBe(true)
    expect((await copied.unread([own, world.viewer('agent-2')])).map(({ version: _, ...numbers }) => numbers)).toEqual(
      unread.map(({ version: _, ...numbers }) => numbers),
    )
    const again = await copied.enter(
      { ...world.draft({ id }, { text: 'primera' }), key: 'key primera' },
      { ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null },
    )
    expect(again.outcome).toBe('repeated')
    const entered = await copied.enter(world.draft({ id }, { text: 'cuarta', author: ANA }), {
      ifNoAnswerSince: null,
      consent: null,
      openWindow: false,
      contactLimit: null,
    })
    expect(entered).toMatchObject({ outcome: 'created', message: { seq: 6 } })
    const sent: string[] = []
    for (const sid of ['SM1', 'SM2', 'SM3', 'SM4']) {
      const head = await copied.claim(world.orgId, lineId, { now: world.now(), leaseMs: 60_000, fence: 9 })
      if (head.state !== 'claimed') throw new Error(head.state)
      sent.push(head.claim.message.text)
      await copied.accepted(head.claim, { twilioSid: sid, status: 'sent', at: world.now(), failure: null })
    }
    expect(sent).toEqual(['primera', 'segunda', 'tercera', 'cuarta'])
    expect((await copied.conversation(world.all, id))?.lastMessage).toMatchObject({ text: 'cuarta', status: 'sent' })
    const there1 = await copied.messages(world.all, filed?.id ?? '', { limit: 10 })
    const undoId = there1?.items[0]?.arrived?.undoId ?? ''
    expect(await copied.undoMove(world.all, undoId, { id: 'agent-ana', name: 'Ana Díaz' }, world.now())).toMatchObject({
      outcome: 'undone',
    })
    expect((await copied.messages(world.all, id, { limit: 1, after: 0 }))?.items[0]).toMatchObject({ text: 'uno', seq: 1 })
    const received = await copied.receive(world.inbound({ text: 'sigue' }), () => ({ coordinationId: null, hintId: null }))
    expect(received).toMatchObject({ outcome: 'created', conversation: { id, inboundCount: 3 } })
    expect((await copied.dueMessages(world.now() + 7_200_000, 10)).map(({ message }) => message.text)).toEqual(['después'])
  })
})
