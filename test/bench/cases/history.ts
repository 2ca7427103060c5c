// History: what each read takes with few messages and with many, against itself with a thousand; and the whole log as CSV.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { systemClock } from '../../../server/clock.ts'
import { createIds } from '../../../server/ids.ts'
import { openStore } from '../../../server/store/open-store.ts'
import type { Store } from '../../../server/store/store.ts'
import { figure, percentile, type Row } from '../measure.ts'
import type { Options } from '../options.ts'
import { newDatabase } from '../processes.ts'
import { fill } from './start.ts'

const viewer = { orgId: 'default', agentId: 'bench', scope: null }
const page = { cursor: null, limit: 50 }
const TIMES = 100
const MOST_GROWTH = 1.5
const MOST_DELAY_MS = 50

function readsOf(store: Store, conversationId: string, cursor: string): Record<string, () => Promise<unknown>> {
  return {
    'Inbox page': () => store.conversations(viewer, { sort: 'activity' }, page),
    'Thread page': () => store.messages(viewer, conversationId, { limit: 50 }),
    Unread: () => store.unread([viewer]),
    Sync: () => store.sync(viewer, cursor, 100),
    'Log page': () => store.messageLog(viewer, {}, page),
    'Log page, inbound on WhatsApp': () => store.messageLog(viewer, { direction: 'inbound', channel: 'whatsapp' }, page),
  }
}

async function measure(databaseUrl: string, messages: number): Promise<{ times: Map<string, number>; delayMs: number }> {
  await fill(databaseUrl, messages)
  const store = await openStore(databaseUrl, { clock: systemClock, newId: createIds(Date.now) })
  const [first] = (await store.conversations(viewer, { sort: 'activity' }, page)).items
  const { cursor } = await store.sync(viewer, null, 1)
  const times = new Map<string, number>()
  for (const [name, read] of Object.entries(readsOf(store, first?.id ?? '', cursor))) {
    const taken: number[] = []
    // What is run for the first time is slower, with few messages as with many.
    for (let i = 0; i < TIMES; i++) await read()
    for (let i = 0; i < TIMES; i++) {
      const began = performance.now()
      await read()
      taken.push(performance.now() - began)
    }
    times.set(name, percentile(taken, 0.95))
  }
  const delayMs = await exportAll(store)
  await store.close()
  return { times, delayMs }
}

/** The longest time for which the event loop was held up meanwhile. */
async function exportAll(store: Store): Promise<number> {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  for (let cursor: string | null = null; ; ) {
    const { nextCursor } = await store.logTable(viewer, {}, { of: 'messages', locale: 'es' }, { cursor, limit: 500 })
    if (nextCursor === null) break
    cursor = nextCursor
    await new Promise((resolve) => setImmediate(resolve))
  }
  delay.disable()
  return delay.max / 1e6
}

export async function history({ quick, mongoUrl }: Options): Promise<Row[]> {
  const sizes = quick ? [1_000, 10_000] : [1_000, 100_000, 1_000_000]
  const rows: Row[] = []
  let few: Map<string, number> | null = null
  for (const size of sizes) {
    const { times, delayMs } = await measure(newDatabase(mongoUrl), size)
    few ??= times
    const count = size.toLocaleString('en')
    for (const [name, time] of times) {
      const before = few.get(name) ?? time
      const growth = time / before
      rows.push({
        ...{ what: `${name}, ${count} messages, p95`, ours: figure(time, 'ms'), baseline: figure(before, 'ms') },
        ...{ ratio: figure(growth), goal: `≤ ${MOST_GROWTH}`, met: growth <= MOST_GROWTH },
      })
    }
    rows.push({
      ...{ what: `Event loop held up by the CSV of ${count} messages`, ours: figure(delayMs, 'ms'), baseline: '', ratio: '' },
      ...{ goal: `≤ ${MOST_DELAY_MS} ms`, met: delayMs <= MOST_DELAY_MS },
    })
  }
  return rows
}
