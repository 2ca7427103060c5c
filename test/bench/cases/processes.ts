// Two processes on one MongoDB, with a Redis between them and without: what a message costs against one process, and how long it
// is on its way from the one to agents at the other.
import { startRedis } from '../../support/redis.ts'
import { join, latencies, type Side, takeMark, withConnections } from '../load/seen.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { inboundWebhook, messageSid } from '../load/webhooks.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, startHilo } from '../processes.ts'
import { killOne } from './one-killed.ts'

const AGENTS = 100
const CLIENTS = 50
const A_SECOND = 40

const request = (mark: number) => inboundWebhook(messageSid(0x1000_0000 + mark), mark % CLIENTS, `#${mark}# ¿A qué hora llega?`)

interface Measured {
  /** CPU of all processes for a webhook that all agents see, ms. */
  cpuMs: number
  /** At the process that took it, and at the other one; p99, ms. */
  here: number
  there: number
}

/** So many processes, the agents spread over them, webhooks to each in turn. */
async function measure(count: 1 | 2, mongoUrl: string, seconds: number, env: Record<string, string> = {}): Promise<Measured> {
  const sink = await startTwilioSink()
  const databaseUrl = newDatabase(mongoUrl)
  const sides: Side[] = []
  for (let i = 0; i < count; i++) sides.push(await join(await startHilo(databaseUrl, sink.url, env), AGENTS / count, request))
  const [first, last] = [sides[0] as Side, sides.at(-1) as Side]
  await withConnections(first, async ([connection]) => {
    for (let i = 0; i < CLIENTS; i++) await connection?.send(request(takeMark()))
  })
  const run = (side: Side, hearing: Side, forSeconds: number) =>
    withConnections(side, (connections) => latencies(side, connections, A_SECOND, forSeconds, hearing))
  await run(first, last, 1)
  const cpu = async () => (await Promise.all(sides.map(({ server }) => server.cpuMs()))).reduce((sum, one) => sum + one, 0)
  const before = await cpu()
  const here = [...(await run(first, first, seconds)), ...(await run(last, last, seconds))]
  const there = [...(await run(first, last, seconds)), ...(await run(last, first, seconds))]
  const cpuMs = ((await cpu()) - before) / (4 * seconds * A_SECOND)
  for (const { server, sockets } of sides) {
    for (const socket of sockets) socket.close()
    await server.stop()
  }
  sink.close()
  return { cpuMs, here: percentile(here, 0.99), there: percentile(there, 0.99) }
}

export async function processes({ quick, mongoUrl }: Options): Promise<Row[]> {
  if (mongoUrl === null) {
    process.stderr.write('not without MongoDB (--store mongo) … ')
    return []
  }
  const redis = await startRedis()
  const rounds = quick ? 1 : 3
  const seconds = quick ? 2 : 8
  const all: Record<'one' | 'two' | 'without', Measured[]> = { one: [], two: [], without: [] }
  // Turn about, so that a disturbance of the machine falls on all.
  for (let round = 0; round < rounds; round++) {
    all.one.push(await measure(1, mongoUrl, seconds))
    all.two.push(await measure(2, mongoUrl, seconds, { REDIS_URL: redis.url }))
    all.without.push(await measure(2, mongoUrl, seconds))
  }
  const killed = await killOne(mongoUrl, seconds, { REDIS_URL: redis.url }, request)
  await redis.close()
  const of = (side: keyof typeof all, what: keyof Measured) => median(all[side].map((one) => one[what]))
  const cost = of('two', 'cpuMs') / of('one', 'cpuMs')
  const further = of('two', 'there') / of('two', 'here')
  const unaided = of('without', 'there')
  return [
    {
      what: `CPU of a webhook that ${AGENTS} agents see, two processes and Redis against one process`,
      ours: figure(of('two', 'cpuMs'), 'ms'),
      baseline: figure(of('one', 'cpuMs'), 'ms'),
      ratio: figure(cost),
      goal: '≤ 1.15',
      met: cost <= 1.15,
    },
    {
      what: 'Webhook at one process → seen at the other, against seen at the same, Redis, p99',
      ours: figure(of('two', 'there'), 'ms'),
      baseline: figure(of('two', 'here'), 'ms'),
      ratio: figure(further),
      goal: '≤ 1.5',
      met: further <= 1.5,
    },
    {
      what: 'The same without Redis, p99',
      ours: figure(unaided, 'ms'),
      baseline: '700 ms',
      ratio: figure(unaided / 700),
      goal: '≤ 1',
      met: unaided <= 700,
    },
    {
      what: `One of two processes killed in the middle of ${killed.posted} webhooks: lost, doubled`,
      ours: `${killed.lost}, ${killed.doubled}`,
      baseline: '0, 0',
      ratio: '',
      goal: '0, 0',
      met: killed.lost + killed.doubled === 0,
    },
  ]
}
