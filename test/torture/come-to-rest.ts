// The end of a run: no fault, no traffic, and then everything that was under way has to end, as an agent would bring it
// about: one who is asked about a message that nobody can tell of answers.
import { setTimeout as pause } from 'node:timers/promises'
import type { Message, OwnConversation } from '../../shared/model.ts'
import { until } from '../support/until.ts'
import { compareDesk } from './compare-desk.ts'
import { readLog } from './read-log.ts'
import { compareHeard, type HeardResult } from './compare-heard.ts'
import { compareLedger } from './compare-ledger.ts'
import { compareMedia } from './compare-media.ts'
import { compareOptOuts } from './compare-opt-outs.ts'
import { compareRouting } from './compare-routing.ts'
import { compareShown, compareToldLive } from './compare-shown.ts'
import { compareTimes } from './compare-times.ts'
import { discardMessage, retryMessage } from './desk-work.ts'
import type { Difference } from './difference.ts'
import { MOST_OFF_MS, type World } from './faults.ts'
import { endMedia, readMedia } from './media-at-rest.ts'
import type { Strike } from './strikes.ts'
import type { Traffic } from './traffic.ts'
import { whatWasDue } from './what-was-due.ts'

export interface RestOptions {
  /** How long what is under way may take to end. */
  restMs: number
  /** How long recovery has for what was lost, after that: it waits the longer the more often the store was busy. */
  recoveryMs: number
  /** Begin recovery by a restart, and later by the server's clock, instead of waiting for its turn. */
  restart: boolean
  /** From then on an agent answers about what is still unconfirmed. */
  answerAfterMs: number
  /** When which faults held. */
  strikes: readonly Strike[]
  report: (line: string) => void
}

export interface Rest {
  differences: Difference[]
  /** Of these, what clients were told live, and dates. */
  fresh: readonly Difference[]
  stored: readonly Message[]
  /** Clients' messages that could have come into one thread only, by what is known of the order of things. */
  routed: number
  heard: HeardResult
}

export async function comeToRest(world: World, traffic: Traffic, options: RestOptions): Promise<Rest> {
  const { server, simulator, agents } = world
  const [boss] = agents
  if (boss === undefined) throw new Error('There are no agents.')
  const { taken, journal } = traffic
  const calmAt = Date.now()
  const discarded = new Set<string>()
  let told = 0
  let answers = 0
  await until(
    async () => {
      const still: Message[] = []
      for (const status of ['scheduled', 'queued', 'sending', 'unconfirmed'])
        still.push(...(await boss.get<{ items: Message[] }>(`/api/messages?status=${status}&limit=100`)).items.filter(isUnderWay))
      if (Date.now() - calmAt > options.answerAfterMs)
        for (const { id, status } of still) {
          if (status !== 'unconfirmed') continue
          if (answers++ % 2 === 0) await retryMessage(boss, journal, id, true)
          else if (await discardMessage(boss, journal, id)) discarded.add(id)
        }
      if (Date.now() - told > 10_000) {
        told = Date.now()
        options.report(`at rest? ${still.length} messages under way, ${simulator.pending()} steps of Twilio to come`)
      }
      return still.length === 0 && simulator.pending() === 0
    },
    { timeoutMs: options.restMs, everyMs: 500, what: 'the end of everything under way' },
  )
  await endMedia(boss, options.restMs, options.report)
  const clients = agents.flatMap(({ view, widget }) => [view.heard, ...(widget === null ? [] : [widget.heard])])
  const firstHeld = (sid: string) => {
    const times = clients.flatMap(({ sids }) => sids.get(sid) ?? [])
    return times.length === 0 ? null : Math.min(...times)
  }
  // Before anything is asked for by reconnecting or by opening each thread.
  const live = await compareToldLive(world)
  const { accepted } = simulator.ledger()
  const answered = agents.flatMap((agent) => agent.answered)
  const dues = whatWasDue({ accepted, stored: await readLog(boss), journal, answered, clients })
  const heard = compareHeard(clients, dues, world)

  const offsetMs = options.restart ? MOST_OFF_MS + 60_000 : 0
  if (options.restart) {
    server.setClock(offsetMs)
    await server.end('SIGTERM')
    await server.ready()
  }
  const ledger = async () => {
    const stored = await readLog(boss)
    const rows = await boss.pages<OwnConversation>('/api/conversations?automated=true')
    const sides = { ...simulator.ledger(), stored, rows, taken, journal, discarded, clock: world.clock }
    const times = { ...sides, firstHeld, now: Date.now(), calmAt, offsetMs }
    return { stored, rows, times: compareTimes(times), differences: compareLedger(sides) }
  }
  // Recovery may need its time; what it cannot mend is told at once.
  let found = await ledger()
  for (const end = Date.now() + options.recoveryMs; Date.now() < end && [...found.differences, ...found.times].some(isLate); ) {
    await pause(2_000)
    found = await ledger()
  }
  const shown = await compareShown(world, traffic)
  const { stored, rows } = found
  const more = { ...simulator.ledger(), stored, rows, taken, journal, strikes: options.strikes, clock: world.clock, firstHeld }
  const bytes = await readMedia(stored, server.url)
  const routing = compareRouting({ accepted, stored, rows, ...traffic, addresses: world.addresses })
  const fresh = [...live, ...heard.differences, ...found.times]
  const differences = [
    ...fresh,
    ...found.differences,
    ...shown,
    ...routing.differences,
    ...compareDesk({ stored, rows, journal }),
    ...compareMedia({ ...more, bytes }),
    ...compareOptOuts({ ...more, addresses: world.addresses }),
    ...traffic.refused.map((detail) => ({ what: 'a send was refused', detail })),
    ...server.faults().map((detail) => ({ what: 'the server', detail })),
  ]
  return { differences, fresh, stored, routed: routing.certain, heard }
}

/** With an SID the rest is up to callbacks, and to recovery where they are lost. */
function isUnderWay(message: Message): boolean {
  return message.twilioSid === null
}

const late = new Set(['not recovered', 'status not completed', 'price not completed'])

/** The messages that recovery from Twilio's list has still to mend. */
function isLate({ what }: Difference): boolean {
  return late.has(what)
}
