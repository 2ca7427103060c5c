// Who is told of a change: everybody whose scope holds it, or of those only who show its conversation.
import type { Message } from '../../shared/model.ts'
import type { Changes, ConversationState } from '../store/records.ts'

export type Hears = 'all' | 'viewers'

/** Whether a conversation about this record may be told to that scope. */
export function holds(scope: ReadonlySet<string> | null, coordinationId: string | null): boolean {
  return scope === null || (coordinationId !== null && scope.has(coordinationId))
}

const isAutomated = ({ direction, author }: Pick<Message, 'direction' | 'author'>): boolean =>
  direction === 'outbound' && author.type !== 'agent'

/**
 * People's messages are for all, with the lines of moves and wherever they are filed; so is that one was taken back. How a message
 * goes on, what is planned, and what machines write is for those who look.
 */
export function hearsOfMessage(message: Pick<Message, 'seq' | 'direction' | 'author' | 'status'>, news: Changes['news']): Hears {
  if (message.seq === null) return 'viewers'
  if (message.direction !== 'outbound' || news === 'other') return 'all'
  if (isAutomated(message)) return 'viewers'
  return news === 'entered' || message.status === 'canceled' ? 'all' : 'viewers'
}

/** A row moves for all, unless only machines wrote; that what they wrote failed is for all. */
export function hearsOfRow({ id }: Pick<ConversationState, 'id'>, { news, messages }: Pick<Changes, 'news' | 'messages'>): Hears {
  const own = messages.filter((message) => message.conversationId === id)
  return news !== 'other' && own.length > 0 && own.every((message) => isAutomated(message) && message.status !== 'failed')
    ? 'viewers'
    : 'all'
}
