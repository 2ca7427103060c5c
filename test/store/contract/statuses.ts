// Statuses: they only rise, in whatever order callbacks come, also before the answer to the send and without a SID.
import { expect } from 'vitest'
import type { Message, MessageStatus } from '../../../shared/model.ts'
import { unconfirm } from '../../../server/rules/message.ts'
import type { StatusReport } from '../../../server/store/records.ts'
import { carrierFailure, expiredFailure, MINUTE, MORNING, person, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

type Reported = 'sent' | 'delivered' | 'read' | 'failed'
const timeOf: Record<Reported, number> = { sent: 1, delivered: 2, read: 3, failed: 4 }

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]]
  return items.flatMap((item, index) => permutations([...items.slice(0, index), ...items.slice(index + 1)]).map((rest) => [item, ...rest]))
}

const orders = permutations<Reported>(['sent', 'delivered', 'read', 'failed'])
const at = (status: Reported) => MORNING + 10 * MINUTE + timeOf[status] * 1000
const iso = (status: Reported) => new Date(at(status)).toISOString()

function report(w: World, twilioSid: string, status: MessageStatus, over: Partial<StatusReport> = {}): StatusReport {
  const time = status in timeOf ? at(status as Reported) : w.now()
  return { orgId: w.orgId, messageId: null, twilioSid, status, failure: status === 'failed' ? carrierFailure : null, at: time, ...over }
}

function settled(message: Message): Partial<Message> {
  const { status, error, sentAt, deliveredAt, readAt, failedAt } = message
  return { status, error, sentAt, deliveredAt, readAt, failedAt }
}
const allKept = {
  status: 'read',
  error: null,
  sentAt: iso('sent'),
  deliveredAt: iso('delivered'),
  readAt: iso('read'),
  failedAt: null,
}

