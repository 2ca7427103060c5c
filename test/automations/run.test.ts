// A rule that is run now: once for each record and key, over repeats and crashes, within the calendar, to nobody who may not be written to.
import { expect, test } from 'vitest'
import { runBody } from '../../shared/automations.ts'
import { changePlan } from '../../server/automations/change-plan.ts'
import { plannedItems } from '../../server/automations/show-plan.ts'
import { rulesOf } from '../../server/automations/rules-of.ts'
import { runAutomation } from '../../server/automations/run-automation.ts'
import { updateOrganization } from '../../server/team/organization-settings.ts'
import { HOUR, inbound, MINUTE, person } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY } from './world.ts'

const own = useSqliteFile()

async function debts() {
  const w = await automationWorld(own)
  const rule = (over: object = {}) =>
    w.rule('deuda', { on: 'never', template: 'cita', channels: ['sms'], when: { paid: { ne: true } }, ...over })
  await rule()
  const owe = (id: string, n: number, over: object = {}) =>
    w.book(id, 30 * DAY, { contact: { name: 'Ana', phone: person(n).phone }, data: { paid: false }, ...over })
  const run = (key: string, wanted: object, parts = w.parts, caller = boss) =>
    runAutomation(parts, caller, 'deuda', { ...runBody.parse(wanted), key })
  const results = async (...given: Parameters<typeof run>) =>
    (await run(...given)).items.map(({ coordinationId, result, reason }) => [coordinationId, result, reason].filter(Boolean).join(' '))
  const planOf = async (id: string) => {
    const planned = await w.store.recordPlan('default', id)
    if (planned === null) throw new Error('no record')
    return plannedItems(w.parts, w.parts.organizationOf('default'), planned, await rulesOf(w.store, 'default'))
  }
  return { ...w, ruleNamed: w.rule, rule, owe, run, results, planOf }
}

test('to one record that is named, or to all that match; what became of each is said, and once by its key', async () => {
  const w = await debts()
  await w.owe('a', 1)
  await w.owe('b', 2)
  await w.owe('paid', 3, { data: { paid: true } })
  await w.owe('gone', 4, { status: 'canceled' })
  expect(await w.results('1', { coordinationIds: ['a', 'paid', 'gone', 'none', 'a'] })).toEqual([
    'a queued',
    'paid skipped condition',
    'gone skipped canceled',
    'none not_found',
  ])
  expect(await w.results('1', { coordinationIds: ['a'] })).toEqual(['a queued'])
  expect(await w.results('2', { where: {} })).toEqual(['a queued', 'b queued'])
  expect(await w.results('3', { where: { 'contact.phone': person(2).phone } })).toEqual(['b queued'])
  expect(await w.told()).toEqual(['a deuda queued', 'a deuda queued', 'b deuda queued', 'b deuda queued'])
  const [first] = (await w.run('1', { coordinationIds: ['a'] })).items
  expect((await w.log()).some(({ id }) => id === first?.messageId)).toBe(true)
})

test('at the same time, and after a process was killed at any point, nothing goes twice and nothing is left out', async () => {
  const w = await debts()
  for (const n of [1, 2, 3]) await w.owe(`r${n}`, n)
  const ids = { coordinationIds: ['r1', 'r2', 'r3'] }
  let calls = 0
  for (let dies = 1; dies < 12; dies++) {
    calls = 0
    const mortal = <Given extends unknown[], Made>(make: (...given: Given) => Promise<Made>) => {
      return async (...given: Given): Promise<Made> => {
        if (++calls > dies) throw new Error('killed')
        return make(...given)
      }
    }
    const { store } = w.parts
    const dying = { ...w.parts, store: { ...store, changePlan: mortal(store.changePlan), enter: mortal(store.enter) } }
    await w.run('k', ids, dying).catch(() => undefined)
  }
  const both = await Promise.all([w.results('k', ids), w.results('k', ids)])
  expect(both).toEqual([
    ['r1 queued', 'r2 queued', 'r3 queued'],
    ['r1 queued', 'r2 queued', 'r3 queued'],
  ])
  expect(await w.told()).toEqual(['r1 deuda queued', 'r2 deuda queued', 'r3 deuda queued'])
})

test('killed once all is kept, the plan loop sends it', async () => {
  const w = await debts()
  await w.owe('a', 1)
  const { store } = w.parts
  const dying = { ...w.parts, store: { ...store, enter: async () => Promise.reject(new Error('killed')) } }
  expect(await w.results('k', { where: {} }, dying)).toEqual(['a planned'])
  expect(await w.told()).toEqual([])
  await w.loop.start()
  await w.settled()
  expect(await w.told()).toEqual(['a deuda queued'])
  expect(await w.results('k', { where: {} })).toEqual(['a queued'])
  await w.loop.close()
})

