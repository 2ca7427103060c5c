// Who wants no more messages: taken with the message that says so, kept by line, refused in the step in which a message enters.
import { expect } from 'vitest'
import type { OptOutSaid } from '../../../server/rules/opt-out.ts'
import { ANA, HOUR, noChecks, person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { allPages, type World } from '../world.ts'

const stop: OptOutSaid = { out: true, scope: 'all', source: 'keyword' }
const start: OptOutSaid = { out: false, scope: 'all', source: 'keyword' }
const noPromotions: OptOutSaid = { out: true, scope: 'marketing', source: 'whatsapp' }
const service = { ...noChecks, consent: 'service' } as const
const marketing = { ...noChecks, consent: 'marketing' } as const

const enter = async (w: World, thread: { id: string }, checks = noChecks, over = {}) =>
  (await w.store.enter(w.draft(thread, over), checks)).outcome

export const optOutCases = cases('opt-outs', {
  async 'STOP is taken in the step of its message, with a line in the thread, and every thread of the line shows it'(w) {
    const client = person(7)
    const { conversation: other } = await w.receive({ from: client, record: 'ev-1' })
    const { conversation: thread, message, changes } = await w.receive({ from: client, record: 'ev-2', text: 'STOP', said: stop })
    expect(thread).toMatchObject({ optedOut: true, inboundCount: 1, lastSeq: 2, lastMessage: { id: message.id } })
    const [, line] = await w.thread(thread.id)
    expect(line).toMatchObject({
      ...{ seq: 2, type: 'event', direction: 'internal', status: 'received', coordinationId: 'ev-2', text: '' },
      event: { name: 'opted_out', scope: 'all', source: 'keyword' },
      author: { type: 'system', id: null },
    })
    expect(changes.messages).toEqual([message, line])
    expect(changes.conversations.map(({ id, optedOut }) => [id, optedOut]).toSorted()).toEqual(
      [thread.id, other.id].map((id) => [id, true]).toSorted(),
    )
    expect(await w.conversation(other.id)).toMatchObject({ optedOut: true, lastSeq: 1 })
    const since = message.createdAt
    const { channel, sender } = thread
    expect((await w.store.contact(w.all, thread.contact.id))?.optOuts).toEqual([
      { channel, sender, scope: 'all', since, source: 'keyword' },
    ])
    expect((await w.receive({ from: client, record: 'ev-2' })).message.seq, 'the thread goes on behind it').toBe(3)
  },

  async 'a STOP again, and a START of who is in, are messages like any other'(w) {
    const { conversation } = await w.receive({ said: start, text: 'START' })
    await w.receive({ said: stop })
    const { message, conversation: after } = await w.receive({ said: stop })
    expect([message.seq, after.lastSeq, after.optedOut]).toEqual([4, 4, true])
    expect((await w.thread(conversation.id)).map((one) => one.type)).toEqual(['text', 'text', 'event', 'text'])
    const repeat = w.inbound({ said: start })
    await w.store.receive(repeat, () => ({ coordinationId: null, hintId: null }))
    const again = await w.store.receive({ ...repeat, id: w.newId() }, () => ({ coordinationId: null, hintId: null }))
    expect(again).toMatchObject({ outcome: 'repeated', conversation: { optedOut: false, lastSeq: 6 } })
  },

  async 'it is of one sender and one client, and a new number starts clean'(w) {
    const { conversation } = await w.receive({ said: stop })
    const others = [
      await w.receive({ from: person(2) }),
      await w.receive({ channel: 'sms' }),
      await w.receive({ sender: '+15005550009' }),
      await w.neighbour().receive(),
    ]
    expect(others.map((one) => one.conversation.optedOut)).toEqual([false, false, false, false])
    const { phone, keys } = person(9)
    await w.store.updateContact(
      w.all,
      conversation.contact.id,
      { addresses: [{ channel: 'whatsapp', phone, keys, preferred: true }] },
      w.now(),
    )
    expect((await w.conversation(conversation.id)).optedOut).toBe(false)
    expect(await enter(w, conversation, service)).toBe('created')
    await w.receive({ record: 'later' })
    const old = await w.list({ phoneKeys: [...person(1).keys], automated: true })
    expect(
      old.some((one) => one.optedOut),
      'the old number is still out',
    ).toBe(true)
  },

  async 'what enters is refused in the same step: a text, a template, what was held and what is due; a note is not'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() + HOUR }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.receive({ said: stop })
    expect(await enter(w, conversation, service)).toBe('opted_out')
    expect(await enter(w, conversation, marketing)).toBe('opted_out')
    expect(await enter(w, conversation, noChecks, { direction: 'internal', type: 'note' })).toBe('created')
    const held = await w.store.hold(w.draft(conversation, { dueAt: w.now() + 1000 }), service)
    expect(held.outcome).toBe('opted_out')
    const now = w.pass(HOUR)
    const due = await w.store.enterScheduled(w.orgId, planned.message.id, now, { checks: service })
    expect(due.outcome).toBe('opted_out')
    expect((await w.message(planned.message.id)).status, 'it stays planned, for the caller to say how it ends').toBe('scheduled')
    await w.receive({ said: start })
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: service })
    expect(entered.outcome).toBe('created')
  },

  async 'out of marketing, only promotions are refused, as they enter and as they are claimed'(w) {
    const { conversation } = await w.receive()
    const { message: promotion } = await w.enter(conversation, { marketing: true })
    await w.receive({ said: noPromotions })
    expect(await w.conversation(conversation.id)).toMatchObject({ optedOut: false })
    expect((await w.thread(conversation.id)).at(-1)).toMatchObject({ event: { name: 'opted_out', scope: 'marketing', source: 'whatsapp' } })
    expect(await enter(w, conversation, marketing, { marketing: true })).toBe('opted_out')
    const claim = await w.claimed(conversation)
    expect(claim).toMatchObject({ message: { id: promotion.id, marketing: true }, optedOut: true })
    await w.store.accepted(claim, { twilioSid: w.newSid(), status: 'sent', failure: null, at: w.now() })
    expect(await enter(w, conversation, service)).toBe('created')
    expect((await w.claimed(conversation)).optedOut).toBe(false)
  },

  async 'what was queued before the STOP is claimed as for somebody who is out, also through another record’s thread'(w) {
    const { conversation } = await w.receive({ record: 'ev-1' })
    await w.enter(conversation)
    await w.receive({ record: 'ev-2', said: stop })
    expect((await w.claimed(conversation)).optedOut).toBe(true)
  },

  async 'said by others it shows in every thread of the line, once; what was said earlier and comes late changes nothing'(w) {
    const { conversation: one } = await w.receive({ record: 'ev-1' })
    const { conversation: two } = await w.receive({ record: 'ev-2' })
    const host: OptOutSaid = { ...stop, source: 'host' }
    const early = w.now()
    const at = w.now()
    const saved = await w.store.sayOptOut(w.orgId, one.lineId, host, at)
    expect(saved.changed).toBe(true)
    expect(saved.changes.conversations.map(({ id, optedOut }) => [id, optedOut]).toSorted()).toEqual(
      [one.id, two.id].map((id) => [id, true]).toSorted(),
    )
    for (const said of [{ ...start, source: 'host' } as const, host])
      expect((await w.store.sayOptOut(w.orgId, one.lineId, said, early)).changed).toBe(false)
    expect((await w.conversation(two.id)).optedOut).toBe(true)
    const { conversation } = await w.receive({ record: 'ev-1', said: { ...start }, createdAt: early, recovered: true })
    expect(conversation.optedOut, 'a START from before').toBe(true)
    expect((await w.store.sayOptOut(w.orgId, w.newId(), host, at)).changed, 'no such line').toBe(false)
    expect((await w.neighbour().store.sayOptOut(w.neighbour().orgId, one.lineId, host, at)).changed).toBe(false)
    expect((await w.store.sayOptOut(w.orgId, one.lineId, { ...start, source: 'host' }, w.now())).changed).toBe(true)
    expect((await w.conversation(two.id)).optedOut).toBe(false)
  },

  async 'they are listed page by page, with the contact and both scopes of a line, for this organization alone'(w) {
    for (const n of [1, 2, 3]) await w.receive({ from: person(n), said: stop })
    await w.receive({ from: person(2), said: noPromotions })
    await w.receive({ from: person(4) })
    await w.receive({ from: person(5), said: stop })
    await w.receive({ from: person(5), said: start })
    await w.neighbour().receive({ said: stop })
    const listed = await allPages(async (cursor) => {
      const { items, nextCursor } = await w.store.optOuts(w.orgId, { cursor, limit: 2 })
      return { items: items.map((one) => ({ ...one, id: `${one.contact.phone} ${one.scope}` })), nextCursor }
    })
    const expected = [1, 2, 3].map((n) => `${person(n).phone} all`).concat(`${person(2).phone} marketing`)
    expect(listed.map((one) => one.id).toSorted()).toEqual(expected.toSorted())
    expect(listed.find((one) => one.id === expected[0])).toMatchObject({
      ...{ channel: 'whatsapp', scope: 'all', source: 'keyword' },
      contact: { name: person(1).name, address: person(1).address, phone: person(1).phone },
    })
    await expect(w.store.optOuts(w.orgId, { cursor: 'x', limit: 2 })).rejects.toMatchObject({ code: 'validation_failed' })
  },

  async 'what a client says twice in one moment counts twice: a STOP is not lost beside “stop promotions”, in no thread of theirs'(w) {
    const { conversation: other } = await w.receive({ record: 'ev-1' })
    const { conversation } = await w.receive({ record: 'ev-2' })
    await Promise.all([w.receive({ record: 'ev-2', said: stop }), w.receive({ record: 'ev-2', said: noPromotions })])
    const listed = await w.store.optOuts(w.orgId, { cursor: null, limit: 10 })
    expect(listed.items.map((one) => one.scope).toSorted()).toEqual(['all', 'marketing'])
    for (const thread of [conversation, other]) {
      expect(await enter(w, thread, service)).toBe('opted_out')
      expect((await w.conversation(thread.id)).optedOut).toBe(true)
    }
    await w.receive({ record: 'ev-2', said: start })
    for (const thread of [conversation, other]) expect(await enter(w, thread, marketing)).toBe('created')
  },

  async 'a message from the provider’s list says so too, also where only its webhook tells'(w) {
    const listed = w.inbound({ listed: true, recovered: true, text: 'no más' })
    const { conversation } = await w.receive(listed)
    expect(conversation.optedOut).toBe(false)
    const webhook = { ...listed, id: w.newId(), listed: false, recovered: false, said: { ...stop, source: 'twilio' } as const }
    const enriched = await w.store.receive(webhook, () => ({ coordinationId: null, hintId: null }))
    expect(enriched).toMatchObject({ outcome: 'enriched', conversation: { optedOut: true } })
    expect(await enter(w, conversation, service)).toBe('opted_out')
  },

  async 'of a STOP and 20 answers at once, what enters afterwards is refused and what entered before is claimed as out'(w) {
    const { conversation } = await w.receive()
    const [, ...entered] = await Promise.all([
      w.receive({ said: stop }),
      ...Array.from({ length: 20 }, () => enter(w, conversation, service, { author: ANA })),
    ])
    expect(entered.filter((outcome) => outcome !== 'created' && outcome !== 'opted_out')).toEqual([])
    expect(await enter(w, conversation, service)).toBe('opted_out')
    if (entered.includes('created')) expect((await w.claimed(conversation)).optedOut).toBe(true)
  },
})
