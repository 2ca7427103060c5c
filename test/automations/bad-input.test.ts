// What is wrong with a rule, a template, a number, a time or a host: nothing is sent that should not be, nothing is lost, and why is kept.
import { describe, expect, test } from 'vitest'
import { carryOut } from '../../server/automations/carry-out.ts'
import { noteReceived } from '../../server/automations/note-received.ts'
import { previewAutomations } from '../../server/automations/preview-automations.ts'
import { recordEvent } from '../../server/automations/record-event.ts'
import type { Message } from '../../shared/model.ts'
import { ANA, HOUR, inbound, MINUTE, noChecks, numbered, person } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY, dayBefore, NOON } from './world.ts'

const own = useSqliteFile()
const world = () => automationWorld(own)
type World = Awaited<ReturnType<typeof world>>

/** Saves a template of ours that WhatsApp has not seen. */
function template(w: World, name: string, body: string) {
  const text = { name, language: 'es', body, type: 'text', buttons: 0, defaults: {}, whatsapp: null, source: 'own' } as const
  const state = { status: 'unsubmitted', category: null, quality: null, rejection: null, gone: false } as const
  return w.store.changeTemplate('default', { name, language: 'es' }, () => ({ ...text, ...state }), w.clock.now())
}
/** Whom the records are about. */
const client = numbered('+5491144500077', 'Ana Suárez')
/** A client writes about a record. */
async function receive(w: World, over: Parameters<typeof inbound>[2] = {}, coordinationId = 'ev-1'): Promise<Message> {
  const received = await w.store.receive(inbound('default', newId(), { from: client, createdAt: w.clock.now(), ...over }), () => ({
    coordinationId,
    hintId: null,
  }))
  if (received.outcome !== 'created') throw new Error(received.outcome)
  await noteReceived(w.parts, 'default', received.message)
  return received.message
}
const shown = async (w: World) =>
  (await w.log()).map(({ coordinationId, status, error }) => [coordinationId, status, error?.reason ?? null])

describe('a template', () => {
  test('with unknown variables: the message is kept as canceled, which of them are missing is said, and others go on', async () => {
    const w = await world()
    await template(w, 'documento', 'Hola {{nombre}}, trae tu {{documento}}')
    await w.rule('papeles', { ...dayBefore, template: 'documento' })
    await w.rule('dia', { ...dayBefore, at: { relativeTo: 'startsAt', offset: '-PT23H' } })
    await w.loop.start()
    await w.book('ev-1', 2 * DAY)
    await w.book('ev-2', 2 * DAY, { data: { documento: 'pasaporte' } })
    await w.pass(DAY + MINUTE)
    await w.pass(HOUR)
    expect(await w.told()).toEqual(['ev-1 dia queued', 'ev-1 papeles canceled', 'ev-2 dia queued', 'ev-2 papeles queued'])
    const canceled = (await w.log()).find(({ status }) => status === 'canceled')
    expect(canceled).toMatchObject({ seq: null, error: { reason: 'template', message: expect.stringContaining('documento') } })
    await w.loop.close()
  })

  test('without approval: WhatsApp does not take it outside the window, SMS does; WhatsApp alone, and it is kept as canceled', async () => {
    const w = await world()
    const paid = (coordinationId: string) => recordEvent(w.parts, { orgId: 'default', coordinationId, type: 'paid', key: '1' })
    await w.rule('pago', { on: 'paid', template: 'cita', channels: ['whatsapp', 'sms'] })
    await w.book('ev-1', DAY)
    expect((await paid('ev-1')).messages).toMatchObject([{ channel: 'sms', status: 'queued' }])
    await w.rule('pago', { on: 'paid', template: 'cita', channels: ['whatsapp'] })
    await w.book('ev-2', DAY)
    expect((await paid('ev-2')).messages).toMatchObject([{ channel: 'whatsapp', status: 'canceled', seq: null }])
  })
})

describe('a number', () => {
  test('without its country is one of the organization’s; one that is none is refused, and nothing of the list is saved', async () => {
    const w = await world()
    await w.book('ev-1', DAY, { contact: { name: 'Ana', phone: '11 4450-0077' } })
    expect((await w.store.recordPlan('default', 'ev-1'))?.record.contact.phone).toBe('+541144500077')
    for (const phone of ['4450', 'mañana', '+99 1234', ''])
      await expect(w.book('ev-2', DAY, { contact: { name: 'Ana', phone } })).rejects.toMatchObject({
        code: 'invalid_phone',
        more: { issues: [{ path: '0.contact.phone' }] },
      })
    expect(await w.store.recordPlan('default', 'ev-2')).toBeNull()
  })
})

