// An agent asks again for something that a client sent and that could not be fetched.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { messageOfItem, retryMedia } from '../rules/media.ts'
import { showMessage } from '../team/show-message.ts'
import { tell } from '../tell.ts'

/**
 * Only what failed is fetched again; else the message as it is.
 *
 * @throws DomainError `not_found` where no message in scope has it.
 */
export async function retryItem(parts: Parts, caller: Caller, itemId: string): Promise<Message> {
  const messageId = messageOfItem(itemId)
  const message = await parts.store.message(caller, messageId)
  if (!message?.media.some(({ id }) => id === itemId))
    throw new DomainError('not_found', 'There is no such attachment, or it is not yours to see.')
  const changed = await parts.store.changeMessage(caller.orgId, messageId, retryMedia(itemId, parts.clock.now()))
  if (changed?.changed) tell(parts, changed.changes)
  return showMessage(parts, changed?.message ?? message, caller.scope !== null)
}
