// Who is at other processes: which agents have a page open there, and who shows or replies in which conversation. Each process
// tells its own; what a process told is forgotten with it.

/** Those who show a conversation at one process, and where it is told of. */
export interface ViewersThere {
  conversationId: string
  orgId: string
  coordinationId: string | null
  agents: { id: string; name: string; replying: boolean }[]
}
export interface AgentThere {
  orgId: string
  agentId: string
}
/** Everything that a process has to tell of its sockets. */
export interface PresenceThere {
  viewing: ViewersThere[]
  agents: AgentThere[]
}

export interface Elsewhere {
  viewers(conversationId: string): ViewersThere[]
  connected(orgId: string, agentId: string): boolean
  /** At that process it is so now. */
  view(process: string, viewers: ViewersThere): void
  agent(process: string, agent: AgentThere, isHere: boolean): void
  /** It told everything: what it did not tell is no more. */
  replace(process: string, presence: PresenceThere): void
  drop(process: string): void
}

/** The things that must be told again because they changed. */
export interface PresenceChanged {
  viewing(conversationId: string): void
  agent(orgId: string, agentId: string): void
}

const keyOf = ({ orgId, agentId }: AgentThere): string => JSON.stringify([orgId, agentId])

export function createElsewhere(changed: PresenceChanged): Elsewhere {
  const viewing = new Map<string, Map<string, ViewersThere>>()
  const agents = new Map<string, Map<string, AgentThere>>()

  function view(process: string, viewers: ViewersThere): void {
    const there = viewing.get(process) ?? new Map<string, ViewersThere>()
    viewing.set(process, there)
    const before = there.get(viewers.conversationId)
    if (viewers.agents.length === 0) there.delete(viewers.conversationId)
    else there.set(viewers.conversationId, viewers)
    if (JSON.stringify(before ?? null) !== JSON.stringify(viewers)) changed.viewing(viewers.conversationId)
  }

  function agent(process: string, one: AgentThere, isHere: boolean): void {
    const there = agents.get(process) ?? new Map<string, AgentThere>()
    agents.set(process, there)
    const was = there.has(keyOf(one))
    if (isHere) there.set(keyOf(one), one)
    else there.delete(keyOf(one))
    if (was !== isHere) changed.agent(one.orgId, one.agentId)
  }

  function replace(process: string, presence: PresenceThere): void {
    const shown = new Set(presence.viewing.map(({ conversationId }) => conversationId))
    for (const before of [...(viewing.get(process)?.values() ?? [])])
      if (!shown.has(before.conversationId)) view(process, { ...before, agents: [] })
    for (const one of presence.viewing) view(process, one)
    const here = new Set(presence.agents.map(keyOf))
    for (const before of [...(agents.get(process)?.values() ?? [])]) if (!here.has(keyOf(before))) agent(process, before, false)
    for (const one of presence.agents) agent(process, one, true)
  }

  return {
    view,
    agent,
    replace,
    viewers: (conversationId) => [...viewing.values()].flatMap((there) => there.get(conversationId) ?? []),
    connected: (orgId, agentId) => [...agents.values()].some((there) => there.has(keyOf({ orgId, agentId }))),
    drop(process) {
      replace(process, { viewing: [], agents: [] })
      viewing.delete(process)
      agents.delete(process)
    },
  }
}
