// Ingest: signed webhooks over 64 connections, new messages, repeats and statuses mixed, each acknowledged after a commit.
import { setTimeout as wait } from 'node:timers/promises'
import type { Message } from '../../../shared/model.ts'
import { callApi } from '../api.ts'
import { openConnection, type RawConnection } from '../load/raw-http.ts'
import { startTwilioSink, type TwilioSink } from '../load/twilio-sink.ts'
import { clientNumber, inboundWebhook, messageSid, statusWebhook } from '../load/webhooks.ts'
import { figure, median, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, newFolder, type Started, startBaseline, startHilo } from '../processes.ts'

const CONNECTIONS = 64
const CLIENTS = 200
const WARM_SECONDS = 1
/** As many are made beforehand. */
const MOST_A_SECOND = 16_000
const SENT = 300
const STATUSES = ['sent', 'delivered', 'read']
/** Of twenty webhooks: the rest are repeats, then statuses. */
const NEW = 14
const REPEATED = 3

interface Webhook {
  request: Buffer
  newSid: number | null
}

interface Outbound {
  id: string
  sid: string
  client: number
}

/** A webhook of the mix; `sid` numbers the new ones. */
function webhook(i: number, outbound: readonly Outbound[]): Webhook {
  const place = i % 20
  const round = Math.floor(i / 20)
  if (place < NEW) {
    const sid = CLIENTS + round * NEW + place
    return { request: inboundWebhook(messageSid(sid), sid % CLIENTS, `¿A qué hora llega el fotógrafo? (${sid})`), newSid: sid }
  }
  if (place < NEW + REPEATED && round > 0) {
    const sid = CLIENTS + (round - 1) * NEW + place - NEW
    return { request: inboundWebhook(messageSid(sid), sid % CLIENTS, `¿A qué hora llega el fotógrafo? (${sid})`), newSid: null }
  }
  const turn = round * 3 + place
  const message = outbound[Math.floor(turn / STATUSES.length) % outbound.length] as Outbound
  return { request: statusWebhook(message, message.client, STATUSES[turn % STATUSES.length] as string), newSid: null }
}

async function drive({ url, cpuMs }: Started, requests: readonly Webhook[], seconds: number) {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => openConnection(url)))
  let next = 0
  let answered = 0
  const taken = new Set<number>()
  const until = async (end: number) => {
    answered = 0
    await Promise.all(connections.map((connection) => drain(connection, end)))
  }
  const drain = async (connection: RawConnection, end: number) => {
    while (performance.now() < end) {
      const one = requests[next++]
      if (!one) return
      const status = await connection.send(one.request)
      if (status !== 200 && status !== 204) throw new Error(`A webhook was answered ${status}.`)
      answered++
      if (one.newSid !== null) taken.add(one.newSid)
    }
  }
  // The first second belongs to the compiler, on every side.
  await until(performance.now() + WARM_SECONDS * 1000)
  const cpu = await cpuMs()
  const began = performance.now()
  await until(began + seconds * 1000)
  const elapsed = (performance.now() - began) / 1000
  for (const connection of connections) connection.close()
  const cpuMicros = ((await cpuMs()) - cpu) * (1000 / answered)
  return { perSecond: answered / elapsed, cpuMicros, taken: taken.size }
}

/** Every client has written once, and many were answered: the messages whose statuses will come. */
async function warmUp(server: Started, sink: TwilioSink): Promise<Outbound[]> {
  const connection = await openConnection(server.url)
  for (let client = 0; client < CLIENTS; client++) {
    const status = await connection.send(inboundWebhook(messageSid(client), client, 'Hola'))
    if (status !== 200) throw new Error(`A first webhook was answered ${status}.`)
  }
  connection.close()
  const before = sink.taken.length
  for (let i = 0; i < SENT; i++)
    await callApi<{ message: Message }>(server, '/api/messages', {
      channel: 'whatsapp',
      to: clientNumber(i % CLIENTS),
      text: 'Ya le confirmo',
    })
  while (sink.taken.length < before + SENT) await wait(20)
  return sink.taken.slice(before).map(({ id, sid, to }) => ({ id, sid, client: Number(to.slice(-8)) - 40_000_000 }))
}

/** Inbound messages that the server holds: what was acknowledged, once each. */
async function held(server: Started): Promise<number> {
  let cursor: string | null = null
  let total = 0
  do {
    const page: { items: { inboundCount: number }[]; nextCursor: string | null } = await callApi(
      server,
      `/api/conversations?automated=true&limit=100${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    for (const conversation of page.items) total += conversation.inboundCount
    cursor = page.nextCursor
  } while (cursor !== null)
  return total
}

type Kind = 'hilo' | 'request' | 'group'

export async function ingest({ quick, mongoUrl }: Options): Promise<Row[]> {
  const rounds = quick ? 1 : 3
  const seconds = quick ? 2 : 8
  const sink = await startTwilioSink()
  const rates: Record<Kind, number[]> = { hilo: [], request: [], group: [] }
  const cpu: Record<Kind, number[]> = { hilo: [], request: [], group: [] }
  let wrong = 0
  for (let round = 0; round < rounds; round++) {
    const database = newDatabase(mongoUrl)
    const hilo = await startHilo(database, sink.url)
    const outbound = await warmUp(hilo, sink)
    const requests = Array.from({ length: (WARM_SECONDS + seconds) * MOST_A_SECOND }, (_, i) => webhook(i, outbound))
    const told = await drive(hilo, requests, seconds)
    rates.hilo.push(told.perSecond)
    cpu.hilo.push(told.cpuMicros)
    wrong += Math.abs((await held(hilo)) - told.taken - CLIENTS)
    await hilo.stop()
    for (const kind of ['request', 'group'] as const) {
      if (mongoUrl !== null && kind === 'group') continue
      const baseline =
        mongoUrl === null
          ? await startBaseline('ingest', kind, newFolder())
          : await startBaseline('ingest', 'mongoose', newDatabase(mongoUrl))
      const driven = await drive(baseline, requests, seconds)
      rates[kind].push(driven.perSecond)
      cpu[kind].push(driven.cpuMicros)
      await baseline.stop()
    }
  }
  sink.close()
  const said = (kind: Kind) => `${figure(median(rates[kind]))}/s (${figure(median(cpu[kind]), 'µs')} CPU each)`
  const row = (what: string, kind: 'request' | 'group', goal: number): Row => {
    const ratio = median(rates.hilo) / median(rates[kind])
    return {
      what,
      ours: said('hilo'),
      baseline: said(kind),
      ratio: figure(ratio),
      goal: `≥ ${goal}`,
      met: ratio >= goal && wrong === 0,
    }
  }
  const exact: Row = { what: 'Ingest: lost or doubled', ours: String(wrong), baseline: '', ratio: '', goal: '0', met: wrong === 0 }
  if (mongoUrl !== null) return [row('Ingest, against an insert per request (mongoose)', 'request', 0.7), exact]
  return [row('Ingest, against a commit per request', 'request', 3), row('Ingest, against group commit', 'group', 0.85), exact]
}
