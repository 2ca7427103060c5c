// Clients who want no more messages, and a little later want them again; and what is known of a line from their words.
import { setTimeout as pause } from 'node:timers/promises'
import type { Simulator } from '../../server/simulator/simulator.ts'
import type { ClockHistory } from './clock-history.ts'
import type { Journal, OptOutWord } from './journal.ts'

type Dice = (limit: number) => number
type Channel = OptOutWord['channel']

const words: Record<Channel, readonly string[]> = { whatsapp: ['STOP', 'baja', ' Parar '], sms: ['STOP', 'stop'] }

/** One client at a time on each line. Null: this one is out already. */
export function createOptOuts(simulator: Simulator, addresses: readonly string[], journal: Journal) {
  const busy = new Set<string>()
  return (dice: Dice): Promise<void> | null => {
    const phone = dice(addresses.length)
    const channel: Channel = dice(3) === 0 ? 'sms' : 'whatsapp'
    const stop = words[channel][dice(words[channel].length)] as string
    const afterMs = 1_500 + dice(5_000)
    const line = `${phone} ${channel}`
    if (busy.has(line)) return null
    busy.add(line)
    const say = async (text: string, out: boolean) => {
      const from = Date.now()
      const written = await simulator.phone(addresses[phone] as string).write(text, { channel })
      const word = { ...written, phone, channel, from, to: Date.now(), quotes: null }
      journal.writes.push(word)
      journal.optOuts.push({ ...word, out })
    }
    return (async () => {
      await say(stop, true)
      // Never within one second: Twilio's list has whole ones.
      await pause(afterMs)
      // Some stay out.
      if (afterMs % 4 !== 0) await say('START', false)
      busy.delete(line)
    })()
  }
}

export interface LineFacts {
  journal: Pick<Journal, 'optOuts'>
  clock: ClockHistory
  /** When the first client held a message; null: none did so far. */
  firstHeld(sid: string): number | null
}

export type Line = Pick<OptOutWord, 'phone' | 'channel'>

/** What was said on a line, in order. */
export const saidOn = ({ phone, channel }: Line, { optOuts }: LineFacts['journal']): OptOutWord[] =>
  optOuts.filter((one) => one.phone === phone && one.channel === channel).sort((a, b) => a.from - b.from)

/** From when on the server surely knows it; without end: nobody can tell. */
const knownAt = (word: OptOutWord, { firstHeld }: LineFacts): number =>
  word.webhook === 'accepted' ? word.to : (firstHeld(word.sid) ?? Number.POSITIVE_INFINITY)

/** What was said is ordered by the server's dates: where its clock was set meanwhile, they say nothing. */
const isDated = (said: readonly OptOutWord[], until: number, { clock }: LineFacts): boolean => {
  const { least, most } = clock.between((said[0]?.from ?? until) - 1_000, until)
  return least === 0 && most === 0
}

/** When a line surely takes nothing. */
export function outSpans(line: Line, facts: LineFacts): { from: number; to: number }[] {
  const said = saidOn(line, facts.journal)
  return said.flatMap((word, index) => {
    const from = knownAt(word, facts)
    const to = said.slice(index + 1).find((next) => !next.out)?.from ?? Number.POSITIVE_INFINITY
    return word.out && from < to && isDated(said, from, facts) ? [{ from, to }] : []
  })
}

/** Whether a line surely takes everything, all the time between these. */
export function surelyIn(line: Line, from: number, to: number, facts: LineFacts): boolean {
  const said = saidOn(line, facts.journal).filter((word) => word.from <= to)
  const last = said.at(-1)
  if (last === undefined) return true
  const at = knownAt(last, facts)
  return !last.out && at <= from && isDated(said, at, facts)
}

/** Whether a line is out in the end; null: nobody can tell. */
export function endsOut(line: Line, facts: LineFacts): boolean | null {
  const said = saidOn(line, facts.journal)
  const last = said.at(-1)
  // On SMS Twilio's refusal of a message says the same as STOP, to the millisecond, and its list dates a START by the second.
  if (line.channel === 'sms' && last?.out === false && last.webhook !== 'accepted') return null
  const known = Math.max(0, ...said.map((word) => knownAt(word, facts)))
  return Number.isFinite(known) && isDated(said, known, facts) ? (last?.out ?? false) : null
}
