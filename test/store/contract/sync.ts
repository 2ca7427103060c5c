// The change feed: a client that asks for what changed since its cursor ends with exactly what the server holds.
import { setImmediate as turn } from 'node:timers/promises'
import { expect } from 'vitest'
import { ANA, LUIS, noChecks, person, record, REMINDER } from '../../support/builders.ts'
import { createRandom } from '../../support/random.ts'
import { until } from '../../support/until.ts'
import { cases } from '../case.ts'
import { createMirror, createThreadMirror } from '../mirror.ts'
import type { World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))
const by = { id: 'agent-ana', name: 'Ana Díaz' }
const records = ['ev-1', 'ev-2', 'ev-3']

/** One writer: `count` different changes, one after the other. */
async function write(w: World, seed: number, count: number, options: { filing: boolean }): Promise<void> {
  const random = createRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T
  for (let step = 0; step < count; step++) {
    const kind = random(options.filing ? 11 : 8)
    const from = person(random(4))
    const { conversation, message } = await w.receive({
      from,
      record: pick([...records, null]),
      channel: pick(['whatsapp', 'sms'] as const),
    })
    // The thread may have been joined to another meanwhile: then there is none to answer in.
    if (kind === 1) await w.store.enter(w.draft(conversation, { author: pick([ANA, LUIS, REMINDER]) }), noChecks)
    else if (kind === 2) await w.store.markRead(w.viewer('agent-all'), conversation.id, message.seq ?? 0)
    else if (kind === 3) await w.store.updateConversation(w.all, conversation.id, { tags: [`t${step}`] })
    else if (kind === 4) await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    else if (kind === 5) await w.store.updateContact(w.all, conversation.contact.id, { name: `Cliente ${seed}.${step}` }, w.now())
    else if (kind === 6) await w.save(record(pick(records), { title: `Evento ${seed}.${step}` }))
    else if (kind === 7) {
      const claim = await w.claim(conversation)
      if (claim.state === 'claimed')
        await w.store.accepted(claim.claim, { twilioSid: w.newSid(), status: 'sent', at: w.now(), failure: null })
    } else if (kind === 8) await w.store.updateConversation(w.all, conversation.id, { coordinationId: pick([...records, null]) })
    else if (kind === 9) await w.store.moveMessages(w.all, [message.id], pick(records), by, w.now())
  }
}

/** Eight writers at once, while each mirror reads again and again, and once more in the end. */
export async function underWriters(w: World, mirrors: { sync(): Promise<unknown> }[], options: { filing: boolean }): Promise<void> {
  let writing = true
  const writers = Promise.all(times(8, (index) => write(w, 100 + index, 8, options))).finally(() => {
    writing = false
  })
  const readers = mirrors.map(async (mirror) => {
    while (writing) {
      await mirror.sync()
      await turn()
    }
  })
  await Promise.all([writers, ...readers])
  for (const mirror of mirrors) await mirror.sync()
}

