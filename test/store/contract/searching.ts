// Searching and ordering: the same words find the same things on every list, whatever keeps them.
import { expect } from 'vitest'
import { MINUTE, numbered, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

/** The things that each list finds: titles, names and texts. */
async function found(w: World, q: string) {
  const page = (cursor: string | null) => ({ cursor, limit: 2 })
  return {
    conversations: (await w.list({ q })).map((one) => one.contact.name).toSorted(),
    contacts: (await allPages((cursor) => w.store.contacts(w.all, q, page(cursor)))).map((one) => one.name).toSorted(),
    records: (await allPages((cursor) => w.store.coordinations(w.all, { q }, page(cursor)))).map((one) => one.title).toSorted(),
    log: (await w.log({ q })).map((one) => one.text).toSorted(),
  }
}

export const searchingCases = cases('searching', {
  async 'words are found at the beginnings of words, in any order, not inside of them or over them'(w) {
    const sofia = numbered('+5491100000077', 'Sofía Herrera')
    const bruno = numbered('+5491100000088', 'Bruno Quince')
    await w.save(record('ev-1', { client: sofia, title: '15 de Valentina' }))
    await w.receive({ from: sofia, record: 'ev-1', text: 'Mesa 1, silla 5' })
    await w.receive({ from: bruno, text: 'Somos 150, mesa larga' })
    expect(await found(w, '15')).toEqual({
      conversations: ['Bruno Quince', 'Sofía Herrera'],
      contacts: [],
      records: ['15 de Valentina'],
      log: ['Somos 150, mesa larga'],
    })
    expect(await found(w, 'valentina 15')).toEqual({
      conversations: ['Sofía Herrera'],
      contacts: [],
      records: ['15 de Valentina'],
      log: [],
    })
    expect(await found(w, 'herr SOFIA')).toEqual({
      conversations: ['Sofía Herrera'],
      contacts: ['Sofía Herrera'],
      records: ['15 de Valentina'],
      log: ['Mesa 1, silla 5'],
    })
    const nothing = { conversations: [], contacts: [], records: [], log: [] }
    expect(await found(w, 'alentina'), 'the middle of a word').toEqual(nothing)
    expect(await found(w, 'sofia bruno'), 'words of two things').toEqual(nothing)
  },

  async 'the log holds what was written from a time on, and before another'(w) {
    const at = w.now()
    for (const offset of [-1, 0, 1]) await w.receive({ text: `at ${offset}`, createdAt: at + MINUTE + offset })
    const texts = async (filter: { from?: number; to?: number }) => (await w.log(filter)).map((one) => one.text).toSorted()
    expect(await texts({ from: at + MINUTE })).toEqual(['at 0', 'at 1'])
    expect(await texts({ to: at + MINUTE })).toEqual(['at -1'])
    expect(await texts({ from: at + MINUTE, to: at + MINUTE + 1 })).toEqual(['at 0'])
    expect(await texts({ from: at + MINUTE, to: at + MINUTE })).toEqual([])
  },

  async 'contacts are listed by name without case and accents, page by page'(w) {
    const names = ['zoe', 'Álvaro', 'Bruno', 'ana', 'Ñandú', 'Núñez', 'Oscar', 'ángela']
    for (const [index, name] of names.entries()) await w.receive({ from: numbered(`+549110000010${index}`, name) })
    const sorted = ['Álvaro', 'ana', 'ángela', 'Bruno', 'Ñandú', 'Núñez', 'Oscar', 'zoe']
    for (const limit of [1, 3, 50]) {
      const all = await allPages((cursor) => w.store.contacts(w.all, null, { cursor, limit }))
      expect(
        all.map((one) => one.name),
        `${limit} a page`,
      ).toEqual(sorted)
    }
  },

  async 'a renamed contact takes its new place in the list'(w) {
    const { conversation } = await w.receive({ from: numbered('+5491100000101', 'Ana') })
    await w.receive({ from: numbered('+5491100000102', 'Bruno') })
    await w.store.updateContact(w.all, conversation.contact.id, { name: 'Íñigo' }, w.now())
    const all = await w.store.contacts(w.all, null, { cursor: null, limit: 9 })
    expect(all.items.map((one) => one.name)).toEqual(['Bruno', 'Íñigo'])
  },

  async 'records are listed by their last save, the newest first; saving one as it is changes nothing'(w) {
    for (const id of ['ev-1', 'ev-2', 'ev-3']) await w.save(record(id))
    const listed = async () => {
      const all = await allPages((cursor) => w.store.coordinations(w.all, {}, { cursor, limit: 2 }))
      return all.map((one) => one.id)
    }
    expect(await listed()).toEqual(['ev-3', 'ev-2', 'ev-1'])
    await w.save(record('ev-1', { title: 'Otra' }))
    expect(await listed(), 'the one that was saved last').toEqual(['ev-1', 'ev-3', 'ev-2'])
    const before = await w.store.coordination(w.all, 'ev-2')
    const { saved, changes } = await w.store.saveCoordinations(w.orgId, [record('ev-2')], w.now())
    expect(saved).toEqual([{ created: false, changed: false, coordination: before }])
    expect(changes.conversations).toEqual([])
    expect(await listed()).toEqual(['ev-1', 'ev-3', 'ev-2'])
    expect(await w.store.coordination(w.all, 'ev-2')).toEqual(before)
  },
})
