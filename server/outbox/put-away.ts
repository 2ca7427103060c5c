// An agent has seen that a message failed, and leaves it at that: it is no longer among what failed.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { putAwayMessage } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'

/** @throws DomainError `not_found`; `conflict` for one that has not failed. */
export async function putAway(parts: Parts, caller: Caller, id: string): Promise<Message> {
  const known = await parts.store.message(caller, id)
  const done = known && (await changeMessage(parts, caller.orgId, id, putAwayMessage))
  if (!done) throw new DomainError('not_found', 'No such message.')
  // Twice, or by two agents at once: what both wanted.
  if (!done.message.putAway) throw new DomainError('conflict', `Only what failed can be put away; this message is ${done.message.status}.`)
  return done.message
}
