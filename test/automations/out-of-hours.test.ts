// Who writes while nobody is there is answered: once until somebody is, by the organization's opening hours and holidays.
import { expect, test } from 'vitest'
import { weekHours } from '../../shared/calendar.ts'
import { noteReceived } from '../../server/automations/note-received.ts'
import { takeEvents } from '../../server/automations/known-events.ts'
import { updateOrganization } from '../../server/team/organization-settings.ts'
import { HOUR, inbound, MINUTE, person } from '../support/builders.ts'
import { newId, useSqliteFile } from '../support/sqlite-file.ts'
import { automationWorld, boss, DAY } from './world.ts'

const own = useSqliteFile()
const nine = [{ from: '09:00', to: '18:00' }]

test('a client’s message out of hours is answered once until the next morning, and never within them', async () => {
  const w = await automationWorld(own)
  Object.assign(w.parts.publish, { organization() {} })
  const openingHours = weekHours.parse({ mon: nine, tue: nine, wed: nine, thu: nine, fri: nine, sat: nine, sun: nine })
  await updateOrganization(w.parts, boss, { openingHours }, null)
  await w.rule('fuera', { on: 'message.received', when: { outOfHours: true }, template: 'cita', channels: ['sms'] })
  await takeEvents(w.parts, w.parts.organizationOf('default'))
  await w.loop.start()
  await w.book('ev-1', 9 * DAY, { contact: { name: 'Ana', phone: person(1).phone } })
  await w.settled()
  const write = async () => {
    const from = { ...person(1), channel: 'sms' as const }
    const received = await w.store.receive(
      inbound('default', newId(), { from: person(1), channel: from.channel, createdAt: w.clock.now() }),
      () => ({
        ...{ coordinationId: 'ev-1', hintId: null },
      }),
    )
    if (received.outcome !== 'created') throw new Error(received.outcome)
    await noteReceived(w.parts, 'default', received.message)
    await w.settled()
    return (await w.told()).length
  }
  // It is noon.
  expect(await write()).toBe(0)
  w.clock.sleep(7 * HOUR)
  expect([await write(), await write()]).toEqual([1, 1])
  w.clock.sleep(6 * HOUR)
  expect(await write(), 'the same night').toBe(1)
  w.clock.sleep(9 * HOUR + MINUTE)
  expect(await write(), 'the next day').toBe(1)
  w.clock.sleep(9 * HOUR)
  expect(await write(), 'the next evening').toBe(2)
  await w.loop.close()
})
