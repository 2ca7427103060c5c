// Whether a conversation belongs to a filtered list, and where in it, decided here as the server does.
import type { OwnConversation } from '../../shared/model.ts'
import type { ConversationQuery } from '../../shared/requests.ts'

const isSet = (flag: ConversationQuery['unread']) => flag === true || flag === 'true' || flag === '1'

/** Null: only the server can tell (search, phone). */
export function belongs(conversation: OwnConversation, filter: ConversationQuery, agentId: string | null): boolean | null {
  const { channel, status, assignee, coordinationId, contactId, tag } = filter
  if (channel !== undefined && conversation.channel !== channel) return false
  if (status !== undefined && conversation.status !== status) return false
  if (assignee === 'none' && conversation.assignee !== null) return false
  if (assignee !== undefined && assignee !== 'none' && conversation.assignee?.id !== (assignee === 'me' ? agentId : assignee)) return false
  if (coordinationId !== undefined && conversation.coordinationId !== coordinationId) return false
  if (contactId !== undefined && conversation.contact.id !== contactId) return false
  if (tag !== undefined && !conversation.tags.includes(tag)) return false
  if (isSet(filter.unread) && conversation.unread === 0) return false
  if (isSet(filter.awaiting) && conversation.awaitingReplySince === null) return false
  if (isSet(filter.unfiled) && conversation.coordinationId !== null) return false
  if (isSet(filter.failed) && !conversation.failures?.length) return false
  if (!isSet(filter.automated) && conversation.activityAt === null) return false
  return filter.q || filter.phone ? null : true
}

/** Negative: `a` stands above `b`. */
export function compareConversations(a: OwnConversation, b: OwnConversation, sort: ConversationQuery['sort']): number {
  if (sort === 'waiting') {
    const [x, y] = [a.awaitingReplySince ?? '9', b.awaitingReplySince ?? '9']
    return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : a.id > b.id ? 1 : 0
  }
  const [x, y] = [a.activityAt ?? '', b.activityAt ?? '']
  return x > y ? -1 : x < y ? 1 : a.id > b.id ? -1 : a.id < b.id ? 1 : 0
}
