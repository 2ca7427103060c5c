// Automations over a real store, with a clock that the test moves: what is due goes once, late within its grace or not at all, and
// follows every change of record and rule.
import { describe, expect, test } from 'vitest'
import { automationBody } from '../../shared/automations.ts'
import { carryOut } from '../../server/automations/carry-out.ts'
import { changePlan } from '../../server/automations/change-plan.ts'
import { previewAutomations } from '../../server/automations/preview-automations.ts'
import { recordEvent } from '../../server/automations/record-event.ts'
import { deleteAutomation } from '../../server/automations/save-automation.ts'
import { HOUR, inbound, MINUTE, person } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY, dayBefore } from './world.ts'

const own = useSqliteFile()
const world = () => automationWorld(own)

test('a reminder goes at its time, by its rule, behind whatever agents write, and once', async () => {
  const w = await world()
  await w.rule('dia', dayBefore)
  await w.loop.start()
  await w.book('ev-1', 2 * DAY)
  await w.settled()
  await w.pass(DAY - MINUTE)
  expect(await w.told()).toEqual([])
  await w.pass(2 * MINUTE)
  const [message] = await w.log()
  expect(message).toMatchObject({
    ...{ coordinationId: 'ev-1', channel: 'sms', type: 'template', status: 'queued', seq: 1, clientMessageId: null },
    author: { type: 'automation', id: 'dia', name: 'dia' },
    template: { name: 'cita', language: 'es', variables: { nombre: 'Ana' } },
  })
  await w.pass(3 * DAY)
  expect(await w.told()).toEqual(['ev-1 dia queued'])
  expect(await w.store.nextPlanAt()).toBeNull()
  await w.loop.close()
})

test('rescheduled it moves, canceled it goes no more, and a new rule finds the records that are there', async () => {
  const w = await world()
  await w.loop.start()
  await w.book('moved', 2 * DAY)
  await w.book('canceled', 2 * DAY)
  await w.rule('dia', dayBefore)
  await w.settled()
  expect((await w.store.duePlans(w.clock.now() + DAY, 10)).map(({ record }) => record.id).toSorted()).toEqual(['canceled', 'moved'])
  await w.book('moved', 4 * DAY)
  await w.book('canceled', 2 * DAY, { status: 'canceled' })
  await w.pass(2 * DAY)
  expect(await w.told()).toEqual([])
  await w.pass(DAY + MINUTE)
  expect(await w.told()).toEqual(['moved dia queued'])
  await w.loop.close()
})

test('switched off or deleted nothing of a rule goes; on again what was due meanwhile is not made up for', async () => {
  const w = await world()
  await w.loop.start()
  await w.rule('dia', dayBefore)
  await w.rule('otra', { ...dayBefore, at: { relativeTo: 'startsAt', offset: '-PT23H' } })
  await w.book('ev-1', 2 * DAY)
  await w.rule('dia', { ...dayBefore, enabled: false })
  expect(await deleteAutomation(w.parts, 'default', 'otra')).toBe(true)
  await w.pass(DAY + MINUTE)
  await w.rule('dia', dayBefore)
  await w.pass(2 * HOUR)
  expect(await w.told()).toEqual([])
  await w.loop.close()
})

test('after an outage it is late within its grace, and beyond it marked as missed: canceled, without a place in its thread', async () => {
  const w = await world()
  await w.rule('dia', dayBefore)
  await w.book('late', 2 * DAY)
  await w.book('missed', 2 * DAY - HOUR)
  w.clock.sleep(DAY + 30 * MINUTE)
  await w.loop.start()
  await w.settled()
  expect(await w.told()).toEqual(['late dia queued', 'missed dia canceled'])
  expect((await w.log()).find(({ coordinationId }) => coordinationId === 'missed')).toMatchObject({
    seq: null,
    error: { reason: 'expired' },
  })
  await w.loop.close()
})

