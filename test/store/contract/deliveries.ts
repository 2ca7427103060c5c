// What is told to the host: once per key, in the order in which it is due, listed newest first.
import { expect } from 'vitest'
import type { DeliveryDraft } from '../../../server/store/records.ts'
import { cases } from '../case.ts'
import type { World } from '../world.ts'

let made = 0
const draft = (key: string, over: Partial<DeliveryDraft> = {}): DeliveryDraft => ({
  ...{ id: `d-${String(++made).padStart(9, '0')}-${crypto.randomUUID()}`, webhook: 'crm', key, type: 'message.sent' },
  ...{ about: { kind: 'message', id: 'm-1' }, at: 1000, ...over },
})
const waiting = async (w: World, webhook = 'crm') => (await w.store.waitingDeliveries(w.orgId, webhook, 50)).map((one) => one.key)

export const deliveryCases = cases('deliveries', {
  async 'an event is kept once per webhook, also where several find it together'(w) {
    const now = w.now()
    const counts = await Promise.all(Array.from({ length: 6 }, () => w.store.addDeliveries(w.orgId, [draft('a'), draft('b')], now)))
    expect(counts.reduce((sum, one) => sum + one, 0)).toBe(2)
    expect(await w.store.addDeliveries(w.orgId, [draft('a'), draft('a', { webhook: 'erp' })], now)).toBe(1)
    expect((await waiting(w)).toSorted()).toEqual(['a', 'b'])
    expect(await waiting(w, 'erp')).toEqual(['a'])
    const { store, orgId } = w.neighbour()
    expect(await store.waitingDeliveries(orgId, 'crm', 50)).toEqual([])
    expect(await store.addDeliveries(orgId, [draft('a')], now)).toBe(1)
  },

  async 'what is due first comes first, and what is at its end comes no more'(w) {
    const now = w.now()
    const [a, b, c] = [draft('a'), draft('b'), draft('c')]
    await w.store.addDeliveries(w.orgId, [a, b, c], now)
    await w.store.changeDelivery(w.orgId, a.id, () => ({ dueAt: now + 5000, attempts: 1 }), now + 1)
    expect((await waiting(w)).at(-1)).toBe('a')
    const answer = { status: 200, detail: 'OK', at: now }
    const done = await w.store.changeDelivery(w.orgId, b.id, () => ({ state: 'delivered', dueAt: null, attempts: 1, answer }), now + 2)
    expect(done).toEqual({ ...b, state: 'delivered', attempts: 1, dueAt: null, answer, rev: 2, createdAt: now, updatedAt: now + 2 })
    expect(await w.store.delivery(w.orgId, b.id)).toEqual(done)
    expect(await waiting(w)).toEqual(['c', 'a'])
    expect(await w.store.changeDelivery(w.orgId, b.id, () => null, now + 3)).toEqual(done)
    expect(await w.store.changeDelivery(w.orgId, 'never-was', () => ({ attempts: 9 }), now)).toBeNull()
    const { store, orgId } = w.neighbour()
    expect(await store.delivery(orgId, b.id)).toBeNull()
    expect(await store.changeDelivery(orgId, b.id, () => ({ attempts: 9 }), now)).toBeNull()
    // Told once: its key stays taken.
    expect(await w.store.addDeliveries(w.orgId, [draft('b')], now)).toBe(0)
  },

  async 'changes that come together lose nothing'(w) {
    const one = draft('a')
    await w.store.addDeliveries(w.orgId, [one], w.now())
    const raise = () => w.store.changeDelivery(w.orgId, one.id, ({ attempts }) => ({ attempts: attempts + 1 }), w.now())
    await Promise.all(Array.from({ length: 10 }, raise))
    expect(await w.store.delivery(w.orgId, one.id)).toMatchObject({ attempts: 10, rev: 11 })
  },

  async 'the log is read in pages, newest first, and its oldest are forgotten'(w) {
    const now = w.now()
    const drafts = ['a', 'b', 'c', 'd', 'e'].map((key) => draft(key))
    for (const [index, one] of drafts.entries()) await w.store.addDeliveries(w.orgId, [one], now + (index < 3 ? 0 : index))
    const keys: string[] = []
    let cursor: string | null = null
    do {
      const page = await w.store.deliveries(w.orgId, 'crm', { cursor, limit: 2 })
      keys.push(...page.items.map((one) => one.key))
      cursor = page.nextCursor
    } while (cursor !== null)
    expect(keys).toEqual(['e', 'd', 'c', 'b', 'a'])
    expect((await w.store.deliveries(w.orgId, 'erp', { cursor: null, limit: 2 })).items).toEqual([])
    expect(await w.store.deleteDeliveries(w.orgId, 'crm', now + 4, 2)).toBe(2)
    expect(await w.store.deleteDeliveries(w.orgId, 'crm', now + 4, 9)).toBe(2)
    expect(await waiting(w)).toEqual(['e'])
    await expect(w.store.deliveries(w.orgId, 'crm', { cursor: 'x', limit: 2 })).rejects.toMatchObject({ code: 'validation_failed' })
  },
})
