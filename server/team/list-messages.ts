// A stretch of one conversation's thread, for HTTP and sockets alike.
import type { z } from 'zod'
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import type { messageListQuery } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import { showMessage } from './show-message.ts'

const DEFAULT_LIMIT = 50

/** @throws DomainError('not_found') when the conversation is not in scope. */
export async function listMessages(
  parts: Pick<Parts, 'store' | 'mediaUrl' | 'previewUrl'>,
  caller: Caller,
  conversationId: string,
  query: z.output<typeof messageListQuery>,
): Promise<{ items: Message[]; hasMore: boolean }> {
  const found = await parts.store.messages(caller, conversationId, {
    limit: query.limit ?? DEFAULT_LIMIT,
    ...(query.before === undefined ? {} : { before: query.before }),
    ...(query.after === undefined ? {} : { after: query.after }),
    ...(query.changedSince === undefined ? {} : { changedSince: query.changedSince }),
  })
  if (found === null) throw new DomainError('not_found', 'There is no such conversation, or it is not yours to see.')
  return { ...found, items: found.items.map((message) => showMessage(parts, message, caller.scope !== null)) }
}
