// A line is one of our senders and one address: what belongs to a number (its window, what waits to be sent to it) stays with
// it while contacts and threads go from one number to another.
import { expect } from 'vitest'
import { HOUR, person, type Person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

async function giveNumber(w: World, contactId: string, to: Person) {
  const patched = await w.store.updateContact(
    w.all,
    contactId,
    { addresses: [{ channel: 'whatsapp', phone: to.phone, keys: to.keys, preferred: true }] },
    w.now(),
  )
  if (patched.outcome !== 'changed') throw new Error(patched.outcome)
  return patched
}
const [A, B] = [person(1), person(50)]

export const numberCases = cases('numbers', {
  async 'a contact whose number goes away and comes back finds its line and its window again'(w) {
    const { conversation: before, message } = await w.receive({ from: A })
    const { id } = before.contact
    const wroteAt = Date.parse(message.createdAt)
    const { changes } = await giveNumber(w, id, B)
    expect(changes.conversations).toMatchObject([{ id: before.id, contact: { address: B.address, phone: B.phone }, lastInboundAt: null }])
    const there = await w.conversation(before.id)
    expect(there.lineId).not.toBe(before.lineId)
    const { message: onB, conversation } = await w.receive({ from: B })
    expect(conversation).toMatchObject({ id: before.id, lineId: there.lineId, lastInboundAt: Date.parse(onB.createdAt) })
    await giveNumber(w, id, A)
    expect(await w.conversation(before.id)).toMatchObject({
      lineId: before.lineId,
      lastInboundAt: wroteAt,
      contact: { address: A.address },
    })
    await giveNumber(w, id, B)
    expect(await w.conversation(before.id)).toMatchObject({ lineId: there.lineId, lastInboundAt: Date.parse(onB.createdAt) })
  },

  async 'all threads of a channel go to the new number, those of the other channel stay'(w) {
    await w.save('ev-1')
    const one = (await w.receive({ from: A })).conversation
    const two = (await w.receive({ from: A, record: 'ev-1' })).conversation
    const sms = (await w.receive({ from: A, channel: 'sms' })).conversation
    const { changes } = await giveNumber(w, one.contact.id, B)
    expect(changes.conversations.map((each) => each.id).toSorted()).toEqual([one.id, two.id].toSorted())
    const lines = new Set([one, two].map(({ id }) => changes.conversations.find((each) => each.id === id)?.lineId))
    expect(lines.size, 'both over one line').toBe(1)
    expect(await w.conversation(sms.id)).toMatchObject({ lineId: sms.lineId, contact: { address: A.address }, rev: sms.rev })
  },

  async 'what waits when a number changes goes to the number that it was written to'(w) {
    const { conversation } = await w.receive({ from: A })
    const first = await w.enter(conversation)
    await giveNumber(w, conversation.contact.id, B)
    const there = await w.conversation(conversation.id)
    const second = await w.enter(there)
    expect(await w.claimed(there)).toMatchObject({ message: { id: second.message.id }, address: B.address, lastInboundAt: null })
    expect(await w.claimed(conversation)).toMatchObject({ message: { id: first.message.id }, address: A.address })
  },

  async 'a number that another contact had keeps its line, without that contact’s record'(w) {
    await w.save('ev-1')
    const { conversation: before } = await w.receive({ from: A, record: 'ev-1' })
    await w.enter(before)
    await giveNumber(w, before.contact.id, B)
    expect(await w.factsFor({ from: B }), 'a line of its own knows no record').toMatchObject({ lastOutbound: null })
    let facts: unknown
    const received = await w.store.receive(w.inbound({ from: A }), (known) => {
      facts = known.lastOutbound
      return { coordinationId: null, hintId: null }
    })
    expect(facts).toBeNull()
    if (received.outcome !== 'created') throw new Error(received.outcome)
    expect(received.conversation.contact.id).not.toBe(before.contact.id)
    expect(received.conversation.lineId).toBe(before.lineId)
  },

  async 'a client known by another name of theirs who writes from a new address is answered there, in the thread they wrote in'(w) {
    await w.save('ev-1')
    const alias = 'AR.ENT.9081726354'
    const one = (await w.receive({ from: A, aliases: [alias] })).conversation
    const two = (await w.receive({ from: A, record: 'ev-1' })).conversation
    const from = { ...B, keys: [B.keys[0], alias] as [string, string] }
    const { conversation, changes, message } = await w.receive({ from })
    expect(conversation).toMatchObject({ id: one.id, contact: { id: one.contact.id, address: B.address }, lastSeq: 2 })
    expect(conversation.lastInboundAt).toBe(Date.parse(message.createdAt))
    expect(conversation.lineId).not.toBe(one.lineId)
    expect(changes.conversations.map((each) => each.id)).toEqual([one.id])
    expect(await w.conversation(two.id)).toMatchObject({
      lineId: one.lineId,
      contact: { address: A.address },
      lastInboundAt: two.lastInboundAt,
    })
    const answer = await w.enter(conversation)
    expect(await w.claimed(conversation)).toMatchObject({ message: { id: answer.message.id }, address: B.address })
  },

  async 'who writes from two addresses at once has every message in one thread'(w) {
    const alias = 'AR.ENT.1'
    const two = [A, B].map((one): Person => ({ ...one, keys: [one.keys[0], alias] }))
    const [first] = two
    await w.receive({ ...(first && { from: first }), aliases: [alias] })
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => w.receive({ ...(two[index % 2] && { from: two[index % 2] }) })))
    expect(new Set(all.map((one) => one.conversation.id)).size).toBe(1)
    expect(all.map((one) => one.message.seq).toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 2),
    )
    const [one] = await w.list()
    expect(one).toMatchObject({ inboundCount: 21, lastSeq: 21 })
  },

  async 'opening a thread to another of a client’s addresses puts it on that line'(w) {
    const alias = 'AR.ENT.2'
    const { conversation: before } = await w.receive({ from: A, aliases: [alias] })
    await w.receive({ from: { ...B, keys: [B.keys[0], alias] } })
    const back = await w.open({ client: A })
    expect(back).toMatchObject({
      id: before.id,
      lineId: before.lineId,
      contact: { address: A.address },
      lastInboundAt: before.lastInboundAt,
    })
    expect((await w.conversation(before.id)).lineId).toBe(before.lineId)
  },

  async 'joined threads go over the line that the client wrote on last'(w) {
    await w.save('ev-1')
    const alias = 'AR.ENT.3'
    const target = (await w.receive({ from: A, aliases: [alias], record: 'ev-1' })).conversation
    w.pass(HOUR)
    const source = (await w.receive({ from: { ...B, keys: [B.keys[0], alias] } })).conversation
    const filed = await w.store.updateConversation(w.all, source.id, { coordinationId: 'ev-1' })
    expect(filed?.conversation).toMatchObject({
      id: target.id,
      lineId: source.lineId,
      lastInboundAt: source.lastInboundAt,
      contact: { address: B.address },
    })
    const other = (await w.receive({ from: A })).conversation
    expect(other.id).not.toBe(source.id)
    const answer = await w.enter(target)
    expect(await w.claimed(source)).toMatchObject({ message: { id: answer.message.id }, address: B.address })
  },
})
