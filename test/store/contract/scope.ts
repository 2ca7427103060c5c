// Scope: one client with two records and two scoped agents; no read, count, list, search or sync of one shows the other's.
import { expect } from 'vitest'
import type { Viewer } from '../../../server/store/records.ts'
import { HOUR, person, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

const by = { id: 'agent-a', name: 'Agente A' }

/** One client, a thread about each of two records, an unfiled one; each with its own secret word. */
async function prepare(w: World) {
  await w.save(record('ev-a', { title: 'Boda secreto-a' }), record('ev-b', { title: 'Cena secreto-b' }))
  const a = await w.receive({ record: 'ev-a', text: 'palabra secreto-a' })
  const b = await w.receive({ record: 'ev-b', text: 'palabra secreto-b' })
  const unfiled = await w.receive({ text: 'palabra secreto-sin' })
  const other = await w.receive({ from: person(2), record: 'ev-b', text: 'otra palabra secreto-b' })
  await w.enter(b.conversation, { text: 'nota secreto-b', direction: 'internal', type: 'note' })
  await w.store.schedule(w.draft(b.conversation, { text: 'plan secreto-b', dueAt: w.now() + HOUR }))
  return { a, b, unfiled, other }
}

export const scopeCases = cases('scope', {
  async 'every list, count, search and history holds only what is in scope'(w) {
    const { a, b } = await prepare(w)
    const contactId = a.conversation.contact.id
    const page = { cursor: null, limit: 50 }
    const reads: Record<string, (viewer: Viewer) => Promise<unknown>> = {
      conversations: (viewer) => w.list({}, viewer),
      'by activity': (viewer) => w.list({ automated: false }, viewer, 1),
      'by waiting': (viewer) => w.list({ sort: 'waiting' }, viewer),
      'by phone': (viewer) => w.list({ phoneKeys: person(1).keys }, viewer),
      'by contact': (viewer) => w.list({ contactId }, viewer),
      'by search': (viewer) => w.list({ q: 'secreto' }, viewer),
      'by unread': (viewer) => w.list({ unread: true }, viewer),
      'by awaiting': (viewer) => w.list({ awaiting: true }, viewer),
      unfiled: (viewer) => w.list({ unfiled: true }, viewer),
      'by record': async (viewer) => [await w.list({ coordinationId: 'ev-a' }, viewer), await w.list({ coordinationId: 'ev-b' }, viewer)],
      log: (viewer) => w.log({}, viewer, 1),
      'log of the contact': (viewer) => w.log({ contactId }, viewer),
      'log search': (viewer) => w.log({ q: 'secreto' }, viewer),
      'log of a conversation': async (viewer) => [
        await w.log({ conversationId: a.conversation.id }, viewer),
        await w.log({ conversationId: b.conversation.id }, viewer),
      ],
      'log of a record': async (viewer) => [
        await w.log({ coordinationId: 'ev-a' }, viewer),
        await w.log({ coordinationId: 'ev-b' }, viewer),
      ],
      'log of plans': (viewer) => w.log({ statuses: ['scheduled'] }, viewer),
      'contact messages': (viewer) => w.store.contactMessages(viewer, contactId, page),
      coordinations: (viewer) => w.store.coordinations(viewer, {}, page),
      'coordinations by search': (viewer) => w.store.coordinations(viewer, { q: 'secreto' }, page),
      'coordinations by phone': (viewer) => w.store.coordinations(viewer, { phoneKeys: person(1).keys }, page),
      'coordination messages': async (viewer) => [
        await w.store.coordinationMessages(viewer, 'ev-a', page),
        await w.store.coordinationMessages(viewer, 'ev-b', page),
      ],
      sync: (viewer) => w.store.sync(viewer, null, 50),
    }
    const agents = { 'secreto-a': w.viewer('agent-a', ['ev-a']), 'secreto-b': w.viewer('agent-b', ['ev-b', 'ev-x']) }
    for (const [name, read] of Object.entries(reads))
      for (const [own, viewer] of Object.entries(agents)) {
        const text = JSON.stringify(await read(viewer))
        const found = new Set([...text.matchAll(/secreto-\w+/g)].map(([word]) => word))
        const nothing = name === 'unfiled' || (name === 'log of plans' && own === 'secreto-a')
        expect([...found], `${name} of the agent of ${own}`).toEqual(nothing ? [] : [own])
      }
    for (const [name, read] of Object.entries(reads)) {
      const nobody = JSON.stringify(await read(w.viewer('agent-none', [])))
      expect(nobody, `${name} of an agent without any record`).not.toContain('secreto')
    }
  },

  async 'one by one, what is outside is as if it were not there'(w) {
    const { a, b, unfiled, other } = await prepare(w)
    const viewer = w.viewer('agent-a', ['ev-a'])
    expect(await w.store.conversation(viewer, a.conversation.id)).not.toBeNull()
    for (const { conversation, message } of [b, unfiled, other]) {
      expect(await w.store.conversation(viewer, conversation.id)).toBeNull()
      expect(await w.store.messages(viewer, conversation.id, { limit: 5 })).toBeNull()
      expect(await w.store.message(viewer, message.id)).toBeNull()
      expect(await w.store.markRead(viewer, conversation.id, 1)).toBeNull()
      expect(await w.store.updateConversation(viewer, conversation.id, { status: 'closed' })).toBeNull()
      expect(await w.store.moveMessages(viewer, [message.id], 'ev-a', by, w.now())).toBeNull()
      expect(await w.store.moveMessages(viewer, [a.message.id, message.id], 'ev-a', by, w.now())).toBeNull()
    }
    expect(await w.store.moveMessages(viewer, [a.message.id], 'ev-b', by, w.now()), 'nor may something leave it').toBeNull()
    expect(await w.store.moveMessages(viewer, [a.message.id], null, by, w.now())).toBeNull()
    expect(await w.store.updateConversation(viewer, a.conversation.id, { coordinationId: 'ev-b' })).toBeNull()
    expect(await w.store.updateConversation(viewer, a.conversation.id, { coordinationId: null })).toBeNull()
    expect(await w.store.coordination(viewer, 'ev-a')).not.toBeNull()
    expect(await w.store.coordination(viewer, 'ev-b')).toBeNull()
    expect(await w.store.coordinationMessages(viewer, 'ev-b', { cursor: null, limit: 5 })).toBeNull()
    for (const { conversation } of [a, b, unfiled, other])
      expect((await w.conversation(conversation.id)).status, 'nothing was changed by trying').toBe('open')
  },

  async 'a contact is in scope when one of its conversations is'(w) {
    const { a, other } = await prepare(w)
    const viewer = w.viewer('agent-a', ['ev-a'])
    const found = await allPages((cursor) => w.store.contacts(viewer, null, { cursor, limit: 1 }))
    expect(found.map((one) => one.id)).toEqual([a.conversation.contact.id])
    expect(await w.store.contacts(viewer, person(2).name, { cursor: null, limit: 5 })).toEqual({ items: [], nextCursor: null })
    expect(await w.store.contact(viewer, a.conversation.contact.id)).not.toBeNull()
    expect(await w.store.contact(viewer, other.conversation.contact.id)).toBeNull()
    expect(await w.store.contactMessages(viewer, other.conversation.contact.id, { cursor: null, limit: 5 })).toBeNull()
    expect(await w.store.updateContact(viewer, other.conversation.contact.id, { name: 'x' }, w.now())).toEqual({ outcome: 'missing' })
    expect((await w.conversation(other.conversation.id)).contact.name).toBe(person(2).name)
    expect(await w.store.contacts(w.viewer('agent-none', []), null, { cursor: null, limit: 5 })).toEqual({ items: [], nextCursor: null })
  },

  async 'the conflict of a contact is not shown to the scoped'(w) {
    await w.save('ev-a')
    await w.receive({ from: person(2), record: 'ev-a' })
    await w.receive({ from: person(1), aliases: ['AR.55'] })
    const { conversation } = await w.receive({ from: person(2), aliases: ['AR.55'], record: 'ev-a' })
    expect((await w.store.contact(w.all, conversation.contact.id))?.conflict).not.toBeNull()
    const viewer = w.viewer('agent-a', ['ev-a'])
    expect((await w.store.contact(viewer, conversation.contact.id))?.conflict).toBeNull()
    expect((await w.store.contacts(viewer, null, { cursor: null, limit: 5 })).items).toMatchObject([{ conflict: null }])
  },

  async 'what a scoped sync tells later is in scope, too'(w) {
    const { a, b, unfiled } = await prepare(w)
    const viewer = w.viewer('agent-a', ['ev-a'])
    const { cursor } = await w.store.sync(viewer, null, 50)
    await w.receive({ record: 'ev-a', text: 'más secreto-a' })
    await w.receive({ record: 'ev-b', text: 'más secreto-b' })
    await w.receive({ text: 'más secreto-sin' })
    await w.store.markRead(w.viewer('agent-a'), b.conversation.id, 1)
    const synced = await w.store.sync(viewer, cursor, 50)
    expect(synced.conversations.map((one) => one.id)).toEqual([a.conversation.id])
    expect(JSON.stringify(synced)).not.toContain('secreto-b')
    await w.store.updateConversation(w.all, unfiled.conversation.id, { coordinationId: 'ev-b' })
    const after = await w.store.sync(viewer, synced.cursor, 50)
    expect(JSON.stringify(after), 'nor the id of what was never in scope').not.toContain(unfiled.conversation.id)
  },

  async 'a scope may hold many records'(w) {
    const many = Array.from({ length: 1500 }, (_, index) => `ev-many-${index}`)
    await w.save('ev-a')
    const { conversation } = await w.receive({ record: 'ev-a' })
    const viewer = w.viewer('agent-a', [...many, 'ev-a', `it's`, '$ne', '"'])
    expect(await w.list({}, viewer)).toMatchObject([{ id: conversation.id }])
    expect(await w.store.unread([viewer])).toMatchObject([{ total: 1 }])
    expect(await w.store.conversation(viewer, conversation.id)).not.toBeNull()
    expect(await w.store.sync(viewer, null, 50)).toMatchObject({ conversations: [{ id: conversation.id }] })
    expect(await w.log({}, viewer)).toHaveLength(1)
  },

  async 'a log over hundreds of threads holds those of the scope alone'(w) {
    const own = Array.from({ length: 210 }, (_, index) => `ev-own-${index}`)
    await w.save('ev-other', ...own)
    await Promise.all(own.map((record) => w.open({ record })))
    await w.receive({ record: own[0] ?? null })
    await w.receive({ record: 'ev-other', from: person(2) })
    await w.receive({ from: person(3) })
    expect((await w.log({}, w.viewer('agent-a', own))).map((one) => one.coordinationId)).toEqual(['ev-own-0'])
  },
})