describe('past times', () => {
  test('of a record or an event send nothing, now or later', async () => {
    const w = await world()
    await w.rule('dia', dayBefore)
    await template(w, 'saludo', 'Hola {{nombre}}')
    await w.rule('nuevo', { on: 'coordination.created', template: 'saludo', channels: ['sms'] })
    await w.rule('vence', { at: { relativeTo: 'data.dueDate', offset: 'P1DT10H' }, template: 'saludo', channels: ['sms'] })
    await w.loop.start()
    await w.book('over', -DAY)
    await w.book('soon', HOUR, { data: { dueDate: '2019-02-30' } })
    await w.book('old', 0, { startsAt: null, data: { dueDate: '2019-02-28' } })
    await w.settled()
    await w.pass(3 * DAY)
    expect(await w.told()).toEqual(['old nuevo queued', 'soon nuevo queued'])
    expect(await w.store.nextPlanAt()).toBeNull()
    await w.loop.close()
  })
})

describe('overlapping rules', () => {
  test('that remind of one thing in one minute send one message; of two things, two', async () => {
    const w = await world()
    await w.rule('a', dayBefore)
    await w.rule('b', { ...dayBefore, at: { relativeTo: 'startsAt', offset: '-PT24H' } })
    await w.rule('pago', { ...dayBefore, at: { relativeTo: 'data.dueAt', offset: '-P1D' } })
    await w.loop.start()
    const dueAt = new Date(w.clock.now() + 2 * DAY).toISOString()
    await w.book('ev-1', 2 * DAY, { data: { dueAt } })
    await w.pass(DAY + MINUTE)
    expect(await w.told()).toEqual(['ev-1 b queued', 'ev-1 pago queued'])
    await w.loop.close()
  })
})

describe('a rule that answers its own message', () => {
  test('through a client that answers by itself: it is cut at the hourly limit, and named', async () => {
    const w = await world()
    await w.rule('eco', { on: 'message.received', template: 'cita', channels: ['sms'] })
    await w.loop.start()
    await w.book('ev-1', 10 * DAY)
    await w.settled()
    for (let n = 0; n < 13; n++) {
      await receive(w, { text: 'En este momento no puedo responder' })
      await w.settled()
    }
    const log = await w.log()
    expect(log.filter(({ status }) => status === 'queued')).toHaveLength(10)
    const cut = log.filter(({ status }) => status === 'canceled')
    expect(cut).toHaveLength(3)
    for (const one of cut) expect(one).toMatchObject({ author: { id: 'eco' }, error: { reason: 'rate' }, seq: null })
    await w.loop.close()
  })

  test('through the silence after it: that begins none', async () => {
    const w = await world()
    await w.rule('insiste', { at: { relativeTo: 'lastOutbound', offset: 'PT2H' }, template: 'cita', channels: ['whatsapp'] })
    await w.loop.start()
    await w.book('ev-1', 10 * DAY)
    const { conversationId } = await receive(w)
    await w.store.enter(w.drafted({ conversationId, author: ANA, createdAt: w.clock.now() }), noChecks)
    w.loop.spoke('default', ['ev-1'])
    await w.settled()
    for (let n = 0; n < 8; n++) {
      await w.pass(2 * HOUR + MINUTE)
      w.loop.spoke('default', ['ev-1'])
      await w.settled()
    }
    expect(await w.told()).toEqual(['ev-1 insiste queued'])
    await w.loop.close()
  })

  test('is no answer to the client: who waits for an agent goes on waiting', async () => {
    const w = await world()
    await w.rule('eco', { on: 'message.received', template: 'cita', channels: ['whatsapp'] })
    await w.rule('espera', { at: { relativeTo: 'lastInbound', offset: 'PT2H' }, template: 'cita', channels: ['whatsapp'] })
    await w.loop.start()
    await w.book('ev-1', 10 * DAY)
    await receive(w)
    w.loop.spoke('default', ['ev-1'])
    await w.settled()
    await w.pass(2 * HOUR + MINUTE)
    expect(await w.told()).toEqual(['ev-1 eco queued', 'ev-1 espera queued'])
    await w.loop.close()
  })
})

test('a client’s message that was missed for hours is answered by people, not by a rule', async () => {
  const w = await world()
  await w.rule('eco', { on: 'message.received', template: 'cita', channels: ['sms'] })
  await w.loop.start()
  await w.book('ev-1', 10 * DAY)
  await receive(w, { recovered: true })
  await w.settled()
  expect(await w.told()).toEqual([])
  await receive(w)
  await w.settled()
  expect(await w.told()).toEqual(['ev-1 eco queued'])
  await w.loop.close()
})

