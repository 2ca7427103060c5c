// Erases one person: what was said, planned and known, here and in every browser. What stays is that they opted out, under the address.
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { tell } from '../tell.ts'

/**
 * Answers whether an opt-out stays.
 *
 * @throws DomainError `not_found`; `conflict` while a message is on its way to Twilio.
 */
export async function eraseContact(parts: Parts, { orgId, agentId }: Caller, id: string): Promise<{ optOutStays: boolean }> {
  const erased = await parts.store.eraseContact(orgId, id, parts.clock.now())
  if (erased.outcome === 'missing') throw new DomainError('not_found', 'There is no such contact.')
  if (erased.outcome === 'busy')
    throw new DomainError('conflict', 'A message to this contact is on its way, or it is not known whether it went. Try again in a minute.')
  tell(parts, erased.changes)
  parts.log.info({ contactId: id, agentId, optOutStays: erased.stays }, 'A contact was erased')
  return { optOutStays: erased.stays }
}
