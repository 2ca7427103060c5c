// One person erased: everything said, planned and known is gone, others are as they were, and a STOP stays a STOP.
import { expect } from 'vitest'
import { campaignDraft, recipientDraft } from '../../support/campaigns.ts'
import { person } from '../../support/builders.ts'
import { cases } from '../case.ts'
import { createMirror } from '../mirror.ts'
import { allPages, type World } from '../world.ts'

const stop = { out: true, scope: 'all', source: 'keyword' } as const
const erase = async (w: World, id: string) => {
  const erased = await w.store.eraseContact(w.orgId, id, w.now())
  if (erased.outcome !== 'erased') throw new Error(erased.outcome)
  return erased
}
const contacts = (w: World) => allPages((cursor) => w.store.contacts(w.all, null, { cursor, limit: 9 }))
const logOf = async (w: World) => (await w.log({}, w.all, 100)).map(({ conversationId, text }) => `${conversationId} ${text}`).toSorted()

export const erasingCases = cases('erasing a contact', {
  async 'everything said with it is gone, over records and channels, and the rest is as it was'(w) {
    await w.save('ev-1')
    const filed = await w.receive({ record: 'ev-1', text: 'filed' })
    const unfiled = await w.receive({ text: 'unfiled' })
    const sms = await w.receive({ channel: 'sms', text: 'sms' })
    await w.enter(filed.conversation, { text: 'answer' })
    await w.send(filed.conversation)
    await w.store.markRead(w.all, filed.conversation.id, 1)
    await w.store.schedule(w.draft(filed.conversation, { text: 'later', dueAt: w.now() + 60_000 }))
    const { moved } = (await w.store.moveMessages(w.all, [unfiled.message.id], 'ev-1', { id: 'ana', name: 'Ana' }, w.now())) ?? {
      moved: [],
    }
    expect(moved).toHaveLength(1)
    const other = await w.receive({ from: person(2), record: 'ev-1', text: 'other' })
    const scoped = w.viewer('agent-1', ['ev-1'])
    const mirrors = [createMirror(w.store, w.all), createMirror(w.store, scoped)]
    for (const mirror of mirrors) await mirror.sync()
    const { id } = filed.conversation.contact
    const { changes, stays } = await erase(w, id)
    expect(stays).toBe(false)
    expect(changes.left.map(({ conversationId, from }) => [conversationId, from]).toSorted()).toEqual(
      [
        [filed.conversation.id, 'ev-1'],
        [unfiled.conversation.id, null],
        [sms.conversation.id, null],
      ].toSorted(),
    )
    expect(await w.store.contact(w.all, id)).toBeNull()
    expect((await contacts(w)).map((one) => one.id)).toEqual([other.conversation.contact.id])
    expect(await logOf(w)).toEqual([`${other.conversation.id} other`])
    expect(await w.store.conversation(w.all, filed.conversation.id)).toBeNull()
    expect(await w.store.message(w.all, filed.message.id)).toBeNull()
    const due = await w.store.dueMessages(w.now() + 600_000, 50)
    expect(due.filter((one) => one.orgId === w.orgId)).toEqual([])
    expect((await w.store.unread([w.all]))[0]).toMatchObject({ total: 1, conversations: 1 })
    for (const mirror of mirrors) {
      await mirror.sync()
      await mirror.expectEqual()
    }
    expect(await w.store.eraseContact(w.orgId, id, w.now())).toEqual({ outcome: 'missing' })
  },

  async 'who writes again is somebody new'(w) {
    const before = (await w.receive({ profileName: 'Ana' })).conversation
    await erase(w, before.contact.id)
    const { conversation, message } = await w.receive({ profileName: 'Ana B' })
    expect(conversation.contact.id).not.toBe(before.contact.id)
    expect(conversation).toMatchObject({ lastSeq: 1, inboundCount: 1, contact: { name: 'Ana B' } })
    expect(message.seq).toBe(1)
    await w.enter(conversation, { text: 'hola' })
    await w.send(conversation)
  },

  async 'that it opted out stays, under the address alone'(w) {
    const { conversation } = await w.receive({ profileName: 'Ana', said: stop })
    const sms = await w.receive({ from: person(1), channel: 'sms' })
    const { id } = conversation.contact
    await w.store.updateContact(w.all, id, { name: 'Ana Díaz', tags: ['vip'], attributes: { nota: 'alérgica' } }, w.now())
    expect(await erase(w, id)).toMatchObject({ stays: true })
    const { items } = await w.store.optOuts(w.orgId, { cursor: null, limit: 9 })
    const { address } = conversation.contact
    expect(items).toMatchObject([{ channel: 'whatsapp', scope: 'all', source: 'keyword', contact: { id, name: address, address } }])
    const left = await w.store.contact(w.all, id)
    expect(left).toMatchObject({ name: address, externalId: null, tags: [], attributes: {}, conflict: null })
    expect(left?.addresses.map((one) => one.channel)).toEqual(
      address === sms.conversation.contact.address ? ['whatsapp', 'sms'] : ['whatsapp'],
    )
    const thread = await w.open()
    expect(thread).toMatchObject({ optedOut: true, lastSeq: 0 })
    expect(await w.store.enter(w.draft(thread, { text: 'hola' }), { ...none, consent: 'service' })).toEqual({ outcome: 'opted_out' })
    expect((await w.receive({ profileName: 'Ana' })).conversation.contact.name).toBe('Ana')
  },

  async 'what is on its way to Twilio is waited for'(w) {
    const { conversation } = await w.receive()
    await w.enter(conversation, { text: 'hola' })
    await w.claimed(conversation)
    expect(await w.store.eraseContact(w.orgId, conversation.contact.id, w.now())).toEqual({ outcome: 'busy' })
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 2 })
  },

  async 'what Twilio’s list still has of it is not missing'(w) {
    const { conversation, message } = await w.receive()
    const sid = message.twilioSid ?? ''
    await erase(w, conversation.contact.id)
    expect(await w.store.knownSids(w.orgId, [sid, 'SMother'])).toEqual(new Set([sid]))
    expect(await w.neighbour().store.knownSids(w.neighbour().orgId, [sid])).toEqual(new Set())
  },

  async 'campaigns count it as before, and know nobody'(w) {
    const { conversation } = await w.receive({ from: person(1) })
    await w.receive({ from: person(2) })
    const campaign = campaignDraft()
    await w.store.addCampaign(w.orgId, campaign)
    await w.store.listRecipients(w.orgId, campaign.id, [recipientDraft(person(1).phone), recipientDraft(person(2).phone)])
    await erase(w, conversation.contact.id)
    const { items } = await w.store.recipients(w.orgId, campaign.id, null, { cursor: null, limit: 9 })
    expect(items.map(({ recipient: { to, state } }) => [to, state]).toSorted()).toEqual([
      [person(2).phone, 'pending'],
      ['', 'skipped'],
    ])
    expect(JSON.stringify(items)).not.toContain(person(1).phone)
  },

  async 'another organization’s is not there'(w) {
    const { conversation } = await w.receive()
    const other = w.neighbour()
    expect(await other.store.eraseContact(other.orgId, conversation.contact.id, w.now())).toEqual({ outcome: 'missing' })
    expect(await w.store.contact(w.all, conversation.contact.id)).not.toBeNull()
  },
})

const none = { ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null }
