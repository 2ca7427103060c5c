// From what is kept to what is shown: adds what depends on the time of the look and on our senders.
import type { Conversation, OwnConversation } from '../shared/model.ts'
import { takesAnswers } from '../shared/phone.ts'
import { presentWindow } from '../shared/window.ts'
import type { Parts } from './parts.ts'
import type { ConversationState, OwnConversationState } from './store/records.ts'

type PresentParts = Pick<Parts, 'organizationOf' | 'clock'>

function shown(parts: PresentParts, orgId: string, state: ConversationState): Conversation {
  const { senders } = parts.organizationOf(orgId)
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
      senders.find(state.channel, state.sender) !== null &&
      senders.readiness(state.channel).ready,
    hint: state.hint,
    lastMessage: state.lastMessage,
    failures: state.failures,
    lastSeq: state.lastSeq,
    activityAt: state.activityAt,
    tags: state.tags,
    rev: state.rev,
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
  }
}

/** For everybody in scope: without anybody's own numbers. */
export function presentBroadcast(parts: PresentParts, orgId: string, state: ConversationState): Conversation {
  return shown(parts, orgId, state)
}

/** For one caller. */
export function presentOwn(parts: PresentParts, orgId: string, state: OwnConversationState): OwnConversation {
  return { ...shown(parts, orgId, state), readCount: state.readCount, readSeq: state.readSeq, unread: state.unread }
}
