// What a send became, as its caller is answered.
import type { Message, OwnConversation } from '../../shared/model.ts'
import type { Caller, Parts } from '../parts.ts'
import { presentOwn } from '../present.ts'
import type { OwnConversationState } from '../store/records.ts'
import { showMessage } from './show-message.ts'

interface Sent {
  message: Message
  messages: readonly Message[]
  conversation: OwnConversationState
}

/** `messages` where there are several. */
export function presentSent(
  parts: Parts,
  { orgId, scope }: Caller,
  { message, messages, conversation }: Sent,
): { message: Message; messages?: Message[]; conversation: OwnConversation } {
  const show = (one: Message) => showMessage(parts, one, scope !== null)
  return {
    message: show(message),
    ...(messages.length > 1 && { messages: messages.map(show) }),
    conversation: presentOwn(parts, orgId, conversation),
  }
}
