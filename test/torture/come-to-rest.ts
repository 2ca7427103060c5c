// The end of a run: no fault, no traffic, and then everything that was under way has to end, as an agent would bring it
// about: one who is asked about a message that nobody can tell of answers.
import { setTimeout as pause } from 'node:timers/promises'
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import type { TortureAgent } from './agents.ts'
import type { Seen } from './client-view.ts'
import { compareDesk } from './compare-desk.ts'
import { compareLedger } from './compare-ledger.ts'
import { compareOrder } from './compare-order.ts'
import { compareRouting } from './compare-routing.ts'
import { compareThreads } from './compare-threads.ts'
import { compareView } from './compare-view.ts'
import { canonical, type Difference } from './difference.ts'
import { MOST_OFF_MS, type World } from './faults.ts'
import { recordsOf } from './records.ts'
import type { Traffic } from './traffic.ts'

export interface RestOptions {
  /** How long what is under way may take to end. */
  restMs: number
  /** How long recovery has for what was lost, after that: it waits the longer the more often the store was busy. */
  recoveryMs: number
  /** Begin recovery by a restart, and later by the server's clock, instead of waiting for its turn. */
  restart: boolean
  /** From then on an agent answers about what is still unconfirmed. */
  answerAfterMs: number
  report: (line: string) => void
}

export interface Rest {
  differences: Difference[]
  stored: readonly Message[]
  /** Unconfirmed messages that an agent had to give up. */
  discarded: ReadonlySet<string>
  /** Clients' messages that could have come into one thread only, by what is known of the order of things. */
  routed: number
}

export async function comeToRest(world: World, traffic: Traffic, options: RestOptions): Promise<Rest> {
  const { server, simulator, agents } = world
  const [boss] = agents
  if (boss === undefined) throw new Error('There are no agents.')
  const discarded = new Set<string>()
  const begun = Date.now()
  let told = 0
  await until(
    async () => {
      const still: Message[] = []
      for (const status of ['scheduled', 'queued', 'sending', 'unconfirmed'])
        still.push(...(await boss.get<{ items: Message[] }>(`/api/messages?status=${status}&limit=100`)).items.filter(isUnderWay))
      if (Date.now() - begun > options.answerAfterMs)
        for (const one of still)
          if (one.status === 'unconfirmed' && (await boss.call('POST', `/api/messages/${one.id}/cancel`, {})).status === 200)
            discarded.add(one.id)
      if (Date.now() - told > 10_000) {
        told = Date.now()
        options.report(`at rest? ${still.length} messages under way, ${simulator.pending()} steps of Twilio to come`)
      }
      return still.length === 0 && simulator.pending() === 0
    },
    { timeoutMs: options.restMs, everyMs: 500, what: 'the end of everything under way' },
  )
  if (options.restart) {
    server.setClock(MOST_OFF_MS + 60_000)
    await server.end('SIGTERM')
    await server.ready()
  }

  const ledger = async () => {
    const stored = await boss.pages<Message>('/api/messages')
    const rows = await boss.pages<OwnConversation>('/api/conversations?automated=true')
    const { taken, journal } = traffic
    return { stored, rows, differences: compareLedger({ ...simulator.ledger(), stored, rows, taken, journal, discarded }) }
  }
  // Recovery may need its time; what it cannot mend is told at once.
  let found = await ledger()
  for (const end = Date.now() + options.recoveryMs; Date.now() < end && found.differences.some(isLate); ) {
    await pause(2_000)
    found = await ledger()
  }
  // Prices still come in. What was read while something changed is no picture of one moment, and is read again.
  let shown = await compareShown(world, traffic)
  for (let again = 0; again < 20 && shown.changed; again++) {
    await pause(1_000)
    shown = await compareShown(world, traffic)
  }
  const { stored, rows } = found
  const routing = compareRouting({ accepted: simulator.ledger().accepted, stored, rows, ...traffic, addresses: world.addresses })
  const differences = [
    ...found.differences,
    ...shown.differences,
    ...routing.differences,
    ...compareDesk({ stored, rows, journal: traffic.journal }),
    ...traffic.refused.map((detail) => ({ what: 'a send was refused', detail })),
    ...server.faults().map((detail) => ({ what: 'the server', detail })),
  ]
  return { differences, stored, discarded, routed: routing.certain }
}

/** Threads that are read at one time. */
const AT_ONCE = 6

/** Threads, counts and views against the log; `changed`: something did meanwhile. */
async function compareShown(
  { simulator, agents, addresses }: World,
  { taken, journal }: Traffic,
): Promise<{ differences: Difference[]; changed: boolean }> {
  const [boss] = agents
  if (boss === undefined) throw new Error('There are no agents.')
  const log = () => boss.pages<Message>('/api/messages')
  const sides = () =>
    Promise.all(
      agents.map(async (agent) => ({
        id: agent.id,
        reads: agent.reads,
        rows: await agent.pages<OwnConversation>('/api/conversations?automated=true'),
        unread: await agent.get<Unread>('/api/unread'),
      })),
    )
  const stored = await log()
  const first = await sides()
  const threads = new Map<string, Message[]>()
  const rows = first[0]?.rows ?? []
  for (let start = 0; start < rows.length; start += AT_ONCE)
    await Promise.all(rows.slice(start, start + AT_ONCE).map(async ({ id }) => threads.set(id, await readThread(boss, id))))
  const views: Seen[] = await Promise.all(agents.map((agent, index) => agent.view.settle(first[index]?.rows ?? [])))
  const filed = new Set(rows.filter((row) => recordsOf(addresses.indexOf(row.contact.phone ?? '')).filed).map((row) => row.id))
  const moved = new Set(journal.moves.flatMap((move) => move.ids))
  const differences = [
    ...compareThreads({
      stored,
      threads,
      closed: journal.closed,
      joined: (row) => filed.has(row.id),
      moved,
      agents: first,
    }),
    ...compareOrder({ accepted: simulator.ledger().accepted, threads, taken, journal, reordered: (id) => filed.has(id) }),
    ...first.flatMap(({ id, rows, unread }, index) => compareView({ agent: id, seen: views[index] as Seen, stored, rows, unread })),
  ]
  const changed = canonical([stored, first.map(({ rows }) => rows)]) !== canonical([await log(), (await sides()).map(({ rows }) => rows)])
  return { differences, changed }
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

/** With an SID the rest is up to callbacks, and to recovery where they are lost. */
function isUnderWay(message: Message): boolean {
  return message.twilioSid === null
}

/** What recovery from Twilio's list has still to mend. */
function isLate({ what }: Difference): boolean {
  return what === 'not recovered' || what === 'status not completed'
}
