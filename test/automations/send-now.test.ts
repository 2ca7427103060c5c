// A rule's message about a record, sent since somebody asks for it: once under a key, as rule, calendar and client allow.
import { describe, expect, test } from 'vitest'
import type { AutomationInput } from '../../shared/automations.ts'
import { rulesOf } from '../../server/automations/rules-of.ts'
import { sendNow } from '../../server/automations/send-now.ts'
import { HOUR, inbound, numbered } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY } from './world.ts'
import { updateOrganization } from '../../server/team/organization-settings.ts'

const own = useSqliteFile()
const timed: AutomationInput = { at: { relativeTo: 'startsAt', offset: '-P1D' }, template: 'cita', channels: ['sms'] }

async function world(over: Partial<AutomationInput> = {}, record: object = {}) {
  const w = await automationWorld(own)
  await w.rule('aviso', { ...timed, ...over })
  await w.book('ev-1', 9 * DAY, record)
  const ask = async (key: string, name = 'aviso') => {
    const rules = await rulesOf(w.store, 'default')
    const rule = rules.find((one) => one.name === name)
    const planned = await w.store.recordPlan('default', 'ev-1')
    if (!rule || !planned) throw new Error('There is no such rule, or no record.')
    const { message, skipped } = await sendNow(w.parts, 'default', planned.record, { rule, rules }, { key, data: {} })
    return [message?.status ?? null, skipped, message?.id] as const
  }
  return { ...w, ask }
}

test('goes at once, whatever its time, and once under its key', async () => {
  const w = await world()
  const [status, skipped, id] = await w.ask('k-1')
  expect([status, skipped]).toEqual(['queued', null])
  expect((await Promise.all([w.ask('k-1'), w.ask('k-1')])).map(([, , again]) => again)).toEqual([id, id])
  expect((await w.ask('k-2'))[2]).not.toBe(id)
  expect(await w.told()).toEqual(['ev-1 aviso queued', 'ev-1 aviso queued'])
})

describe('does not go', () => {
  test.each<[string, Partial<AutomationInput>, object, string]>([
    ['where the rule is off', { enabled: false }, {}, 'disabled'],
    ['about a record that is canceled', {}, { status: 'canceled' }, 'canceled'],
    ['about one that is done', {}, { status: 'done' }, 'canceled'],
    ['where its condition does not hold', { when: { paid: false } }, { data: { paid: true } }, 'condition'],
    ['in the quiet hours of its rule', { quietHours: { from: '11:00', to: '16:00' } }, {}, 'limit'],
  ])('%s', async (_, over, record, skipped) => {
    const w = await world(over, record)
    expect(await w.ask('k')).toEqual([null, skipped, undefined])
    expect(await w.told()).toEqual([])
  })

  test('to who opted out: that is kept, with the reason', async () => {
    const w = await world()
    const from = numbered('+5491144500077', 'Ana Suárez')
    const received = await w.store.receive(inbound('default', newId(), { from, channel: 'sms', createdAt: w.clock.now() }), () => ({
      coordinationId: null,
      hintId: null,
    }))
    if (received.outcome !== 'created') throw new Error(received.outcome)
    const { lineId } = received.conversation
    await w.store.sayOptOut('default', lineId, { out: true, scope: 'all', source: 'agent' }, w.clock.now())
    expect((await w.ask('k')).slice(0, 2)).toEqual(['canceled', null])
    expect((await w.log())[0]).toMatchObject({ error: { reason: 'opted_out' } })
  })

  test('more than once a day where the purpose allows one, whichever rule asked first; again under its key it is the first', async () => {
    const w = await world({ purpose: 'collection' })
    await w.rule('otro', { ...timed, purpose: 'collection' })
    await updateOrganization(w.parts, boss, { calendars: { collection: { perDay: 1 } } }, null)
    const [status, , id] = await w.ask('k')
    expect(status).toBe('queued')
    w.clock.sleep(HOUR)
    expect(await w.ask('k', 'otro')).toEqual([null, 'limit', undefined])
    expect(await w.ask('k')).toEqual(['queued', null, id])
    w.clock.sleep(DAY)
    expect((await w.ask('k', 'otro'))[0]).toBe('queued')
  })
})
