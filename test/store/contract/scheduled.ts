// What is planned for later: outside the thread until its time, entered once, canceled or entered but never both.
import { cancelMessage } from '../../../server/rules/message.ts'
import { expect } from 'vitest'
import { expiredFailure, HOUR, person, REMINDER } from '../../support/builders.ts'
import { cases } from '../case.ts'

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

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
    expect(await w.log({ status: 'scheduled' })).toEqual([planned.message])
    const { message } = await w.enter(conversation)
    expect(message.seq).toBe(2)
    expect((await w.claimed(conversation)).message.id).toBe(message.id)
  },

  async 'entered when due: seq, queued, and it answers as if written then'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() + 1000, expiresInMs: HOUR }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    await w.receive()
    const now = w.pass(HOUR)
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, now, null)
    expect(entered).toMatchObject({
      outcome: 'created',
      message: { id: planned.message.id, seq: 3, status: 'queued', expiresAt: new Date(now + HOUR).toISOString() },
      conversation: { lastSeq: 3, answeredCount: 2, awaitingReplySince: null, lastMessage: { id: planned.message.id } },
    })
    const again = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), null)
    expect(again).toMatchObject({ outcome: 'repeated', message: { id: planned.message.id, seq: 3 } })
    expect((await w.claimed(conversation)).message.id).toBe(planned.message.id)
  },

  async 'one that cannot go is entered as failed, so that it is seen, and holds nothing up'(w) {
    const { conversation } = await w.receive()
    const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    const now = w.now()
    const failed = await w.store.enterScheduled(w.orgId, planned.message.id, now, expiredFailure)
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
    await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), expiredFailure)
    const after = await w.conversation(conversation.id)
    expect(after).toMatchObject({ answeredCount: 0, unread: 1 })
    expect(after.awaitingReplySince).not.toBeNull()
  },

  async 'ten who enter it at once enter it once'(w) {
    for (let round = 0; round < 5; round++) {
      const conversation = await w.open({ client: person(round) })
      const planned = await w.store.schedule(w.draft(conversation, { dueAt: w.now() }))
      if (planned.outcome !== 'created') throw new Error(planned.outcome)
      const all = await Promise.all(times(10, () => w.store.enterScheduled(w.orgId, planned.message.id, w.now(), null)))
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
      const enter = () => w.store.enterScheduled(w.orgId, id, w.now(), null)
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
    const entered = await w.store.enterScheduled(w.orgId, planned.message.id, w.now(), null)
    expect(entered.outcome).not.toBe('created')
    expect(await w.thread(conversation.id)).toEqual([])
    expect(await w.conversation(conversation.id)).toMatchObject({ lastSeq: 0, lastMessage: null })
    expect(await w.log({ status: 'canceled' })).toHaveLength(1)
  },

  async 'what is not there cannot be entered'(w) {
    const planned = await w.store.schedule(w.draft(await w.open(), { dueAt: w.now() }))
    if (planned.outcome !== 'created') throw new Error(planned.outcome)
    expect(await w.store.enterScheduled(w.orgId, w.newId(), w.now(), null)).toEqual({ outcome: 'missing' })
    expect(await w.store.enterScheduled(w.neighbour().orgId, planned.message.id, w.now(), null)).toEqual({ outcome: 'missing' })
  },

  async 'the same key planned twice, also at once, is one plan'(w) {
    const conversation = await w.open()
    const key = 'ev-1|reminder-24h|2026-03-04T10:00'
    const all = await Promise.all(
      times(10, () => w.store.schedule(w.draft(conversation, { dueAt: w.now() + HOUR, key, author: REMINDER }))),
    )
    expect(all.filter((one) => one.outcome === 'created')).toHaveLength(1)
    expect(all.filter((one) => one.outcome === 'repeated')).toHaveLength(9)
    expect(await w.log({ status: 'scheduled' })).toHaveLength(1)
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
      await w.store.enterScheduled(w.orgId, ids.get(10) ?? '', at(10), null)
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