export const syncCases = cases('sync', {
  async 'without a cursor, or with one that is not ours, it is full: the first page of the list'(w) {
    for (const index of times(5, (each) => each)) await w.receive({ from: person(index) })
    const list = await w.store.conversations(w.all, { sort: 'activity' }, { cursor: null, limit: 3 })
    for (const since of [null, '', 'nonsense', '0', 'x'.repeat(400), '{"$gt":""}', '\u0000']) {
      const synced = await w.store.sync(w.all, since, 3)
      expect(synced, String(since)).toMatchObject({ full: true, removed: [], cursor: expect.any(String) })
      expect(synced.conversations).toEqual(list.items)
    }
  },

  async 'a cursor of another scope, or of another agent, begins anew'(w) {
    await w.save('ev-1', 'ev-2')
    await w.receive({ record: 'ev-1', from: person(1) })
    await w.receive({ record: 'ev-2', from: person(2) })
    const { cursor } = await w.store.sync(w.viewer('agent-a', ['ev-1']), null, 50)
    expect(await w.store.sync(w.viewer('agent-a', ['ev-1']), cursor, 50)).toMatchObject({ full: false })
    for (const viewer of [w.viewer('agent-a', ['ev-1', 'ev-2']), w.viewer('agent-a'), w.viewer('agent-b', ['ev-1'])])
      expect(await w.store.sync(viewer, cursor, 50), JSON.stringify(viewer)).toMatchObject({ full: true })
  },

  async 'everything that changed since is told, with the caller’s own numbers'(w) {
    await w.save('ev-1')
    const one = await w.receive({ from: person(1), record: 'ev-1' })
    const two = await w.receive({ from: person(2) })
    await w.receive({ from: person(3) })
    const steps: [string, () => Promise<unknown>, string[]][] = [
      ['a message', () => w.receive({ from: person(2) }), [two.conversation.id]],
      ['an answer', () => w.enter(two.conversation), [two.conversation.id]],
      ['a status', () => w.send(two.conversation), [two.conversation.id]],
      ['a state', () => w.store.updateConversation(w.all, one.conversation.id, { status: 'closed' }), [one.conversation.id]],
      ['one’s own cursor', () => w.store.markRead(w.all, two.conversation.id, 2), [two.conversation.id]],
      ['a record', () => w.save(record('ev-1', { title: 'Otra' })), [one.conversation.id]],
      ['a name', () => w.store.updateContact(w.all, one.conversation.contact.id, { name: 'Otra' }, w.now()), [one.conversation.id]],
    ]
    let { cursor } = await w.store.sync(w.all, null, 50)
    for (const [what, step, ids] of steps) {
      await step()
      const synced = await w.store.sync(w.all, cursor, 50)
      expect(synced.full).toBe(false)
      for (const id of ids) expect(synced.conversations, what).toContainEqual(await w.conversation(id))
      for (const each of synced.conversations) expect(each, 'over-reporting is as it is now').toEqual(await w.conversation(each.id))
      cursor = synced.cursor
    }
  },

  async 'what was unread before the viewer read it elsewhere is told as read'(w) {
    const { conversation } = await w.receive()
    const mirror = createMirror(w.store, w.viewer('agent-ana'))
    await mirror.sync()
    await w.store.markRead(w.viewer('agent-luis'), conversation.id, 1)
    await mirror.sync()
    expect(mirror.conversations.get(conversation.id)?.unread).toBe(1)
    await w.store.markRead(w.viewer('agent-ana'), conversation.id, 1)
    await mirror.sync()
    expect(mirror.conversations.get(conversation.id)?.unread).toBe(0)
    expect(mirror.fulls).toBe(1)
  },

  async 'a cursor is used again and again: nothing is lost by asking twice'(w) {
    await w.receive({ from: person(1) })
    const { cursor } = await w.store.sync(w.all, null, 50)
    await w.receive({ from: person(2) })
    const first = await w.store.sync(w.all, cursor, 50)
    await w.receive({ from: person(3) })
    const second = await w.store.sync(w.all, cursor, 50)
    expect(first.conversations.map((one) => one.contact.name)).toContain(person(2).name)
    expect(second.conversations.map((one) => one.contact.name)).toEqual(expect.arrayContaining([person(2).name, person(3).name]))
  },

  async 'more changes than fit are not left out'(w) {
    await w.receive()
    const mirror = createMirror(w.store, w.all, 5)
    await mirror.sync()
    await Promise.all(times(20, (index) => w.receive({ from: person(index) })))
    await mirror.sync()
    await mirror.expectEqual()
  },

  async 'a joined conversation is removed'(w) {
    await w.save('ev-1')
    const target = await w.receive({ record: 'ev-1' })
    const { conversation } = await w.receive()
    const mirror = createMirror(w.store, w.all)
    await mirror.sync()
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    await mirror.sync()
    expect([...mirror.conversations.keys()]).toEqual([target.conversation.id])
    await mirror.expectEqual()
  },

  async 'filing and moving out of and into a scope makes the scoped begin anew'(w) {
    await w.save('ev-1', 'ev-2')
    const viewers = [w.viewer('a', ['ev-1']), w.viewer('b', ['ev-2'])]
    const mirrors = viewers.map((viewer) => createMirror(w.store, viewer))
    const catchUp = async () => {
      for (const mirror of mirrors) {
        await mirror.sync()
        await mirror.expectEqual()
      }
    }
    const { conversation } = await w.receive()
    await catchUp()
    expect(mirrors.map((mirror) => mirror.conversations.size)).toEqual([0, 0])
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    await catchUp()
    expect(mirrors.map((mirror) => mirror.conversations.size)).toEqual([1, 0])
    expect(mirrors[0]?.fulls).toBeGreaterThan(1)
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-2' })
    await catchUp()
    expect(mirrors.map((mirror) => mirror.conversations.size)).toEqual([0, 1])
    const { message } = await w.receive({ record: 'ev-2' })
    const { undoId } = (await w.store.moveMessages(w.all, [message.id], 'ev-1', by, w.now())) ?? { undoId: '' }
    await catchUp()
    expect(mirrors.map((mirror) => mirror.conversations.size)).toEqual([1, 1])
    await w.store.undoMove(w.all, undoId, by, w.now())
    await catchUp()
  },

  async 'a full answer after a filing comes once, not for ever'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive()
    const viewer = w.viewer('a', ['ev-1'])
    let { cursor } = await w.store.sync(viewer, null, 50)
    await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    const first = await w.store.sync(viewer, cursor, 50)
    expect(first.full).toBe(true)
    // An adapter may look some seconds back; within a bounded time it says so no more.
    cursor = first.cursor
    await until(
      async () => {
        const synced = await w.store.sync(viewer, cursor, 50)
        cursor = synced.cursor
        return !synced.full
      },
      { timeoutMs: 15_000, everyMs: 100, what: 'an answer that is not full' },
    )
  },

  async 'a client that syncs while eight writers write ends with what the server holds'(w) {
    await w.save(...records)
    const mirrors = [createMirror(w.store, w.all), createMirror(w.store, w.viewer('agent-ana')), createMirror(w.store, w.all, 3)]
    await underWriters(w, mirrors, { filing: false })
    for (const mirror of mirrors) await mirror.expectEqual()
  },

  async 'scoped clients too, with filing and moving in between'(w) {
    await w.save(...records)
    const mirrors = [
      createMirror(w.store, w.viewer('agent-a', ['ev-1'])),
      createMirror(w.store, w.viewer('agent-b', ['ev-2', 'ev-3'])),
      createMirror(w.store, w.all),
    ]
    await underWriters(w, mirrors, { filing: true })
    for (const mirror of mirrors) await mirror.expectEqual()
  },

  async 'an open thread under parallel writers ends with what the server holds'(w) {
    const { conversation } = await w.receive()
    const mirror = createThreadMirror(w.store, w.all, conversation.id)
    await mirror.sync()
    let writing = true
    const writers = Promise.all(
      times(8, async (index) => {
        for (let step = 0; step < 6; step++) {
          await w.receive()
          if (index % 2) await w.enter(conversation)
          const head = await w.claim(conversation)
          if (head.state !== 'claimed') continue
          const twilioSid = w.newSid()
          await w.store.accepted(head.claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
          for (const status of ['sent', 'delivered'] as const)
            await w.store.applyStatus({ orgId: w.orgId, messageId: null, twilioSid, status, failure: null, at: w.now() })
        }
      }),
    ).finally(() => {
      writing = false
    })
    while (writing) {
      await mirror.sync()
      await turn()
    }
    await writers
    await mirror.sync()
    expect(mirror.thread()).toEqual(await w.thread(conversation.id))
  },

  async 'a thread from which messages moved away, and to which they came, is seen by changedSince'(w) {
    await w.save('ev-1')
    const { conversation } = await w.receive()
    const two = await w.receive()
    await w.receive()
    const target = await w.receive({ record: 'ev-1' })
    const there = createThreadMirror(w.store, w.all, target.conversation.id)
    await there.sync()
    const { cursor } = await w.store.sync(w.all, null, 50)
    await w.store.moveMessages(w.all, [two.message.id], 'ev-1', by, w.now())
    await there.sync()
    expect(there.thread()).toEqual(await w.thread(target.conversation.id))
    const changed = await w.store.messages(w.all, conversation.id, { changedSince: cursor, limit: 50 })
    expect(changed?.items).toContainEqual(expect.objectContaining({ type: 'moved', seq: 2 }))
    expect(changed?.items.every((one) => one.conversationId === conversation.id)).toBe(true)
  },

  async 'a changedSince that is no cursor leaves nothing out'(w) {
    const { conversation } = await w.receive()
    await w.receive()
    const page = await w.store.messages(w.all, conversation.id, { changedSince: 'nonsense', limit: 50 })
    expect(page?.items.map((one) => one.seq)).toEqual([1, 2])
  },
})
