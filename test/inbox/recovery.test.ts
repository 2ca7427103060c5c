// What the webhooks did not bring is found in Twilio's list (invariant 11), with a clock that the test moves.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const phone = '+5491133340001'
const MINUTE = 60_000
let clock: ManualClock
let hilo: TestHilo

beforeEach(async () => {
  clock = createManualClock()
  hilo = await startHilo({ clock })
})
afterEach(() => hilo.close())

/** Moves time a little at a time, since each look waits for real requests. */
async function pass(ms: number, stepMs = 1_000): Promise<void> {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await clock.advance(Math.min(stepMs, ms - passed))
    await new Promise((resume) => setTimeout(resume, 3))
  }
}
const conversations = async () =>
  (await hilo.agent().call<{ items: { id: string; unread: number; contact: { name: string } }[] }>('GET', '/api/conversations')).body.items
async function thread(): Promise<Message[]> {
  const [conversation] = await conversations()
  return conversation === undefined ? [] : hilo.messages(conversation.id)
}
const inbound = () => hilo.simulator.ledger().inbound

describe('a lost webhook', () => {
  test('is taken in from the list within minutes, as recovered, with the date of when it was written', async () => {
    hilo.simulator.faults.next('lostWebhooks')
    const writtenAt = clock.now()
    await hilo.simulator.phone(phone).write('¿siguen ahí?')
    await pass(4 * MINUTE, 5_000)
    await until(async () => (await thread()).length === 1)
    const [message] = await thread()
    expect(message).toMatchObject({
      text: '¿siguen ahí?',
      recovered: true,
      direction: 'inbound',
      type: 'text',
      twilioSid: inbound()[0]?.sid,
      createdAt: new Date(Math.floor(writtenAt / 1000) * 1000).toISOString(),
    })
    expect(await conversations()).toMatchObject([{ unread: 1 }])
  })
})
