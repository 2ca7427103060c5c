// What a record keeps of its plan: written with the record, found by its time, changed by a rule that sees it as it is.
import { expect } from 'vitest'
import { addEvent, emptyPlan, type PlannedRecord, type SavePlan } from '../../../server/rules/record-plan.ts'
import { HOUR, record } from '../../support/builders.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

const dueAt =
  (at: number | null): SavePlan =>
  (before) => ({ ...(before?.plan ?? emptyPlan), nextDueAt: at })
const save = (w: World, id: string, plan?: SavePlan, over: Parameters<typeof record>[1] = {}) =>
  w.store.saveCoordinations(w.orgId, [record(id, over)], w.now(), plan)
const own = (w: World, found: readonly PlannedRecord[]) => found.filter(({ orgId }) => orgId === w.orgId).map(({ record: { id } }) => id)

export const planCases = cases('plans', {
  async 'a record is found by its next time, the earliest first, and no more once nothing is to come'(w) {
    const now = w.now()
    await save(w, 'late', dueAt(now + 2))
    await save(w, 'early', dueAt(now + 1))
    await save(w, 'later', dueAt(now + HOUR))
    await save(w, 'never', dueAt(null))
    expect(own(w, await w.store.duePlans(now, 100))).toEqual([])
    expect(own(w, await w.store.duePlans(now + 2, 100))).toEqual(['early', 'late'])
    expect(await w.store.nextPlanAt()).toBeLessThanOrEqual(now + 1)
    await w.store.changePlan(w.orgId, 'early', ({ plan }) => ({ ...plan, nextDueAt: null, doneThrough: now + 1 }))
    await save(w, 'late', dueAt(null), { title: 'Otra' })
    expect(own(w, await w.store.duePlans(now + 2, 100))).toEqual([])
    expect((await w.store.recordPlan(w.orgId, 'early'))?.plan).toEqual({ ...emptyPlan, doneThrough: now + 1 })
    await w.store.changePlan(w.orgId, 'later', ({ plan }) => ({ ...plan, nextDueAt: null }))
  },

  async 'saving it shows the rule what it was, and a plan is no change of the record'(w) {
    const seen: (PlannedRecord['plan'] | null)[] = []
    const note: SavePlan = (before, after) => {
      seen.push(before?.plan ?? null)
      return { ...emptyPlan, doneThrough: after.rev }
    }
    const [first] = (await save(w, 'ev-1', note)).saved
    const planned = await w.store.changePlan(w.orgId, 'ev-1', ({ plan }) => ({ ...plan, since: { '*': 7 } }))
    expect(planned).toMatchObject({
      orgId: w.orgId,
      record: first?.coordination,
      plan: { ...emptyPlan, doneThrough: 1, since: { '*': 7 } },
    })
    await save(w, 'ev-1', note)
    expect(await w.store.recordPlan(w.orgId, 'ev-1')).toEqual(planned)
    await save(w, 'ev-1', note, { title: 'Otra' })
    expect(seen.at(-1)).toEqual(planned?.plan)
    expect(await w.store.recordPlan(w.orgId, 'ev-1')).toMatchObject({ record: { title: 'Otra', rev: 2 }, plan: { doneThrough: 2 } })
    expect(await w.store.changePlan(w.orgId, 'none', () => emptyPlan)).toBeNull()
    expect(await w.store.recordPlan(w.orgId, 'none')).toBeNull()
  },

  async 'without a rule of the caller somebody looks at once, also at what happened'(w) {
    await save(w, 'ev-1')
    const { events, nextDueAt } = (await w.store.recordPlan(w.orgId, 'ev-1'))?.plan ?? emptyPlan
    expect(events.map(({ type }) => type)).toEqual(['coordination.created'])
    expect(own(w, await w.store.duePlans(w.now(), 100))).toEqual(['ev-1'])
    expect(nextDueAt).toBeLessThanOrEqual(w.now())
    await w.store.changePlan(w.orgId, 'ev-1', () => emptyPlan)
  },

  async 'events that come together are all kept, each once'(w) {
    await save(w, 'ev-1', dueAt(null))
    const happened = (n: number) => addEvent({ type: 'paid', key: `paid|${n % 8}`, at: w.now(), data: { n: n % 8, $set: 'x' } })
    await Promise.all(Array.from({ length: 16 }, (_, n) => w.store.changePlan(w.orgId, 'ev-1', happened(n))))
    const { events, nextDueAt } = (await w.store.recordPlan(w.orgId, 'ev-1'))?.plan ?? emptyPlan
    expect(events.map(({ key }) => key).toSorted()).toEqual(Array.from({ length: 8 }, (_, n) => `paid|${n}`))
    expect(nextDueAt).not.toBeNull()
    await w.store.changePlan(w.orgId, 'ev-1', () => emptyPlan)
  },

  async 'all records of an organization come in pages, in the order of their ids'(w) {
    for (const id of ['b', 'a', 'c']) await save(w, id, dueAt(null))
    const first = await w.store.recordPlans(w.orgId, null, 2)
    expect(own(w, first)).toEqual(['a', 'b'])
    expect(own(w, await w.store.recordPlans(w.orgId, 'b', 2))).toEqual(['c'])
  },

  async 'what may not go is kept as canceled with its reason, has no place, and never enters'(w) {
    const { conversation } = await w.receive()
    const canceled = { code: null, reason: 'expired', message: 'Too late.', action: 'none' } as const
    const kept = await w.store.schedule(w.draft(conversation, { dueAt: w.now(), key: 'auto|1', canceled }))
    expect(kept).toMatchObject({ outcome: 'created', message: { status: 'canceled', seq: null, error: canceled } })
    const again = await w.store.schedule(w.draft(conversation, { dueAt: w.now(), key: 'auto|1', canceled }))
    expect(again.outcome).toBe('repeated')
    const due = await w.store.dueMessages(w.now() + HOUR, 100)
    expect(due.filter(({ conversation: { id } }) => id === conversation.id)).toEqual([])
  },
})
