// Puts messages under another record. All of a conversation: then its record's thread is shown, where they are now.
import type { Answer } from '../../../shared/events.ts'
import type { Message, OwnConversation } from '../../../shared/model.ts'
import type { Shared } from '../shared-state.ts'

export function moveMessages(
  { client }: Pick<Shared, 'client'>,
  what: { ids: string[] } | { conversationId: string },
  coordinationId: string | null,
): Promise<Answer<{ moved: Message[]; undoId: string }>> {
  return client.http('POST', '/api/messages/move', { ...what, coordinationId })
}

export async function fileConversation(
  shared: Pick<Shared, 'client' | 'go'>,
  { id, lastSeq }: OwnConversation,
  coordinationId: string | null,
): Promise<Answer<object>> {
  // Nobody wrote yet: there is nothing to move.
  if (lastSeq === 0) return shared.client.update(id, { coordinationId })
  const answer = await moveMessages(shared, { conversationId: id }, coordinationId)
  const there = answer.ok ? answer.moved[0]?.conversationId : undefined
  if (there !== undefined) shared.go({ at: 'thread', conversationId: there, target: {} })
  return answer
}
