// Many records at once: each is planned right, and told once.
import { expect, test } from 'vitest'
import { saveCoordinations } from '../../server/coordinations/save-coordinations.ts'
import { emptyPlan } from '../../server/rules/record-plan.ts'
import { MINUTE, record } from '../support/builders.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY, dayBefore } from './world.ts'

const own = useSqliteFile()
const MANY = 400
const phoneOf = (n: number) => `+549114460${String(n).padStart(4, '0')}`

test('hundreds of records that are moved at once: every plan is right, whoever was told was told once', async () => {
  const w = await automationWorld(own)
  await w.rule('movido', { on: 'coordination.rescheduled', template: 'cita', channels: ['sms'] })
  const first = w.clock.now() + 10 * DAY
  const save = (later: number) => {
    const body = (n: number) => ({
      ...{ id: `ev-${n}`, title: 'Turno', contact: { name: 'Ana', phone: phoneOf(n) }, status: 'active' as const, data: {} },
      startsAt: new Date(first + n * MINUTE + later).toISOString(),
    })
    return saveCoordinations(
      w.parts,
      boss,
      Array.from({ length: MANY }, (_, n) => body(n)),
    )
  }
  await save(0)
  await w.loop.start()
  // Saved after them: all of them are looked at for it, page by page.
  await w.rule('dia', { ...dayBefore, purpose: 'service' })
  await w.settled()
  const dueOf = async (n: number) => (await w.store.recordPlan('default', `ev-${n}`))?.plan.nextDueAt
  for (let n = 0; n < MANY; n += 17) expect(await dueOf(n)).toBe(first + n * MINUTE - DAY)
  await save(DAY)
  await save(DAY)
  await w.settled()
  const counts = new Map<string, number>()
  for (let cursor: string | null = null; ; ) {
    const page = await w.store.messageLog(boss, { authorType: 'automation' }, { cursor, limit: 200 })
    for (const { coordinationId } of page.items) counts.set(coordinationId ?? '', (counts.get(coordinationId ?? '') ?? 0) + 1)
    cursor = page.nextCursor
    if (cursor === null) break
  }
  for (let n = 0; n < MANY; n++) expect([n, await dueOf(n), counts.get(`ev-${n}`)]).toEqual([n, first + n * MINUTE, 1])
  await w.loop.close()
})

test('a rule that changes while all records are looked at for it: they are looked at anew', async () => {
  const w = await automationWorld(own)
  const startsAt = w.clock.now() + 9 * DAY
  const inputs = Array.from({ length: 450 }, (_, n) => record(`ev-${n}`, { startsAt: new Date(startsAt).toISOString() }))
  await w.store.saveCoordinations('default', inputs, w.clock.now(), () => emptyPlan)
  await w.rule('dia', dayBefore)
  const changed = { ...dayBefore, at: { relativeTo: 'startsAt', offset: '-P2D' } }
  // In the middle of the first page.
  const { store } = w
  let isOver = false
  const recordPlans: typeof store.recordPlans = async (...given) => {
    const page = await store.recordPlans(...given)
    if (!isOver) {
      isOver = true
      await w.rule('dia', changed)
    }
    return page
  }
  w.parts.store = { ...store, recordPlans }
  await w.loop.start()
  await w.settled()
  const due = await store.duePlans(startsAt, 1000)
  expect(due).toHaveLength(450)
  expect(new Set(due.map(({ plan }) => plan.nextDueAt))).toEqual(new Set([startsAt - 2 * DAY]))
  await w.loop.close()
})
