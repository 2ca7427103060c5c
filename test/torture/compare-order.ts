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
  /** Whether its messages may have other places than those that they were written to. */
  reordered(thread: string): boolean
}

export function compareOrder({ accepted, threads, taken, journal, reordered }: OrderSides): Difference[] {
  const { all, differ } = createDifferences()
  const place = new Map(accepted.map((one, index) => [messageIdOf(one), index]))
  const moved = new Set(journal.moves.flatMap((move) => move.ids))
  for (const [id, thread] of threads) {
    if (reordered(id)) continue
    const order = thread.flatMap((one) => (moved.has(one.id) ? [] : (place.get(one.id) ?? [])))
    const wrong = order.findIndex((at, index) => index > 0 && at < (order[index - 1] ?? 0))
    if (wrong !== -1) differ('order', `${id}: ${accepted[order[wrong] ?? -1]?.sid} went before what was written before it`)
  }

  // What was planned, or given up in between, has no such times.
  const free = new Set([...journal.later.map((one) => one.messageId), ...journal.cancels.keys()])
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
