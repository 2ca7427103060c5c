// How a claim ends: put back, unconfirmed, failed, sent again; and what comes too late changes nothing.
import { expect } from 'vitest'
import type { MessageStatus } from '../../../shared/model.ts'
import { cancelMessage, failAttempt, giveUp, putBack, sendAgain, unconfirm } from '../../../server/rules/message.ts'
import type { Claim } from '../../../server/store/records.ts'
import { carrierFailure, expiredFailure, HOUR, MINUTE, noChecks, person, unsettledFailure } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

async function accept(w: World, claim: Claim, status: MessageStatus = 'sending', twilioSid = w.newSid()) {
  return await w.store.accepted(claim, { twilioSid, status, at: w.now(), failure: null })
}

export const settlingCases = cases('settling', {
  async 'put back: it waits until then, holds its line up, and the attempt does not count'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    await w.enter(conversation)
    const now = w.now()
    const claim = await w.claimed(conversation, { now })
    const delay = { reason: 'provider' as const, until: new Date(now + MINUTE).toISOString() }
    const changes = await w.change(claim.message, putBack(claim, { notBefore: now + MINUTE, delay }))
    expect(changes.messages).toMatchObject([{ id: message.id, status: 'queued', delay }])
    expect(await w.claim(conversation, { now: now + MINUTE - 1 })).toEqual({ state: 'waiting', until: now + MINUTE })
    const again = await w.claimed(conversation, { now: now + MINUTE })
    expect(again).toMatchObject({ message: { id: message.id, delay: null }, attempt: 1, claimedAt: now + MINUTE })
  },

  async 'put back, and then the clock is set back: it does not wait for the clock to come round again'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const now = w.now()
    const claim = await w.claimed(conversation, { now })
    await w.change(claim.message, putBack(claim, { notBefore: now + 500, delay: null }))
    expect(await w.claim(conversation, { now })).toEqual({ state: 'waiting', until: now + 500 })
    expect(await w.claimed(conversation, { now: now - 5 * MINUTE })).toMatchObject({ message: { id: message.id }, attempt: 1 })
  },

  async 'unconfirmed: the line waits, until given up'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const next = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    const changes = await w.change(claim.message, unconfirm(claim))
    expect(changes.messages).toMatchObject([{ id: message.id, status: 'unconfirmed' }])
    expect(await w.claim(conversation, { now: w.now() + 24 * HOUR })).toMatchObject({
      state: 'unconfirmed',
      claim: { message: { id: message.id }, attempt: 1, claimedAt: claim.claimedAt, firstClaimedAt: claim.claimedAt },
    })
    expect(await w.change(next.message, giveUp(unsettledFailure, w.now())), 'a queued one cannot be given up').toMatchObject({
      changed: false,
    })
    expect(await w.neighbour().change(message, giveUp(unsettledFailure, w.now()))).toMatchObject({ message: null })
    const at = w.now()
    const given = await w.change(message, giveUp(unsettledFailure, at))
    expect(given.messages).toMatchObject([
      { id: message.id, status: 'failed', error: unsettledFailure, failedAt: new Date(at).toISOString() },
    ])
    expect(await w.change(message, giveUp(unsettledFailure, w.now())), 'once').toMatchObject({ changed: false })
    expect((await w.claimed(conversation)).message.id).toBe(next.message.id)
  },

  async 'failed: final, and the line goes on'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const next = await w.enter(conversation)
    const at = w.now()
    const claim = await w.claimed(conversation)
    const changes = await w.change(claim.message, failAttempt(claim, expiredFailure, at))
    expect(changes.messages).toMatchObject([
      { id: message.id, status: 'failed', error: expiredFailure, failedAt: new Date(at).toISOString() },
    ])
    expect((await w.claimed(conversation)).message.id).toBe(next.message.id)
  },

  async 'an unconfirmed one can fail, too'(w) {
    const conversation = await w.open()
    await w.enter(conversation)
    const claim = await w.claimed(conversation)
    await w.change(claim.message, unconfirm(claim))
    expect((await w.change(claim.message, failAttempt(claim, unsettledFailure, w.now()))).messages).toMatchObject([
      { status: 'failed', error: unsettledFailure },
    ])
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
  },

  async 'sent again: the next claim is the second attempt, the first claim’s time is kept'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const first = await w.claimed(conversation)
    await w.change(first.message, unconfirm(first))
    expect((await w.change(first.message, sendAgain(first))).messages).toMatchObject([{ id: message.id, status: 'queued' }])
    const second = await w.claimed(conversation)
    expect(second).toMatchObject({ message: { id: message.id }, attempt: 2, firstClaimedAt: first.claimedAt })
    // Put back (a rate limit), it is still the time of the first request that counts.
    await w.change(second.message, putBack(second, { notBefore: 0, delay: null }))
    const third = await w.claimed(conversation)
    expect(third).toMatchObject({ attempt: 2, firstClaimedAt: first.claimedAt })
    await w.change(third.message, unconfirm(third))
    expect(await w.claim(conversation)).toMatchObject({ state: 'unconfirmed', claim: { firstClaimedAt: first.claimedAt } })
    expect(second.claimedAt).toBeGreaterThan(first.claimedAt)
  },

  async 'an answer that comes after it became unconfirmed is taken'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const next = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    await w.change(claim.message, unconfirm(claim))
    const twilioSid = w.newSid()
    expect(await accept(w, claim, 'sent', twilioSid)).toMatchObject({
      outcome: 'applied',
      message: { id: message.id, status: 'sent', twilioSid },
    })
    expect((await w.claimed(conversation)).message.id).toBe(next.message.id)
  },

  async 'what ends the message in flight names the line that goes on, once; what ends another names none'(w) {
    const conversation = await w.open()
    const lines = async (written: Promise<{ released: string[] }>) => (await written).released
    const first = await w.enter(conversation)
    const second = await w.enter(conversation)
    const third = await w.enter(conversation)
    const given = await w.claimed(conversation)
    expect(await lines(w.change(first.message, unconfirm(given)))).toEqual([])
    expect(await lines(w.change(third.message, cancelMessage)), 'it waits behind others').toEqual([])
    expect(await lines(w.change(first.message, failAttempt(given, expiredFailure, w.now())))).toEqual([conversation.lineId])
    const again = await w.claimed(conversation)
    expect(await lines(w.change(second.message, putBack(again, { notBefore: w.now() + HOUR, delay: null })))).toEqual([])
    expect(await lines(w.change(second.message, cancelMessage)), 'it held the line up').toEqual([conversation.lineId])
    expect(await lines(w.change(second.message, cancelMessage))).toEqual([])
  },

  async 'a write says whether its messages entered, went on, or were only moved about'(w) {
    const { conversation, changes: received } = await w.receive()
    const entered = await w.store.enter(w.draft(conversation), noChecks)
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
    if (entered.outcome !== 'created' || planned.outcome !== 'created') throw new Error('not entered')
    const due = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: noChecks })
    const canceled = await w.change(planned.message, cancelMessage)
    const claim = await w.claimed(conversation)
    const expired = await w.store.expireClaims(w.orgId, claim.sender, { now: w.now(), fence: 9 })
    const answered = await accept(w, claim, 'sent')
    await w.save('ev-1')
    const filed = await w.store.updateConversation(w.all, conversation.id, { coordinationId: 'ev-1' })
    if (due.outcome !== 'created' || answered.outcome !== 'applied') throw new Error('not applied')
    const all = [received, entered.changes, planned.changes, due.changes, canceled, expired, answered.changes, filed?.changes]
    expect(all.map((one) => one?.news)).toEqual(['other', 'entered', 'entered', 'entered', 'progress', 'progress', 'progress', 'other'])
    expect(all.map((one) => one?.messages.length)).toEqual([1, 1, 1, 1, 1, 1, 1, 3])
  },

  async 'the answer to the first request comes while the second is unconfirmed: it is kept, and settles it'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const next = await w.enter(conversation)
    const first = await w.claimed(conversation)
    await w.change(message, unconfirm(first))
    await w.change(message, sendAgain(first))
    const second = await w.claimed(conversation)
    await w.change(message, unconfirm(second))
    const twilioSid = w.newSid()
    expect(await accept(w, first, 'sent', twilioSid)).toMatchObject({
      outcome: 'applied',
      changes: { news: 'progress', released: [conversation.lineId] },
      message: { id: message.id, status: 'sent', twilioSid },
    })
    expect((await accept(w, second, 'sent')).outcome, 'the SID of the second is not its own').toBe('unchanged')
    expect((await w.message(message.id)).twilioSid).toBe(twilioSid)
    expect((await w.claimed(conversation)).message.id).toBe(next.message.id)
  },

  async 'what is written about an attempt that is not the current one is ignored'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const stale = await w.claimed(conversation)
    await w.change(stale.message, unconfirm(stale))
    await w.change(stale.message, sendAgain(stale))
    const current = await w.claimed(conversation)
    const before = await w.message(message.id)
    for (const ignored of [
      await w.change(stale.message, putBack(stale, { notBefore: 0, delay: null })),
      await w.change(stale.message, unconfirm(stale)),
      await w.change(stale.message, sendAgain(stale)),
      await w.change(stale.message, failAttempt(stale, carrierFailure, w.now())),
    ])
      expect(ignored).toMatchObject({ messages: [], conversations: [] })
    expect(await w.message(message.id)).toEqual(before)
    expect(await w.claim(conversation)).toMatchObject({ state: 'in_flight', claim: { attempt: 2 } })
    const late = await accept(w, stale)
    expect(late.outcome).not.toBe('applied')
    expect((await w.message(message.id)).twilioSid).toBeNull()
    const twilioSid = w.newSid()
    expect(await accept(w, current, 'sending', twilioSid)).toMatchObject({ outcome: 'applied', message: { twilioSid } })
  },

  async 'an attempt is known by its number and by its time, each alone'(w) {
    const again = async (how: 'put back' | 'sent again') => {
      const conversation = await w.open({ client: person(how === 'put back' ? 1 : 2) })
      const { message } = await w.enter(conversation)
      const now = w.now()
      const stale = await w.claimed(conversation, { now })
      if (how === 'put back') await w.change(stale.message, putBack(stale, { notBefore: now, delay: null }))
      else {
        await w.change(stale.message, unconfirm(stale))
        await w.change(stale.message, sendAgain(stale))
      }
      // Put back: the same number at another time. Sent again within the millisecond: another number at the same time.
      const current = await w.claimed(conversation, { now: how === 'put back' ? w.now() : now })
      expect([current.attempt === stale.attempt, current.claimedAt === stale.claimedAt]).toEqual(
        how === 'put back' ? [true, false] : [false, true],
      )
      return { message, stale, current }
    }
    for (const how of ['put back', 'sent again'] as const) {
      const { message, stale, current } = await again(how)
      const before = await w.message(message.id)
      const ignores = async (ended: Promise<unknown>) => {
        expect(await ended, how).toMatchObject({ messages: [], conversations: [] })
        expect(await w.message(message.id), how).toEqual(before)
      }
      await ignores(w.change(stale.message, putBack(stale, { notBefore: 0, delay: null })))
      await ignores(w.change(stale.message, failAttempt(stale, carrierFailure, w.now())))
      await ignores(w.change(stale.message, unconfirm(stale)))
      expect((await w.change(current.message, unconfirm(current))).messages).toMatchObject([{ id: message.id, status: 'unconfirmed' }])
      const unconfirmed = await w.message(message.id)
      expect(await w.change(stale.message, sendAgain(stale)), how).toMatchObject({ messages: [] })
      expect(await w.message(message.id), how).toEqual(unconfirmed)
      expect((await w.change(current.message, sendAgain(current))).messages).toMatchObject([{ id: message.id, status: 'queued' }])
    }
  },

  async 'a late answer to an attempt says nothing about another that is under way at the same time'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const now = w.now()
    const stale = await w.claimed(conversation, { now })
    await w.change(stale.message, unconfirm(stale))
    await w.change(stale.message, sendAgain(stale))
    await w.claimed(conversation, { now })
    expect((await accept(w, stale)).outcome).toBe('unchanged')
    expect(await w.message(message.id)).toMatchObject({ status: 'sending', twilioSid: null })
  },

  async 'a SID that another message has is taken for no second one, whoever tells it'(w) {
    const conversation = await w.open()
    const first = await w.enter(conversation)
    const twilioSid = w.newSid()
    await accept(w, await w.claimed(conversation), 'sent', twilioSid)
    const second = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    await w.change(claim.message, unconfirm(claim))
    expect(await accept(w, claim, 'delivered', twilioSid)).toMatchObject({ outcome: 'unchanged', message: { id: second.message.id } })
    const { orgId } = w
    const named = { orgId, messageId: second.message.id, twilioSid, failure: null }
    expect(await w.store.applyStatus({ ...named, status: 'delivered', at: w.now() })).toMatchObject({ message: { id: first.message.id } })
    expect(await w.message(second.message.id)).toMatchObject({ status: 'unconfirmed', twilioSid: null })
    expect(await w.message(first.message.id)).toMatchObject({ status: 'delivered', twilioSid })
    expect([...(await w.store.knownSids(orgId, [twilioSid, w.newSid()]))]).toEqual([twilioSid])
    expect([...(await w.store.knownSids(w.neighbour().orgId, [twilioSid]))]).toEqual([])
  },

  async 'given up or failed by us, and it went out after all: Twilio’s word counts, in every way that it comes'(w) {
    for (const way of ['callback', 'list'] as const)
      for (const status of ['sending', 'sent', 'delivered', 'failed'] as const) {
        const conversation = await w.open({ client: person(way === 'list' ? 3 : 4) })
        const { message } = await w.enter(conversation)
        const claim = await w.claimed(conversation)
        await w.change(claim.message, unconfirm(claim))
        if (status === 'sent') await w.change(claim.message, failAttempt(claim, unsettledFailure, w.now()))
        else await w.change(message, giveUp(unsettledFailure, w.now()))
        const twilioSid = w.newSid()
        const failure = status === 'failed' ? carrierFailure : null
        const at = w.now()
        const applied =
          way === 'list'
            ? await w.store.accepted(claim, { twilioSid, status, at, failure })
            : await w.store.applyStatus({ orgId: w.orgId, messageId: message.id, twilioSid, status, failure, at })
        const truth = { id: message.id, status, error: failure, twilioSid, failedAt: failure && new Date(at).toISOString() }
        expect(applied).toMatchObject({ outcome: 'applied', message: truth, changes: { released: [] } })
        expect(await w.message(message.id)).toMatchObject(truth)
        expect((await w.conversation(conversation.id)).lastMessage?.status).toBe(status)
        expect(await w.claim(conversation)).toEqual({ state: 'empty' })
      }
  },

  async 'canceled before it was sent again, and the first request had gone out: Twilio’s word counts'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    await w.change(claim.message, unconfirm(claim))
    await w.change(claim.message, sendAgain(claim))
    expect(await w.change(message, cancelMessage)).toMatchObject({ changed: true })
    const twilioSid = w.newSid()
    await w.store.applyStatus({ orgId: w.orgId, messageId: message.id, twilioSid, status: 'sent', failure: null, at: w.now() })
    expect(await w.message(message.id)).toMatchObject({ status: 'sent', twilioSid })
  },

  async 'nothing that comes after the end of a claim undoes it'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    const twilioSid = w.newSid()
    await accept(w, claim, 'sent', twilioSid)
    await w.change(claim.message, putBack(claim, { notBefore: 0, delay: null }))
    await w.change(claim.message, unconfirm(claim))
    await w.change(claim.message, sendAgain(claim))
    await w.change(claim.message, failAttempt(claim, carrierFailure, w.now()))
    expect(await w.message(message.id)).toMatchObject({ status: 'sent', twilioSid, error: null })
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
  },
})
