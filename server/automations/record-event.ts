// Something happened to a record, as the host, a button or Hilo itself says: kept on the record in one step, shown in its thread, and
// answered by the automations that wait for it.
import type { Channel, Coordination, Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Parts } from '../parts.ts'
import { addEvent } from '../rules/record-plan.ts'
import { carryOut, type CarriedOut } from './carry-out.ts'

export interface RecordEvent {
  orgId: string
  coordinationId: string
  /** As the host calls it: `payment.received`. */
  type: string
  data?: Coordination['data'] | undefined
  /** Where its messages go first; absent: as each rule says. */
  channel?: Channel | undefined
  /** Unique among the events of the record: the same again is the same event. */
  key: string
}

export interface RecordedEvent extends Pick<CarriedOut, 'line' | 'messages'> {
  event: { type: string; data: Coordination['data']; coordinationId: string; at: string }
}

/**
 * Durable before it resolves, exactly once by its key: a repeat, also after a crash or at the same time, completes what is missing.
 * `line`: how the thread shows it, null where the record has none yet; `messages`: what went for it at once, now.
 *
 * @throws DomainError `not_found`: there is no such record; `unavailable`.
 */
export async function recordEvent(
  parts: Parts,
  { orgId, coordinationId, type, data = {}, channel, key }: RecordEvent,
  by?: Message['author'],
): Promise<RecordedEvent> {
  const at = parts.clock.now()
  const own = `${type}|${key}`
  const event = { type, key: own, at, data, ...(channel === undefined ? {} : { channel }), ...(by === undefined ? {} : { by }) }
  const planned = await parts.store.changePlan(orgId, coordinationId, addEvent(event))
  if (planned === null) throw new DomainError('not_found', 'There is no such record. Save it first: PUT /api/coordinations/:id.')
  const done = await carryOut(parts, planned, own)
  return { event: { type, data, coordinationId, at: new Date(at).toISOString() }, ...{ line: done.line, messages: done.messages } }
}
