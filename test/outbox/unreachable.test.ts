// Twilio that no connection reaches: nothing was sent, and that is certain.
import { afterEach, expect, test } from 'vitest'
import { systemClock } from '../../server/clock.ts'
import { startHilo, type TestHilo } from '../support/hilo.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { passUntil } from '../support/pass-time.ts'
import { createTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'

const phone = '+5491123009901'
let hilo: TestHilo
let cable: TcpProxy
afterEach(async () => {
  await hilo.close()
  await cable.close()
})

test('a message waits as queued and says why, and goes within five seconds after Twilio is reached again, once', async () => {
  const clock = createManualClock()
  hilo = await startHilo({
    clock,
    simulator: { clock: systemClock },
    through: async (apiUrl) => {
      cable = await createTcpProxy(Number(new URL(apiUrl).port))
      return `http://127.0.0.1:${cable.port}`
    },
  })
  await hilo.simulator.phone(phone).write('hola')
  const { id: conversationId } = await hilo.conversation(phone)
  await cable.refuse()
  const { id } = await hilo.agent().send({ conversationId, text: 'en cuanto se pueda' })
  const waiting = await hilo.messageWhen(id, (message) => message.delay?.reason === 'provider')
  expect(waiting).toMatchObject({ status: 'queued', twilioSid: null, error: null })
  // Also after many tries the pause stays short.
  const tries = () => hilo.log().split('it is put back').length - 1
  await passUntil(clock, async () => tries() >= 6, 60_000, 100)
  await cable.mend()
  const ms = await passUntil(clock, async () => (await hilo.message(id)).twilioSid !== null, 30_000, 100)
  // Five seconds, and what a real request takes while the clock goes on.
  expect(ms).toBeLessThan(9_000)
  expect(hilo.simulator.ledger().accepted.map((one) => one.body)).toEqual(['en cuanto se pueda'])
}, 60_000)