export const statusCases = cases('statuses', {
  async 'sent, delivered, read and failed in every order end the same, with all times kept'(w) {
    const conversation = await w.open()
    for (const order of orders) {
      const { message } = await w.enter(conversation)
      const { twilioSid } = await w.send(conversation)
      for (const status of order) await w.store.applyStatus(report(w, twilioSid ?? '', status))
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
  },

  async 'in every order with every report repeated, later and earlier, the first times are kept'(w) {
    const conversation = await w.open()
    for (const order of orders) {
      const { message } = await w.enter(conversation)
      const { twilioSid } = await w.send(conversation)
      for (const status of order) {
        await w.store.applyStatus(report(w, twilioSid ?? '', status, { at: at(status) + 20_000 }))
        await w.store.applyStatus(report(w, twilioSid ?? '', status))
        await w.store.applyStatus(report(w, twilioSid ?? '', status, { at: at(status) + 10_000 }))
      }
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
  },

  async 'all at once end the same'(w) {
    const conversation = await w.open()
    for (const order of orders.slice(0, 12)) {
      const { message } = await w.enter(conversation)
      const { twilioSid } = await w.send(conversation)
      await Promise.all([...order, ...order].map((status) => w.store.applyStatus(report(w, twilioSid ?? '', status))))
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
  },

  async 'callbacks before the answer to the send are held and merged in, in every order'(w) {
    const conversation = await w.open()
    for (const order of orders) {
      const { message } = await w.enter(conversation)
      const claim = await w.claimed(conversation)
      const twilioSid = w.newSid()
      for (const status of order) expect(await w.store.applyStatus(report(w, twilioSid, status))).toEqual({ outcome: 'held' })
      expect(settled(await w.message(message.id))).toMatchObject({ status: 'sending', sentAt: null })
      const accepted = await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
      expect(accepted).toMatchObject({ outcome: 'applied', message: { twilioSid, ...allKept } })
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
  },

  async 'some before the answer and some after end the same'(w) {
    const conversation = await w.open()
    for (const [index, order] of orders.entries()) {
      const { message } = await w.enter(conversation)
      const claim = await w.claimed(conversation)
      const twilioSid = w.newSid()
      const before = 1 + (index % 3)
      for (const status of order.slice(0, before)) await w.store.applyStatus(report(w, twilioSid, status))
      await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
      for (const status of order.slice(before)) await w.store.applyStatus(report(w, twilioSid, status))
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
  },

  async 'a callback and the answer to the send at the same moment lose nothing'(w) {
    const conversation = await w.open()
    for (let round = 0; round < 20; round++) {
      const { message } = await w.enter(conversation)
      const claim = await w.claimed(conversation)
      const twilioSid = w.newSid()
      const accept = () => w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
      const call = () => w.store.applyStatus(report(w, twilioSid, 'delivered'))
      await Promise.all(round % 2 ? [accept(), call()] : [call(), accept()])
      expect(await w.message(message.id)).toMatchObject({ status: 'delivered', deliveredAt: iso('delivered'), twilioSid })
    }
  },

  async 'a callback that names its message attaches the SID and lets the line go on, in every order'(w) {
    const conversation = await w.open()
    for (const order of orders) {
      const { message } = await w.enter(conversation)
      const claim = await w.claimed(conversation)
      const twilioSid = w.newSid()
      for (const [index, status] of order.entries()) {
        const applied = await w.store.applyStatus(report(w, twilioSid, status, { messageId: message.id }))
        if (index === 0)
          expect(applied).toMatchObject({ outcome: 'applied', changes: { released: [conversation.lineId] }, message: { twilioSid } })
        else if (applied.outcome === 'applied') expect(applied.changes.released).toEqual([])
      }
      expect(await w.claim(conversation)).toEqual({ state: 'empty' })
      await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
      expect(settled(await w.message(message.id)), order.join(', ')).toEqual(allKept)
    }
  },

  async 'a callback that names an unconfirmed message settles it'(w) {
    for (const [index, status] of (['sending', 'sent', 'delivered', 'read', 'failed'] as const).entries()) {
      const conversation = await w.open({ client: person(index) })
      const { message } = await w.enter(conversation)
      const next = await w.enter(conversation)
      await w.change(message, unconfirm(await w.claimed(conversation)))
      const twilioSid = w.newSid()
      const applied = await w.store.applyStatus(report(w, twilioSid, status, { messageId: message.id }))
      expect(applied).toMatchObject({
        outcome: 'applied',
        changes: { released: [conversation.lineId] },
        message: { id: message.id, status, twilioSid },
      })
      expect((await w.claimed(conversation)).message.id).toBe(next.message.id)
    }
  },

  async 'callbacks held under a SID are merged when another one attaches it'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    await w.claimed(conversation)
    const twilioSid = w.newSid()
    expect(await w.store.applyStatus(report(w, twilioSid, 'delivered'))).toEqual({ outcome: 'held' })
    await w.store.applyStatus(report(w, twilioSid, 'sent', { messageId: message.id }))
    expect(await w.message(message.id)).toMatchObject({ status: 'delivered', sentAt: iso('sent'), deliveredAt: iso('delivered') })
  },

  async 'the SID decides where it is known, the message in the path only where it is not'(w) {
    const conversation = await w.open()
    await w.enter(conversation)
    const sent = await w.send(conversation)
    const other = await w.enter(conversation)
    await w.claimed(conversation)
    await w.store.applyStatus(report(w, sent.twilioSid ?? '', 'delivered', { messageId: other.message.id }))
    expect((await w.message(sent.id)).status).toBe('delivered')
    expect(await w.message(other.message.id)).toMatchObject({ status: 'sending', twilioSid: null })
  },

  async 'a callback names no message of another organization'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    await w.claimed(conversation)
    const other = w.neighbour()
    expect(await w.store.applyStatus(report(other, w.newSid(), 'sent', { messageId: message.id }))).toEqual({ outcome: 'held' })
    expect(await w.message(message.id)).toMatchObject({ status: 'sending', twilioSid: null })
  },

  async 'the same SID in two organizations is two messages'(w) {
    const other = w.neighbour()
    const [mine, theirs] = [await w.open(), await other.open()]
    const twilioSid = w.newSid()
    const { message } = await w.enter(mine)
    await other.enter(theirs)
    await w.send(mine, twilioSid)
    const sent = await other.send(theirs, twilioSid)
    await w.store.applyStatus(report(w, twilioSid, 'delivered'))
    expect((await w.message(message.id)).status).toBe('delivered')
    expect((await other.message(sent.id)).status).toBe('sending')
  },

  async 'a repeat changes nothing'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    expect(await w.store.applyStatus(report(w, twilioSid ?? '', 'delivered'))).toMatchObject({
      outcome: 'applied',
      changes: { news: 'progress', released: [] },
    })
    const before = await w.message(message.id)
    for (const status of ['delivered', 'queued', 'sending'] as const)
      expect(await w.store.applyStatus(report(w, twilioSid ?? '', status)), status).toEqual({
        outcome: 'unchanged',
        message: before,
      })
    expect(await w.message(message.id)).toEqual(before)
  },

  async 'ten of the same callback at once are applied once'(w) {
    const conversation = await w.open()
    await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    const all = await Promise.all(Array.from({ length: 10 }, () => w.store.applyStatus(report(w, twilioSid ?? '', 'delivered'))))
    expect(all.filter((one) => one.outcome === 'applied')).toHaveLength(1)
    expect(all.filter((one) => one.outcome === 'unchanged')).toHaveLength(9)
  },

  async 'a failure says why; a receipt heals it; a failure after a receipt changes nothing'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'failed'))
    expect(await w.message(message.id)).toMatchObject({ status: 'failed', error: carrierFailure, failedAt: iso('failed') })
    expect((await w.conversation(conversation.id)).lastMessage?.status).toBe('failed')
    await w.store.applyStatus(report(w, twilioSid ?? '', 'sent'))
    expect(await w.message(message.id)).toMatchObject({ status: 'failed', error: carrierFailure, sentAt: iso('sent') })
    await w.store.applyStatus(report(w, twilioSid ?? '', 'delivered'))
    expect(await w.message(message.id)).toMatchObject({ status: 'delivered', error: null })
    await w.store.applyStatus(report(w, twilioSid ?? '', 'failed', { failure: expiredFailure }))
    expect(await w.message(message.id)).toMatchObject({ status: 'delivered', error: null })
  },

  async 'a failure after a receipt changes neither failedAt nor rev, and is told to nobody'(w) {
    const conversation = await w.open()
    for (const receipt of ['delivered', 'read'] as const) {
      const { message } = await w.enter(conversation)
      const { twilioSid } = await w.send(conversation)
      await w.store.applyStatus(report(w, twilioSid ?? '', receipt))
      const before = await w.message(message.id)
      for (const late of [at(receipt) - 1000, at('failed'), at('failed') + 60_000]) {
        const applied = await w.store.applyStatus(report(w, twilioSid ?? '', 'failed', { at: late }))
        expect(applied).toEqual({ outcome: 'unchanged', message: before })
      }
      expect(await w.message(message.id)).toEqual(before)
    }
  },

  async 'a failure held together with its receipt leaves no trace'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    const twilioSid = w.newSid()
    for (const status of ['failed', 'delivered'] as const) await w.store.applyStatus(report(w, twilioSid, status))
    await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
    expect(await w.message(message.id)).toMatchObject({ status: 'delivered', error: null, failedAt: null })
  },

  async 'the preview follows the last message, and what changed is told'(w) {
    const { conversation } = await w.receive()
    const first = await w.enter(conversation)
    const sent = await w.send(conversation)
    const last = await w.enter(conversation)
    const lastSent = await w.send(conversation)
    const lower = await w.store.applyStatus(report(w, sent.twilioSid ?? '', 'delivered'))
    expect(lower).toMatchObject({ outcome: 'applied', message: { id: first.message.id } })
    expect((await w.conversation(conversation.id)).lastMessage).toMatchObject({ id: last.message.id, status: 'sending' })
    const before = await w.conversation(conversation.id)
    const applied = await w.store.applyStatus(report(w, lastSent.twilioSid ?? '', 'read'))
    if (applied.outcome !== 'applied') throw new Error(applied.outcome)
    expect(applied.changes.messages).toEqual([applied.message])
    expect(applied.changes.conversations).toMatchObject([{ id: conversation.id, lastMessage: { id: last.message.id, status: 'read' } }])
    expect(applied.changes.conversations[0]?.rev).toBe(before.rev + 1)
    expect(applied.message.rev).toBe(lastSent.rev + 1)
  },

  async 'an earlier time that comes late is told of its message alone: no row shows it'(w) {
    const { conversation } = await w.receive()
    await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'read'))
    const before = await w.conversation(conversation.id)
    const applied = await w.store.applyStatus(report(w, twilioSid ?? '', 'delivered'))
    if (applied.outcome !== 'applied') throw new Error(applied.outcome)
    expect(applied.message).toMatchObject({ status: 'read', deliveredAt: iso('delivered') })
    expect(applied.changes).toMatchObject({ conversations: [], messages: [{ id: applied.message.id }] })
    expect(await w.conversation(conversation.id)).toEqual(before)
  },

  async 'a status opens nothing, raises no unread and moves no activity'(w) {
    const { conversation } = await w.receive()
    await w.enter(conversation, { author: REMINDER })
    const { twilioSid } = await w.send(conversation)
    await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    const before = await w.conversation(conversation.id)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'failed'))
    const { status, unread, activityAt, answeredCount, inboundCount, awaitingReplySince } = before
    expect(await w.conversation(conversation.id)).toMatchObject({
      status,
      unread,
      activityAt,
      answeredCount,
      inboundCount,
      awaitingReplySince,
    })
    expect(status).toBe('closed')
  },

  async 'a late callback of a first attempt touches the first only'(w) {
    const conversation = await w.open()
    const first = await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'failed'))
    const retry = await w.enter(conversation, { retryOf: first.message.id })
    await w.send(conversation)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'delivered', { messageId: retry.message.id }))
    expect(await w.message(first.message.id)).toMatchObject({ status: 'delivered', twilioSid })
    expect(await w.message(retry.message.id)).toMatchObject({ status: 'sending', retryOf: first.message.id })
  },

  async 'the price is kept when it is known'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const { twilioSid } = await w.send(conversation)
    await w.store.applyStatus(report(w, twilioSid ?? '', 'delivered', { price: { amount: 0.0042, currency: 'USD' } }))
    expect((await w.message(message.id)).price).toEqual({ amount: 0.0042, currency: 'USD', estimated: false })
    await w.store.applyStatus(report(w, twilioSid ?? '', 'read'))
    expect((await w.message(message.id)).price).toEqual({ amount: 0.0042, currency: 'USD', estimated: false })
  },
})
