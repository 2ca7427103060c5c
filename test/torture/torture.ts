// One run: a plan drawn from the seed, played while traffic flows, and everything compared at the end.
import { buildWorld } from './build-world.ts'
import { comeToRest } from './come-to-rest.ts'
import { messageIdOf } from './compare-ledger.ts'
import type { Difference } from './difference.ts'
import { drawRounds } from './draw-rounds.ts'
import { faults } from './faults.ts'
import { type PlayedRound, playRounds } from './play-rounds.ts'
import { createTraffic } from './traffic.ts'
import { watchUnconfirmed } from './watch-unconfirmed.ts'

export interface TortureOptions {
  rounds: number
  seed: number
  /** Null: SQLite in a temporary folder. */
  mongoUrl: string | null
  /** Names or groups of faults; null: all that this store and this machine permit. */
  faults: readonly string[] | null
  /** How many clients there are. */
  phones: number
  writesPerSecond: number
  sendsPerSecond: number
  /** Mean time between strikes, ms. */
  everyMs: number
  /** In one of so many rounds two faults come together. */
  pairEvery: number
  /** How many times faster the server's timers run; 1 where there is time. */
  pace: number
  /** Restart at the end instead of waiting for recovery's turn. */
  restart: boolean
  report: (line: string) => void
}

export interface TortureResult {
  rounds: readonly PlayedRound[]
  /** Of the rounds that count, those in which something became unconfirmed. */
  unconfirmedRounds: number
  /** Messages that were unconfirmed. */
  unconfirmed: number
  discarded: number
  /** Messages that no webhook brought, and that are there. */
  recovered: number
  restarts: number
  written: number
  sent: number
  /** Faults that this machine does not permit. */
  notDrawn: readonly string[]
  differences: readonly Difference[]
  logFile: string
}

/** What Twilio took so long before a strike still had its answer on the way. */
const BEFORE_MS = 1_000

/** @throws when the system does not come to rest in time, with where its log is. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const { seed, rounds, pace, report } = options
  const foreign = options.mongoUrl === null ? 'mongo' : 'disk'
  const wanted = faults.filter(
    ({ name, group }) => group !== foreign && (options.faults?.some((one) => one === name || one === group) ?? true),
  )
  if (wanted.length === 0) throw new Error(`There is no fault called ${options.faults?.join(', ')}.`)
  const world = await buildWorld(options)
  let done = false
  try {
    const drawable = wanted.filter(({ group }) => group !== 'disk' || world.disk !== null)
    const notDrawn = wanted.filter((one) => !drawable.includes(one)).map(({ name }) => name)
    for (const name of notDrawn) report(`not drawn: ${name}, since mounting a small file system is not permitted here`)
    const plan = drawRounds({ rounds, seed, faults: drawable, everyMs: options.everyMs, pairEvery: options.pairEvery })
    const { simulator, agents, server } = world
    const traffic = createTraffic({ ...options, simulator, agents })
    const watch = watchUnconfirmed(agents, world.logFile)
    const played = await playRounds(world, traffic, plan, options.everyMs, report)
    report(`${played.length} rounds played; traffic ends`)
    await traffic.end()
    const rest = await comeToRest(world, traffic, {
      restMs: 240_000 + 600_000 / pace,
      recoveryMs: options.restart ? 180_000 : 420_000 / pace,
      restart: options.restart,
      // Three looks, sent again, three looks.
      answerAfterMs: 30_000 + 150_000 / pace,
      report,
    })
    await watch.end()

    const acceptedAt = new Map(simulator.ledger().accepted.map((one) => [messageIdOf(one), one.at]))
    const struck = new Set<PlayedRound>()
    for (const [id, seenAt] of watch.firstSeen) {
      const at = (acceptedAt.get(id) ?? seenAt) + BEFORE_MS
      const round = played.findLast((one) => one.at <= at)
      if (round?.counts) struck.add(round)
    }
    const missing = rest.differences.filter(({ what }) => what === 'not recovered').length
    done = rest.differences.length === 0
    return {
      rounds: played,
      unconfirmedRounds: struck.size,
      unconfirmed: watch.firstSeen.size,
      discarded: rest.discarded.size,
      recovered: simulator.ledger().inbound.filter((one) => one.webhook !== 'accepted').length - missing,
      restarts: server.restarts(),
      written: traffic.written.length,
      sent: traffic.taken.length,
      notDrawn,
      differences: rest.differences,
      logFile: world.logFile,
    }
  } finally {
    await world.close(!done)
    if (!done) report(`The server's log is kept: ${world.logFile}`)
  }
}
