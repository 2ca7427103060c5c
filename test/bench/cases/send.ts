// Send: `message:send` of 200 agents, acknowledged after the commit. Every agent of the organization hears every message,
// and Twilio (a sink that accepts at once) gets each: that is part of what is measured.
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { OwnConversation } from '../../../shared/model.ts'
import { callApi } from '../api.ts'
import { openConnection } from '../load/raw-http.ts'
import { connectMany, type ThinSocket } from '../load/thin-socket.ts'
import { startTwilioSink } from '../load/twilio-sink.ts'
import { inboundWebhook, messageSid } from '../load/webhooks.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, newFolder, type Started, startBaseline, startHilo } from '../processes.ts'
import { agentToken } from '../settings.ts'

const AGENTS = 200
/** Each agent writes every ten seconds. */
const PER_SECOND = 20
const SLICES = 3

interface Side {
  server: Started
  sockets: ThinSocket[]
  acknowledged: Map<number, (packet: string) => void>
}

async function join(server: Started): Promise<Side> {
  const acknowledged = new Map<number, (packet: string) => void>()
  const tokens = Array.from({ length: AGENTS }, (_, i) => agentToken(`agent-${i}`))
  const sockets = await connectMany(server.url, tokens, (_, packet) => {
    if (packet[0] !== 0x33) return
    const text = packet.toString()
    const id = Number.parseInt(text.slice(1), 10)
    acknowledged.get(id)?.(text)
    acknowledged.delete(id)
  })
  return { server, sockets, acknowledged }
}

let ids = 0

async function latencies(side: Side, conversations: readonly string[], seconds: number): Promise<number[]> {
  const values: number[] = []
  const total = PER_SECOND * seconds
  const began = performance.now()
  for (let i = 0; i < total; i++) {
    const due = began + (i * 1000) / PER_SECOND
    const early = due - performance.now()
    if (early > 0) await wait(early)
    const id = ids++
    const sentAt = early > 0 ? performance.now() : due
    side.acknowledged.set(id, (packet) => {
      if (!packet.includes('"ok":true')) throw new Error(`A send was refused: ${packet.slice(0, 300)}`)
      values.push(performance.now() - sentAt)
    })
    const place = i % AGENTS
    const body = { conversationId: conversations[place], text: 'Ya le confirmo el horario.', clientMessageId: randomUUID() }
    side.sockets[place]?.emit(id, 'message:send', body)
  }
  const deadline = performance.now() + 20_000
  while (values.length < total) {
    if (performance.now() > deadline) throw new Error(`${total - values.length} sends were not acknowledged.`)
    await wait(5)
  }
  return values
}

async function openThreads(server: Started): Promise<string[]> {
  const connection = await openConnection(server.url)
  for (let client = 0; client < AGENTS; client++) await connection.send(inboundWebhook(messageSid(client), client, 'Hola'))
  connection.close()
  const found: string[] = []
  let cursor: string | null = null
  do {
    const page: { items: OwnConversation[]; nextCursor: string | null } = await callApi(
      server,
      `/api/conversations?limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    found.push(...page.items.map((conversation) => conversation.id))
    cursor = page.nextCursor
  } while (cursor !== null)
  return found
}

export async function send({ quick, mongoUrl }: Options): Promise<Row[]> {
  const sink = await startTwilioSink()
  const hilo = await startHilo(newDatabase(mongoUrl), sink.url)
  const conversations = await openThreads(hilo)
  const bare = await (mongoUrl === null
    ? startBaseline('send', 'sqlite', newFolder())
    : startBaseline('send', 'mongoose', newDatabase(mongoUrl)))
  const [ours, theirs] = [await join(hilo), await join(bare)]
  for (const side of [ours, theirs]) await latencies(side, conversations, 1)
  const p99 = { ours: [] as number[], theirs: [] as number[] }
  const p50 = { ours: [] as number[], theirs: [] as number[] }
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    const values = { ours: [] as number[], theirs: [] as number[] }
    // Turn about in short slices, so that a disturbance of the machine falls on both.
    for (let slice = 0; slice < SLICES; slice++)
      for (const [side, own] of [
        [ours, 'ours'],
        [theirs, 'theirs'],
      ] as const)
        values[own] = values[own].concat(await latencies(side, conversations, quick ? 1 : 5))
    for (const own of ['ours', 'theirs'] as const) {
      p99[own].push(percentile(values[own], 0.99))
      p50[own].push(percentile(values[own], 0.5))
    }
  }
  for (const { sockets, server } of [ours, theirs]) {
    for (const socket of sockets) socket.close()
    await server.stop()
  }
  sink.close()
  const ratio = median(p99.ours) / median(p99.theirs)
  return [
    {
      what: `Send p99, ${AGENTS} agents, ${PER_SECOND}/s`,
      ours: `${figure(median(p99.ours), 'ms')} (p50 ${figure(median(p50.ours))})`,
      baseline: `${figure(median(p99.theirs), 'ms')} (p50 ${figure(median(p50.theirs))})`,
      ratio: figure(ratio),
      goal: '≤ 2',
      met: ratio <= 2,
    },
  ]
}
