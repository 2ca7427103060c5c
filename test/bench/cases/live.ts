// Live latency and Live rate: from a webhook to the sockets of 1,000 agents of one organization.
import type { RawConnection } from '../load/raw-http.ts'
import { allSeen, join, latencies, nextMark, type Side, takeMark, withConnections } from '../load/seen.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { inboundWebhook, messageSid } from '../load/webhooks.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, startBaseline, startHilo } from '../processes.ts'

const AGENTS = 1000
const CLIENTS = 100
const SLICES = 3
/** Webhooks a second that everybody sees, when each connection sends the next as soon as it is answered. */
async function rate(side: Side, connections: RawConnection[], seconds: number): Promise<number> {
  const first = nextMark()
  const began = performance.now()
  const end = began + seconds * 1000
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) await connection.send(side.request(takeMark()))
    }),
  )
  const sent = nextMark()
  await allSeen(side, first, sent)
  return (sent - first) / ((performance.now() - began) / 1000)
}

export async function live({ quick, mongoUrl }: Options): Promise<Row[]> {
  const sink = await startTwilioSink()
  const hilo = await startHilo(newDatabase(mongoUrl), sink.url)
  const ours = await join(hilo, AGENTS, (mark) =>
    inboundWebhook(messageSid(0x1000_0000 + mark), mark % CLIENTS, `#${mark}# ¿A qué hora llega?`),
  )
  const warm = nextMark()
  await withConnections(ours, async ([connection]) => {
    for (let i = 0; i < CLIENTS; i++) await connection?.send(ours.request(takeMark()))
  })
  await allSeen(ours, warm, nextMark())
  // The same bytes for the baseline: a packet that Hilo sent, with another number in it.
  const [, event] = JSON.parse(ours.watch.sample.slice(1)) as [string, object]
  const payload = JSON.stringify(event)
  const bare = await startBaseline('live')
  const theirs = await join(bare, AGENTS, (mark) => {
    const body = Buffer.from(payload.replaceAll(/#\d+#/g, `#${mark}#`))
    return Buffer.concat([
      Buffer.from(`POST / HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`),
      body,
    ])
  })
  const rounds = quick ? 1 : 3
  const rates = { ours: [] as number[], theirs: [] as number[] }
  const p99 = { ours: [] as number[], theirs: [] as number[] }
  const p50 = { ours: [] as number[], theirs: [] as number[] }
  const measureRate = (side: Side, seconds: number) => withConnections(side, (connections) => rate(side, connections, seconds))
  await measureRate(theirs, 1)
  for (let round = 0; round < rounds; round++) {
    rates.ours.push(await measureRate(ours, quick ? 2 : 8))
    rates.theirs.push(await measureRate(theirs, quick ? 2 : 8))
  }
  const perSecond = median(rates.theirs) / 2
  for (let round = 0; round < rounds; round++) {
    const values = { ours: [] as number[], theirs: [] as number[] }
    // Turn about in short slices, so that a disturbance of the machine falls on both.
    for (let slice = 0; slice < SLICES; slice++)
      for (const [side, own] of [
        [ours, 'ours'],
        [theirs, 'theirs'],
      ] as const)
        values[own] = values[own].concat(
          await withConnections(side, (connections) => latencies(side, connections, perSecond, quick ? 1 : 4)),
        )
    for (const own of ['ours', 'theirs'] as const) {
      p99[own].push(percentile(values[own], 0.99))
      p50[own].push(percentile(values[own], 0.5))
    }
  }
  for (const side of [ours, theirs]) {
    for (const socket of side.sockets) socket.close()
    await side.server.stop()
  }
  sink.close()
  const latency = median(p99.ours) / median(p99.theirs)
  const faster = median(rates.ours) / median(rates.theirs)
  return [
    {
      what: `Live latency p99, 1,000 agents, ${figure(perSecond)} webhooks/s`,
      ours: `${figure(median(p99.ours), 'ms')} (p50 ${figure(median(p50.ours))})`,
      baseline: `${figure(median(p99.theirs), 'ms')} (p50 ${figure(median(p50.theirs))})`,
      ratio: figure(latency),
      goal: '≤ 1.5',
      met: latency <= 1.5,
    },
    {
      what: 'Live rate, 1,000 agents',
      ours: `${figure(median(rates.ours))}/s`,
      baseline: `${figure(median(rates.theirs))}/s`,
      ratio: figure(faster),
      goal: '≥ 1.0',
      met: faster >= 1,
    },
  ]
}
