// Automations: many records moved at once, beside people who write; a server that is killed while messages come due; and the start
// with many plans. Only by name (`--only automations`).
import { callApi } from '../api.ts'
import { countAutomated, DAY_MS, openAgain, orgId, recordOf, saveRecords, saveRules, smsSettings } from '../load/planned-records.ts'
import { allSeen, join, latencies, nextMark, type Side, takeMark, withConnections } from '../load/seen.ts'
import { startTwilioSink, type TwilioSink } from '../load/twilio-sink.ts'
import { inboundWebhook, messageSid } from '../load/webhooks.ts'
import { figure, median, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, startHilo } from '../processes.ts'
import { killedWhileDue } from './automations-killed.ts'
import { startPlanned } from './automations-start.ts'

const AGENTS = 50
const CLIENTS = 100
const A_SECOND = 40
const SLICE_SECONDS = 2
const SETTLED_WITHIN_MS = 5 * 60_000

export async function automations(options: Options): Promise<Row[]> {
  return [...(await rescheduled(options)), ...(await killedWhileDue(options)), ...(await startPlanned(options))]
}

async function rescheduled({ quick, mongoUrl }: Options): Promise<Row[]> {
  const count = quick ? 2_000 : 10_000
  const sink = await startTwilioSink()
  const databaseUrl = newDatabase(mongoUrl)
  const hilo = await startHilo(databaseUrl, sink.url, smsSettings)
  const side = await join(hilo, AGENTS, (mark) => inboundWebhook(messageSid(0x2000_0000 + mark), mark % CLIENTS, `#${mark}# ¿A qué hora?`))
  await warm(side)
  await saveRules(hilo)
  await callApi(hilo, '/api/automations/movido', { on: 'coordination.rescheduled', template: 'cita', channels: ['sms'] }, 'PUT')
  const first = Date.now() + 10 * DAY_MS
  const startsAt = (n: number) => first + n * 60_000
  await saveRecords(
    hilo,
    Array.from({ length: count }, (_, n) => recordOf(n, startsAt(n))),
  )
  const quiet = await slices(side, () => false, quick ? 2 : 5)
  const began = performance.now()
  const saving = saveRecords(
    hilo,
    Array.from({ length: count }, (_, n) => recordOf(n, startsAt(n) + DAY_MS)),
  )
  const busy = await slices(side, () => sink.taken.length < count && performance.now() - began < SETTLED_WITHIN_MS, 1)
  await saving
  const tookMs = performance.now() - began
  for (const socket of side.sockets) socket.close()
  await hilo.stop()
  sink.close()
  const { wrong, late } = await countWrong(databaseUrl, sink, count, (n) => startsAt(n))
  const ratio = percentile(busy, 0.99) / percentile(quiet, 0.99)
  const said = (values: number[]) => `${figure(percentile(values, 0.99), 'ms')} (p50 ${figure(median(values))})`
  return [
    {
      what: `Live latency p99 while ${count.toLocaleString('en')} records are moved and their clients told`,
      ours: said(busy),
      baseline: said(quiet),
      ratio: figure(ratio),
      goal: '≤ 1.2',
      met: ratio <= 1.2,
    },
    {
      what: 'All of them told',
      ours: `${figure(tookMs / 1000, 's')}, ${late} not yet`,
      ...{ baseline: '', ratio: '', goal: '0 not yet', met: late === 0 },
    },
    { what: 'Plans that are wrong, or told twice', ours: String(wrong), baseline: '', ratio: '', goal: '0', met: wrong === 0 },
  ]
}

async function warm(side: Side): Promise<void> {
  const first = nextMark()
  await withConnections(side, async ([connection]) => {
    for (let i = 0; i < CLIENTS; i++) await connection?.send(side.request(takeMark()))
  })
  await allSeen(side, first, nextMark())
}

/** From a client's message to the agents' sockets, at least so many slices, and on while it is so. */
async function slices(side: Side, goesOn: () => boolean, least: number): Promise<number[]> {
  const values: number[] = []
  for (let slice = 0; slice < least || goesOn(); slice++)
    values.push(...(await withConnections(side, (connections) => latencies(side, connections, A_SECOND, SLICE_SECONDS))))
  return values
}

async function countWrong(
  databaseUrl: string,
  sink: TwilioSink,
  count: number,
  dueAt: (n: number) => number,
): Promise<{ wrong: number; late: number }> {
  const store = await openAgain(databaseUrl)
  const told = await countAutomated(store)
  const sent = Map.groupBy(sink.taken, ({ to }) => to)
  const found = { wrong: 0, late: 0 }
  for (let n = 0; n < count; n++) {
    const { id, contact } = recordOf(n, 0)
    const planned = await store.recordPlan(orgId, id)
    const times = [told.get(id) ?? 0, sent.get(contact.phone)?.length ?? 0]
    const isLate = times.includes(0)
    if (isLate) found.late++
    if (times.some((one) => one > 1) || (!isLate && planned?.plan.nextDueAt !== dueAt(n))) found.wrong++
  }
  await store.close()
  return found
}
