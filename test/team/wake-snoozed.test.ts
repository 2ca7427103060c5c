// A snoozed conversation opens by itself when its time has come, and everybody is told.
import { expect, test } from 'vitest'
import { startHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

test('snoozed until later: open again then, and the agents are told', async () => {
  const clock = createManualClock()
  const hilo = await startHilo({ clock })
  try {
    const phone = '+5491133350001'
    await hilo.simulator.phone(phone).write('hola')
    const { id } = await hilo.conversation(phone)
    const snoozedUntil = new Date(clock.now() + 3600_000).toISOString()
    const snoozed = await hilo.agent().call('PATCH', `/api/conversations/${id}`, { status: 'snoozed', snoozedUntil })
    expect(snoozed.status).toBe(200)
    const live = await hilo.agent().connect()
    await clock.advance(3590_000)
    expect(await hilo.conversation(phone)).toMatchObject({ status: 'snoozed', snoozedUntil })
    await clock.advance(30_000)
    await until(() => live.changes.some((event) => event.conversations.some((one) => one.id === id && one.status === 'open')))
    expect(await hilo.conversation(phone)).toMatchObject({ status: 'open', snoozedUntil: null })
    live.close()
  } finally {
    await hilo.close()
  }
})
