// Whose message it is: one contact per person, whichever form of the number is used, and what it is called.
import { expect } from 'vitest'
import { numbered, OUR_SMS, OUR_WHATSAPP, person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const unfiled = () => ({ coordinationId: null, hintId: null })
const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

async function contacts(w: World) {
  return (await w.store.contacts(w.all, null, { cursor: null, limit: 50 })).items
}

export const identityCases = cases('identity', {
  async 'two first messages of a new contact at once make one contact and one conversation'(w) {
    for (let round = 1; round <= 8; round++) {
      const from = person(round)
      const [one, two] = await Promise.all([w.receive({ from }), w.receive({ from })])
      expect(one.conversation.id).toBe(two.conversation.id)
      expect(one.conversation.contact.id).toBe(two.conversation.contact.id)
      expect([one.message.seq, two.message.seq].sort()).toEqual([1, 2])
    }
    expect(await contacts(w)).toHaveLength(8)
    expect(await w.list()).toHaveLength(8)
  },

  async '20 first messages of a new contact at once make one contact and one conversation'(w) {
    const all = await Promise.all(times(20, () => w.receive()))
    expect(new Set(all.map((one) => one.conversation.id)).size).toBe(1)
    expect(await contacts(w)).toHaveLength(1)
    expect(await w.list()).toMatchObject([{ inboundCount: 20, lastSeq: 20 }])
  },

  async 'first messages on both channels and about two records at once make one contact and a conversation each'(w) {
    await w.save('ev-1', 'ev-2')
    const all = await Promise.all(
      times(24, (index) => w.receive({ channel: index % 2 ? 'sms' : 'whatsapp', record: ['ev-1', 'ev-2', null][index % 3] ?? null })),
    )
    expect(new Set(all.map((one) => one.conversation.contact.id)).size).toBe(1)
    expect(await contacts(w)).toMatchObject([{ addresses: [{}, {}] }])
    const list = await w.list()
    expect(list).toHaveLength(6)
    expect(list.map((one) => one.lastSeq)).toEqual([4, 4, 4, 4, 4, 4])
  },

  async 'openings and messages that race make one conversation'(w) {
    const all = await Promise.all(times(20, async (index) => (index % 2 ? await w.open() : (await w.receive()).conversation)))
    expect(new Set(all.map((one) => one.id)).size).toBe(1)
    expect(await contacts(w)).toHaveLength(1)
    expect(await w.conversation(all[0]?.id ?? '')).toMatchObject({ inboundCount: 10, lastSeq: 10 })
  },

  async 'an address of a channel that is not spoken is a contact of its own, never that of a number in it'(w) {
    const somebody = await w.receive({ from: person(4) })
    const digits = person(4).address.slice(1)
    const by = (prefix: string) => {
      const address = `${prefix}:${digits}`
      return { channel: 'sms', sender: `${prefix}:1025`, address, phone: null, keys: [address] as [string], profileName: null } as const
    }
    const prefixes = ['messenger', 'sim', 'client']
    const all = []
    for (const prefix of prefixes) all.push(await w.receive(by(prefix)))
    const again = await w.receive(by('messenger'))
    const ids = [somebody, ...all].map((one) => one.conversation.contact.id)
    expect(new Set(ids).size).toBe(4)
    expect(all.map((one) => one.conversation.contact.address)).toEqual(prefixes.map((prefix) => `${prefix}:${digits}`))
    expect(again.conversation).toMatchObject({
      id: all[0]?.conversation.id,
      inboundCount: 2,
      sender: 'messenger:1025',
      contact: { phone: null },
    })
  },

  async 'a number on WhatsApp and on SMS is one contact with a conversation on each channel'(w) {
    const from = person(3)
    const chat = await w.receive({ from })
    const text = await w.receive({ from, channel: 'sms', profileName: null })
    expect(text.conversation).toMatchObject({ channel: 'sms', sender: OUR_SMS, contact: { id: chat.conversation.contact.id } })
    expect(text.conversation.id).not.toBe(chat.conversation.id)
    expect(text.conversation.lineId).not.toBe(chat.conversation.lineId)
    expect(chat.conversation.sender).toBe(OUR_WHATSAPP)
    const [contact] = await contacts(w)
    expect(contact?.addresses.map((one) => [one.channel, one.address]).sort()).toEqual([
      ['sms', from.address],
      ['whatsapp', from.address],
    ])
  },

  async 'both forms of a Brazilian number are one contact, one line, one conversation, also at once'(w) {
    const nine = numbered('+5541988887777', 'João')
    const old = numbered('+554188887777', 'João')
    const all = await Promise.all(times(10, (index) => w.receive({ from: index % 2 ? nine : old })))
    expect(new Set(all.map((one) => one.conversation.id)).size).toBe(1)
    expect(await contacts(w)).toHaveLength(1)
  },

  async 'both forms of a Mexican number are one contact'(w) {
    const first = await w.receive({ from: numbered('+5215512345678', 'Lupe') })
    const second = await w.receive({ from: numbered('+525512345678', 'Lupe') })
    expect(second.conversation.id).toBe(first.conversation.id)
  },

  async 'an Argentine number with the mobile 9 finds the one without, not the other way'(w) {
    const without = await w.receive({ from: numbered('+541123456789', 'Marta') })
    const withNine = await w.receive({ from: numbered('+5491123456789', 'Marta') })
    expect(withNine.conversation.contact.id).toBe(without.conversation.contact.id)
    const mobile = await w.receive({ from: numbered('+5491198765432', 'Raúl') })
    const landline = await w.receive({ from: numbered('+541198765432', 'Oficina') })
    expect(landline.conversation.contact.id).not.toBe(mobile.conversation.contact.id)
  },

  async 'P13: the same number in another organization is somebody else, whatever ids come with it'(w) {
    const from = person(7)
    const [ours, theirs] = [await w.receive({ from, aliases: ['AR.1A2B'] }), await w.neighbour().receive({ from, aliases: ['AR.1A2B'] })]
    expect(theirs.conversation).toMatchObject({ inboundCount: 1, lastSeq: 1 })
    expect(theirs.conversation.contact.id).not.toBe(ours.conversation.contact.id)
    expect((await contacts(w)).map(({ id, conflict }) => [id, conflict])).toEqual([[ours.conversation.contact.id, null]])
  },

  async 'a number whose predecessor is told is that client in that thread, also with both channels and several records'(w) {
    await w.save('ev-1')
    const [before, after] = [numbered('+5491155550071', 'Ana'), numbered('+5491155550072', 'Ana')]
    const chat = await w.receive({ from: before, record: 'ev-1' })
    await w.receive({ from: before, channel: 'sms', profileName: null })
    const moved = { ...after, keys: [...after.keys, ...before.keys] as typeof after.keys }
    const all = await Promise.all(times(6, () => w.receive({ from: moved, record: 'ev-1' })))
    expect(new Set(all.map((one) => one.conversation.id))).toEqual(new Set([chat.conversation.id]))
    expect(await w.conversation(chat.conversation.id)).toMatchObject({
      inboundCount: 7,
      contact: { address: after.address, phone: after.phone },
    })
    expect((await w.receive({ from: after, record: 'ev-1' })).conversation.id).toBe(chat.conversation.id)
    const [contact, ...more] = await contacts(w)
    expect(more).toEqual([])
    expect(contact?.addresses.map((one) => [one.channel, one.address]).sort()).toEqual([
      ['sms', before.address],
      ['whatsapp', after.address],
    ])
  },

  async 'of two contacts the one under the better key is taken'(w) {
    const second = await w.receive({ from: { ...numbered('+541155550001', 'Fijo'), keys: ['+541155550001'] } })
    const first = await w.receive({ from: { ...numbered('+5491155550001', 'Celular'), keys: ['+5491155550001'] } })
    expect(first.conversation.contact.id).not.toBe(second.conversation.contact.id)
    const { conversation } = await w.receive({ from: numbered('+5491155550001', 'Celular') })
    expect(conversation.contact.id).toBe(first.conversation.contact.id)
  },

  async 'a reply goes to the address that the client last wrote from'(w) {
    await w.receive({ from: numbered('+5541988887777', 'João') })
    const { conversation } = await w.receive({ from: numbered('+554188887777', 'João') })
    expect(conversation.contact.address).toBe('+554188887777')
    await w.enter(conversation)
    expect((await w.claimed(conversation)).address).toBe('+554188887777')
  },

  async 'a contact that hides the number is found by its id and its aliases'(w) {
    const from = {
      name: 'Muhsin',
      address: 'IN.2081978709342942',
      phone: '',
      keys: ['IN.2081978709342942'] as [string],
      fallbackName: 'IN.2081978709342942',
    }
    const first = await w.receive({ from, phone: null, aliases: ['IN.ENT.9081726354'] })
    expect(first.conversation.contact).toMatchObject({ name: 'Muhsin', phone: null, address: from.address })
    const later = await w.receive({ from: { ...person(5), keys: [person(5).keys[0], 'IN.ENT.9081726354'] } })
    expect(later.conversation.contact.id).toBe(first.conversation.contact.id)
    expect(await contacts(w)).toHaveLength(1)
  },

  async 'an alias that belongs to somebody else takes nothing away and is shown as a conflict'(w) {
    const other = await w.receive({ from: person(2) })
    const owner = await w.receive({ from: person(1), aliases: ['AR.55'] })
    const claiming = await w.receive({ from: person(2), aliases: ['AR.55'] })
    expect(claiming.conversation.id).toBe(other.conversation.id)
    expect((await w.store.contact(w.all, other.conversation.contact.id))?.conflict).toBe(owner.conversation.contact.id)
    expect((await w.receive({ from: person(1) })).conversation.id).toBe(owner.conversation.id)
    expect((await w.receive({ from: person(2) })).conversation.id).toBe(other.conversation.id)
  },

  async 'a conflict with one more contact is shown at that one, too'(w) {
    const [one, two, three] = [
      await w.receive({ from: person(1) }),
      await w.receive({ from: person(2) }),
      await w.receive({ from: person(3) }),
    ]
    await w.receive({ from: person(2), aliases: ['AR.55'] })
    await w.receive({ from: person(3), aliases: ['AR.66'] })
    for (const alias of ['AR.55', 'AR.66']) await w.receive({ from: person(1), aliases: [alias] })
    const conflict = async ({ conversation }: typeof one) => (await w.store.contact(w.all, conversation.contact.id))?.conflict
    expect(await Promise.all([one, two, three].map(conflict))).toEqual([
      three.conversation.contact.id,
      one.conversation.contact.id,
      one.conversation.contact.id,
    ])
  },

  async 'a new contact has its profile name, else its number; a name that it has is kept'(w) {
    expect((await w.receive({ from: person(1), profileName: 'João' })).conversation.contact.name).toBe('João')
    expect((await w.receive({ from: person(2), profileName: null })).conversation.contact.name).toBe(person(2).fallbackName)
    expect((await w.receive({ from: person(1), profileName: 'Otro' })).conversation.contact.name).toBe('João')
    expect((await w.open({ client: person(4), name: 'Señora Paz' })).contact.name).toBe('Señora Paz')
    expect((await w.receive({ from: person(4), profileName: 'pazita' })).conversation.contact.name).toBe('Señora Paz')
  },

  async 'a name that is only the number gives way to the profile name'(w) {
    await w.receive({ from: person(2), channel: 'sms', profileName: null })
    const { conversation } = await w.receive({ from: person(2), profileName: 'Bruno' })
    expect(conversation.contact.name).toBe('Bruno')
    const [contact] = await contacts(w)
    expect(contact?.name).toBe('Bruno')
  },

  async 'attributes are kept and added to, whatever their names'(w) {
    const attributes = { FromZip: '94107', 'a.b': 'dot', $where: '1 == 1', $set: '{}', 'x"y': "o'clock", ñandú: '🐦', '': 'empty' }
    const { conversation } = await w.receive({ attributes })
    await w.receive({ attributes: { FromCountry: 'US' } })
    expect((await w.store.contact(w.all, conversation.contact.id))?.attributes).toEqual({ ...attributes, FromCountry: 'US' })
  },

  async 'an opening finds or makes, and is not in the default list'(w) {
    await w.save('ev-1')
    const opened = await w.open({ record: 'ev-1', name: 'Carla' })
    expect(opened).toMatchObject({ lastSeq: 0, lastMessage: null, activityAt: null, inboundCount: 0, contact: { name: 'Carla' } })
    expect(opened.coordination).toMatchObject({ id: 'ev-1', title: 'Boda ev-1', status: 'active' })
    const { address, phone, keys, fallbackName } = person(1)
    const request = { orgId: w.orgId, channel: 'whatsapp' as const, sender: OUR_WHATSAPP, address, phone, keys, fallbackName }
    const again = await w.store.openConversation({ ...request, name: 'Otra', coordinationId: 'ev-1', now: w.now() })
    expect(again).toMatchObject({ created: false, conversation: { id: opened.id, rev: opened.rev, contact: { name: 'Carla' } } })
    expect(again.changes).toMatchObject({ conversations: [], messages: [] })
    const unfiledOne = await w.store.openConversation({ ...request, name: null, coordinationId: null, now: w.now() })
    expect(unfiledOne.created).toBe(true)
    expect(unfiledOne.changes.conversations).toEqual([unfiledOne.conversation])
    expect(unfiledOne.conversation.lineId, 'one line, whatever the record').toBe(opened.lineId)
    expect(await w.list({ automated: false })).toEqual([])
    expect(await w.list()).toHaveLength(2)
    const received = await w.store.receive(w.inbound(), () => ({ coordinationId: 'ev-1', hintId: null }))
    expect(received).toMatchObject({ outcome: 'created', message: { seq: 1, conversationId: opened.id } })
    expect(await w.list({ automated: false })).toMatchObject([{ id: opened.id }])
  },

  async '20 openings of one conversation at once make one'(w) {
    const all = await Promise.all(times(20, () => w.open()))
    expect(new Set(all.map((one) => one.id)).size).toBe(1)
    expect(await w.store.receive(w.inbound(), unfiled)).toMatchObject({ message: { seq: 1, conversationId: all[0]?.id } })
  },
})
