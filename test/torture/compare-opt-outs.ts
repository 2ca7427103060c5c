// Who wants no more messages gets none, from the second on in which that is known; who wants them again does; nobody else is
// turned away. Messages that the server decided to send before, and that a fault delayed, are excused.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import type { TakenSend } from './agents.ts'
import { messageIdOf } from './compare-ledger.ts'
import { createDifferences, type Difference } from './difference.ts'
import { MOST_OFF_MS } from './faults.ts'
import type { Journal } from './journal.ts'
import { endsOut, type Line, type LineFacts, outSpans, saidOn, surelyIn } from './opt-out-words.ts'
import { type Strike, wasStruck } from './strikes.ts'

export interface OptOutSides extends LineFacts {
  accepted: readonly SimulatedMessage[]
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  taken: readonly TakenSend[]
  journal: Readonly<Journal>
  addresses: readonly string[]
  strikes: readonly Strike[]
}

const SECOND_MS = 1_000
/** A request that left before arrives late, or one that nobody can tell of is sent again. */
const delaying = ['kill', 'stop', 'twilio', 'callbacks', 'disk', 'mongo']
const DELAY_MS = 30_000

export function compareOptOuts(sides: OptOutSides): Difference[] {
  const { accepted, stored, rows, taken, journal, addresses, clock, strikes } = sides
  const { all, differ } = createDifferences()
  const rowOf = new Map(rows.map((row) => [row.id, row]))
  const lineOf = (channel: Line['channel'], address: string | null | undefined): Line => ({
    phone: addresses.indexOf(address ?? ''),
    channel,
  })
  const asked = askedOf(sides)

  for (const one of accepted) {
    const id = messageIdOf(one)
    const span = outSpans(lineOf(one.channel, one.to), sides).find(({ from, to }) => one.at > from + SECOND_MS && one.at < to)
    if (span === undefined) continue
    const said = `${one.sid}: out since ${new Date(span.from).toISOString()}, sent at ${new Date(one.at).toISOString()}`
    if ((asked.get(id) ?? 0) > span.from) differ('asked for after the opt-out, and sent', said)
    else if (!wasStruck(strikes, delaying, one.at - DELAY_MS, one.at)) differ('waited at the opt-out, and sent', said)
  }

  for (const { phone, channel, from, to } of journal.turnedAway)
    if (surelyIn({ phone, channel }, from, to, sides))
      differ('turned away, who wants messages', `${addresses[phone]} ${channel} at ${new Date(from).toISOString()}`)
  for (const one of stored) {
    if (one.status !== 'failed' || one.error?.reason !== 'opted_out') continue
    const line = lineOf(one.channel, rowOf.get(one.conversationId)?.contact.phone)
    const before = Date.parse(one.failedAt ?? '') + MOST_OFF_MS
    if (!saidOn(line, journal).some(({ out, from }) => out && from <= before)) differ('failed for an opt-out that nobody said', one.id)
  }

  for (const row of rows) {
    const line = lineOf(row.channel, row.contact.phone)
    const out = endsOut(line, sides)
    if (out === null || row.optedOut === out) continue
    const said = saidOn(line, journal).map((word) => `${word.out ? 'STOP' : 'START'} at ${word.from}, ${word.webhook} at ${word.to}`)
    differ('opted out, other than last said', `${row.id} ${row.channel}: ${row.optedOut} instead of ${out}; ${said.join('; ')}`)
  }
  return all

  /** The first moment at which a message can have been entered; what is not here may have been at any. */
  function askedOf({ journal: { later, retries } }: OptOutSides): Map<string, number> {
    const planned = new Map(later.map(({ messageId, sendAt }) => [messageId, Date.parse(sendAt)]))
    const times = new Map<string, number>()
    for (const { messageId, askedAt } of taken) {
      const dueAt = planned.get(messageId) ?? askedAt
      // A clock that was ahead had it due sooner.
      times.set(messageId, dueAt - Math.max(0, clock.between(askedAt, dueAt).most))
    }
    for (const one of stored) {
      const again = retries.filter(({ of }) => of === one.retryOf).map(({ askedAt }) => askedAt)
      if (again.length > 0) times.set(one.id, Math.min(...again))
    }
    return times
  }
}
