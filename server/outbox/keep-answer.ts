// Writes down what Twilio answered to a request, or shows of it in its list, and tells of it.
import type { Parts } from '../parts.ts'
import { isSettled } from '../rules/what-follows.ts'
import type { Answer, Claim } from '../store/records.ts'
import { tell } from '../tell.ts'
import { closeRefusedWindow } from './heed-closed-window.ts'
import { fallBack } from './fall-back.ts'
import { heedRefusal } from './heed-opt-out.ts'

/** @throws DomainError `unavailable`: it is not written down. */
export async function keepAnswer(parts: Parts, claim: Claim, answer: Omit<Answer, 'at'>): Promise<void> {
  const { twilioSid, status, failure } = answer
  await closeRefusedWindow(parts, claim, failure)
  await heedRefusal(parts, claim, failure)
  await fallBack(parts, claim.orgId, claim.message, failure)
  const applied = await parts.store.accepted(claim, { twilioSid, status, failure, at: parts.clock.now() })
  // By a report that came before the answer.
  if (applied.outcome !== 'held' && applied.message.status === 'failed')
    await fallBack(parts, claim.orgId, applied.message, applied.message.error)
  if (applied.outcome === 'applied') tell(parts, applied.changes)
  // A callback did it before, to another process.
  else if (applied.outcome === 'unchanged' && isSettled(applied.message)) parts.dispatch.settle(claim.message.id)
}
