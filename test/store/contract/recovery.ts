// Messages from the provider's list whose webhook comes afterwards; how far recovery has come; sent messages that may
// still change.
import { expect } from 'vitest'
import type { MessageStatus } from '../../../shared/model.ts'
import { HOUR, MINUTE, MORNING, numbered, person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const unfiled = () => ({ coordinationId: null, hintId: null })

/** A message as the list gives it: from whom, what and when, no more. */
const fromList = { listed: true, recovered: true, profileName: null } as const

async function sent(w: World, conversation: { id: string; lineId: string }, now: number): Promise<string> {
  await w.enter(conversation)
  const twilioSid = w.newSid()
  await w.store.accepted(await w.claimed(conversation, { now }), { twilioSid, status: 'sending', at: now, failure: null })
  return twilioSid
}

function report(w: World, twilioSid: string, status: MessageStatus, price?: { amount: number; currency: string }) {
  return w.store.applyStatus({
    orgId: w.orgId,
    messageId: null,
    twilioSid,
    status,
    failure: null,
    at: w.now(),
    ...(price ? { price } : {}),
  })
}

export const recoveryCases = cases('recovery', {
  async 'what the list gave is enriched by its webhook, once, on its place and without a second unread'(w) {
    const first = await w.receive({ text: 'antes' })
    await w.enter(first.conversation)
    const own = await w.send(first.conversation)
    const listed = await w.receive({ ...fromList, createdAt: MORNING + HOUR, text: 'Sí', from: person(1) })
    expect(listed.message).toMatchObject({ recovered: true, type: 'text', seq: 3 })
    const after = await w.receive({ text: 'después' })
    const told = {
      twilioSid: listed.message.twilioSid ?? '',
      type: 'button' as const,
      text: 'Sí',
      button: { text: 'Sí', payload: '$confirm.ev-1' },
      forwarded: true,
      quotedSid: own.twilioSid ?? '',
      referral: { sourceId: '120', sourceType: 'ad', sourceUrl: 'https://example.com/a?b=1', headline: 'Promo', body: '2x1' },
    }
    const enriched = await w.receive(told)
    expect(enriched.outcome).toBe('enriched')
    const whole = {
      id: listed.message.id,
      seq: 3,
      rev: listed.message.rev + 1,
      createdAt: listed.message.createdAt,
      recovered: true,
      type: 'button',
      button: told.button,
      referral: told.referral,
      forwarded: true,
      replyToId: own.id,
    }
    expect(enriched.message).toMatchObject(whole)
    expect(enriched.changes.messages).toMatchObject([whole])
    expect(await w.message(listed.message.id)).toEqual(enriched.message)
    expect(await w.conversation(first.conversation.id)).toMatchObject({
      inboundCount: after.conversation.inboundCount,
      lastSeq: 4,
      lastMessage: { id: after.message.id },
    })
    const again = await w.receive({ ...told, text: 'otra cosa' })
    expect([again.outcome, again.message]).toEqual(['repeated', enriched.message])
  },

  async 'enriched: the profile names a contact that only had its number, everywhere'(w) {
    const stranger = person(2)
    const listed = await w.receive({ ...fromList, from: stranger, text: '' })
    const other = await w.receive({ ...fromList, from: stranger, record: 'ev-2' })
    expect(listed.conversation.contact.name).toBe(stranger.fallbackName)
    const enriched = await w.receive({
      from: stranger,
      twilioSid: listed.message.twilioSid ?? '',
      profileName: 'Bruno',
      type: 'location',
      text: '',
      location: { latitude: 0, longitude: -58.4 },
    })
    expect(enriched).toMatchObject({
      outcome: 'enriched',
      message: { type: 'location', location: { latitude: 0, longitude: -58.4 }, author: { name: 'Bruno' } },
      conversation: { contact: { name: 'Bruno' }, lastMessage: { type: 'location' } },
    })
    expect(enriched.changes.conversations.map((one) => [one.id, one.contact.name]).toSorted()).toEqual(
      [
        [listed.conversation.id, 'Bruno'],
        [other.conversation.id, 'Bruno'],
      ].toSorted(),
    )
    expect((await w.conversation(other.conversation.id)).contact.name).toBe('Bruno')
  },

  async 'a name that people gave is not replaced by what enriches'(w) {
    const { conversation } = await w.receive()
    await w.store.updateContact(w.all, conversation.contact.id, { name: 'Ana de la boda' }, w.now())
    const listed = await w.receive({ ...fromList })
    const enriched = await w.receive({
      twilioSid: listed.message.twilioSid ?? '',
      profileName: 'anita 🌸',
      attributes: { city: 'Rosario' },
    })
    expect(enriched).toMatchObject({ outcome: 'enriched', conversation: { contact: { name: 'Ana de la boda' } } })
    expect(await w.store.contact(w.all, conversation.contact.id)).toMatchObject({ attributes: { city: 'Rosario' } })
  },

  async 'the webhook first, the list afterwards: nothing is lost of what it told'(w) {
    const { message } = await w.receive({ type: 'button', button: { text: 'Sí', payload: 'yes' } })
    const listed = await w.receive({ ...fromList, twilioSid: message.twilioSid ?? '' })
    expect([listed.outcome, listed.message]).toEqual(['repeated', message])
    const twice = await w.receive({ twilioSid: message.twilioSid ?? '' })
    expect(twice.outcome).toBe('repeated')
  },

  async 'list and webhook at once: one message, one unread, and all that the webhook told'(w) {
    for (let round = 0; round < 8; round++) {
      const from = numbered(`+54911447${String(round).padStart(5, '0')}`, 'Ana')
      const twilioSid = w.newSid()
      const whole = { from, twilioSid, type: 'button' as const, button: { text: 'Sí', payload: 'yes' } }
      const took = await Promise.all([
        w.store.receive(w.inbound({ ...fromList, from, twilioSid }), unfiled),
        w.store.receive(w.inbound(whole), unfiled),
        w.store.receive(w.inbound({ ...fromList, from, twilioSid }), unfiled),
        w.store.receive(w.inbound(whole), unfiled),
      ])
      expect(took.filter((one) => one.outcome === 'created')).toHaveLength(1)
      expect(took.filter((one) => one.outcome === 'enriched').length).toBeLessThan(2)
      const created = took.find((one) => one.outcome === 'created')
      if (created?.outcome !== 'created') throw new Error('not created')
      expect(await w.message(created.message.id)).toMatchObject({ type: 'button', button: { payload: 'yes' } })
      expect(await w.conversation(created.conversation.id)).toMatchObject({ inboundCount: 1, lastSeq: 1, contact: { name: 'Ana' } })
    }
  },

  async 'a message of before the last inbound moves neither window nor waiting time back'(w) {
    const { conversation } = await w.receive({ createdAt: MORNING + 2 * HOUR })
    const { conversation: after } = await w.receive({ ...fromList, createdAt: MORNING + HOUR })
    expect(after).toMatchObject({
      lastInboundAt: MORNING + 2 * HOUR,
      awaitingReplySince: conversation.awaitingReplySince,
      activityAt: conversation.activityAt,
    })
  },

  async 'how far it has come begins at the first start, only rises, and is each organization’s own'(w) {
    const begun = { startedAt: MORNING, position: MORNING, statusesAt: MORNING }
    expect(await w.store.recovery(w.orgId, MORNING)).toEqual(begun)
    expect(await w.store.recovery(w.orgId, MORNING + HOUR)).toEqual(begun)
    await w.store.advanceRecovery(w.orgId, { position: MORNING + MINUTE })
    await w.store.advanceRecovery(w.orgId, { position: MORNING + 1, statusesAt: MORNING + 2 * MINUTE })
    expect(await w.store.recovery(w.orgId, 0)).toEqual({
      startedAt: MORNING,
      position: MORNING + MINUTE,
      statusesAt: MORNING + 2 * MINUTE,
    })
    expect(await w.store.recovery(w.neighbour().orgId, MORNING + HOUR)).toMatchObject({ position: MORNING + HOUR })
    const atOnce = await Promise.all([1, 2, 3, 4].map((n) => w.store.recovery(`${w.orgId}-new`, n)))
    expect(new Set(atOnce.map((one) => one.startedAt)).size).toBe(1)
  },

  async 'what is known of sent messages, by SID; of nobody else’s'(w) {
    const { conversation, message } = await w.receive()
    const now = w.now()
    const twilioSid = await sent(w, conversation, now)
    const asked = [twilioSid, message.twilioSid ?? '', w.newSid()]
    expect(await w.store.sentStates(w.orgId, asked)).toMatchObject([{ twilioSid, status: 'sending', priced: false, claimedAt: now }])
    await report(w, twilioSid, 'delivered', { amount: 0.005, currency: 'USD' })
    expect(await w.store.sentStates(w.orgId, asked)).toMatchObject([{ twilioSid, status: 'delivered', priced: true }])
    expect(await w.store.sentStates(w.neighbour().orgId, asked)).toEqual([])
    expect(await w.store.sentStates(w.orgId, [])).toEqual([])
  },

  async 'sent messages that may still change, in a span of their claims, in order, page by page'(w) {
    const { conversation } = await w.receive()
    const start = MORNING + 3 * HOUR
    const sids: string[] = []
    for (let n = 0; n < 7; n++) sids.push(await sent(w, conversation, start + Math.floor(n / 2) * MINUTE))
    const price = { amount: 0.005, currency: 'USD' }
    await report(w, sids[1] ?? '', 'read', price)
    await report(w, sids[2] ?? '', 'delivered', price)
    await report(w, sids[3] ?? '', 'read')
    await report(w, sids[4] ?? '', 'failed', price)
    await w.enter(conversation)
    await w.claimed(conversation, { now: start + MINUTE })
    const all = { from: start - 1, to: start + HOUR, after: null, limit: 100 }
    const read = async (range: Partial<typeof all>) =>
      (await w.store.incompleteSends(w.orgId, { ...all, ...range })).map((one) => one.twilioSid)
    const expected = [0, 2, 3, 5, 6].map((n) => sids[n])
    expect((await read({})).toSorted()).toEqual(expected.toSorted())
    const claims = (await w.store.incompleteSends(w.orgId, all)).map((one) => one.claimedAt)
    expect(claims).toEqual(claims.toSorted((a, b) => a - b))
    expect(await read({ from: start, to: start + 2 * MINUTE }), 'after the one, up to and with the other').toHaveLength(3)
    expect(await read({ to: start - 1 })).toEqual([])
    const pages: string[] = []
    for (let after = null as { claimedAt: number; id: string } | null; ; ) {
      const page = await w.store.incompleteSends(w.orgId, { ...all, after, limit: 2 })
      pages.push(...page.map((one) => one.twilioSid))
      if (page.length < 2) break
      after = page.at(-1) ?? null
    }
    expect(pages).toEqual(await read({}))
    expect(await w.store.incompleteSends(w.neighbour().orgId, all)).toEqual([])
  },
})