test('in the night it waits for the calendar of its purpose, is seen in the plan, and an agent can take it out', async () => {
  const w = await debts()
  await w.rule({ purpose: 'collection', quietHours: { from: '00:00', to: '23:00' } })
  await w.loop.start()
  await w.owe('a', 1)
  await w.owe('b', 2)
  await w.settled()
  const { items } = await w.run('k', { where: {} })
  // At 23:00 the calendar of collections is closed: the next minute that both allow never comes on that day.
  expect(items.map(({ result, reason }) => [result, reason])).toEqual([
    ['skipped', 'limit'],
    ['skipped', 'limit'],
  ])
  await w.rule({ purpose: 'collection', quietHours: { from: '09:00', to: '15:00' } })
  const { items: later } = await w.run('l', { where: {} })
  expect(later.map(({ result }) => result)).toEqual(['planned', 'planned'])
  const at = Date.parse(later[0]?.dueAt ?? '')
  expect(at).toBeGreaterThan(w.clock.now())
  const [shown] = await w.planOf('a')
  expect(shown).toMatchObject({ at, skipped: null, decided: null, key: 'run|l|deuda' })
  await changePlan(w.parts, boss, 'a', { key: 'run|l|deuda', action: 'skip' })
  await w.settled()
  expect((await w.planOf('a'))[0]).toMatchObject({ skipped: 'canceled', decided: 'skip' })
  await w.pass(at - w.clock.now() + MINUTE)
  expect(await w.told()).toEqual(['b deuda queued'])
  await w.pass(DAY)
  expect(await w.planOf('a')).toEqual([])
  await w.loop.close()
})

test('one a day of its purpose to a client, whichever record and rule: the others wait, also of one call', async () => {
  const w = await debts()
  await w.rule({ purpose: 'collection' })
  await updateOrganization(w.parts, boss, { calendars: { collection: { perDay: 1 } } }, null)
  await w.owe('a', 1)
  await w.owe('b', 1)
  await w.owe('c', 2)
  expect(await w.results('1', { where: {} })).toEqual(['a queued', 'b planned', 'c queued'])
  await w.ruleNamed('otra', { on: 'never', template: 'cita', channels: ['sms'], purpose: 'collection' })
  w.clock.sleep(HOUR)
  const other = runAutomation(w.parts, boss, 'otra', { ...runBody.parse({ coordinationIds: ['a'] }), key: '2' })
  expect((await other).items[0]?.result).toBe('planned')
})

test('opt-outs and the limit of an hour hold', async () => {
  const w = await debts()
  await w.owe('a', 1)
  const { conversation } = (await w.store.receive(
    inbound('default', newId(), { from: person(1), channel: 'sms', createdAt: w.clock.now() }),
    () => ({ coordinationId: null, hintId: null }),
  )) as { conversation: { lineId: string } }
  await w.store.sayOptOut('default', conversation.lineId, { out: true, scope: 'all', source: 'agent' }, w.clock.now())
  expect(await w.results('k', { where: {} })).toEqual(['a skipped opted_out'])
  await w.owe('b', 2)
  for (let n = 0; n < 10; n++) await w.run(String(n), { coordinationIds: ['b'] })
  expect(await w.results('more', { coordinationIds: ['b'] })).toEqual(['b skipped rate'])
  w.clock.sleep(HOUR + MINUTE)
  expect(await w.results('later', { coordinationIds: ['b'] })).toEqual(['b queued'])
})

test('a rule that is not there or switched off, and more records than one call takes, are refused before anything goes', async () => {
  const w = await debts()
  await w.owe('a', 1)
  await expect(runAutomation(w.parts, boss, 'none', { where: {}, key: 'k' })).rejects.toMatchObject({ code: 'not_found' })
  await w.rule({ enabled: false })
  await expect(w.run('k', { where: {} })).rejects.toMatchObject({ code: 'conflict' })
  await w.rule()
  const many = Array.from({ length: 1001 }, (_, n) => `m${n}`)
  const { store } = w.parts
  const page = await store.recordPlans('default', null, 1)
  const parts = {
    ...w.parts,
    store: { ...store, recordPlans: async () => many.map((id) => ({ ...page[0], record: { ...page[0]?.record, id } })) as never },
  }
  await expect(w.run('k', { where: {} }, parts)).rejects.toMatchObject({ code: 'validation_failed', more: { issues: [{ path: 'where' }] } })
  expect(await w.told()).toEqual([])
  for (const wrong of [{}, { coordinationIds: [] }, { coordinationIds: ['a'], where: {} }, { coordinationIds: many }])
    expect(runBody.safeParse(wrong).success).toBe(false)
})

test('a token that names its records runs it for those alone', async () => {
  const w = await debts()
  await w.owe('a', 1)
  await w.owe('b', 2)
  const scoped = { ...boss, scope: ['a'] }
  expect(await w.results('1', { coordinationIds: ['a', 'b'] }, w.parts, scoped)).toEqual(['a queued', 'b not_found'])
  expect(await w.results('2', { where: {} }, w.parts, scoped)).toEqual(['a queued'])
})
