// What a write answers: each changed thing as it then was.
import type { Message } from '../../../shared/model.ts'
import type { Changes, ConversationState } from '../records.ts'

export function changed(
  orgId: string,
  what: { conversations?: ConversationState[]; messages?: Message[]; left?: Changes['left'] } = {},
): Changes {
  return { orgId, conversations: what.conversations ?? [], messages: what.messages ?? [], left: what.left ?? [] }
}
