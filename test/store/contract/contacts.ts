// Contacts: found by name, number and the host's id; changed without taking what is another's.
import { expect } from 'vitest'
import type { ContactPatch } from '../../../server/store/records.ts'
import { numbered, person, type Person, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

const search = (w: World, q: string | null, limit = 2) => allPages((cursor) => w.store.contacts(w.all, q, { cursor, limit }))
const addressOf = (one: Person): ContactPatch => ({
  addresses: [{ channel: 'whatsapp', phone: one.phone, keys: one.keys, preferred: true }],
})

export const contactCases = cases('contacts', {
  async 'they are found by name, without case and accents, and by number'(w) {
    for (const index of times(5, (each) => each)) await w.receive({ from: person(index) })
    await w.receive({ from: numbered('+5491100000099', `Zoë "50%" O'Hara_`) })
    const names = async (q: string) => (await search(w, q)).map((one) => one.name).toSorted()
    expect(await search(w, null)).toHaveLength(6)
    expect(await names('suárez')).toEqual(['Ana Suárez'])
    expect(await names('SUAREZ')).toEqual(['Ana Suárez'])
    expect(await names('ibañez')).toEqual(['Diego Ibáñez'])
    expect(await names('ana')).toEqual(['Ana Suárez'])
    expect(await names('000099')).toEqual([`Zoë "50%" O'Hara_`])
    expect(await names(person(3).phone)).toEqual(['Diego Ibáñez'])
    for (const q of [`o'hara`, '"50%"', 'zoe', 'hara_']) expect(await names(q), q).toEqual([`Zoë "50%" O'Hara_`])
    for (const q of ['$ne', '.*', 'nobody', 'a%z', '" OR 1=1 --']) expect(await names(q), q).toEqual([])
    expect((await w.store.contacts(w.neighbour().all, null, { cursor: null, limit: 9 })).items).toEqual([])
  },

  async 'pages hold everyone once, also while new ones come'(w) {
    await Promise.all(times(17, (index) => w.receive({ from: person(index % 8 === 0 ? index : index) })))
    const before = (await search(w, null, 50)).map((one) => one.id)
    let turn = 0
    const seen = await allPages(async (cursor) => {
      const page = await w.store.contacts(w.all, null, { cursor, limit: 3 })
      await w.receive({ from: person(100 + turn++) })
      return page
    })
    const ids = new Set(seen.map((one) => one.id))
    expect(before.filter((id) => !ids.has(id))).toEqual([])
  },

  async 'a change of name is shown by all their conversations, which are told'(w) {
    await w.save('ev-1')
    const one = await w.receive()
    const two = await w.receive({ record: 'ev-1' })
    await w.receive({ from: person(2) })
    const id = one.conversation.contact.id
    const before = await w.store.contact(w.all, id)
    const patched = await w.store.updateContact(
      w.all,
      id,
      { name: 'Ana María', tags: ['vip'], attributes: { nota: 'alérgica', 'a.$b': '1' } },
      w.now(),
    )
    if (patched.outcome !== 'changed') throw new Error(patched.outcome)
    expect(patched.contact).toMatchObject({ id, name: 'Ana María', tags: ['vip'], attributes: { nota: 'alérgica', 'a.$b': '1' } })
    expect(patched.contact.rev).toBeGreaterThan(before?.rev ?? 0)
    expect(await w.store.contact(w.all, id)).toEqual(patched.contact)
    expect(patched.changes.conversations.map((each) => each.id).toSorted()).toEqual([one.conversation.id, two.conversation.id].toSorted())
    for (const told of patched.changes.conversations) expect(told.contact.name).toBe('Ana María')
    expect((await w.conversation(one.conversation.id)).contact.name).toBe('Ana María')
    expect((await w.list({ q: 'maria' })).length).toBe(2)
    const { conversation } = await w.receive({ profileName: 'otra' })
    expect(conversation.contact.name, 'a name that a person gave is kept').toBe('Ana María')
  },

  async 'a new number replaces the old one on that channel, and is where they are found and written to'(w) {
    const { conversation } = await w.receive({ from: person(1) })
    await w.receive({ from: person(1), channel: 'sms' })
    const id = conversation.contact.id
    const patched = await w.store.updateContact(w.all, id, addressOf(person(50)), w.now())
    if (patched.outcome !== 'changed') throw new Error(patched.outcome)
    const byChannel = (channel: string) => patched.contact.addresses.filter((one) => one.channel === channel).map((one) => one.phone)
    expect(byChannel('whatsapp')).toEqual([person(50).phone])
    expect(byChannel('sms')).toEqual([person(1).phone])
    expect(patched.contact.addresses.find((one) => one.channel === 'whatsapp')?.preferred).toBe(true)
    expect((await w.receive({ from: person(50) })).conversation.contact.id).toBe(id)
    expect((await w.list({ phoneKeys: person(50).keys })).some((one) => one.contact.id === id)).toBe(true)
  },

  async 'a number of somebody else is a conflict, and nothing changes'(w) {
    const one = (await w.receive({ from: person(1) })).conversation.contact.id
    const two = (await w.receive({ from: person(2) })).conversation.contact.id
    const before = await w.store.contact(w.all, one)
    const patched = await w.store.updateContact(w.all, one, { name: 'Otro', ...addressOf(person(2)) }, w.now())
    expect(patched).toEqual({ outcome: 'conflict', contactId: two })
    expect(await w.store.contact(w.all, one)).toEqual(before)
    expect((await w.receive({ from: person(2) })).conversation.contact.id).toBe(two)
    expect(await w.store.updateContact(w.all, two, addressOf(person(2)), w.now()), 'one’s own is none').toMatchObject({
      outcome: 'changed',
    })
  },

  async 'of two who take one number at once one gets it'(w) {
    for (let round = 0; round < 6; round++) {
      const ids = []
      for (const index of [1, 2]) ids.push((await w.receive({ from: person(round * 10 + index) })).conversation.contact.id)
      const free = person(500 + round)
      const outcomes = await Promise.all(ids.map((id) => w.store.updateContact(w.all, id, addressOf(free), w.now())))
      expect(outcomes.map((one) => one.outcome).toSorted()).toEqual(['changed', 'conflict'])
      const winner = ids[outcomes.findIndex((one) => one.outcome === 'changed')]
      expect((await w.receive({ from: free })).conversation.contact.id).toBe(winner)
    }
  },

  async 'one that is not there is missing'(w) {
    const { conversation } = await w.receive()
    for (const id of [w.newId(), '', '$ne']) {
      expect(await w.store.updateContact(w.all, id, { name: 'x' }, w.now())).toEqual({ outcome: 'missing' })
      expect(await w.store.contact(w.all, id)).toBeNull()
      expect(await w.store.contactMessages(w.all, id, { cursor: null, limit: 5 })).toBeNull()
    }
    const other = w.neighbour().all
    expect(await w.store.updateContact(other, conversation.contact.id, { name: 'x' }, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.contact(other, conversation.contact.id)).toBeNull()
    expect(await w.store.contactMessages(other, conversation.contact.id, { cursor: null, limit: 5 })).toBeNull()
  },

  async 'everything said with a contact is read newest first, over records and channels'(w) {
    await w.save(record('ev-1'))
    const texts = []
    for (const [index, over] of [{ record: 'ev-1' }, {}, { channel: 'sms' as const }, { record: 'ev-1' }, {}].entries()) {
      await w.receive({ ...over, text: `m ${index}` })
      texts.unshift(`m ${index}`)
    }
    const { conversation } = await w.receive({ from: person(2), text: 'de otro' })
    const [mine] = await w.list({ phoneKeys: person(1).keys })
    await w.enter({ id: mine?.id ?? '' }, { text: 'respuesta' })
    texts.unshift('respuesta')
    const read = async (id: string, limit: number) =>
      await allPages(async (cursor) => (await w.store.contactMessages(w.all, id, { cursor, limit })) ?? { items: [], nextCursor: null })
    for (const limit of [2, 50]) expect((await read(mine?.contact.id ?? '', limit)).map((one) => one.text)).toEqual(texts)
    expect((await read(conversation.contact.id, 5)).map((one) => one.text)).toEqual(['de otro'])
  },
})
