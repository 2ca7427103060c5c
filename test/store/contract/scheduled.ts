// Messages planned for later: outside the thread until its time, entered once, canceled or entered but never both.
import { cancelMessage, replan } from '../../../server/rules/message.ts'
import { expect } from 'vitest'
import { ANA, expiredFailure, HOUR, LUIS, noChecks, person, REMINDER } from '../../support/builders.ts'
import { WINDOW_MARGIN_MS } from '../../../shared/window.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

/** A message that is due at once. */
async function plan(w: World, conversation: { id: string }, author = ANA): Promise<string> {
  const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now(), author }))
  if (planned.outcome !== 'created') throw new Error(planned.outcome)
  return planned.message.id
}

const onSharedStore = cases('scheduled', {
  async 'it has no place in the thread, moves no preview and blocks nothing'(w) {
    const { conversation } = await w.receive()
    const before = await w.conversation(conversation.id)
    const dueAt = w.now() + HOUR
    const planned = await w.store.schedule(w.draft(conversation, { dueAt, text: 'mañana', expiresInMs: HOUR }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    expect(planned.message).toMatchObject({
      seq: null,
      status: 'scheduled',
      dueAt: new Date(dueAt).toISOString(),
      text: 'mañana',
      conversationId: conversation.id,
    })
    expect(planned.changes.messages).toEqual([planned.message])
    const { lastSeq, lastMessage, activityAt, answeredCount, unread } = before
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq, lastMessage, activityAt, answeredCount, unread })
    expect(await w.thread(conversation.id)).toHaveLength(1)
    expect(await w.log({ statuses: ['scheduled'] })).toEqual([planned.message])
    const { message } = await w.enter(conversation)
    expect(message.seq).toBe(2)
    expect((await w.claimed(conversation)).message.id).toBe(message.id)
  },

  async 'entered when due: seq, queued, and it answers as if written then'(w) {
    const { conversation } = await w.receive()
    const dueAt = w.now() + 1000
    const planned = await w.store.schedule(w.draft(conversation, { dueAt, expiresInMs: HOUR }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.receive()
    const now = w.pass(HOUR)
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, now, { checks: noChecks })
    expect(entered).toMatchObject({
      outcome: 'created',
      message: { id: planned.message.id, seq: 3, status: 'queued', expiresAt: new Date(dueAt + HOUR).toISOString() },
      conversation: { lastSeq: 3, answeredCount: 2, awaitingReplySince: null, lastMessage: { id: planned.message.id } },
    })
    const again = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: noChecks })
    expect(again).toMatchObject({ outcome: 'repeated', message: { id: planned.message.id, seq: 3 } })
    expect((await w.claimed(conversation)).message.id).toBe(planned.message.id)
  },

  async 'one that cannot go is entered as failed, so that it is seen, and holds nothing up'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const now = w.now()
    const failed = await w.store.enterScheduled(w.orgId, planned.message.id, now, { failure: expiredFailure })
    expect(failed).toMatchObject({
      outcome: 'created',
      message: { seq: 2, status: 'failed', error: expiredFailure, failedAt: new Date(now).toISOString() },
    })
    expect(await w.claim(conversation)).toEqual({ state: 'empty' })
    expect(await w.thread(conversation.id)).toHaveLength(2)
  },

  async 'one entered as failed answers nobody'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { failure: expiredFailure })
    const after = await w.conversation(conversation.id)
    expect(after).toMatchObject({ answeredCount: 0, unread: 1 })
    expect(after.awaitingReplySince).not.toBeNull()
  },

  async 'the limit per contact is held exactly by what comes due at once, over all the contact’s conversations'(w) {
    await w.save('ev-1')
    const threads = [await w.open(), await w.open({ record: 'ev-1' }), await w.open({ channel: 'sms' })]
    const ids = await Promise.all(times(12, (index) => plan(w, threads[index % 3] ?? { id: '' })))
    const now = w.pass(2 * HOUR)
    const checks = { ...noChecks, contactLimit: { max: 5, since: now - HOUR } }
    const all = await Promise.all([
      ...ids.map((id) => w.store.enterScheduled(w.orgId, id, now, { checks })),
      // Of what is typed in the same moment too.
      ...times(8, (index) => w.store.enter(w.draft(threads[index % 3] ?? { id: '' }, { createdAt: now }), checks)),
    ])
    expect(all.filter((one) => one.outcome === 'created')).toHaveLength(5)
    expect(all.filter((one) => one.outcome === 'limited')).toEqual(times(15, () => ({ outcome: 'limited', until: now + HOUR })))
    const entered = all.slice(0, 12).filter((one) => one.outcome === 'created').length
    expect(await w.log({ statuses: ['scheduled'] }), 'what was refused is still planned').toHaveLength(12 - entered)
  },

  async 'what was planned counts from when it entered, and not where it was refused as it came due'(w) {
    const conversation = await w.open()
    const planned = await plan(w, conversation)
    const refused = await plan(w, conversation)
    const now = w.pass(3 * HOUR)
    const checks = { ...noChecks, contactLimit: { max: 2, since: now - HOUR } }
    const enter = () => w.store.enter(w.draft(conversation, { createdAt: now + 1 }), checks)
    await w.store.enterScheduled(w.orgId, refused, now, { failure: expiredFailure })
    expect(await w.store.enterScheduled(w.orgId, planned, now, { checks })).toMatchObject({ outcome: 'created' })
    expect((await enter()).outcome).toBe('created')
    expect((await enter()).outcome).toBe('limited')
  },

  async 'it enters only while the window is open: closed, it stays planned until it is entered as failed'(w) {
    const { conversation, message } = await w.receive()
    const id = await plan(w, conversation)
    const at = Date.parse(message.createdAt)
    const checks = { ...noChecks, openWindow: true }
    const closed = at + 24 * HOUR - WINDOW_MARGIN_MS
    expect(await w.store.enterScheduled(w.orgId, id, closed, { checks })).toEqual({ outcome: 'closed' })
    expect(await w.message(id)).toMatchObject({ status: 'scheduled', seq: null })
    expect(await w.store.enterScheduled(w.orgId, id, closed, { failure: expiredFailure })).toMatchObject({ message: { status: 'failed' } })
    const other = await plan(w, conversation)
    expect(await w.store.enterScheduled(w.orgId, other, closed - 1, { checks })).toMatchObject({ outcome: 'created' })
  },

  async 'refused, it can still be canceled'(w) {
    const id = await plan(w, await w.open())
    const refused = await w.store.enterScheduled(w.orgId, id, w.now(), { checks: { ...noChecks, openWindow: true } })
    expect(refused).toEqual({ outcome: 'closed' })
    expect(await w.change({ id }, cancelMessage)).toMatchObject({ changed: true, message: { status: 'canceled' } })
  },

  async 'a colleague who answered meanwhile holds it, the author does not'(w) {
    const { conversation, message } = await w.receive()
    const id = await plan(w, conversation, ANA)
    const checks = { ...noChecks, ifNoAnswerSince: message.seq }
    const answer = await w.enter(conversation, { author: LUIS })
    const held = await w.store.enterScheduled(w.orgId, id, w.now(), { checks })
    expect(held).toMatchObject({ outcome: 'answered', by: { id: answer.message.id } })
    const own = await plan(w, conversation, LUIS)
    expect(await w.store.enterScheduled(w.orgId, own, w.now(), { checks })).toMatchObject({ outcome: 'created' })
  },

  async 'what is held for a moment is refused as it would be when it goes'(w) {
    const { conversation, message } = await w.receive()
    const closes = Date.parse(message.createdAt) + 24 * HOUR - WINDOW_MARGIN_MS
    const hold = (dueAt: number, checks: Partial<typeof noChecks>, author = ANA) =>
      w.store.hold(w.draft(conversation, { dueAt, author }), { ...noChecks, ...checks })
    expect(await hold(closes, { openWindow: true })).toEqual({ outcome: 'closed' })
    expect(await hold(closes - 1, { openWindow: true })).toMatchObject({ outcome: 'created', message: { status: 'scheduled', seq: null } })
    const sent = await w.enter(conversation, { author: LUIS })
    expect(await hold(w.now(), { ifNoAnswerSince: message.seq })).toMatchObject({ outcome: 'answered', by: { id: sent.message.id } })
    const now = w.now()
    expect(await hold(now, { contactLimit: { max: 1, since: now - HOUR } })).toMatchObject({ outcome: 'limited' })
    expect(await w.log({ statuses: ['scheduled'] })).toHaveLength(1)
  },

  async 'a colleague’s answer that is held is an answer already, one’s own and a plan of tomorrow are not'(w) {
    const { conversation, message } = await w.receive()
    const checks = { ...noChecks, ifNoAnswerSince: message.seq }
    const dueAt = w.now() + 5_000
    await w.store.schedule(w.draft(conversation, { dueAt: dueAt + 24 * HOUR, author: LUIS }))
    const held = await w.store.hold(w.draft(conversation, { dueAt, author: ANA }), checks)
    if (held.outcome !== 'created') throw new Error(held.outcome)
    const answered = { outcome: 'answered', by: { id: held.message.id } }
    expect(await w.store.hold(w.draft(conversation, { dueAt, author: LUIS }), checks)).toMatchObject(answered)
    expect(await w.store.enter(w.draft(conversation, { author: LUIS }), checks)).toMatchObject(answered)
    expect(await w.store.hold(w.draft(conversation, { dueAt, author: ANA }), checks)).toMatchObject({ outcome: 'created' })
    for (const { id } of await w.log({ statuses: ['scheduled'], authorId: ANA.id ?? '' })) await w.change({ id }, cancelMessage)
    expect(await w.store.enter(w.draft(conversation, { author: LUIS }), checks)).toMatchObject({ outcome: 'created' })
  },

  async 'one that was held answers what its author saw, and leaves the state as it is'(w) {
    const { conversation } = await w.receive()
    const plans = [await plan(w, conversation), await plan(w, conversation)]
    w.pass(1)
    const { message: later } = await w.receive()
    const enter = (id: string) => w.store.enterScheduled(w.orgId, id, w.now(), { checks: noChecks, held: true })
    await enter(plans[0] ?? '')
    const waiting = { inboundCount: 2, answeredCount: 1, awaitingReplySince: later.createdAt, unread: 1 }
    expect(await w.conversation(conversation.id)).toMatchObject(waiting)
    expect((await w.list({ awaiting: true })).map(({ id }) => id)).toEqual([conversation.id])
    await w.store.updateConversation(w.all, conversation.id, { status: 'closed' })
    await enter(plans[1] ?? '')
    expect(await w.conversation(conversation.id)).toMatchObject({
      status: 'closed',
      answeredCount: 2,
      awaitingReplySince: null,
      lastSeq: 4,
    })
  },

  async 'what the client writes in the moment in which a held one enters is never taken for answered'(w) {
    const { conversation } = await w.receive()
    for (let round = 0; round < 8; round++) {
      const id = await plan(w, conversation)
      w.pass(1)
      await Promise.all([w.receive(), w.store.enterScheduled(w.orgId, id, w.now(), { checks: noChecks, held: true }), w.receive()])
      const { inboundCount, answeredCount } = await w.conversation(conversation.id)
      expect(inboundCount - answeredCount).toBe(2)
    }
  },

  async 'what is held opens its conversation in the same step; refused, it opens nothing'(w) {
    const { conversation, message } = await w.receive()
    const sent = await w.enter(conversation, { author: LUIS })
    await w.store.updateConversation(w.all, conversation.id, { status: 'snoozed', snoozedUntil: w.now() + HOUR })
    const hold = (ifNoAnswerSince: number | null) =>
      w.store.hold(w.draft(conversation, { dueAt: w.now(), author: ANA }), { ...noChecks, ifNoAnswerSince })
    expect(await hold(message.seq)).toMatchObject({ outcome: 'answered', by: { id: sent.message.id } })
    expect((await w.conversation(conversation.id)).status).toBe('snoozed')
    const held = await hold(null)
    const open = { id: conversation.id, status: 'open', snoozedUntil: null }
    expect(held).toMatchObject({ outcome: 'created', conversation: open, changes: { conversations: [open] } })
    const now = await w.conversation(conversation.id)
    expect(now).toMatchObject(open)
    expect(await hold(null)).toMatchObject({ outcome: 'created', changes: { conversations: [] } })
    expect((await w.conversation(conversation.id)).rev).toBe(now.rev)
  },

  async 'said differently, and for another time, it is still the one plan, and enters as it is now'(w) {
    const conversation = await w.open({ channel: 'sms' })
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() + HOUR, text: 'a las 9' }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const { id, rev } = planned.message
    const dueAt = w.now() + 3 * HOUR
    const template = { name: 'aviso', variables: { hora: '10' } }
    const content = { sid: 'HX1', variables: { 1: '10' } }
    const plan = { type: 'template', text: 'a las 10', template, content, dueAt, cost: 2 } as const
    const changed = await w.change({ id }, replan(plan))
    const wanted = { id, seq: null, status: 'scheduled', type: 'template', text: 'a las 10', template, rev: rev + 1 }
    expect(changed).toMatchObject({ changed: true, message: { ...wanted, dueAt: new Date(dueAt).toISOString() } })
    expect(await w.log({ statuses: ['scheduled'] })).toEqual([changed.message])
    expect((await w.store.dueMessages(dueAt - 1, 100)).map((one) => one.message.id)).not.toContain(id)
    // Taken up for its former time, in the moment in which it was put off.
    expect(await w.store.enterScheduled(w.orgId, id, dueAt - 1, { checks: noChecks })).toMatchObject({ outcome: 'repeated' })
    expect(await w.message(id)).toMatchObject({ seq: null, status: 'scheduled' })
    await w.store.enterScheduled(w.orgId, id, dueAt, { checks: noChecks })
    expect(await w.claimed(conversation)).toMatchObject({ message: { id, text: 'a las 10', template }, content, cost: 2 })
    expect(await w.change({ id }, replan({ text: 'tarde' }))).toMatchObject({ changed: false, message: { text: 'a las 10' } })
  },

  async 'a template that became a text carries nothing of the template'(w) {
    const conversation = await w.open()
    const template = { name: 'aviso', variables: { hora: '10' } }
    const draft = w.draft(conversation, { dueAt: w.now(), type: 'template', template, content: { sid: 'HX1', variables: {} } })
    const planned = await w.store.schedule(draft)
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const { id } = planned.message
    const changed = await w.change({ id }, replan({ type: 'text', text: 'Hola', template: null, content: null }))
    expect(changed.message).toMatchObject({ type: 'text', text: 'Hola' })
    expect(changed.message).not.toHaveProperty('template')
    await w.store.enterScheduled(w.orgId, id, w.now(), { checks: noChecks })
    expect((await w.claimed(conversation)).content).toBeNull()
  },

  async 'ten who enter it at once enter it once'(w) {
    for (let round = 0; round < 5; round++) {
      const conversation = await w.open({ client: person(round) })
      const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
      if (planned.outcome !== 'created') throw new Error(planned.outcome)
      const all = await Promise.all(times(10, () => w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: noChecks })))
      expect(all.filter((one) => one.outcome === 'created')).toHaveLength(1)
      expect(all.filter((one) => one.outcome === 'repeated')).toHaveLength(9)
      expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 1 })
      expect(await w.thread(conversation.id)).toHaveLength(1)
    }
  },

  async 'a cancel and an entering at once: one of them wins'(w) {
    for (let round = 0; round < 15; round++) {
      const conversation = await w.open({ client: person(round) })
      const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
      if (planned.outcome !== 'created') throw new Error(planned.outcome)
      const id = planned.message.id
      const enter = () => w.store.enterScheduled(w.orgId, id, w.now(), { checks: noChecks })
      const cancel = () => w.change({ id }, cancelMessage)
      const first = round % 2 ? enter() : null
      const canceling = cancel()
      const [entered, canceled] = await Promise.all([first ?? enter(), canceling])
      const message = await w.message(id)
      const thread = await w.thread(conversation.id)
      if (message.status === 'canceled') {
        expect(canceled.changed).toBe(true)
        // Entered first and canceled while queued is right, too; then it has its place.
        expect(thread).toHaveLength(message.seq === null ? 0 : 1)
        if (message.seq === null) expect(entered.outcome).not.toBe('created')
      } else {
        expect({ entered: entered.outcome, canceled: canceled.changed, status: message.status }).toEqual({
          entered: 'created',
          canceled: false,
          status: 'queued',
        })
      }
      expect((await w.claim(conversation)).state).toBe(message.status === 'canceled' ? 'empty' : 'claimed')
    }
  },

  async 'canceled: never entered'(w) {
    const conversation = await w.open()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now(), author: REMINDER }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    expect(await w.change(planned.message, cancelMessage)).toMatchObject({
      changed: true,
      message: { status: 'canceled', seq: null },
    })
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), { checks: noChecks })
    expect(entered.outcome).not.toBe('created')
    expect(await w.thread(conversation.id)).toEqual([])
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 0, lastMessage: null })
    expect(await w.log({ statuses: ['canceled'] })).toHaveLength(1)
  },

  async 'what is not there cannot be entered'(w) {
    const planned = await w.store.schedule(w.draft(await w.open(), { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    expect(await w.store.enterScheduled(w.orgId, w.newId(), w.now(), { checks: noChecks })).toEqual({ outcome: 'missing' })
    expect(await w.store.enterScheduled(w.neighbour().orgId, planned.message.id, w.now(), { checks: noChecks })).toEqual({
      outcome: 'missing',
    })
  },

  async 'the same key planned twice, also at once, is one plan'(w) {
    const conversation = await w.open()
    const key = 'ev-1|reminder-24h|2026-03-04T10:00'
    const all = await Promise.all(
      times(10, () => w.store.schedule(w.draft(conversation, { dueAt: w.now() + HOUR, key, author: REMINDER }))),
    )
    expect(all.filter((one) => one.outcome === 'created')).toHaveLength(1)
    expect(all.filter((one) => one.outcome === 'repeated')).toHaveLength(9)
    expect(await w.log({ statuses: ['scheduled'] })).toHaveLength(1)
    expect((await w.enter(conversation, { key })).outcome).toBe('repeated')
  },
})

// Due times are not of one organization.
const onEmptyStore = cases(
  'scheduled',
  {
    async 'what is due comes earliest first, as many as asked for, and the next time is known'(w) {
      const other = w.neighbour()
      expect(await w.store.nextDueAt()).toBeNull()
      const mine = await w.open()
      const theirs = await other.open()
      const start = w.now() + HOUR
      const at = (minutes: number) => start + minutes * 60_000
      const ids = new Map<number, string>()
      for (const minutes of [30, 10, 50, 20]) {
        const planned = await w.store.schedule(w.draft(mine, { dueAt: at(minutes) }))
        if (planned.outcome === 'created') ids.set(minutes, planned.message.id)
      }
      const planned = await w.store.schedule(other.draft(theirs, { dueAt: at(15) }))
      if (planned.outcome === 'created') ids.set(15, planned.message.id)
      const due = async (now: number, limit: number) => (await w.store.dueMessages(now, limit)).map((one) => one.message.id)
      expect(await w.store.nextDueAt()).toBe(at(10))
      expect(await due(at(10) - 1, 10)).toEqual([])
      expect(await due(at(10), 10)).toEqual([ids.get(10)])
      expect(await due(at(40), 10)).toEqual([10, 15, 20, 30].map((minutes) => ids.get(minutes)))
      expect(await due(at(40), 2)).toEqual([10, 15].map((minutes) => ids.get(minutes)))
      const [first, second] = await w.store.dueMessages(at(40), 2)
      expect(first).toMatchObject({ orgId: w.orgId, conversation: { id: mine.id, lineId: mine.lineId } })
      expect(second).toMatchObject({ orgId: other.orgId, conversation: { id: theirs.id } })
      await w.store.enterScheduled(w.orgId, ids.get(10) ?? '', at(10), { checks: noChecks })
      await w.store.changeMessage(other.orgId, ids.get(15) ?? '', cancelMessage)
      expect(await w.store.nextDueAt()).toBe(at(20))
      for (const minutes of [20, 30, 50]) await w.change({ id: ids.get(minutes) ?? '' }, cancelMessage)
      expect(await w.store.nextDueAt()).toBeNull()
      expect(await due(at(60), 10)).toEqual([])
    },
  },
  { alone: true },
)

export const scheduledCases = [...onSharedStore, ...onEmptyStore]
