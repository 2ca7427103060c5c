// An agent has read up to a message: raises that agent's own cursor, on all of that agent's screens.
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'

export async function markRead(
  parts: Parts,
  caller: Caller,
  conversationId: string,
  seq: number,
): Promise<{ unread: number; readCount: number; readSeq: number }> {
  const read = await parts.store.markRead(caller, conversationId, seq)
  if (read === null) throw new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
  const { unread, readCount, readSeq, changed } = read
  if (changed) parts.publish.cursor(caller.orgId, caller.agentId, { conversationId, readCount, readSeq })
  return { unread, readCount, readSeq }
}
