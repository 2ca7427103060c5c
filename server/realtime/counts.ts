// The numbers of each connected agent: `unread` at most once a second and the last one always; `badges` likewise; of both only
// what changed. Counted in batches, a few agents a turn, so that a thousand agents do not hold up a message.
import type { Unread } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { RecordUnread } from '../store/records.ts'
import { countBadges, isTouched } from '../team/count-badges.ts'
import { toBadges } from '../team/read-unread.ts'
import type { ConnectedAgent } from './rooms.ts'
import type { HiloSocket } from './socket-types.ts'

const EVERY_MS = 1000
const AGENTS_A_TURN = 50
/** Agents become due one after the other: those of so many ms are counted together. */
const TOGETHER_MS = 20

/** Which badges to look at again; null: all that are shown. */
type Touched = Set<string> | null

export interface Counts {
  /** This agent's numbers may have moved; of the badges, those of these records (null: any). */
  touch(agent: ConnectedAgent, records: ReadonlySet<string> | null): void
  /** The badges of these records may say something else, to those agents who show one of them. */
  touchBadges(agents: Iterable<ConnectedAgent>, records: readonly string[]): void
  close(): void
}

export function createCounts(parts: Pick<Parts, 'store' | 'organizationOf' | 'clock' | 'log'>): Counts {
  const { store, clock, log } = parts
  const waiting = new Map<ConnectedAgent, Touched>()
  let timer: { at: number; cancel: () => void } | null = null
  let soon: NodeJS.Immediate | null = null
  let counting = false
  let closed = false

  function wakeAt(at: number): void {
    if (closed) return
    const now = clock.elapsed()
    if (at <= now) {
      soon ??= setImmediate(() => {
        soon = null
        void count()
      })
      return
    }
    const then = Math.max(at, now + TOGETHER_MS)
    if (timer && timer.at <= then) return
    timer?.cancel()
    const cancel = clock.after(then - now, () => {
      timer = null
      void count()
    })
    timer = { at: then, cancel }
  }

  async function tellBadges(socket: HiloSocket, agent: ConnectedAgent, touched: Touched): Promise<void> {
    const told = socket.data.badges
    if (!told) return
    const ids = [...told].flatMap(([id, shown]) => (touched === null || isTouched(touched, id, shown) ? id : []))
    if (ids.length === 0) return
    const numbers = await countBadges(parts, agent.viewer, ids)
    if (socket.data.badges !== told || socket.data.agent !== agent) return
    const changed: typeof numbers = {}
    for (const [id, now] of Object.entries(numbers)) {
      const before = told.get(id)
      if (before && isSame(before, now)) continue
      told.set(id, now)
      changed[id] = now
    }
    if (Object.keys(changed).length === 0) return
    const { badges, waiting, unfiled, unfiledSince } = toBadges(changed)
    socket.emit('badges', badges, waiting, unfiled, unfiledSince)
  }

  async function tell(agents: [ConnectedAgent, Touched][]): Promise<void> {
    const byOrganization = Map.groupBy(agents, ([agent]) => agent.viewer.orgId)
    for (const group of byOrganization.values()) {
      const numbers = await store.unread(group.map(([agent]) => agent.viewer))
      group.forEach(([agent], index) => {
        const event = numbers[index]
        if (!event || isTold(agent, event)) return
        agent.told = event
        for (const socket of agent.sockets) socket.emit('unread', event)
      })
      for (const [agent, touched] of group) for (const socket of agent.sockets) await tellBadges(socket, agent, touched)
    }
  }

  async function count(): Promise<void> {
    if (counting || closed) return
    counting = true
    try {
      const now = clock.elapsed()
      const due: [ConnectedAgent, Touched][] = []
      for (const entry of waiting) {
        if (entry[0].countAgainAt > now) continue
        due.push(entry)
        if (due.length === AGENTS_A_TURN) break
      }
      for (const [agent] of due) {
        waiting.delete(agent)
        agent.countAgainAt = now + EVERY_MS
      }
      try {
        if (due.length > 0) await tell(due)
      } catch (error) {
        log.error({ err: error }, 'Unread numbers could not be counted; they are counted again in a second')
        for (const [agent, touched] of due) if (agent.sockets.size > 0) merge(agent, touched)
      }
    } finally {
      counting = false
    }
    let next = Number.POSITIVE_INFINITY
    for (const agent of waiting.keys()) next = Math.min(next, agent.countAgainAt)
    if (next < Number.POSITIVE_INFINITY) wakeAt(next)
  }

  function merge(agent: ConnectedAgent, records: ReadonlySet<string> | null): void {
    const before = waiting.get(agent)
    if (before === undefined) waiting.set(agent, records === null ? null : new Set(records))
    else if (before !== null)
      if (records === null) waiting.set(agent, null)
      else for (const id of records) before.add(id)
  }

  function touch(agent: ConnectedAgent, records: ReadonlySet<string> | null): void {
    merge(agent, records)
    if (!counting) wakeAt(agent.countAgainAt)
  }

  return {
    touch,
    touchBadges(agents, records) {
      for (const agent of agents) {
        const shown = records.filter((id) => [...agent.sockets].some((socket) => socket.data.badges?.has(id)))
        if (shown.length > 0) touch(agent, new Set(shown))
      }
    },
    close() {
      closed = true
      timer?.cancel()
      timer = null
      if (soon) clearImmediate(soon)
      soon = null
      waiting.clear()
    },
  }
}

const badgeFields = ['unread', 'awaitingSince', 'unfiled', 'unfiledSince'] as const

function isSame(one: RecordUnread, other: RecordUnread): boolean {
  return badgeFields.every((field) => one[field] === other[field])
}

/** Most of what happens moves the numbers of few. */
function isTold({ told }: ConnectedAgent, { total, conversations, awaitingReply }: Unread): boolean {
  return told?.total === total && told.conversations === conversations && told.awaitingReply === awaitingReply
}
