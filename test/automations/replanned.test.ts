// What plans follow from beside record and rule: the organization's time zone, calendars and holidays, a record's zone, and a rule that
// another process saves in the moment in which a record is saved.
import { describe, expect, test } from 'vitest'
import type { OrganizationUpdate } from '../../shared/organization.ts'
import { changePlan } from '../../server/automations/change-plan.ts'
import { termsOf } from '../../server/automations/plan-terms.ts'
import { createPlanLoop } from '../../server/automations/plan-loop.ts'
import { rulesOf } from '../../server/automations/rules-of.ts'
import { saveWithPlans } from '../../server/automations/save-with-plans.ts'
import { plannedItems } from '../../server/automations/show-plan.ts'
import { updateOrganization } from '../../server/team/organization-settings.ts'
import { HOUR, MINUTE, record } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { until } from '../support/until.ts'
import { automationWorld, boss, DAY, dayBefore } from './world.ts'

const own = useSqliteFile()
const noon: object = { at: { relativeTo: 'data.dia', offset: 'PT12H' }, purpose: 'reminder', template: 'cita', channels: ['sms'] }

async function world() {
  const w = await automationWorld(own)
  Object.assign(w.parts.publish, { organization() {} })
  const change = (update: OrganizationUpdate) => updateOrganization(w.parts, boss, update, null)
  const next = async (id: string) => (await w.store.recordPlan('default', id))?.plan.nextDueAt ?? null
  /** Also what follows from the organization's settings. */
  const settled = () =>
    until(async () => {
      await w.settled()
      const { terms, walk } = (await w.store.setting('default', 'planTerms', 'own'))?.value ?? {}
      return terms === termsOf(w.parts.organizationOf('default').settings) && walk === undefined
    })
  /** With a rule that counts from a day of the record, and a record planned by it; its loop runs. */
  const planned = async () => {
    await w.rule('doce', noon as never)
    await w.loop.start()
    const day = new Date(w.clock.now() + 3 * DAY).toISOString().slice(0, 10)
    const startsAt = new Date(w.clock.now() + 30 * DAY).toISOString()
    const save = (over: object = {}) => w.book('a', 0, { startsAt, data: { dia: day }, ...over })
    await save()
    await settled()
    return { day, save }
  }
  return { ...w, change, next, settled, planned }
}

test('another time zone, calendar or holiday moves what is planned, and takes it back with the setting', async () => {
  const w = await world()
  const { day } = await w.planned()
  const first = Date.parse(`${day}T15:00:00Z`)
  expect(await w.next('a')).toBe(first)
  await w.change({ timezone: 'Europe/Madrid' })
  await w.settled()
  expect(await w.next('a')).toBe(Date.parse(`${day}T11:00:00Z`))
  await w.change({ timezone: null })
  await w.settled()
  expect(await w.next('a')).toBe(first)
  await w.change({ holidays: [{ date: day }], calendars: { reminder: { holidays: true } } })
  await w.settled()
  expect(await w.next('a')).toBeGreaterThan(first + 12 * HOUR)
  await w.change({ calendars: { reminder: null } })
  await w.settled()
  expect(await w.next('a')).toBe(first)
  await w.loop.close()
})

test('changed just before a process was killed, the next one looks at all records', async () => {
  const w = await world()
  const { day } = await w.planned()
  await w.loop.close()
  await w.change({ timezone: 'Europe/Madrid' })
  const again = createPlanLoop(w.parts, newId())
  w.parts.automations = again
  await again.start()
  await w.settled()
  expect(await w.next('a')).toBe(Date.parse(`${day}T11:00:00Z`))
  await again.close()
})

test('what went is not said again because the clock is another one', async () => {
  const w = await world()
  const { day } = await w.planned()
  await w.pass(Date.parse(`${day}T15:00:30Z`) - w.clock.now())
  expect(await w.told()).toEqual(['a doce queued'])
  await w.change({ timezone: 'America/Los_Angeles' })
  await w.settled()
  await w.pass(DAY)
  expect(await w.told()).toEqual(['a doce queued'])
  await w.loop.close()
})

