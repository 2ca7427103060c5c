// Dates and prices: what Twilio's ledger says of when something happened and what it cost, and what the server stored. The
// server dates a callback by its own clock when it takes it, which is known here: the run itself sets it wrong.
import type { Message } from '../../shared/model.ts'
import { presentMessage, type SimulatedMessage } from '../../server/simulator/simulated-message.ts'
import { statusOf } from '../../server/twilio/statuses.ts'
import type { TakenSend } from './agents.ts'
import type { ClockHistory } from './clock-history.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'
import type { Journal } from './journal.ts'

export interface TimeSides {
  accepted: readonly SimulatedMessage[]
  inbound: readonly SimulatedMessage[]
  stored: readonly Message[]
  taken: readonly TakenSend[]
  journal: Readonly<Journal>
  clock: ClockHistory
  /** When the first client held it; null: none did so far. */
  firstHeld(sid: string): number | null
  /** Of this machine: the moment of the look. From `calmAt` on nothing was disturbed any more. */
  now: number
  calmAt: number
  /** How far the server's clock is off at the moment of the look. */
  offsetMs: number
}

const statuses = [
  ['sent', 'sentAt'],
  ['delivered', 'deliveredAt'],
  ['read', 'readAt'],
  ['failed', 'failedAt'],
] as const

/** Twilio's lists have whole seconds, and so has the clock of its answers. */
const ROUND_MS = 2_500
/** Prices are asked for five minutes after the request, at the next tick. */
const PRICE_MS = 5.5 * 60_000
/** Later than that, a client's message is marked as recovered. */
const LATE_MS = 60_000

export function compareTimes(sides: TimeSides): Difference[] {
  const { accepted, inbound, stored, taken, journal, clock, now } = sides
  const { all, differ } = createDifferences()
  const bySid = new Map(stored.map((one) => [one.twilioSid, one]))
  const byId = new Map(stored.map((one) => [one.id, one]))
  /** Whether a date of the server's may be of a moment between these. */
  const fits = (date: string, from: number, to: number) => {
    const { least, most } = clock.between(from, to)
    const at = Date.parse(date)
    return at >= from + least - 1 && at <= to + most + 1
  }
  const span = (from: number, to: number) => `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`

  for (const one of accepted) {
    const kept = bySid.get(one.sid)
    if (kept === undefined) continue
    for (const [status, field] of statuses) {
      const step = one.statuses.find((step) => statusOf(step.status) === status)
      const date = kept[field]
      if (step === undefined) {
        if (date !== null) differ(`${field}, though Twilio says nothing of it`, `${one.sid}: ${date}`)
        continue
      }
      const told = one.callbacks.filter((callback) => statusOf(callback.status) === status && callback.end === 'accepted')
      const until = told.length === 0 ? now : Math.min(...told.map(({ endedAt }) => endedAt ?? now))
      if (date === null) {
        if (told.length > 0 || kept.status === status) differ(`${field} is not stored`, `${one.sid}: it was told`)
      } else if (!fits(date, step.at - ROUND_MS, until)) differ(`other ${field}`, `${one.sid}: ${date}, not in ${span(step.at, until)}`)
    }
    comparePrice(one, kept, sides, differ)
  }

  // Found in the list they are dated by it.
  const words = new Set(journal.optOuts.map(({ sid }) => sid))
  for (const one of inbound) {
    const kept = bySid.get(one.sid)
    if (kept === undefined) continue
    const write = journal.writes.find(({ sid }) => sid === one.sid)
    const held = sides.firstHeld(one.sid) ?? now
    const taken = one.webhook === 'accepted' ? Math.min(held, write?.to ?? now) : held
    // Where the server's clock was set meanwhile, it cannot tell how long it was.
    const { least, most } = clock.between(one.at - ROUND_MS, taken)
    const late = taken - one.at + (most - least) > LATE_MS - ROUND_MS
    if (kept.recovered) {
      if (!late) differ('recovered, though in time', `${one.sid}, written ${span(one.at, taken)}`)
      if (Date.parse(kept.createdAt) !== Math.floor(one.at / 1000) * 1000)
        differ('recovered, not dated by when it was written', `${one.sid}: ${kept.createdAt}`)
    } else if (one.webhook === 'lost' && isSurelyLate(one, sides))
      differ('late, and not marked as recovered', `${one.sid}, ${span(one.at, taken)}`)
    else if (!fits(kept.createdAt, words.has(one.sid) ? one.at - ROUND_MS : one.at, taken))
      differ('other date of what was written', `${one.sid}: ${kept.createdAt}, not in ${span(one.at, taken)}`)
  }

  const planned = new Map(journal.later.map((one) => [one.messageId, one.sendAt]))
  for (const one of taken) {
    const date = byId.get(one.messageId)?.createdAt
    if (date !== undefined && !planned.has(one.messageId) && !fits(date, one.askedAt, one.takenAt))
      differ('other date of what was sent', `${one.messageId}: ${date}, not in ${span(one.askedAt, one.takenAt)}`)
  }
  for (const one of accepted) {
    const dueAt = planned.get(one.statusCallback?.split('/').at(-1) ?? '')
    if (dueAt !== undefined && one.at + clock.between(one.at - LATE_MS, one.at).most + 1 < Date.parse(dueAt))
      differ('sent before its time', `${one.sid}: ${new Date(one.at).toISOString()}, not ${dueAt}`)
  }
  return all
}

/** By the list alone, and no sooner than a minute after it was written: nobody had it by then who would have had it. */
function isSurelyLate(one: SimulatedMessage, { firstHeld, now }: TimeSides): boolean {
  return (firstHeld(one.sid) ?? now) - one.at > 2 * LATE_MS
}

function comparePrice(
  one: SimulatedMessage,
  kept: Message,
  { clock, now, calmAt, offsetMs }: TimeSides,
  differ: (what: string, detail: string) => void,
): void {
  const { price, price_unit } = presentMessage(one, '')
  const theirs = typeof price === 'string' ? { amount: Math.abs(Number(price)), currency: price_unit, estimated: false } : null
  if (kept.price === null) {
    // A clock that was ahead had the five minutes over too soon; what was asked for in a disturbance may be left to the next hour.
    const { most } = clock.between(one.at, calmAt)
    const asked = one.at + PRICE_MS > calmAt && now + offsetMs - one.at > PRICE_MS && most <= 0
    if (theirs !== null && asked) differ('price not completed', `${one.sid}: ${canonical(theirs)}`)
  } else if (canonical(kept.price) !== canonical(theirs))
    differ('other price', `${one.sid}: ${canonical(kept.price)} instead of ${canonical(theirs)}`)
}
