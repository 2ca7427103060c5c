// A list of 200,000 clients: how long it takes, what memory, how long others wait meanwhile, and the same list again.
import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { ContactsImported } from '../../../server/imports/import-contacts.ts'
import { callApi } from '../api.ts'
import { figure, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase, type Started, startBaseline, startHilo } from '../processes.ts'
import { agentToken } from '../settings.ts'

const GOAL_MS = 60_000
const GOAL_BYTES = 200 * 1024 * 1024
const PIECE = 1000

/** National numbers, as a shop keeps them, with what else such a list has. */
function* list(rows: number): Generator<Buffer> {
  yield Buffer.from('Nombre;Apellido;Teléfono;Código de cliente;Etiquetas;Ciudad\r\n')
  for (let from = 0; from < rows; from += PIECE)
    yield Buffer.from(Array.from({ length: Math.min(PIECE, rows - from) }, (_, index) => line(from + index)).join(''))
}

function line(n: number): string {
  const number = `011 15-${4000 + Math.floor(n / 10_000)}-${String(n % 10_000).padStart(4, '0')}`
  return [`"Ana ""${n}"""`, 'Núñez', number, `cl-${n}`, 'vip,2026', 'Rosario'].join(';').concat('\r\n')
}

async function take(server: Started, rows: number): Promise<{ ms: number; done: ContactsImported }> {
  const began = performance.now()
  const response = await fetch(`${server.url}/api/contacts/import?attributes=*`, {
    method: 'POST',
    headers: { authorization: `Bearer ${agentToken('bench', { role: 'supervisor' })}`, 'content-type': 'text/csv' },
    body: Readable.toWeb(Readable.from(list(rows))),
    duplex: 'half',
  } as RequestInit)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return { ms: performance.now() - began, done: (await response.json()) as ContactsImported }
}

export async function importing({ quick, mongoUrl }: Options): Promise<Row[]> {
  const rows = quick ? 20_000 : 200_000
  const twilio = await startBaseline('media-origin')
  const hilo = await startHilo(newDatabase(mongoUrl), twilio.url)
  const before = await hilo.peak()
  const waits: number[] = []
  let isOver = false
  const ask = async (into: number[]) => {
    const began = performance.now()
    await callApi(hilo, '/api/conversations?limit=1')
    into.push(performance.now() - began)
    await wait(20)
  }
  const alone: number[] = []
  for (let i = 0; i < 100; i++) await ask(alone)
  const others = (async () => {
    while (!isOver) await ask(waits)
  })()
  const first = await take(hilo, rows)
  const again = await take(hilo, rows)
  isOver = true
  await others
  const peak = await hilo.peak()
  await hilo.stop()
  await twilio.stop()
  if (first.done.created !== rows || again.done.unchanged !== rows) throw new Error(JSON.stringify([first.done, again.done]))
  const most = GOAL_MS * (rows / 200_000)
  const timeRow = (what: string, ms: number): Row => ({
    what: `${what}, ${rows.toLocaleString('en')} rows`,
    ...{ ours: figure(ms / 1000, 's'), baseline: figure(most / 1000, 's'), ratio: figure(ms / most), goal: '≤ 1', met: ms <= most },
  })
  const p99 = percentile(waits, 0.99)
  const more = peak - before
  return [
    timeRow('Import of contacts', first.ms),
    timeRow('The same again', again.ms),
    {
      what: `Memory that it takes at its most, past ${figure(before / 1e6, 'MB')} of the server before`,
      ...{ ours: figure(more / 1e6, 'MB'), baseline: figure(GOAL_BYTES / 1e6, 'MB'), ratio: figure(more / GOAL_BYTES), goal: '≤ 1' },
      met: more <= GOAL_BYTES,
    },
    {
      what: `Another call meanwhile, p99 (${figure(percentile(alone, 0.99), 'ms')} alone)`,
      ...{ ours: figure(p99, 'ms'), baseline: '100 ms', ratio: figure(p99 / 100), goal: '≤ 1', met: p99 <= 100 },
    },
  ]
}