test('two processes and one that was killed in between send it once', async () => {
  const w = await world()
  await w.rule('dia', dayBefore)
  await w.rule('nuevo', { on: 'coordination.created', template: 'cita', channels: ['sms'] })
  await w.book('ev-1', 2 * DAY)
  const [found] = await w.store.duePlans(w.clock.now(), 10)
  if (!found) throw new Error('Nothing is due.')
  // Killed before it wrote down what it did: the next one begins anew.
  const dying = { ...w.parts, store: { ...w.store, changePlan: async () => Promise.reject(new Error('killed')) } }
  await expect(carryOut(dying, found)).rejects.toThrow('killed')
  await Promise.all([carryOut(w.parts, found), carryOut(w.parts, found)])
  expect(await w.told()).toEqual(['ev-1 nuevo queued'])
  w.clock.sleep(DAY)
  const due = await w.store.duePlans(w.clock.now(), 10)
  await expect(carryOut(dying, due[0] ?? found)).rejects.toThrow('killed')
  await Promise.all([...due, ...due].map((one) => carryOut(w.parts, one)))
  expect(await w.told()).toEqual(['ev-1 dia queued', 'ev-1 nuevo queued'])
})

describe('an event of a record', () => {
  test('is answered at once, is shown in the thread, and is one however often it is told', async () => {
    const w = await world()
    await w.rule('pago', { on: 'payment.received', template: 'cita', channels: ['sms'], when: { 'event.monto': { gt: 0 }, vip: true } })
    await w.book('ev-1', 2 * DAY, { data: { vip: true } })
    const paid = (key: string, monto = 10) =>
      recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'payment.received', data: { monto }, key })
    const first = await paid('p-1')
    expect(first).toMatchObject({
      event: { type: 'payment.received', data: { monto: 10 } },
      messages: [{ seq: 1, author: { id: 'pago' } }],
    })
    const again = await Promise.all([paid('p-1'), paid('p-1')])
    expect(again.map(({ messages }) => messages[0]?.id)).toEqual([first.messages[0]?.id, first.messages[0]?.id])
    expect((await paid('p-2', 0)).messages).toEqual([])
    const line = (await paid('p-2', 0)).line
    expect(line).toMatchObject({
      direction: 'internal',
      type: 'event',
      event: { name: 'record', type: 'payment.received', data: { monto: 0 } },
    })
    expect(await w.told()).toEqual(['ev-1 pago queued'])
    await expect(recordEvent(w.parts, { orgId: 'default', coordinationId: 'none', type: 'x', key: '1' })).rejects.toMatchObject({
      code: 'not_found',
    })
  })

  test('confirmation, reschedule and cancellation follow the record by themselves', async () => {
    const w = await world()
    await w.loop.start()
    for (const what of ['created', 'rescheduled', 'canceled'])
      await w.rule(what, { on: `coordination.${what}`, template: 'cita', channels: ['sms'] })
    await w.book('ev-1', 2 * DAY)
    await w.settled()
    await w.book('ev-1', 3 * DAY)
    await w.settled()
    await w.book('ev-1', 3 * DAY, { status: 'canceled' })
    await w.settled()
    expect(await w.told()).toEqual(['ev-1 canceled queued', 'ev-1 created queued', 'ev-1 rescheduled queued'])
    await w.loop.close()
  })
})

test('what may not go is kept as canceled with the reason, and a second channel is tried before', async () => {
  const w = await world()
  const { conversation } = (await w.store.receive(
    inbound('default', newId(), { from: person(3), channel: 'sms', createdAt: w.clock.now() }),
    () => ({
      coordinationId: null,
      hintId: null,
    }),
  )) as { conversation: { lineId: string } }
  await w.store.sayOptOut('default', conversation.lineId, { out: true, scope: 'all', source: 'agent' }, w.clock.now())
  await w.rule('pago', { on: 'paid', template: 'cita', channels: ['sms', 'whatsapp'] })
  await w.book('ev-1', DAY, { contact: { name: 'Carla', phone: person(3).phone } })
  const [message] = (await recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: '1' })).messages
  expect(message).toMatchObject({ status: 'canceled', seq: null, channel: 'sms', error: { reason: 'opted_out' } })
  await w.store.receive(inbound('default', newId(), { from: person(3), createdAt: w.clock.now() }), () => ({
    coordinationId: 'ev-1',
    hintId: null,
  }))
  const [other] = (await recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: '2' })).messages
  expect(other).toMatchObject({ status: 'queued', channel: 'whatsapp' })
})

test('automated messages to one client are limited in an hour: a rule that answers what it causes is cut, and named', async () => {
  const w = await world()
  await w.rule('pago', { on: 'paid', template: 'cita', channels: ['sms'] })
  await w.book('ev-1', DAY)
  for (let n = 0; n < 12; n++) await recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: String(n) })
  const [last, , ...sent] = await w.log()
  expect(last).toMatchObject({ status: 'canceled', author: { id: 'pago' }, error: { reason: 'rate' } })
  expect(sent.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 'queued'))
})

