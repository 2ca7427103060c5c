// What the host answers to a client's button may change the record in the same breath.
import { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import { coordinationBody, coordinationBodies } from '../../shared/requests.ts'
import { saveCoordinations } from '../coordinations/save-coordinations.ts'
import type { Parts } from '../parts.ts'
import type { Delivery } from '../store/records.ts'
import { seesAll } from '../store/sees-all.ts'

const answer = z.object({ coordination: coordinationBody.extend({ id: coordinationBodies.element.shape.id.optional() }).optional() })

/**
 * Null: it asks for nothing, or that was done; else what was wrong with it, for the log of deliveries.
 *
 * @throws DomainError `unavailable`.
 */
export async function takeAnswer(parts: Parts, orgId: string, { webhook, about }: Delivery, text: string): Promise<string | null> {
  const body = answer.safeParse(jsonOf(text))
  if (!body.success) {
    const [issue] = body.error.issues
    // An answer that is no object asks for nothing.
    return issue === undefined || issue.path.length === 0 ? null : `${issue.path.join('.')}: ${issue.message}`
  }
  const { coordination } = body.data
  if (coordination === undefined) return null
  const message = await parts.store.message(seesAll(orgId), about.id)
  const id = message?.coordinationId ?? null
  if (id === null) return 'coordination: the answer was about no record'
  if (coordination.id !== undefined && coordination.id !== id) return 'coordination.id: is not that of the record'
  try {
    const caller = {
      orgId,
      agentId: `webhook:${webhook}`,
      name: webhook,
      scope: null,
      role: 'service',
      expiresAt: Number.MAX_SAFE_INTEGER,
    } as const
    await saveCoordinations(parts, caller, [{ ...coordination, id }], () => 'coordination.')
    return null
  } catch (error) {
    if (!(error instanceof DomainError) || error.code === 'unavailable') throw error
    return error.message
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
