// Puts a conversation under a record. Where that record has a thread already, the messages are in that one afterwards.
import type { Answer } from '../../shared/events.ts'
import type { OwnConversation } from '../../shared/model.ts'
import type { Shared } from './shared-state.ts'

export async function fileConversation(
  { client, find }: Pick<Shared, 'client' | 'find'>,
  { id, channel }: OwnConversation,
  coordinationId: string | null,
): Promise<Answer<object>> {
  const answer = await client.update(id, { coordinationId })
  if (answer.ok && answer.conversation.id !== id && coordinationId !== null) find({ coordinationId, channel })
  return answer
}
