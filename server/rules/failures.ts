// Which messages of a conversation wait for somebody to do something about their failure: to send them again, or to put them away.
import type { Conversation, Failure, Message } from '../../shared/model.ts'

export type Failing = Conversation['failures'][number]

/** Of a message, as far as the rules look at it. */
export interface FailureFacts {
  id: string
  direction: Message['direction']
  status: Message['status']
  error: Failure | null
  /** It was sent again, or an agent put it away. */
  putAway: boolean
}

/** Each is read with its conversation; older ones are seen in their thread. */
export const MOST_FAILURES = 20

export const isFailing = ({ direction, status, putAway }: Pick<FailureFacts, 'direction' | 'status' | 'putAway'>): boolean =>
  direction === 'outbound' && status === 'failed' && !putAway

/** The list once the message is as it is now, the newest failure last; null: it stays as it is. `isHere`: it is of this conversation. */
export function listFailure(before: readonly Failing[], message: FailureFacts, isHere = true): Failing[] | null {
  const { id: messageId, error } = message
  const known = before.find((one) => one.messageId === messageId)
  if (!isHere || !isFailing(message) || error === null)
    return known === undefined ? null : before.filter((one) => one.messageId !== messageId)
  if (known === undefined) return [...before, { messageId, error }].slice(-MOST_FAILURES)
  if (JSON.stringify(known.error) === JSON.stringify(error)) return null
  return before.map((one) => (one.messageId === messageId ? { messageId, error } : one))
}
