// Compares the server and its clients at one moment at which nothing changes.
import { readLog } from './read-log.ts'
import { setTimeout as pause } from 'node:timers/promises'
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { TortureAgent } from './agents.ts'
import type { Seen } from './client-view.ts'
import { compareLive, compareWidget } from './compare-live.ts'
import { compareOrder } from './compare-order.ts'
import { compareThreads } from './compare-threads.ts'
import { compareView } from './compare-view.ts'
import { canonical, type Difference } from './difference.ts'
import type { World } from './faults.ts'
import { recordsOf } from './records.ts'
import type { Traffic } from './traffic.ts'

/** Threads that are read at one time. */
const AT_ONCE = 6
/** How long what changes meanwhile may go on to: recovery brings in what was lost, and the longer the slower the machine is. */
const CALM_MS = 10 * 60_000

interface Sides {
  stored: readonly Message[]
  agents: readonly {
    id: string
    reads: ReadonlyMap<string, number>
    rows: readonly OwnConversation[]
    unread: Unread
  }[]
  threads: ReadonlyMap<string, readonly Message[]>
}

/** How often the same differences are seen, with nothing changing, before they are believed. */
const SAME_LOOKS = 3

/**
 * Read again until nothing changed while it was: prices still come in. What clients hold may be told late by a moment, so a
 * difference counts that stays the same, look after look, for seconds in which nothing changed.
 */
async function whileStill(world: World, compare: (sides: Sides) => Promise<Difference[]> | Difference[]): Promise<Difference[]> {
  const state = ({ stored, agents }: Sides) => canonical([stored, agents.map(({ rows, unread }) => [rows, { ...unread, version: 0 }])])
  const end = Date.now() + CALM_MS
  let [last, looks] = ['', 0]
  for (;;) {
    const sides = await readSides(world)
    const differences = await compare(sides)
    if (differences.length === 0) return []
    const now = state(sides)
    const seen = `${now}${canonical(differences)}`
    // A look during which something changed, or after something did, is the first of a new row.
    if (now !== state(await readSides(world))) looks = 0
    else looks = seen === last ? looks + 1 : 1
    last = seen
    if (looks === SAME_LOOKS) return differences
    if (Date.now() > end) return [...differences, { what: 'nothing came to rest', detail: `within ${CALM_MS / 60_000} minutes` }]
    await pause(1_000)
  }
}

/** Nobody asks for anything: what each client was told has to be enough. */
export function compareToldLive(world: World): Promise<Difference[]> {
  return whileStill(world, ({ agents, threads }) =>
    world.agents.flatMap(({ view, widget }, index) => {
      const side = agents[index] as Sides['agents'][number]
      return [
        ...compareLive({ ...side, agent: side.id, seen: view.seen }),
        ...(widget === null ? [] : compareWidget({ ...side, agent: side.id, held: widget.held(), threads })),
      ]
    }),
  )
}

/** Threads, counts and views against the log, each thread opened once. */
export function compareShown(world: World, { taken, journal }: Traffic): Promise<Difference[]> {
  const { accepted } = world.simulator.ledger()
  return whileStill(world, async ({ stored, agents, threads }) => {
    const views: Seen[] = await Promise.all(world.agents.map((agent, index) => agent.view.settle(agents[index]?.rows ?? [])))
    const rows = agents[0]?.rows ?? []
    const filed = new Set(rows.filter((row) => recordsOf(world.addresses.indexOf(row.contact.phone ?? '')).filed).map((row) => row.id))
    return [
      ...compareThreads({ stored, threads, journal, joined: (row) => filed.has(row.id), agents }),
      ...compareOrder({ accepted, threads, taken, journal, joined: (id) => filed.has(id) }),
      ...agents.flatMap(({ id, rows, unread }, index) => compareView({ agent: id, seen: views[index] as Seen, stored, rows, unread })),
    ]
  })
}

async function readSides({ agents }: World): Promise<Sides> {
  const [boss] = agents as readonly [TortureAgent, ...TortureAgent[]]
  const stored = await readLog(boss)
  const sides = await Promise.all(
    agents.map(async (agent) => ({
      id: agent.id,
      reads: agent.reads,
      rows: await agent.pages<OwnConversation>('/api/conversations?automated=true'),
      unread: await agent.get<Unread>('/api/unread'),
    })),
  )
  const threads = new Map<string, Message[]>()
  const rows = sides[0]?.rows ?? []
  for (let start = 0; start < rows.length; start += AT_ONCE)
    await Promise.all(rows.slice(start, start + AT_ONCE).map(async ({ id }) => threads.set(id, await readThread(boss, id))))
  return { stored, agents: sides, threads }
}

async function readThread(agent: TortureAgent, id: string): Promise<Message[]> {
  const items: Message[] = []
  for (let after = 0; ; ) {
    const page = await agent.get<{ items: Message[]; hasMore: boolean }>(`/api/conversations/${id}/messages?after=${after}&limit=100`)
    items.push(...page.items)
    after = page.items.at(-1)?.seq ?? after
    if (!page.hasMore) return items
  }
}
