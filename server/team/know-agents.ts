// The host's agents, named by its server before they first open a page: from then on they can be assigned.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { Agent } from '../../shared/model.ts'
import type { agentBodies } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { SEEN_EVERY_MS, showAgent } from './list-agents.ts'

/**
 * Makes those that are new and keeps the newest name of the others; what they chose stays. Nobody counts as present by it.
 * Answers them as they are now, in their order.
 *
 * @throws DomainError `forbidden` (not the host's server, or a token of some records), `validation_failed` (an id twice).
 */
export async function knowAgents(
  parts: Pick<Parts, 'store' | 'clock' | 'connected'>,
  { orgId, role, scope }: Caller,
  agents: z.output<typeof agentBodies>,
): Promise<Agent[]> {
  const { store, clock } = parts
  if (role !== 'service' || scope !== null)
    throw new DomainError(
      'forbidden',
      'Only the host’s own server names its agents: a token with role "service" and without "coordinations".',
    )
  const twice = agents.findIndex(({ id }, index) => agents.slice(0, index).some((one) => one.id === id))
  if (twice >= 0)
    throw new DomainError('validation_failed', 'An agent stands twice in the list.', {
      issues: [{ path: `${twice}.id`, message: 'stands twice in the list' }],
    })
  // As if last seen just before the time in which one counts as present: remembered as long as one who was here.
  const known = await store.seeAgents(orgId, agents, clock.now() - 2 * SEEN_EVERY_MS)
  return known.map((agent) => showAgent(parts, orgId, agent))
}
