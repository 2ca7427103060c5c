// Our own numbers: which one sends, and what is held against it.
import { expect, test } from 'vitest'
import { createSenders } from '../../server/outbox/senders.ts'

test('S21: a fault that nothing confirms for two minutes is forgotten, so that somebody tries again', () => {
  const senders = createSenders([{ channel: 'whatsapp', sender: '+14155238886', ratePerSecond: 80 }], true)
  const fault = { step: 'request', reason: 'Twilio refuses our credentials (20003)', at: 0 } as const
  expect(senders.noteFault('whatsapp', fault)).toBe(true)
  expect(senders.noteFault('whatsapp', { ...fault, at: 60_000 })).toBe(false)
  expect(senders.forgetFaults(179_999)).toEqual([])
  expect(senders.fault('whatsapp')).toBe(fault.reason)
  expect(senders.forgetFaults(180_000)).toEqual(['whatsapp'])
  expect(senders.fault('whatsapp')).toBeNull()
})
