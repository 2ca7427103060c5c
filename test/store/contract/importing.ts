// Lists of clients: each row is in once, whatever comes at the same moment, and nobody's number is taken over.
import { expect } from 'vitest'
import type { ContactDraft } from '../../../server/rules/import-contact.ts'
import { type Person, person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

const row = (one: Person, more: Partial<ContactDraft> = {}): ContactDraft => ({
  name: null,
  externalId: null,
  addresses: [{ channel: 'whatsapp', phone: one.phone, keys: one.keys, preferred: false }],
  attributes: {},
  tags: [],
  fallbackName: one.phone,
  ...more,
})
const people = (count: number, from = 0) => Array.from({ length: count }, (_, index) => person(from + index))

async function take(w: World, drafts: readonly ContactDraft[], dryRun = false) {
  const { imported, changes } = await w.store.importContacts(w.orgId, drafts, { now: w.now(), dryRun })
  return { outcomes: imported.map(({ outcome }) => outcome), imported, changes }
}
const all = (w: World) => allPages((cursor) => w.store.contacts(w.all, null, { cursor, limit: 50 }))
const idOf = (one: { contactId?: string } | undefined) => one?.contactId ?? ''

export const importingCases = cases('importing contacts', {
  async 'a list is in with all that it says, and the same again changes nothing'(w) {
    const one = row(person(1), { name: 'Ana', externalId: 'cl-1', attributes: { 'a.$b': '1' }, tags: ['vip', 'vip'] })
    const list = [one, ...people(40, 2).map((each, index) => row(each, { name: `N ${index}`, externalId: `x-${index}` }))]
    const first = await take(w, list)
    expect(new Set(first.outcomes)).toEqual(new Set(['created']))
    const before = await all(w)
    expect(before).toHaveLength(41)
    const { phone } = person(1)
    expect(await w.store.contact(w.all, idOf(first.imported[0] as { contactId: string }))).toMatchObject({
      ...{ name: 'Ana', externalId: 'cl-1', attributes: { 'a.$b': '1' }, tags: ['vip'], conflict: null, rev: 1 },
      addresses: [{ channel: 'whatsapp', address: phone, phone, preferred: true }],
    })
    expect(new Set((await take(w, list)).outcomes)).toEqual(new Set(['unchanged']))
    expect(await all(w)).toEqual(before)
    expect((await w.receive({ from: person(1) })).conversation.contact).toMatchObject({ name: 'Ana' })
    expect(await w.neighbour().store.contacts(w.neighbour().all, null, { cursor: null, limit: 5 })).toMatchObject({ items: [] })
  },

  async 'a trial says what would be, and changes nothing'(w) {
    await w.receive({ from: person(1), profileName: 'nani' })
    const before = await all(w)
    const list = [row(person(1), { name: 'Ana' }), row(person(2)), row(person(1))]
    expect((await take(w, list, true)).outcomes).toEqual(['updated', 'created', 'unchanged'])
    expect(await all(w)).toEqual(before)
  },

  async 'a client who wrote before is named, and the threads tell it'(w) {
    const { conversation } = await w.receive({ from: person(1), profileName: '🌸' })
    const { outcomes, changes } = await take(w, [row(person(1), { name: 'Ana Díaz', externalId: 'cl-1', tags: ['vip'] })])
    expect(outcomes).toEqual(['updated'])
    expect(changes.conversations).toMatchObject([{ id: conversation.id, contact: { name: 'Ana Díaz' } }])
    const contact = await w.store.contact(w.all, conversation.contact.id)
    expect(contact).toMatchObject({ name: 'Ana Díaz', externalId: 'cl-1', tags: ['vip'], rev: 2 })
    await w.store.updateContact(w.all, conversation.contact.id, { name: 'Anita' }, w.now())
    await take(w, [row(person(1), { name: 'Ana Díaz', externalId: 'cl-1' })])
    expect(await w.store.contact(w.all, conversation.contact.id), 'what an agent corrected stays').toMatchObject({ name: 'Anita' })
  },

  async 'rows about one client follow each other'(w) {
    const list = [
      row(person(1), { name: 'A', tags: ['a'] }),
      row(person(1), { name: 'B', tags: ['b'] }),
      row(person(1), { name: 'B', externalId: 'cl-1' }),
      row(person(2), { externalId: 'cl-1' }),
      ...Array.from({ length: 40 }, (_, index) => row(person(3), { attributes: { n: String(index) } })),
    ]
    const { outcomes } = await take(w, list)
    expect(outcomes.slice(0, 5)).toEqual(['created', 'updated', 'updated', 'updated', 'created'])
    expect(new Set(outcomes.slice(5))).toEqual(new Set(['updated']))
    const found = await all(w)
    expect(found).toHaveLength(2)
    expect(found.find((one) => one.externalId === 'cl-1')).toMatchObject({
      ...{ name: 'B', tags: ['a', 'b'], addresses: [{ channel: 'whatsapp', phone: person(2).phone }] },
    })
    expect(found.find((one) => one.externalId === null)?.attributes).toEqual({ n: '39' })
  },

  async 'what two contacts claim is nobody’s, and both show it'(w) {
    await take(w, [row(person(1), { externalId: 'cl-1' }), row(person(2), { externalId: 'cl-2' }), row(person(3))])
    const id = async (n: number) => (await w.receive({ from: person(n) })).conversation.contact.id
    const [one, two, three] = [await id(1), await id(2), await id(3)]
    const list = [row(person(3), { externalId: 'cl-1', name: 'X' }), row(person(2), { externalId: 'cl-9', name: 'Y' })]
    expect((await take(w, list)).outcomes).toEqual(['refused', 'refused'])
    expect(await w.store.contact(w.all, one)).toMatchObject({ externalId: 'cl-1', conflict: three })
    expect(await w.store.contact(w.all, three)).toMatchObject({ externalId: null, conflict: one })
    expect(await w.store.contact(w.all, two)).toMatchObject({ externalId: 'cl-2', conflict: null })
    const before = await all(w)
    await take(w, list)
    expect(await all(w)).toEqual(before)
  },

  async 'the name and the client id of a known record come with its number'(w) {
    const { phone } = person(1)
    await w.store.saveCoordinations(
      w.orgId,
      [
        {
          ...{
            id: 'ev-1',
            title: 'Boda',
            phoneKeys: [...person(1).keys],
            startsAt: null,
            timezone: null,
            url: null,
            status: 'active',
            agent: null,
            data: {},
          },
          contact: { name: 'Ana de la boda', phone, externalId: 'cl-1' },
        },
      ],
      w.now(),
    )
    await take(w, [row(person(1))])
    expect(await all(w)).toMatchObject([{ name: 'Ana de la boda', externalId: 'cl-1' }])
  },

  async 'lists and messages that come together make one contact of a number'(w) {
    const list = people(20)
    const drafts = list.map((one, index) => row(one, { externalId: `x-${index}`, tags: ['list'] }))
    await Promise.all([take(w, drafts), take(w, drafts.toReversed()), ...list.map((from) => w.receive({ from }))])
    const found = await all(w)
    expect(found).toHaveLength(20)
    for (const one of found) expect(one).toMatchObject({ tags: ['list'] })
    expect(new Set((await take(w, drafts)).outcomes)).toEqual(new Set(['unchanged']))
  },

  async 'contacts are listed by a tag, and found by it'(w) {
    await take(
      w,
      people(12).map((one, index) => row(one, { name: `N ${index}`, tags: index % 3 === 0 ? ['vip', 'Año nuevo'] : ['otro'] })),
    )
    const tagged = (tag: string, q: string | null = null) => allPages((cursor) => w.store.contacts(w.all, q, { cursor, limit: 3 }, tag))
    expect((await tagged('vip')).map(({ name }) => name)).toEqual(['N 0', 'N 3', 'N 6', 'N 9'])
    expect((await tagged('vip', '6')).map(({ name }) => name)).toEqual(['N 6'])
    expect(await tagged('vi')).toEqual([])
    expect(await w.store.contacts(w.all, 'ano nuevo', { cursor: null, limit: 9 })).toMatchObject({ items: [{}, {}, {}, {}] })
  },
})
