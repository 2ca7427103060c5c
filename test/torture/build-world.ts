// All that a run needs, put together: Twilio's simulator behind a cable, a store behind another or on a small disk, the
// server as a process, and agents. Taken apart again at the end, whatever happened.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSimulator } from '../../server/simulator/simulator.ts'
import { accountSid, authToken, ownNumbers, serverEnv } from '../support/hilo.ts'
import { createRandom } from '../support/random.ts'
import { createAgent, type TortureAgent } from './agents.ts'
import { createBalancer } from './balancer.ts'
import { createClockHistory } from './clock-history.ts'
import { createDatabaseProcess } from './database-process.ts'
import type { World } from './faults.ts'
import { saveRecords } from './records.ts'
import { createServerGroup } from './server-group.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { mountSmallDisk } from './small-disk.ts'
import { startRedis } from '../support/redis.ts'
import { freePort } from '../support/free-port.ts'
import { createTcpProxy } from '../support/tcp-proxy.ts'
import { ANSWER_MS } from './traffic.ts'

export interface BuiltWorld extends World {
  logFile: string
  /** `keep`: the folder with log and database stays. */
  close(keep: boolean): Promise<void>
}

export interface WorldOptions {
  mongo: { url: string } | { command: string } | null
  servers: number
  /** A Redis between them. */
  redis: boolean
  seed: number
  rounds: number
  phones: number
  /** How many times faster the server's timers run. */
  pace: number
  /** A promise that the server is made to break. */
  seeded: string | null
}

const names = ['Ana Díaz', 'Luis Ortega', 'Sol Paz']

async function joinRedis(): Promise<NonNullable<World['redis']>> {
  const process = await startRedis()
  return { process, cable: await createTcpProxy(Number(new URL(process.url).port)) }
}

export async function buildWorld(options: WorldOptions): Promise<BuiltWorld> {
  const { seed } = options
  const closers: (() => Promise<unknown> | unknown)[] = []
  const folder = mkdtempSync(join(tmpdir(), 'hilo-torture-'))
  const logFile = join(folder, 'server.log')
  const dice = createRandom(seed)
  const twilioPort = await freePort()
  const twilio = await createTcpProxy(twilioPort)
  const apiUrl = `http://127.0.0.1:${twilio.port}`
  const simulator = createSimulator({
    accountSid,
    authToken,
    senders: ownNumbers,
    random: () => dice(2 ** 31) / 2 ** 31,
    timing: { sentAfterMs: 200, deliveredAfterMs: 400, answeredAfterMs: ANSWER_MS },
    // As docs/twilio-setup.md asks for: five repeats within fifteen seconds.
    retryWebhooks: { rc: 5, rp: ['all'], rt: 3_500, tt: 15_000, pauseMs: 250 },
    limit: 1_000_000,
    // Media, too, come over the cable.
    apiUrl,
  })
  closers.push(() => simulator.close())
  await simulator.listen(twilioPort)
  closers.push(() => twilio.close())

  const database = options.mongo !== null && 'command' in options.mongo ? await createDatabaseProcess(options.mongo.command) : null
  if (database !== null) closers.push(() => database.close())
  const mongoUrl = database?.url ?? (options.mongo !== null && 'url' in options.mongo ? options.mongo.url : null)
  const store = mongoUrl === null ? null : new URL(mongoUrl)
  const mongo = store === null ? null : await createTcpProxy(Number(store.port || '27017'), store.hostname)
  if (mongo !== null) closers.push(() => mongo.close())
  if (store !== null) {
    store.host = `127.0.0.1:${mongo?.port}`
    store.pathname = `/hilo_torture_${randomBytes(6).toString('hex')}`
  }
  // Room for what a run writes, and little to fill.
  const disk = mongoUrl === null ? mountSmallDisk(join(folder, 'disk'), 48 + options.rounds) : null
  if (disk !== null) closers.push(() => disk.close())

  const redis = options.redis ? await joinRedis() : null
  if (redis !== null)
    closers.push(
      () => redis.process.close(),
      () => redis.cable.close(),
    )

  const publicUrl = 'https://inbox.example.com'
  const launch = (port: number) =>
    createServerProcess({
      port,
      logFile,
      pace: options.pace,
      seeded: options.seeded,
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        ...serverEnv({
          port,
          publicUrl,
          databaseUrl: store === null ? `sqlite:${join(disk?.folder ?? folder, 'hilo.db')}` : store.href,
          apiUrl,
        }),
        ...(redis === null ? {} : { REDIS_URL: `redis://127.0.0.1:${redis.cable.port}` }),
        MEDIA_DIR: join(folder, 'media'),
        SEND_LIMIT_PER_CONTACT_HOUR: '1000000',
        LOG_LEVEL: 'warn',
      },
    })
  const ports = await Promise.all(Array.from({ length: options.servers }, freePort))
  const [first, ...others] = ports.map(launch)
  if (first === undefined) throw new Error('There is no server.')
  const servers = [first, ...others] as const
  const group = createServerGroup([first, ...others], createRandom(seed + 7))
  const clock = createClockHistory()
  const server: ServerProcess = {
    ...group,
    setClock(ms) {
      clock.set(ms, Date.now())
      group.setClock(ms)
    },
  }
  closers.push(() => server.close())
  const balancer = await createBalancer(ports)
  closers.push(() => balancer.close())
  simulator.connect(publicUrl, others.length === 0 ? first.url : balancer.url)
  const addresses = Array.from({ length: options.phones }, (_, i) => `+549117700${1000 + i}`)
  const agents: TortureAgent[] = []
  closers.push(() => Promise.all(agents.map((agent) => agent.close())))
  const close = async (keep: boolean) => {
    for (const closer of closers.reverse()) await closer()
    if (!keep) rmSync(folder, { recursive: true, force: true })
  }
  try {
    await server.ready()
    for (const [index, name] of names.entries())
      agents.push(await createAgent(`agent-${index + 1}`, name, servers[index % servers.length]?.url ?? server.url, index === 0))
    await saveRecords(agents[0] as TortureAgent, addresses)
  } catch (error) {
    await close(true)
    throw error
  }
  return {
    server,
    servers: servers.length,
    clock,
    simulator,
    agents,
    addresses,
    twilio,
    mongo,
    database,
    redis,
    disk,
    pace: options.pace,
    away: [],
    logFile,
    close,
  }
}
