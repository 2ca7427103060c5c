// A save of many records that a killed process had begun is completed as the file is opened again; what was saved since stays.
import { expect, test } from 'vitest'
import { emptyPlan } from '../../server/rules/record-plan.ts'
import { MORNING, record } from '../support/builders.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'

const own = useSqliteFile()
const org = 'org-1'
const all = { orgId: org, agentId: 'a', scope: null }
const inputs = Array.from({ length: 60 }, (_, n) => record(`ev-${n}`))

test('all of them are there, the later word of one counts, and nothing is done twice', async () => {
  const store = await own.open()
  let saved = 0
  const dying = () => {
    if (++saved > 40) throw new Error('killed')
    return emptyPlan
  }
  await expect(store.saveCoordinations(org, inputs, MORNING, dying)).rejects.toThrow('killed')
  const there = async (one = store) => (await one.recordPlans(org, null, 100)).length
  const before = await there()
  expect(before).toBeGreaterThan(0)
  expect(before).toBeLessThan(60)
  await store.saveCoordinations(org, [record('ev-59', { title: 'Otra' })], MORNING + 1, () => emptyPlan)
  await store.saveCoordinations(org, [record('ev-0', { title: 'Otra' })], MORNING + 1, () => emptyPlan)
  await store.close()

  const again = await own.open()
  expect(await there(again)).toBe(60)
  for (const id of ['ev-0', 'ev-59']) expect((await again.coordination(all, id))?.title).toBe('Otra')
  // Somebody who knows the rules looks at those whose plans are not made yet.
  expect((await again.duePlans(MORNING, 100)).length).toBe(59 - before)
  const revs = async (one: typeof again) => (await one.recordPlans(org, null, 100)).map(({ record: { rev } }) => rev)
  const done = await revs(again)
  await again.close()
  expect(await revs(await own.open())).toEqual(done)
})
