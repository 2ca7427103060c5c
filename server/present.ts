// From what is kept to what is shown: adds what depends on the time of the look and on our senders.
import type { Conversation, OwnConversation } from '../shared/model.ts'
import { takesAnswers } from '../shared/phone.ts'
import { presentWindow } from '../shared/window.ts'
import type { Senders } from './outbox/senders.ts'
import type { ConversationState, OwnConversationState } from './store/records.ts'

export interface PresentParts {
  senders: Senders
  clock: { now(): number }
}

function shown(parts: PresentParts, state: ConversationState): Conversation {
  const window = presentWindow(state.channel, state.lastInboundAt, parts.clock.now())
  return {
    id: state.id,
    channel: state.channel,
    sender: state.sender,
    contact: state.contact,
    coordinationId: state.coordinationId,
    coordination: state.coordination,
    status: state.status,
    snoozedUntil: state.snoozedUntil,
    assignee: state.assignee,
    inboundCount: state.inboundCount,
    answeredCount: state.answeredCount,
    awaitingReplySince: state.awaitingReplySince,
    window,
    optedOut: state.optedOut,
    canReply:
      window.open &&
      !state.optedOut &&
      takesAnswers(state.channel, state.contact.address) &&
      parts.senders.find(state.channel, state.sender) !== null &&
      parts.senders.readiness(state.channel).ready,
    hint: state.hint,
    lastMessage: state.lastMessage,
    lastSeq: state.lastSeq,
    activityAt: state.activityAt,
    tags: state.tags,
    rev: state.rev,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  }
}

/** For everybody in scope: without anybody's own numbers. */
export function presentBroadcast(parts: PresentParts, state: ConversationState): Conversation {
  return shown(parts, state)
}

/** For one caller. */
export function presentOwn(parts: PresentParts, state: OwnConversationState): OwnConversation {
  return { ...shown(parts, state), readCount: state.readCount, readSeq: state.readSeq, unread: state.unread }
}
