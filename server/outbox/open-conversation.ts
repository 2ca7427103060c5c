// Finds or makes the conversation with a client about a record; nothing is sent.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { openConversation as openConversationBody } from '../../shared/requests.ts'
import type { Caller, Parts } from '../parts.ts'
import type { OwnConversationState } from '../store/records.ts'
import { targetOf } from './target.ts'

/** @throws DomainError as `sendMessage` does for its target. */
export async function openConversation(
  parts: Parts,
  caller: Caller,
  body: z.output<typeof openConversationBody>,
): Promise<OwnConversationState> {
  const target = await targetOf(parts, caller, body)
  const conversation = await parts.store.conversation(caller, await target.conversationId())
  if (conversation === null) throw new DomainError('not_found', 'No such conversation.')
  return conversation
}
