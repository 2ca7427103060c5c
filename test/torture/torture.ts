// One run: a plan drawn from the seed, played while traffic flows, and everything compared at the end.
import { buildWorld } from './build-world.ts'
import { comeToRest } from './come-to-rest.ts'
import { messageIdOf } from './compare-ledger.ts'
import type { Difference } from './difference.ts'
import { drawRounds } from './draw-rounds.ts'
import { faults } from './faults.ts'
import type { Journal } from './journal.ts'
import { type PlayedRound, playRounds } from './play-rounds.ts'
import { strikesOf } from './strikes.ts'
import { createTraffic } from './traffic.ts'
import { watchUnconfirmed } from './watch-unconfirmed.ts'

export interface TortureOptions {
  rounds: number
  seed: number
  /** An address, or a command that starts one; null: SQLite in a temporary folder. */
  mongo: { url: string } | { command: string } | null
  /** How many processes serve at once; one on SQLite. */
  servers: number
  redis: boolean
  /** Names or groups of faults; null: all that this store and this machine permit. */
  faults: readonly string[] | null
  /** How many clients there are. */
  phones: number
  writesPerSecond: number
  sendsPerSecond: number
  /** Pictures and files too, and clients who write STOP and START. */
  withMedia: boolean
  /** Mean time between strikes, ms. */
  everyMs: number
  /** In one of so many rounds two faults come together. */
  pairEvery: number
  /** How many times faster the server's timers run; 1 where there is time. */
  pace: number
  /** Restart at the end instead of waiting for recovery's turn. */
  restart: boolean
  /** The name of a promise that the server is made to break (`seeded-faults.ts`); null: it is the product. */
  seeded: string | null
  report: (line: string) => void
}

export interface TortureResult {
  rounds: readonly PlayedRound[]
  /** Of the rounds that count, those in which something became unconfirmed. */
  unconfirmedRounds: number
  /** Messages that were unconfirmed. */
  unconfirmed: number
  /** Unconfirmed messages that agents gave up; of those that they sent again, how many came twice, as they knew. */
  discarded: number
  twiceKnowingly: number
  /** Messages that no webhook brought, and that are there. */
  recovered: number
  restarts: number
  written: number
  sent: number
  /** The acts of agents besides sending, by kind. */
  desk: Readonly<Record<string, number>>
  /** Clients' messages that could have come into one thread only. */
  routed: number
  /** By what was due: how often a connected client had to hear it. */
  heard: ReadonlyMap<string, number>
  /** How often a client was excused: not connected, or its server did not answer in time. */
  excused: number
  /** Faults that this machine does not permit. */
  notDrawn: readonly string[]
  differences: readonly Difference[]
  /** Of these, what clients were told live, and dates. */
  fresh: readonly Difference[]
  logFile: string
}

/** A message that Twilio took so long before a strike still had its answer on the way. */
const BEFORE_MS = 1_000

/** @throws when the system does not come to rest in time, with where its log is. */
export async function torture(options: TortureOptions): Promise<TortureResult> {
  const { seed, rounds, pace, report } = options
  const foreign = options.mongo === null ? 'mongo' : 'disk'
  const wanted = faults.filter(
    ({ name, group }) =>
      group !== foreign && (options.redis || group !== 'redis') && (options.faults?.some((one) => one === name || one === group) ?? true),
  )
  if (wanted.length === 0) throw new Error(`There is no fault called ${options.faults?.join(', ')}.`)
  const world = await buildWorld(options)
  let done = false
  try {
    const drawable = wanted.filter(({ possible }) => possible?.(world) ?? true)
    const notDrawn = wanted.filter((one) => !drawable.includes(one)).map(({ name }) => name)
    sayNotDrawn(notDrawn, report)
    const plan = drawRounds({ rounds, seed, faults: drawable, everyMs: options.everyMs, pairEvery: options.pairEvery })
    const { simulator, agents, addresses, server } = world
    const traffic = createTraffic({ ...options, simulator, agents, addresses })
    const watch = watchUnconfirmed(agents, world.logFile)
    const played = await playRounds(world, traffic, plan, options.everyMs, report)
    report(`${played.length} rounds played; traffic ends`)
    await traffic.end()
    const rest = await comeToRest(world, traffic, {
      strikes: strikesOf(played),
      restMs: 240_000 + 600_000 / pace,
      // A fault that loses something on purpose need not be waited for.
      recoveryMs: options.seeded !== null ? 15_000 : options.restart ? 180_000 : 420_000 / pace,
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
    done = rest.differences.length === 0 || options.seeded !== null
    return {
      rounds: played,
      unconfirmedRounds: struck.size,
      unconfirmed: watch.firstSeen.size,
      discarded: [...traffic.journal.cancels.values()].filter((one) => one === 'given up').length,
      twiceKnowingly: traffic.journal.retries.filter(
        ({ of, newId, knowingly }) => knowingly && acceptedAt.has(of) && newId !== null && acceptedAt.has(newId),
      ).length,
      recovered: simulator.ledger().inbound.filter((one) => one.webhook !== 'accepted').length - missing,
      restarts: server.restarts(),
      written: traffic.journal.writes.length,
      sent: traffic.taken.length,
      desk: countDesk(traffic.journal),
      routed: rest.routed,
      heard: rest.heard.asked,
      excused: rest.heard.excused,
      notDrawn,
      differences: rest.differences,
      fresh: rest.fresh,
      logFile: world.logFile,
    }
  } finally {
    await world.close(!done)
    if (!done) report(`The server's log is kept: ${world.logFile}`)
  }
}

const whyNotDrawn: Readonly<Record<string, string>> = {
  'disk-full': 'since this user may not mount a small file system (mount -t tmpfs); as root it is drawn',
  'server-frozen': 'which needs another server that goes on (--servers 2)',
}

/**
 * What this machine does not permit is said where everybody reads it.
 *
 * @throws in CI, where a full disk is to be tried: what drops out there is tried nowhere.
 */
export function sayNotDrawn(names: readonly string[], report: (line: string) => void, env: NodeJS.ProcessEnv = process.env): void {
  for (const name of names) report(`not drawn: ${name}, ${whyNotDrawn[name] ?? 'which needs a MongoDB of the run’s own (--database)'}`)
  if (env.CI === 'true' && names.includes('disk-full'))
    throw new Error('CI=true, and disk-full cannot be drawn: this user may not mount a file system (mount -t tmpfs). Run as root.')
}

function countDesk(journal: Readonly<Journal>): Record<string, number> {
  const { later, notes, guarded, collided, cancels, retries, moves, labels, closed, writes, optOuts, turnedAway } = journal
  return {
    planned: later.length,
    canceled: [...cancels.values()].filter((one) => one === 'canceled').length,
    notes: notes.length,
    guarded: guarded.length,
    collided: collided.length,
    retries: retries.length,
    moves: moves.filter((one) => one.made === true).length,
    undone: moves.filter((one) => one.undone === true).length,
    labelled: labels.size,
    closed: closed.size,
    quotes: writes.filter((one) => one.quotes !== null).length,
    'opted out': optOuts.filter((one) => one.out).length,
    'turned away': turnedAway.length,
  }
}