describe('a record that changes while its reminder is being sent', () => {
  const due = async (w: World) => {
    w.clock.sleep(DAY)
    const [found] = await w.store.duePlans(w.clock.now(), 10)
    if (!found) throw new Error('Nothing is due.')
    return found
  }
  /** The store, with something that happens once as this call begins. */
  const meanwhile = (w: World, call: 'conversations' | 'enter', happens: () => Promise<unknown>) => {
    let isOver = false
    const first = async () => {
      if (!isOver) {
        isOver = true
        await happens()
      }
    }
    const { store } = w
    const conversations: typeof store.conversations = async (...given) => {
      if (call === 'conversations') await first()
      return store.conversations(...given)
    }
    const enter: typeof store.enter = async (...given) => {
      if (call === 'enter') await first()
      return store.enter(...given)
    }
    return { ...w.parts, store: { ...store, conversations, enter } }
  }

  test.each([
    ['canceled', { status: 'canceled' }, 2 * DAY],
    ['moved', {}, 4 * DAY],
  ])('%s as its facts are looked up: nothing of before goes', async (_, over, startsIn) => {
    const w = await world()
    await w.rule('dia', dayBefore)
    await w.book('ev-1', 2 * DAY)
    const found = await due(w)
    await carryOut(
      meanwhile(w, 'conversations', () => w.book('ev-1', startsIn - DAY, over)),
      found,
    )
    expect(await w.told()).toEqual([])
  })

  test('moved in the moment in which it goes: it went, and the new time has its own', async () => {
    const w = await world()
    await w.rule('dia', dayBefore)
    await w.book('ev-1', 2 * DAY)
    const found = await due(w)
    await carryOut(
      meanwhile(w, 'enter', () => w.book('ev-1', 3 * DAY)),
      found,
    )
    expect(await w.told()).toEqual(['ev-1 dia queued'])
    // `rescheduled` is to be looked at; then the next reminder is due.
    await w.loop.start()
    await w.settled()
    expect(await w.store.nextPlanAt()).toBe(Date.parse(found.record.startsAt ?? '') + DAY)
    await w.pass(2 * DAY + MINUTE)
    expect(await w.told()).toEqual(['ev-1 dia queued', 'ev-1 dia queued'])
    await w.loop.close()
  })

  test('an event that comes meanwhile is answered after it', async () => {
    const w = await world()
    await w.rule('dia', dayBefore)
    await w.rule('pago', { on: 'paid', template: 'cita', channels: ['sms'] })
    await w.book('ev-1', 2 * DAY)
    const found = await due(w)
    const happened = () =>
      w.store.changePlan('default', 'ev-1', ({ plan }) => ({
        ...plan,
        events: [...plan.events, { type: 'paid', key: 'paid|1', at: w.clock.now() }],
      }))
    await carryOut(meanwhile(w, 'enter', happened), found)
    expect((await w.store.recordPlan('default', 'ev-1'))?.plan.nextDueAt).toBeLessThanOrEqual(w.clock.now())
    await w.loop.start()
    await w.settled()
    expect(await w.told()).toEqual(['ev-1 dia queued', 'ev-1 pago queued'])
    await w.loop.close()
  })
})

test('an event at night waits for the morning where its rule keeps quiet hours, and goes then, once', async () => {
  const w = await world()
  await w.rule('pago', { on: 'paid', template: 'cita', channels: ['sms'], quietHours: { from: '11:00', to: '16:00' } })
  await w.loop.start()
  await w.book('ev-1', 2 * DAY)
  await w.settled()
  const paid = () => recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: '1' })
  expect((await paid()).messages).toEqual([])
  const morning = NOON + 4 * HOUR
  expect((await w.store.recordPlan('default', 'ev-1'))?.plan.nextDueAt).toBe(morning)
  await w.pass(4 * HOUR - MINUTE)
  expect(await w.told()).toEqual([])
  await w.pass(2 * MINUTE)
  expect(await w.told()).toEqual(['ev-1 pago queued'])
  await w.loop.close()
})

test('a rule that is off answers no event, also beside one that is on', async () => {
  const w = await world()
  await w.rule('si', { on: 'paid', template: 'cita', channels: ['sms'] })
  await w.rule('no', { on: 'paid', template: 'cita', channels: ['sms'], enabled: false })
  await w.book('ev-1', 2 * DAY)
  await recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: '1' })
  expect(await w.told()).toEqual(['ev-1 si queued'])
})

test('who wants no marketing gets none, and is told what is meant for him', async () => {
  const w = await world()
  const { conversation } = (await w.store.receive(
    inbound('default', newId(), { from: person(3), channel: 'sms', createdAt: w.clock.now() }),
    () => ({ coordinationId: null, hintId: null }),
  )) as { conversation: { lineId: string } }
  await w.store.sayOptOut('default', conversation.lineId, { out: true, scope: 'marketing', source: 'agent' }, w.clock.now())
  for (const purpose of ['marketing', 'service'] as const)
    await w.rule(purpose, { on: 'paid', purpose, template: 'cita', channels: ['sms'] })
  await w.book('ev-1', DAY, { contact: { name: 'Carla', phone: person(3).phone } })
  await recordEvent(w.parts, { orgId: 'default', coordinationId: 'ev-1', type: 'paid', key: '1' })
  expect(await w.told()).toEqual(['ev-1 marketing canceled', 'ev-1 service queued'])
  for (const purpose of ['marketing', 'service'] as const) await w.rule(purpose, { ...dayBefore, purpose })
  await w.book('ev-2', 3 * DAY, { contact: { name: 'Carla', phone: person(3).phone } })
  const until = w.clock.now() + 3 * DAY
  const { items } = await previewAutomations(w.parts, boss, { until, coordinationIds: ['ev-2'], limit: 10 })
  expect(items.map(({ automation, skipped }) => [automation, skipped])).toEqual([
    ['marketing', 'opted_out'],
    ['service', null],
  ])
  expect(await shown(w)).toContainEqual(['ev-1', 'canceled', 'opted_out'])
})
