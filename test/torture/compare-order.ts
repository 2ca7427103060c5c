// The order in which Twilio took what was written on a line, over all of its threads: what was acknowledged before something
// else was asked for went before it.
import type { Message } from '../../shared/model.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import type { TakenSend } from './agents.ts'
import { messageIdOf } from './compare-ledger.ts'
import { createDifferences, type Difference } from './difference.ts'
import type { Journal } from './journal.ts'

export interface OrderSides {
  accepted: readonly SimulatedMessage[]
  /** Each thread, ascending. */
  threads: ReadonlyMap<string, readonly Message[]>
  taken: readonly TakenSend[]
  journal: Readonly<Journal>
  /** Whether it may have been joined out of several. */
  joined(thread: string): boolean
}

export function compareOrder({ accepted, threads, taken, journal, joined }: OrderSides): Difference[] {
  const { all, differ } = createDifferences()
  const place = new Map(accepted.map((one, index) => [messageIdOf(one), index]))
  const moved = new Set(journal.moves.flatMap((move) => move.ids))
  // Given up while nobody could tell, its request may still arrive when the line has gone on.
  const givenUp = new Set([...journal.cancels.keys(), ...journal.retries.flatMap((one) => (one.knowingly ? one.of : []))])
  const enteredIn = new Map(taken.map((one) => [one.messageId, one.conversationId]))
  for (const [id, thread] of threads) {
    const placed = thread.filter((one) => !moved.has(one.id) && !givenUp.has(one.id) && place.has(one.id))
    // The messages of the joined thread stand behind the others, in their own order.
    const groups = joined(id) ? Map.groupBy(placed, (one) => enteredIn.get(one.id)) : new Map([[id, placed]])
    groups.delete(undefined)
    for (const group of groups.values()) {
      const order = group.map((one) => place.get(one.id) ?? 0)
      const wrong = order.findIndex((at, index) => index > 0 && at < (order[index - 1] ?? 0))
      if (wrong !== -1) differ('order', `${id}: ${accepted[order[wrong] ?? -1]?.sid} went before what was written before it`)
    }
  }

  // A planned message has no such times.
  const free = new Set([...journal.later.map((one) => one.messageId), ...givenUp])
  const lines = new Map<string, { at: number; askedAt: number; takenAt: number }[]>()
  for (const { messageId, askedAt, takenAt } of taken) {
    const at = place.get(messageId)
    const went = accepted[at ?? -1]
    if (at === undefined || went === undefined || free.has(messageId)) continue
    const line = `${went.channel} ${went.to}`
    lines.set(line, [...(lines.get(line) ?? []), { at, askedAt, takenAt }])
  }
  for (const [line, sends] of lines)
    for (const one of sends) {
      const before = sends.find((other) => other.takenAt < one.askedAt && other.at > one.at)
      if (before !== undefined) differ('order of a line', `${line}: ${accepted[one.at]?.sid} went before ${accepted[before.at]?.sid}`)
    }
  return all
}