test('silence: nobody answered for two days; an answer stops it, and its own message is no new silence', async () => {
  const w = await world()
  await w.rule('silencio', { at: { relativeTo: 'lastInbound', offset: 'P2D' }, template: 'cita', channels: ['sms'] })
  await w.loop.start()
  await w.book('ev-1', 30 * DAY)
  await w.settled()
  await w.store.receive(inbound('default', newId(), { from: person(5), createdAt: w.clock.now() }), () => ({
    coordinationId: 'ev-1',
    hintId: null,
  }))
  w.loop.spoke('default', ['ev-1'])
  await w.settled()
  await w.pass(2 * DAY + MINUTE)
  expect(await w.told()).toEqual(['ev-1 silencio queued'])
  await w.pass(10 * DAY)
  expect(await w.told()).toHaveLength(1)
  await w.loop.close()
})

test('an agent takes one out of the plan, moves one, sends one now: each goes so, and once', async () => {
  const w = await world()
  await w.loop.start()
  for (const name of ['skip', 'move', 'send']) await w.rule(name, dayBefore)
  for (const id of ['skip', 'move', 'send']) {
    await w.book(id, 2 * DAY)
    await w.settled()
    const key = `${id}@${new Date((await w.store.recordPlan('default', id))?.plan.nextDueAt ?? 0).toISOString()}`
    const dueAt = new Date(w.clock.now() + 2 * HOUR).toISOString()
    for (const name of ['skip', 'move', 'send'].filter((one) => one !== id))
      await changePlan(w.parts, boss, id, { key: key.replace(id, name), action: 'skip' })
    await changePlan(w.parts, boss, id, { key, action: id as 'skip' | 'move' | 'send', dueAt })
    await w.settled()
  }
  expect(await w.told()).toEqual(['send send queued'])
  await w.pass(2 * HOUR + MINUTE)
  expect(await w.told()).toEqual(['move move queued', 'send send queued'])
  await w.pass(DAY)
  expect(await w.told()).toHaveLength(2)
  await expect(changePlan(w.parts, boss, 'move', { key: 'gone@x', action: 'skip' })).rejects.toMatchObject({ code: 'conflict' })
  await w.loop.close()
})

test('a preview says what would go, to whom and when, of a rule that is not saved too, and sends nothing', async () => {
  const w = await world()
  await w.book('ev-1', 2 * DAY)
  const automation = { ...automationBody.parse(dayBefore), name: 'nueva' }
  const { items, truncated } = await previewAutomations(w.parts, boss, { automation, until: w.clock.now() + 2 * DAY, limit: 10 })
  expect(truncated).toBe(false)
  expect(items).toMatchObject([
    {
      automation: 'nueva',
      coordinationId: 'ev-1',
      to: '+5491144500077',
      channel: 'sms',
      purpose: 'reminder',
      skipped: null,
      template: 'cita',
    },
  ])
  expect(items[0]?.text).toMatch(/^Hola Ana, su cita es a las \d\d:\d\d$/)
  expect(await w.told()).toEqual([])
  expect((await previewAutomations(w.parts, boss, { until: w.clock.now() + 9 * DAY, limit: 10 })).items).toEqual([])
})

test('a preview for a token with a scope looks at its records alone, named or not', async () => {
  const w = await world()
  await w.rule('dia', dayBefore)
  await w.book('ev-1', 2 * DAY)
  await w.book('ev-2', 2 * DAY)
  const caller = { orgId: 'default', scope: ['ev-2', 'gone'] }
  const until = w.clock.now() + 2 * DAY
  const idsOf = async (over: object) =>
    (await previewAutomations(w.parts, caller, { until, limit: 10, ...over })).items.map((one) => one.coordinationId)
  expect(await idsOf({})).toEqual(['ev-2'])
  expect(await idsOf({ coordinationIds: ['ev-1', 'ev-2'] })).toEqual(['ev-2'])
  expect(await idsOf({ automation: { ...automationBody.parse(dayBefore), name: 'nueva' } })).toEqual(['ev-2'])
})

test('a rule whose template nobody has is refused', async () => {
  const w = await world()
  await expect(w.rule('x', { ...dayBefore, template: 'none' })).rejects.toMatchObject({ code: 'validation_failed' })
})
