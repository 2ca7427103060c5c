// Every fault that a round can draw: what it does to the world, for how long, and how it ends.
import type { Simulator } from '../../server/simulator/simulator.ts'
import type { TortureAgent } from './agents.ts'
import type { ClockHistory } from './clock-history.ts'
import type { DatabaseProcess } from './database-process.ts'
import type { ServerProcess } from './server-process.ts'
import type { SmallDisk } from './small-disk.ts'
import type { TestRedis } from '../support/redis.ts'
import type { TcpProxy } from '../support/tcp-proxy.ts'

export interface World {
  server: ServerProcess
  /** How many processes that is. */
  servers: number
  simulator: Simulator
  /** How the servers' clock was set. */
  clock: ClockHistory
  agents: readonly TortureAgent[]
  /** The clients' numbers. */
  addresses: readonly string[]
  /** Between the server and Twilio. */
  twilio: TcpProxy
  /** Between the server and MongoDB; null on SQLite. */
  mongo: TcpProxy | null
  /** Null on SQLite, and where the run uses somebody else's MongoDB. */
  database: DatabaseProcess | null
  /** Between the servers, and the cable to it; null where the run has none. */
  redis: { process: TestRedis; cable: TcpProxy } | null
  /** Under the SQLite file; null on MongoDB, and where mounting is not permitted. */
  disk: SmallDisk | null
  /** How many times faster the server's timers run. */
  pace: number
  /** When a server could not read the database, or stood still. */
  away: Span[]
}

type Dice = (limit: number) => number

/** From the start of a fault to its end. */
export interface Span {
  from: number
  to: number
}

/** A server cannot read the database from now until what this answers is called. */
function cutsOff({ away }: World): () => void {
  const span: Span = { from: Date.now(), to: Number.POSITIVE_INFINITY }
  away.push(span)
  return () => {
    span.to = Date.now()
  }
}

export interface Fault {
  name: string
  /** Another name that `--faults` takes for it. */
  group: 'kill' | 'stop' | 'twilio' | 'callbacks' | 'webhooks' | 'sockets' | 'disk' | 'mongo' | 'redis' | 'clock'
  /** Absent: wherever its group is possible. */
  possible?(world: World): boolean
  /** From strike to end, ms; the drawn time lies between. */
  lastsMs: readonly [number, number]
  /** Resolves when it has happened; what it answers ends it. */
  strike(world: World, dice: Dice): Promise<(() => Promise<void> | void) | undefined>
}

type Switches = Parameters<Simulator['faults']['set']>[0]

/** Switches of the simulator, and the same ones off. */
function switched(name: string, group: Fault['group'], on: Switches, lastsMs: Fault['lastsMs'] = [1_500, 4_000]): Fault {
  const off = Object.fromEntries(Object.keys(on).map((one) => [one, false])) as Switches
  return {
    name,
    group,
    lastsMs,
    async strike({ simulator }) {
      simulator.faults.set(on)
      return () => simulator.faults.set(off)
    },
  }
}

function cable(name: string, which: 'twilio' | 'mongo', how: 'refuse' | 'freeze' | 'cut', lastsMs: Fault['lastsMs']): Fault {
  return {
    name,
    group: which,
    lastsMs,
    async strike(world) {
      const { server, [which]: proxy } = world
      const isThere = which === 'mongo' ? cutsOff(world) : null
      if (which === 'mongo') server.excuse(1)
      await proxy?.[how]()
      return async () => {
        await proxy?.mend()
        isThere?.()
        if (which === 'mongo') server.excuse(-1)
      }
    },
  }
}

/** Nobody is excused for it: what is told is told all the same. */
function redis(
  name: string,
  lastsMs: Fault['lastsMs'],
  strike: (redis: NonNullable<World['redis']>) => ReturnType<Fault['strike']>,
): Fault {
  return { name, group: 'redis', lastsMs, strike: async (world) => (world.redis === null ? undefined : await strike(world.redis)) }
}

/** One agent or all of them. */
function cables(name: string, how: 'cut' | 'freeze', lastsMs: Fault['lastsMs']): Fault {
  return {
    name,
    group: 'sockets',
    lastsMs,
    async strike({ agents }, dice) {
      const one = dice(2) === 0 ? agents : agents.slice(dice(agents.length)).slice(0, 1)
      for (const agent of one) agent.cable[how]()
      return async () => {
        for (const agent of one) await agent.cable.mend()
      }
    },
  }
}

function ended(name: string, group: 'kill' | 'stop', end: (server: ServerProcess, dice: Dice) => Promise<void>): Fault {
  return {
    name,
    group,
    lastsMs: [0, 0],
    async strike({ server }, dice) {
      await end(server, dice)
      return undefined
    },
  }
}

/** The furthest that the wall clock is ever off. */
export const MOST_OFF_MS = 5 * 60_000

function clock(name: string, sign: 1 | -1): Fault {
  return {
    name,
    group: 'clock',
    lastsMs: [6_000, 15_000],
    async strike({ server }, dice) {
      server.setClock(sign * (30_000 + dice(MOST_OFF_MS - 30_000)))
      // It is set right again, which is a step the other way.
      return () => server.setClock(0)
    },
  }
}

const outage = [1_000, 3_500] as const

