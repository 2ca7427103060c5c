// Plays a plan: waits for its moment, strikes while something is in flight, lets faults end by themselves so that rounds
// overlap, and tells a line of each round.
import { setTimeout as pause } from 'node:timers/promises'
import { createRandom } from '../support/random.ts'
import type { Round } from './draw-rounds.ts'
import type { World } from './faults.ts'
import type { Traffic } from './traffic.ts'

export interface PlayedRound {
  faults: readonly string[]
  /** When it struck, ms of this machine. */
  at: number
  inFlight: { sends: number; webhooks: number }
  /** Something was in flight. */
  counts: boolean
  /** From the end of its faults (of a signal: from the server's end) to `/readyz` 200, ms. */
  readyAfterMs: number
  /** When its faults had ended and the server was ready again. */
  overAt: number
}

/** How long a round waits for something to be in flight. */
const WAIT_MS = 1_500

export async function playRounds(
  world: World,
  traffic: Traffic,
  rounds: readonly Round[],
  /** The next round may begin so long after a strike, though its faults last. */
  overlapMs: number,
  report: (line: string) => void,
): Promise<PlayedRound[]> {
  const played: PlayedRound[] = []
  const ending = new Set<Promise<void>>()
  for (const [index, round] of rounds.entries()) {
    await pause(round.afterMs)
    let inFlight = traffic.inFlight()
    for (const end = Date.now() + WAIT_MS; inFlight.sends + inFlight.webhooks === 0 && Date.now() < end; inFlight = traffic.inFlight())
      await pause(3)
    const one: PlayedRound = {
      faults: round.faults.map(({ fault }) => fault.name),
      at: Date.now(),
      inFlight,
      counts: inFlight.sends + inFlight.webhooks > 0,
      readyAfterMs: 0,
      overAt: Number.POSITIVE_INFINITY,
    }
    played.push(one)
    const struck = round.faults.map(async ({ fault, lastsMs, seed }) => {
      const lift = await fault.strike(world, createRandom(seed))
      if (lift === undefined) return
      await pause(lastsMs)
      await lift()
    })
    const ended = Promise.all(struck).then(async () => {
      one.readyAfterMs = await world.server.ready()
      one.overAt = Date.now()
      const { sends, webhooks } = one.inFlight
      report(
        `round ${String(index + 1).padStart(3)}  ${one.faults.join(' + ').padEnd(32)} in flight: ${sends} sends, ${webhooks} webhooks` +
          `${one.counts ? '' : ' (does not count)'}; over after ${Date.now() - one.at} ms, ready ${one.readyAfterMs} ms later`,
      )
    })
    ending.add(ended)
    void ended.finally(() => ending.delete(ended)).catch(() => {})
    await Promise.race([ended, pause(overlapMs)])
  }
  await Promise.all(ending)
  return played
}
