// The agents of an organization: everybody who was here lately, and who of them is there now.
import type { Agent } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { AgentRecord } from '../store/records.ts'

const DAY_MS = 24 * 60 * 60_000
const REMEMBERED_MS = 90 * DAY_MS
const MOST = 500
/** Processes write down every minute who is connected to them. */
export const SEEN_EVERY_MS = 60_000

/** Seen in the last 90 days, the latest first, at most 500. */
export async function listAgents(parts: Pick<Parts, 'store' | 'clock' | 'connected'>, orgId: string): Promise<Agent[]> {
  const known = await parts.store.agents(orgId, parts.clock.now() - REMEMBERED_MS, MOST)
  return known.map((agent) => showAgent(parts, orgId, agent))
}

/** Who has no page open is offline, whatever was chosen. */
export function showAgent(
  { clock, connected }: Pick<Parts, 'clock' | 'connected'>,
  orgId: string,
  { id, name, presence, seenAt }: AgentRecord,
): Agent {
  const here = connected(orgId, id) || clock.now() - seenAt < 2 * SEEN_EVERY_MS
  return { id, name, presence: here ? presence : 'offline' }
}
