// Who of the team is there: written down when an agent comes and once a minute, told to colleagues when it changes.
import type { Agent } from '../../shared/model.ts'
import { repeatAfter } from '../clock.ts'
import type { Parts } from '../parts.ts'
import { SEEN_EVERY_MS } from '../team/list-agents.ts'
import type { Rooms } from './rooms.ts'
import type { HiloServer } from './socket-types.ts'

/** Changes within it are told together; a page that loads anew is no news. */
const TOGETHER_MS = 1_000
/** In larger teams everybody's coming and going would be most of the traffic; there `GET /api/agents` tells. */
const MOST_TOLD = 200
/** Written in one transaction. */
const BATCH = 500

export interface TeamPresence {
  /** Its first page was opened, its last one closed, or it chose another presence. */
  changed(orgId: string, agentId: string): void
  /** An agent with this name is here. */
  here(orgId: string, agent: { id: string; name: string }): void
  close(): void
}

export function createTeamPresence(
  io: HiloServer,
  rooms: Rooms,
  parts: Pick<Parts, 'store' | 'clock' | 'log' | 'connected' | 'others'>,
): TeamPresence {
  const { store, clock, log } = parts
  /** Connected agents by organization, with their names. */
  const present = new Map<string, Map<string, string>>()
  const arrived = new Map<string, Set<string>>()
  const stale = new Map<string, Set<string>>()
  let cancel: (() => void) | null = null

  function soon(marks: Map<string, Set<string>>, orgId: string, agentId: string): void {
    const known = marks.get(orgId)
    if (known) known.add(agentId)
    else marks.set(orgId, new Set([agentId]))
    cancel ??= clock.after(TOGETHER_MS, () => {
      cancel = null
      flush().catch((error: unknown) => log.warn({ err: error }, 'The presence of agents could not be told'))
    })
  }

  async function flush(): Promise<void> {
    const [came, told] = [[...arrived], [...stale]]
    arrived.clear()
    stale.clear()
    for (const [orgId, ids] of came) {
      await write(orgId, [...ids])
      // Other processes have heard that they came, and may have found nobody of that name.
      for (const agentId of ids) parts.others.tell({ kind: 'agent', orgId, agentId })
    }
    for (const [orgId, ids] of told) await tell(orgId, [...ids])
  }

  async function write(orgId: string, ids: string[]): Promise<void> {
    const names = present.get(orgId)
    const seen = ids.flatMap((id) => {
      const name = names?.get(id)
      return name === undefined ? [] : [{ id, name }]
    })
    for (let start = 0; start < seen.length; start += BATCH) await store.seeAgents(orgId, seen.slice(start, start + BATCH), clock.now())
  }

  async function tell(orgId: string, ids: string[]): Promise<void> {
    const audience = [...rooms.of(orgId)].filter((room) => room.scope === null).map((room) => room.name)
    if (audience.length === 0 || (present.get(orgId)?.size ?? 0) > MOST_TOLD) return
    const agents: Agent[] = []
    for (const id of ids) {
      const agent = await store.agent(orgId, id)
      if (agent === null) continue
      agents.push({ id, name: agent.name, presence: parts.connected(orgId, id) ? agent.presence : 'offline' })
    }
    if (agents.length > 0) io.to(audience).emit('agents', agents)
  }

  const stop = repeatAfter(
    clock,
    SEEN_EVERY_MS,
    async () => {
      for (const [orgId, names] of present) await write(orgId, [...names.keys()])
    },
    (error) => log.warn({ err: error }, 'Who is there could not be written down; trying again in a minute'),
  )

  return {
    changed(orgId, agentId) {
      if (rooms.agent(orgId, agentId).length === 0) {
        const names = present.get(orgId)
        names?.delete(agentId)
        if (names?.size === 0) present.delete(orgId)
      }
      soon(stale, orgId, agentId)
    },
    here(orgId, { id, name }) {
      const names = present.get(orgId) ?? new Map<string, string>()
      present.set(orgId, names)
      const fresh = names.get(id) !== name
      names.set(id, name)
      if (!fresh) return
      soon(arrived, orgId, id)
      soon(stale, orgId, id)
    },
    close() {
      stop()
      cancel?.()
      cancel = null
    },
  }
}