export const faults: readonly Fault[] = [
  ended('kill', 'kill', (server) => server.end('SIGKILL')),
  ended('term', 'stop', (server) => server.end('SIGTERM')),
  ended('term-kill', 'stop', (server, dice) => server.end('SIGTERM', dice(400))),

  {
    // It knows nothing of it afterwards, and others took over meanwhile what it held.
    name: 'server-frozen',
    group: 'kill',
    possible: ({ servers }) => servers > 1,
    lastsMs: [2_000, 14_000],
    async strike(world, dice) {
      const { server, pace } = world
      const isThere = cutsOff(world)
      const thaw = server.freeze(dice)
      // Shorter than what is left between the last look and a second send, at whatever pace these come.
      const early = setTimeout(thaw, 30_000 / pace)
      return () => {
        clearTimeout(early)
        thaw()
        isThere()
      }
    },
  },

  switched('answer-lost', 'twilio', { answerLost: 0.9 }),
  switched('answer-late', 'twilio', { timeoutAfterAccepting: 0.8 }),
  switched('hang', 'twilio', { hang: 0.5 }, [1_000, 2_000]),
  switched('throttled', 'twilio', { rateLimit: 'alternate' }),
  switched('throttled-bare', 'twilio', { rateLimit: 'alternate', noRetryAfter: true }),
  switched('error-500', 'twilio', { error500: 0.6 }, [1_000, 2_000]),
  switched('accepted-500', 'twilio', { acceptThen500: 0.9 }),
  switched('reset', 'twilio', { reset: 0.6 }, [1_000, 2_000]),
  {
    name: 'list-late',
    group: 'twilio',
    lastsMs: [1_500, 4_000],
    async strike({ simulator, pace }) {
      // Late for the first look and the second, at whatever pace these come.
      simulator.faults.set({ answerLost: 0.8, lostCallbacks: 0.8, listDelayMs: 10_000 / pace })
      return () => simulator.faults.set({ answerLost: 0, lostCallbacks: 0, listDelayMs: 0 })
    },
  },
  switched('list-without-from', 'twilio', { answerLost: 0.8, lostCallbacks: 0.8, listWithoutFrom: true }, [4_000, 6_000]),
  switched('list-500', 'twilio', { answerLost: 0.8, lostCallbacks: 0.8, readError500: 0.7 }, [4_000, 6_000]),
  switched('list-hang', 'twilio', { answerLost: 0.8, lostCallbacks: 0.8, readHang: 0.4 }, [1_500, 3_000]),
  cable('twilio-refused', 'twilio', 'refuse', outage),
  cable('twilio-cut', 'twilio', 'cut', [0, 0]),
  // Also longer than the server waits: what it gave up arrives afterwards.
  cable('twilio-frozen', 'twilio', 'freeze', [3_000, 12_000]),

  switched('callbacks-lost', 'callbacks', { lostCallbacks: 0.8 }),
  switched('callbacks-repeated', 'callbacks', { duplicateCallbacks: 0.8 }),
  switched('callbacks-delayed', 'callbacks', { delayedCallbacks: 0.8, duplicateCallbacks: 0.2 }),
  switched('webhooks-lost', 'webhooks', { lostWebhooks: 0.5 }),
  switched('webhooks-repeated', 'webhooks', { duplicateWebhooks: 0.8 }),
  switched('webhooks-delayed', 'webhooks', { delayedWebhooks: 0.8, duplicateWebhooks: 0.2 }),

  cables('sockets-dropped', 'cut', [0, 0]),
  cables('sockets-frozen', 'freeze', [3_000, 12_000]),

  {
    name: 'disk-full',
    group: 'disk',
    possible: ({ disk }) => disk !== null,
    lastsMs: outage,
    async strike({ disk, server }) {
      server.excuse(1)
      disk?.fill()
      return () => {
        disk?.free()
        server.excuse(-1)
      }
    },
  },
  cable('mongo-refused', 'mongo', 'refuse', outage),
  cable('mongo-cut', 'mongo', 'cut', [0, 0]),
  cable('mongo-frozen', 'mongo', 'freeze', outage),
  {
    name: 'mongo-killed',
    group: 'mongo',
    possible: ({ database }) => database !== null,
    lastsMs: [200, 2_000],
    async strike(world) {
      const { database, server } = world
      const isThere = cutsOff(world)
      server.excuse(1)
      await database?.kill()
      return async () => {
        await database?.start()
        isThere()
        server.excuse(-1)
      }
    },
  },

  redis('redis-killed', outage, async ({ process }) => {
    await process.kill()
    return () => process.start()
  }),
  redis('redis-frozen', [1_000, 8_000], async ({ process }) => {
    process.freeze()
    return () => process.thaw()
  }),
  redis('redis-emptied', [0, 0], async ({ process }) => {
    await process.command('FLUSHALL')
    return undefined
  }),
  redis('redis-cut', [0, 0], async ({ cable }) => {
    cable.cut()
    return undefined
  }),
  redis('redis-refused', outage, async ({ cable }) => {
    await cable.refuse()
    return () => cable.mend()
  }),
  redis('redis-slow', [2_000, 8_000], async ({ cable }) => {
    cable.slow(1_500)
    return () => cable.mend()
  }),
  redis('redis-silent', [1_000, 8_000], async ({ cable }) => {
    cable.freeze()
    return () => cable.mend()
  }),

  clock('clock-ahead', 1),
  clock('clock-behind', -1),
]
