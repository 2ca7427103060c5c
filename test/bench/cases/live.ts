// Live latency and Live rate: from a webhook to the sockets of 1,000 agents of one organization.
import { setTimeout as wait } from 'node:timers/promises'
import { openConnection, type RawConnection } from '../load/raw-http.ts'
import { connectMany, type ThinSocket } from '../load/thin-socket.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { inboundWebhook, messageSid } from '../load/webhooks.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, type Started, startBaseline, startHilo } from '../processes.ts'
import { agentToken } from '../settings.ts'

const AGENTS = 1000
const CLIENTS = 100
const CONNECTIONS = 16
const SLICES = 3
const MESSAGES = Buffer.from('"messages":[')
const MARK = Buffer.from('"text":"#')

interface Side {
  server: Started
  sockets: ThinSocket[]
  /** A request that makes the server tell everybody of this number. */
  request(mark: number): Buffer
  watch: Watch
}

/** Who has seen which mark. */
interface Watch {
  hear(packet: Buffer): void
  sample: string
  seen(mark: number): number
  onSeen: ((mark: number) => void) | null
}

function createWatch(): Watch {
  const counts = new Map<number, number>()
  // A thousand sockets get the same bytes: they are read once.
  let last: Buffer = Buffer.alloc(0)
  let lastMarks: number[] = []
  const marksIn = (packet: Buffer): number[] => {
    if (packet.equals(last)) return lastMarks
    last = Buffer.from(packet)
    lastMarks = []
    let at = packet.indexOf(MESSAGES)
    while (at >= 0) {
      at = packet.indexOf(MARK, at)
      if (at < 0) break
      at += MARK.length
      lastMarks.push(Number.parseInt(packet.toString('latin1', at, at + 10), 10))
    }
    return lastMarks
  }
  const watch: Watch = {
    sample: '',
    onSeen: null,
    seen: (mark) => counts.get(mark) ?? 0,
    hear(packet) {
      for (const mark of marksIn(packet)) {
        if (watch.sample === '') watch.sample = packet.toString()
        counts.set(mark, (counts.get(mark) ?? 0) + 1)
        watch.onSeen?.(mark)
      }
    },
  }
  return watch
}

async function join(server: Started, request: (mark: number) => Buffer): Promise<Side> {
  const watch = createWatch()
  const tokens = Array.from({ length: AGENTS }, (_, i) => agentToken(`agent-${i}`))
  const sockets = await connectMany(server.url, tokens, (_, packet) => watch.hear(packet))
  return { server, sockets, request, watch }
}

let marks = 0

/** Opened for each run: an idle server closes kept connections after some seconds. */
async function withConnections<T>(side: Side, use: (connections: RawConnection[]) => Promise<T>): Promise<T> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(side.server.url)))
  try {
    return await use(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

async function allSeen(side: Side, from: number, to: number): Promise<void> {
  const deadline = performance.now() + 30_000
  for (let mark = from; mark < to; mark++)
    while (side.watch.seen(mark) < AGENTS) {
      if (performance.now() > deadline) throw new Error(`Mark ${mark} was seen by ${side.watch.seen(mark)} of ${AGENTS} agents.`)
      await wait(5)
    }
}

/** Webhooks a second that everybody sees, when each connection sends the next as soon as it is answered. */
async function rate(side: Side, connections: RawConnection[], seconds: number): Promise<number> {
  const first = marks
  const began = performance.now()
  const end = began + seconds * 1000
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() < end) await connection.send(side.request(marks++))
    }),
  )
  const sent = marks
  await allSeen(side, first, sent)
  return (sent - first) / ((performance.now() - began) / 1000)
}

/** From the moment a webhook was due to each agent's socket, ms, at a steady rate. */
async function latencies(side: Side, connections: RawConnection[], perSecond: number, seconds: number): Promise<number[]> {
  const first = marks
  const total = Math.round(perSecond * seconds)
  const dueAt = new Map<number, number>()
  const values: number[] = []
  side.watch.onSeen = (mark) => {
    const due = dueAt.get(mark)
    if (due !== undefined) values.push(performance.now() - due)
  }
  const free = [...connections]
  const began = performance.now()
  for (let i = 0; i < total; i++) {
    const due = began + (i * 1000) / perSecond
    const early = due - performance.now()
    if (early > 0) await wait(early)
    while (free.length === 0) await wait(1)
    const connection = free.pop() as RawConnection
    const mark = marks++
    dueAt.set(mark, Math.max(due, early > 0 ? performance.now() : due))
    void connection.send(side.request(mark)).then(() => free.push(connection))
  }
  await allSeen(side, first, marks)
  side.watch.onSeen = null
  return values
}

export async function live({ quick, mongoUrl }: Options): Promise<Row[]> {
  const sink = await startTwilioSink()
  const hilo = await startHilo(newDatabase(mongoUrl), sink.url)
  const ours = await join(hilo, (mark) => inboundWebhook(messageSid(0x1000_0000 + mark), mark % CLIENTS, `#${mark}# ¿A qué hora llega?`))
  const warm = marks
  await withConnections(ours, async ([connection]) => {
    for (let i = 0; i < CLIENTS; i++) await connection?.send(ours.request(marks++))
  })
  await allSeen(ours, warm, marks)
  // The same bytes for the baseline: a packet that Hilo sent, with another number in it.
  const [, event] = JSON.parse(ours.watch.sample.slice(1)) as [string, object]
  const payload = JSON.stringify(event)
  const bare = await startBaseline('live')
  const theirs = await join(bare, (mark) => {
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
