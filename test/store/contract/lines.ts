// Lines: one in flight, in the order entered, and what each outcome of a send does to the message and its line.
import { expect } from 'vitest'
import { cancelMessage, explainDelay, unconfirm } from '../../../server/rules/message.ts'
import type { Claim } from '../../../server/store/records.ts'
import type { MessageStatus } from '../../../shared/model.ts'
import { CAMPAIGN, carrierFailure, HOUR, person, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

async function accept(w: World, claim: Claim, status: MessageStatus = 'sending', twilioSid = w.newSid()) {
  return await w.store.accepted(claim, { twilioSid, status, at: w.now(), failure: null })
}

/** Sends everything that waits on a line; answers the ids in the order in which they left. */
async function drain(w: World, line: { lineId: string }): Promise<string[]> {
  const ids: string[] = []
  for (;;) {
    const head = await w.claim(line)
    if (head.state === 'empty') return ids
    expect(head.state).toBe('claimed')
    if (head.state !== 'claimed') return ids
    ids.push(head.claim.message.id)
    await accept(w, head.claim)
  }
}

const onSharedStore = cases('lines', {
  async 'a window that is closed is closed in every conversation of its line, and the next message opens it again'(w) {
    const client = person(7)
    const { conversation: first } = await w.receive({ from: client, record: 'ev-1' })
    const { conversation: second } = await w.receive({ from: client, record: 'ev-2' })
    const { conversation: other } = await w.receive()
    const place = { orgId: w.orgId, channel: 'whatsapp', sender: first.sender, key: client.keys[0] } as const
    const at = w.now() - 24 * HOUR
    const { conversations } = await w.store.closeWindow(place, at, w.now())
    expect(conversations.map(({ id, lastInboundAt }) => [id, lastInboundAt]).toSorted()).toEqual(
      [first.id, second.id].map((id) => [id, at]).toSorted(),
    )
    const { message } = await w.enter(first)
    const head = await w.claim(first)
    expect(head).toMatchObject({ state: 'claimed', claim: { message: { id: message.id }, lastInboundAt: at } })
    const unchanged = await w.store.conversation(w.all, other.id)
    expect([unchanged?.rev, unchanged?.lastInboundAt]).toEqual([other.rev, other.lastInboundAt])
    // A second time, or for a later moment, it changes nothing.
    expect((await w.store.closeWindow(place, at + HOUR, w.now())).conversations).toEqual([])
    const { conversation: again, message: heard } = await w.receive({ from: client, record: 'ev-2' })
    expect(again.lastInboundAt).toBe(Date.parse(heard.createdAt))
    // By its id, and not where the client wrote since.
    const byId = { orgId: w.orgId, lineId: again.lineId }
    const heardAt = Date.parse(heard.createdAt)
    expect((await w.store.closeWindow(byId, at, heardAt - 1)).conversations).toEqual([])
    expect((await w.store.conversation(w.all, again.id))?.lastInboundAt).toBe(heardAt)
    const closed = await w.store.closeWindow(byId, at, heardAt)
    expect(closed.conversations.map((one) => one.lastInboundAt)).toEqual([at, at])
  },
  async 'the head is claimed with everything needed to send it, once'(w) {
    const { conversation, message: asked } = await w.receive()
    const { message } = await w.enter(conversation, { cost: 2 })
    const now = w.now()
    const head = await w.claim(conversation, { now, leaseMs: 40_000 })
    expect(head).toMatchObject({
      state: 'claimed',
      claim: {
        message: { id: message.id, status: 'sending', text: message.text },
        orgId: w.orgId,
        lineId: conversation.lineId,
        channel: 'whatsapp',
        sender: conversation.sender,
        address: conversation.contact.address,
        content: null,
        attempt: 1,
        claimedAt: now,
        firstClaimedAt: now,
        lastInboundAt: Date.parse(asked.createdAt),
        optedOut: false,
        lane: 0,
        cost: 2,
      },
    })
    expect(await w.claim(conversation)).toMatchObject({
      state: 'in_flight',
      claim: { message: { id: message.id }, attempt: 1 },
      leaseUntil: now + 40_000,
    })
    expect((await w.message(message.id)).status).toBe('sending')
  },

  async 'of 20 claimers at once one gets the message'(w) {
    for (let round = 0; round < 5; round++) {
      const conversation = await w.open({ client: person(round) })
      const { message } = await w.enter(conversation)
      await w.enter(conversation)
      const heads = await Promise.all(times(20, () => w.claim(conversation)))
      expect(heads.filter((one) => one.state === 'claimed')).toHaveLength(1)
      for (const head of heads) expect(head).toMatchObject({ claim: { message: { id: message.id }, attempt: 1 } })
    }
  },

  async 'an empty line has no head, nor has one that is not there'(w) {
    const conversation = await w.open()
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
    expect(await w.claim({ lineId: w.newId() })).toEqual({ state: 'empty' })
    const other = w.neighbour()
    await w.enter(conversation)
    expect(await other.claim(conversation), 'another organization’s line').toEqual({ state: 'empty' })
  },

  async 'messages leave in the order they were entered, over all conversations of the line'(w) {
    await w.save('ev-1', 'ev-2')
    const threads = [await w.open(), await w.open({ record: 'ev-1' }), await w.open({ record: 'ev-2' })]
    const entered: string[] = []
    for (const pick of [0, 1, 1, 2, 0, 2, 1, 0, 2, 2]) {
      const author = pick === 1 ? CAMPAIGN : pick === 2 ? REMINDER : undefined
      const { message } = await w.enter(threads[pick] ?? { id: '' }, author ? { author } : {})
      entered.push(message.id)
    }
    expect(await drain(w, threads[0] ?? { lineId: '' })).toEqual(entered)
  },

  async 'parallel enters into two conversations of a line leave in the order of their threads'(w) {
    await w.save('ev-1')
    const one = await w.open()
    const two = await w.open({ record: 'ev-1' })
    const first = await Promise.all(times(20, (index) => w.enter(index % 2 ? one : two)))
    const second = await Promise.all(times(20, (index) => w.enter(index % 2 ? one : two)))
    const left = await drain(w, one)
    expect(left).toHaveLength(40)
    expect(new Set(left.slice(0, 20)), 'what was entered before comes before').toEqual(new Set(first.map((each) => each.message.id)))
    const seqs = new Map([...first, ...second].map((each) => [each.message.id, each.message]))
    for (const thread of [one, two]) {
      const order = left.map((id) => seqs.get(id)).filter((each) => each?.conversationId === thread.id)
      expect(order.map((each) => each?.seq)).toEqual(times(20, (index) => index + 1))
    }
  },

  async 'lines do not wait for each other'(w) {
    const one = await w.open({ client: person(1) })
    const two = await w.open({ client: person(2) })
    const sms = await w.open({ client: person(1), channel: 'sms' })
    for (const conversation of [one, two, sms]) await w.enter(conversation)
    for (const conversation of [one, two, sms]) expect((await w.claim(conversation)).state).toBe('claimed')
  },

  async 'accepted: it has its SID, and the line goes on'(w) {
    const conversation = await w.open()
    const first = await w.enter(conversation)
    const second = await w.enter(conversation)
    const claim = await w.claimed(conversation)
    expect((await w.claim(conversation)).state, 'one in flight').toBe('in_flight')
    const twilioSid = w.newSid()
    const applied = await w.store.accepted(claim, { twilioSid, status: 'sending', at: w.now(), failure: null })
    expect(applied).toMatchObject({
      outcome: 'applied',
      changes: { released: [conversation.lineId] },
      message: { id: first.message.id, status: 'sending', twilioSid },
    })
    expect((await w.claimed(conversation)).message.id).toBe(second.message.id)
    expect((await w.message(first.message.id)).sentAt).toBeNull()
  },

  async 'accepted as sent or as failed is that at once'(w) {
    const conversation = await w.open()
    const first = await w.enter(conversation)
    const second = await w.enter(conversation)
    const at = w.now()
    await w.store.accepted(await w.claimed(conversation), { twilioSid: w.newSid(), status: 'sent', at, failure: null })
    expect(await w.message(first.message.id)).toMatchObject({ status: 'sent', sentAt: new Date(at).toISOString() })
    await w.store.accepted(await w.claimed(conversation), { twilioSid: w.newSid(), status: 'failed', at, failure: carrierFailure })
    expect(await w.message(second.message.id)).toMatchObject({
      status: 'failed',
      error: carrierFailure,
      failedAt: new Date(at).toISOString(),
    })
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
  },

  async 'a reason to wait is shown on a queued message, and only there'(w) {
    const conversation = await w.open()
    const { message } = await w.enter(conversation)
    const delay = { reason: 'rate' as const, until: null }
    expect((await w.change(message, explainDelay(delay))).messages).toMatchObject([{ id: message.id, delay }])
    expect((await w.change(message, explainDelay(null))).messages).toMatchObject([{ delay: null }])
    await w.change(message, explainDelay(delay))
    expect((await w.send(conversation)).delay, 'not any more when it is sent').toBeNull()
    expect(await w.change(message, explainDelay(delay))).toMatchObject({ messages: [], conversations: [] })
    expect(await w.change({ id: w.newId() }, explainDelay(delay))).toMatchObject({ messages: [] })
  },

  async 'what is queued can be canceled, and its line goes on; what is underway cannot'(w) {
    const conversation = await w.open()
    const first = await w.enter(conversation)
    const second = await w.enter(conversation)
    expect(await w.neighbour().change(first.message, cancelMessage)).toMatchObject({ changed: false, message: null })
    expect(await w.change({ id: w.newId() }, cancelMessage)).toMatchObject({ changed: false, message: null })
    const canceled = await w.change(first.message, cancelMessage)
    expect(canceled).toMatchObject({ changed: true, message: { id: first.message.id, status: 'canceled', seq: 1 } })
    const claim = await w.claimed(conversation)
    expect(claim.message.id).toBe(second.message.id)
    expect(await w.change(second.message, cancelMessage)).toMatchObject({ changed: false, message: { status: 'sending' } })
    await w.change(claim.message, unconfirm(claim))
    expect(await w.change(second.message, cancelMessage)).toMatchObject({
      changed: false,
      message: { status: 'unconfirmed' },
    })
    await accept(w, claim)
    expect(await w.change(second.message, cancelMessage)).toMatchObject({ changed: false })
    expect(await w.change(first.message, cancelMessage)).toMatchObject({ changed: false, message: { status: 'canceled' } })
  },

  async 'a cancel and a claim at once: one of them gets the message'(w) {
    for (let round = 0; round < 15; round++) {
      const conversation = await w.open({ client: person(round) })
      const { message } = await w.enter(conversation)
      const [head, canceled] = await Promise.all([w.claim(conversation), w.change(message, cancelMessage)])
      const status = (await w.message(message.id)).status
      if (canceled.changed) expect({ head: head.state, status }).toEqual({ head: 'empty', status: 'canceled' })
      else
        expect({ head: head.state, status, canceled: canceled.changed }).toEqual({
          head: 'claimed',
          status: 'sending',
          canceled: false,
        })
    }
  },
})

// Lists of lines are not of one organization.
const onEmptyStore = cases(
  'lines',
  {
    async 'open lines are listed by id, page by page, with their head'(w) {
      const opened = await Promise.all(times(5, (index) => w.open({ client: person(index) })))
      const entered = new Map<string, { createdAt: string }>()
      for (const [index, conversation] of opened.entries()) {
        if (index === 2) continue
        const { message } = await w.enter(conversation, { cost: index + 1, ...(index === 4 ? { author: CAMPAIGN } : {}) })
        entered.set(conversation.lineId, message)
        await w.enter(conversation)
      }
      await w.store.schedule(w.draft(opened[2] ?? { id: '' }, { dueAt: w.now() + HOUR }))
      const lines = []
      for (let after: string | null = null; ; ) {
        const page = await w.store.openLines(after, 2)
        lines.push(...page)
        if (page.length === 0) break
        after = page.at(-1)?.lineId ?? null
      }
      expect(lines.map((one) => one.lineId)).toEqual([...entered.keys()].toSorted())
      for (const line of lines) {
        const index = opened.findIndex((one) => one.lineId === line.lineId)
        expect(line).toEqual({
          lineId: line.lineId,
          orgId: w.orgId,
          channel: 'whatsapp',
          sender: opened[index]?.sender,
          lane: index === 4 ? 2 : 0,
          cost: index + 1,
          since: Date.parse(entered.get(line.lineId)?.createdAt ?? ''),
        })
      }
      for (const conversation of opened) await drain(w, conversation)
      expect(await w.store.openLines(null, 10)).toEqual([])
    },
  },
  { alone: true },
)

export const lineCases = [...onSharedStore, ...onEmptyStore]
