// Two contacts who are one person: what was said goes along, a STOP counts for both, and all of it can be taken back once.
import { expect } from 'vitest'
import { person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { createMirror } from '../mirror.ts'
import type { World } from '../world.ts'

const stop = { out: true, scope: 'all', source: 'keyword' } as const

async function two(w: World) {
  await w.save('ev-1', 'ev-2')
  const one = await w.receive({ from: person(1), record: 'ev-1', text: 'one' })
  const other = await w.receive({ from: person(2), record: 'ev-2', text: 'other' })
  return { one: one.conversation, other: other.conversation, into: one.conversation.contact.id, from: other.conversation.contact.id }
}

async function merge(w: World, from: string, into: string) {
  const merged = await w.store.mergeContacts(w.all, from, into, w.now())
  if (merged.outcome !== 'merged') throw new Error(merged.outcome)
  return merged
}
const saidWith = async (w: World, id: string) =>
  (await w.store.contactMessages(w.all, id, { cursor: null, limit: 20 }))?.items.map(({ text }) => text).toSorted()

export const mergingCases = cases('merging contacts', {
  async 'threads, numbers and what is known go along, and are told'(w) {
    const { other, into, from } = await two(w)
    await w.store.updateContact(w.all, from, { tags: ['vip'], attributes: { nota: 'alérgica' } }, w.now())
    const mirror = createMirror(w.store, w.all)
    await mirror.sync()
    const { contact, changes } = await merge(w, from, into)
    expect(contact).toMatchObject({ id: into, name: person(1).name, tags: ['vip'], attributes: { nota: 'alérgica' } })
    expect(changes.conversations.find(({ id }) => id === other.id)).toMatchObject({
      id: other.id,
      contact: { id: into, name: person(1).name, address: person(2).phone },
    })
    expect(await w.store.contact(w.all, from)).toBeNull()
    expect(await saidWith(w, into)).toEqual(['one', 'other'])
    const { conversation } = await w.receive({ from: person(2), record: 'ev-2', text: 'again' })
    expect(conversation).toMatchObject({ id: other.id, lastSeq: 2, contact: { id: into } })
    await w.enter(conversation, { text: 'answer' })
    await w.send(conversation)
    await mirror.sync()
    await mirror.expectEqual()
    expect((await w.list({ contactId: into })).length).toBe(2)
  },

  async 'it is undone once, with what was said meanwhile'(w) {
    const { one, other, into, from } = await two(w)
    const before = [await w.store.contact(w.all, into), await w.store.contact(w.all, from)]
    const { undoId } = await merge(w, from, into)
    await w.receive({ from: person(2), record: 'ev-2', text: 'again' })
    const undone = await w.store.unmergeContacts(w.all, undoId, w.now())
    if (undone.outcome !== 'unmerged') throw new Error(undone.outcome)
    const plain = (all: unknown[]) => all.map((each) => ({ ...(each as object), rev: 0, updatedAt: '' }))
    expect(plain(undone.contacts)).toEqual(plain(before))
    expect(plain([await w.store.contact(w.all, into), await w.store.contact(w.all, from)])).toEqual(plain(before))
    expect([await saidWith(w, into), await saidWith(w, from)]).toEqual([['one'], ['again', 'other']])
    expect((await w.receive({ from: person(2), record: 'ev-2' })).conversation).toMatchObject({
      id: other.id,
      contact: { id: from, name: person(2).name },
    })
    expect((await w.receive({ from: person(1), record: 'ev-1' })).conversation).toMatchObject({ id: one.id, contact: { id: into } })
    expect(await w.store.unmergeContacts(w.all, undoId, w.now())).toEqual({ outcome: 'done_before' })
    expect(await w.neighbour().store.unmergeContacts(w.neighbour().all, undoId, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.unmergeContacts(w.all, w.newId(), w.now())).toEqual({ outcome: 'missing' })
    const again = await merge(w, from, into)
    expect(again.undoId).not.toBe(undoId)
  },

  async 'who opted out as the one did as the other'(w) {
    const { one, into, from } = await two(w)
    await w.receive({ from: person(2), record: 'ev-2', said: stop })
    await merge(w, from, into)
    expect(await w.conversation(one.id)).toMatchObject({ optedOut: true })
    expect((await w.store.contact(w.all, into))?.optOuts).toHaveLength(2)
  },

  async 'what cannot be one is left alone'(w) {
    const { into, from } = await two(w)
    const again = async (a: string, b: string) => (await w.store.mergeContacts(w.all, a, b, w.now())).outcome
    expect(await again(into, into)).toBe('missing')
    expect(await again(w.newId(), into)).toBe('missing')
    const third = (await w.receive({ from: person(3), record: 'ev-1' })).conversation.contact.id
    expect(await again(third, into)).toBe('threads')
    await w.store.updateContact(w.all, into, { externalId: 'cl-1' }, w.now())
    await w.store.updateContact(w.all, from, { externalId: 'cl-2' }, w.now())
    expect(await again(from, into)).toBe('clients')
    const other = w.neighbour()
    expect((await other.store.mergeContacts(other.all, from, into, w.now())).outcome).toBe('missing')
    expect(await saidWith(w, from)).toEqual(['other'])
  },
})
