// Which events automations wait for, as a process knows them: at its start, after a change here, and soon after one elsewhere.
import { expect, test } from 'vitest'
import { automationBody } from '../../shared/automations.ts'
import { createEventKeeper } from '../../server/automations/known-events.ts'
import { deleteAutomation } from '../../server/automations/save-automation.ts'
import { useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, dayBefore } from './world.ts'

const own = useSqliteFile()

test('a rule of an event is heard from when it is saved here until it is deleted or switched off; one of a time is not', async () => {
  const w = await automationWorld(own)
  const heard = () => [...w.parts.organizationOf('default').listensTo].toSorted()
  await w.rule('dia', dayBefore)
  await w.rule('nuevo', { on: 'coordination.created', at: { relativeTo: 'startsAt', offset: '-P1D' }, template: 'cita' })
  expect(heard()).toEqual([])
  await w.rule('pago', { on: 'paid', template: 'cita' })
  await w.rule('eco', { on: 'message.received', template: 'cita' })
  expect(heard()).toEqual(['message.received', 'paid'])
  await w.rule('eco', { on: 'message.received', template: 'cita', enabled: false })
  expect(heard()).toEqual(['paid'])
  await deleteAutomation(w.parts, 'default', 'pago')
  expect(heard()).toEqual([])
})

test('one that another process saved is heard within half a second; alone, nothing is asked of the store', async () => {
  const w = await automationWorld(own)
  const { store } = w
  let asked = 0
  const settings: typeof store.settings = (...given) => {
    asked++
    return store.settings(...given)
  }
  const there = { ids: ['other'], cursor: '' }
  const keeper = createEventKeeper({ ...w.parts, store: { ...store, settings, processes: async () => there } })
  await keeper.start()
  const rule = automationBody.parse({ on: 'message.received', template: 'cita' })
  await store.changeSetting('default', 'automation', 'eco', () => ({ rule, since: 0 }), w.clock.now())
  await w.clock.advance(600)
  expect(w.parts.organizationOf('default').listensTo).toEqual(new Set(['message.received']))
  keeper.close()
  asked = 0
  const alone = createEventKeeper({ ...w.parts, store: { ...store, settings } })
  await alone.start()
  await w.clock.advance(60_000)
  expect(asked).toBe(1)
  alone.close()
})