test('a record that moves to another zone is planned by that one', async () => {
  const w = await world()
  const { day, save } = await w.planned()
  await save({ timezone: 'Europe/Madrid' })
  await w.settled()
  expect(await w.next('a')).toBe(Date.parse(`${day}T11:00:00Z`))
  await w.loop.close()
})

describe('what an agent decided about a message stays where another zone gives it another time:', () => {
  const itemOf = async (w: Awaited<ReturnType<typeof world>>) => {
    const planned = await w.store.recordPlan('default', 'a')
    if (planned === null) throw new Error('There is no such record.')
    const rules = await rulesOf(w.store, 'default')
    const [item] = await plannedItems(w.parts, w.parts.organizationOf('default'), planned, rules)
    if (item === undefined) throw new Error('It has no plan.')
    return item
  }

  test.each(['of the record', 'of the organization'])('%s; it does not go', async (whose) => {
    const w = await world()
    const { save } = await w.planned()
    const { key } = await itemOf(w)
    await changePlan(w.parts, boss, 'a', { key, action: 'skip' })
    await w.settled()
    await (whose === 'of the record' ? save({ timezone: 'Europe/Madrid' }) : w.change({ timezone: 'Europe/Madrid' }))
    await w.settled()
    const after = await itemOf(w)
    expect(after.key).not.toBe(key)
    expect(after).toMatchObject({ decided: 'skip', skipped: 'canceled' })
    await w.pass(4 * DAY)
    expect(await w.told()).toEqual([])
    await w.loop.close()
  })

  test('moved, it goes then, once; taken back, it goes as planned', async () => {
    const w = await world()
    const { day } = await w.planned()
    const moved = Date.parse(`${day}T18:00:00Z`)
    await changePlan(w.parts, boss, 'a', { key: (await itemOf(w)).key, action: 'move', dueAt: new Date(moved).toISOString() })
    await w.change({ timezone: 'Europe/Madrid' })
    await w.settled()
    expect([await w.next('a'), (await itemOf(w)).decided]).toEqual([moved, 'move'])
    await changePlan(w.parts, boss, 'a', { key: (await itemOf(w)).key, action: 'restore' })
    await w.settled()
    expect(await w.next('a')).toBe(Date.parse(`${day}T11:00:00Z`))
    await w.pass(Date.parse(`${day}T11:00:30Z`) - w.clock.now())
    expect(await w.told()).toEqual(['a doce queued'])
    await w.loop.close()
  })

  test('it is another message where its day is another one', async () => {
    const w = await world()
    const { save } = await w.planned()
    await changePlan(w.parts, boss, 'a', { key: (await itemOf(w)).key, action: 'skip' })
    await save({ data: { dia: new Date(w.clock.now() + 5 * DAY).toISOString().slice(0, 10) } })
    await w.settled()
    expect(await itemOf(w)).toMatchObject({ decided: null, skipped: null })
    await w.loop.close()
  })
})

test('a rule saved elsewhere while a record is being saved is not missed by it', async () => {
  const w = await world()
  // Its own look at all records comes by before the record is there.
  const other = createPlanLoop(w.parts, newId())
  w.parts.automations = other
  await other.start()
  const { store } = w.parts
  const startsAt = new Date(w.clock.now() + 2 * DAY).toISOString()
  const slow: typeof store.saveCoordinations = async (...given) => {
    await w.rule('dia', dayBefore)
    await w.settled()
    return store.saveCoordinations(...given)
  }
  await saveWithPlans({ ...w.parts, store: { ...store, saveCoordinations: slow } }, 'default', [record('a', { startsAt })])
  await w.settled()
  expect(await w.next('a')).toBe(Date.parse(startsAt) - DAY)
  await w.pass(DAY + MINUTE)
  expect(await w.told()).toEqual(['a dia queued'])
  await other.close()
})
