// A message of before the start, as if it had been sent or written then: nobody is told.
import type { Channel } from '../../shared/model.ts'
import type { SimulatorParts } from './parts.ts'
import type { TwilioStatus } from './simulated-message.ts'
import { emptyMessage } from './write-message.ts'

export interface Remembered {
  direction: 'inbound' | 'outbound-api'
  channel: Channel
  /** The client's. */
  address: string
  sid: string
  text: string
  at: number
  end: TwilioStatus
}

export function rememberMessage(parts: SimulatorParts, { direction, channel, address, sid, text, at, end }: Remembered): void {
  const phone = parts.phones.of(address)
  const own = parts.own[channel]
  const isInbound = direction === 'inbound'
  const message = {
    ...emptyMessage(parts, phone, channel, at),
    ...{ sid, direction, body: text, sentAt: at, updatedAt: at, status: end, statuses: [{ status: end, at }] },
    ...(isInbound ? { from: address, to: own ?? '', webhook: 'accepted' as const } : { from: own, to: address }),
    arrived: end === 'delivered' || end === 'read',
    errorCode: end === 'failed' ? 63003 : null,
  }
  parts.messages.add(message)
  if (isInbound || message.arrived) parts.phones.show(phone, message)
  if (isInbound && own !== null) phone.lastInboundAt.set(`${channel}|${own}`, at)
}
