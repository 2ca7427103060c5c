// Leases: one dispatcher per sender at a time, and claims of one that is gone become unconfirmed.
import { expect } from 'vitest'
import { MINUTE, OUR_SMS, OUR_WHATSAPP, person } from '../../support/builders.ts'
import { until } from '../../support/until.ts'
import { cases } from '../case.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

export const leaseCases = cases('leases', {
  async 'one holder at a time; it gets its own again at once, with the same fence'(w) {
    const first = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', MINUTE)
    expect(first).toEqual({ fence: expect.any(Number) })
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)).toBeNull()
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', MINUTE)).toEqual(first)
    expect(await w.store.takeLease(w.orgId, OUR_SMS, 'server-2', MINUTE), 'another sender').not.toBeNull()
    expect(await w.store.takeLease(w.neighbour().orgId, OUR_WHATSAPP, 'server-2', MINUTE), 'another organization').not.toBeNull()
  },

  async 'each name is a lease of its own, whatever it names'(w) {
    const names = [OUR_WHATSAPP, 'recovery', `${OUR_WHATSAPP} `]
    const taken = await Promise.all(names.map((name, index) => w.store.takeLease(w.orgId, name, `server-${index}`, MINUTE)))
    expect(taken).not.toContain(null)
    await w.store.releaseLease(w.orgId, 'recovery', 'server-1')
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)).toBeNull()
    expect(await w.store.takeLease(w.orgId, 'recovery', 'server-2', MINUTE)).not.toBeNull()
  },

  async 'of ten who ask at once one gets it'(w) {
    for (let round = 0; round < 5; round++) {
      const answers = await Promise.all(times(10, (index) => w.store.takeLease(w.orgId, `sender-${round}`, `server-${index}`, MINUTE)))
      expect(answers.filter((one) => one !== null)).toHaveLength(1)
    }
  },

  async 'released: the next one has it at once, with a higher fence; only the holder can release'(w) {
    const first = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', MINUTE)
    await w.store.releaseLease(w.orgId, OUR_WHATSAPP, 'server-2')
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)).toBeNull()
    await w.store.releaseLease(w.orgId, OUR_WHATSAPP, 'server-1')
    const second = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)
    expect(second?.fence).toBeGreaterThan(first?.fence ?? 0)
    await w.store.releaseLease(w.orgId, OUR_WHATSAPP, 'server-2')
    const third = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)
    expect(third?.fence, 'also for the same holder: it may have been killed in between').toBeGreaterThan(second?.fence ?? 0)
  },

  async 'a lease that is not renewed ends, and the fence rises'(w) {
    const first = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', 40)
    const second = await until(() => w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE), { what: 'the end of the lease' })
    expect(second.fence).toBeGreaterThan(first?.fence ?? 0)
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', MINUTE)).toBeNull()
  },

  async 'a renewed lease does not end with its first time'(w) {
    const first = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', 300)
    const renewed = await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-1', MINUTE)
    expect(renewed).toEqual(first)
    const end = Date.now() + 400
    await until(() => Date.now() > end)
    expect(await w.store.takeLease(w.orgId, OUR_WHATSAPP, 'server-2', MINUTE)).toBeNull()
  },

  async 'a claim whose lease ended becomes unconfirmed, not before'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const now = w.now()
    await w.claimed(conversation, { now, leaseMs: MINUTE, fence: 3 })
    const early = await w.store.expireClaims(w.orgId, conversation.sender, { now: now + MINUTE - 1, fence: 3 })
    expect(early).toMatchObject({ messages: [], conversations: [] })
    const expired = await w.store.expireClaims(w.orgId, conversation.sender, { now: now + MINUTE, fence: 3 })
    expect(expired.messages).toMatchObject([{ id: message.id, status: 'unconfirmed' }])
    expect(await w.claim(conversation)).toMatchObject({ state: 'unconfirmed', claim: { message: { id: message.id }, attempt: 1 } })
    expect(await w.store.expireClaims(w.orgId, conversation.sender, { now: now + MINUTE, fence: 3 }), 'once').toMatchObject({
      messages: [],
    })
  },

  async 'claims of an older fence become unconfirmed at once; those of this fence, of other senders and organizations stay'(w) {
    const other = w.neighbour()
    const mine = await w.open({ client: person(1) })
    const fresh = await w.open({ client: person(2) })
    const sms = await w.open({ channel: 'sms' })
    const theirs = await other.open()
    const old = await w.enter(mine)
    await w.enter(fresh)
    await w.enter(sms)
    await other.enter(theirs)
    const claim = await w.claimed(mine, { fence: 1 })
    await w.claimed(fresh, { fence: 2 })
    await w.claimed(sms, { fence: 1 })
    await other.claimed(theirs, { fence: 1 })
    const expired = await w.store.expireClaims(w.orgId, mine.sender, { now: w.now(), fence: 2 })
    expect(expired.messages).toMatchObject([{ id: old.message.id, status: 'unconfirmed' }])
    expect((await w.claim(fresh)).state).toBe('in_flight')
    expect((await w.claim(sms)).state).toBe('in_flight')
    expect((await other.claim(theirs)).state).toBe('in_flight')
    const late = await w.store.accepted(claim, { twilioSid: w.newSid(), status: 'sent', at: w.now(), failure: null })
    expect(late, 'its answer, should it still come, is taken').toMatchObject({ outcome: 'applied', message: { status: 'sent' } })
  },

  async 'what has a SID is not expired'(w) {
    const conversation = await w.open()
    await w.enter(conversation)
    const sent = await w.send(conversation)
    expect(await w.store.expireClaims(w.orgId, conversation.sender, { now: w.now() + MINUTE * 60, fence: 99 })).toMatchObject({
      messages: [],
    })
    expect((await w.message(sent.id)).status).toBe('sending')
  },
})
