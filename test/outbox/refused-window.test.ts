// Twilio says that the window is closed where we took it for open: 63016, at once or by a status callback.
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { applyStatus } from '../../server/outbox/apply-status.ts'
import { failureOf } from '../../server/twilio/errors.ts'
import type { TestHilo } from '../support/hilo.ts'
import type { ManualClock } from '../support/manual-clock.ts'
import { startWithClient } from '../support/start-with-client.ts'
import { until } from '../support/until.ts'

const phone = '+5491133350001'
let clock: ManualClock
let hilo: TestHilo
let conversationId: string

beforeEach(async () => {
  ;({ clock, hilo, conversationId } = await startWithClient(phone))
})
afterEach(() => hilo.close())

const send = (text: string, more: object = {}) => hilo.agent().send({ conversationId, text, ...more })
const failed = async (id: string) => {
  const message = await until(
    async () => {
      await clock.advance(500)
      const now = await hilo.message(id)
      return now.status === 'failed' && now
    },
    { what: 'a failed message' },
  )
  return message.error
}
const isOpen = async () => (await hilo.conversation(phone)).window.open

describe('a window that Twilio says is closed', () => {
  test.each([['refuseWith'], ['failWith']])(
    'closes here, too (%s): no other text runs into it, and the client opens it again',
    async (how) => {
      const planned = await send('en un minuto', { sendAt: new Date(clock.now() + 60_000).toISOString() })
      hilo.simulator.phone(phone).set({ [how]: 63016 })
      const first = await send('uno')
      expect(await failed(first.id)).toMatchObject({ code: 63016, reason: 'window', action: 'send_template' })
      await until(async () => !(await isOpen()), { what: 'a closed window' })
      const reply = await hilo.agent().call<{ code: string }>('POST', '/api/messages', { conversationId, text: 'dos' })
      expect([reply.status, reply.body.code]).toEqual([409, 'window_closed'])
      clock.sleep(60_000)
      expect(await failed(planned.id)).toMatchObject({ code: null, reason: 'window' })
      const { accepted, refused } = hilo.simulator.ledger()
      expect(accepted.length + refused.length).toBe(1)
      await hilo.simulator.phone(phone).write('sigo acá')
      expect(await isOpen()).toBe(true)
    },
  )

  test('is closed before the line goes on: what waits behind the refused text is not tried', async () => {
    hilo.simulator.phone(phone).set({ refuseWith: 63016 })
    const both = await Promise.all([send('uno'), send('dos')])
    for (const { id } of both) expect(await failed(id)).toMatchObject({ reason: 'window' })
    expect(hilo.simulator.ledger().refused).toHaveLength(1)
  })

  test('is closed once, and not where the client wrote since', async () => {
    hilo.simulator.phone(phone).set({ phoneOff: true })
    const { id } = await send('uno')
    const { twilioSid } = await hilo.messageWhen(id, (message) => message.twilioSid !== null)
    const report = {
      orgId: 'default',
      messageId: id,
      twilioSid: twilioSid ?? '',
      status: 'failed',
      failure: failureOf(63016, null),
    } as const
    const apply = () => applyStatus(hilo.server.parts, { ...report, at: clock.now() })
    await clock.advance(1_000)
    await hilo.simulator.phone(phone).write('escribo de nuevo')
    await apply()
    expect(await isOpen()).toBe(true)
    const late = await send('dos')
    const { twilioSid: sid } = await hilo.messageWhen(late.id, (message) => message.twilioSid !== null)
    const again = { ...report, messageId: late.id, twilioSid: sid ?? '' }
    await applyStatus(hilo.server.parts, { ...again, at: clock.now() })
    expect(await isOpen()).toBe(false)
    const { rev } = await hilo.conversation(phone)
    await clock.advance(1_000)
    await applyStatus(hilo.server.parts, { ...again, at: clock.now() })
    expect((await hilo.conversation(phone)).rev).toBe(rev)
  })
})
