// What happens to a conversation. This part: who answered it, for the guard against two agents who answer at once.
import type { Message } from '../../shared/model.ts'

/** What the rules look at of a message in a thread. */
export interface ThreadMessage {
  id: string
  seq: number
  direction: Message['direction']
  authorType: Message['author']['type']
  authorId: string | null
  status: Message['status']
  claimedAt: number | null
  /** It was moved here from another thread, and that was not undone. */
  wasMoved: boolean
}

export interface Answer {
  by: string
  id: string
  seq: number
}

/** `other`: the last answer by anybody but the author of `last`. */
export interface Answers {
  last: Answer | null
  other: Answer | null
}

/** Sent in this thread by an agent, whatever became of it since; what failed as it came due was never sent. */
export function isAnswer({ direction, authorType, status, claimedAt, wasMoved }: ThreadMessage): boolean {
  return direction === 'outbound' && authorType === 'agent' && !wasMoved && !(status === 'failed' && claimedAt === null)
}

/** An agent answers now. */
export function afterAnswer({ last, other }: Answers, answer: Answer): Answers {
  return { last: answer, other: last?.by === answer.by ? other : last }
}

/** Read from the thread itself, the newest message first, only as far as needed. */
export function latestAnswers(newestFirst: Iterable<ThreadMessage>): Answers {
  let last: Answer | null = null
  for (const message of newestFirst) {
    if (!isAnswer(message)) continue
    const answer = { by: message.authorId ?? '', id: message.id, seq: message.seq }
    if (last !== null && last.by !== answer.by) return { last, other: answer }
    last ??= answer
  }
  return { last, other: null }
}

/** Which answer of somebody else an agent has not seen who knows the thread up to this seq; null: none. */
export function unseenAnswer({ last, other }: Answers, agentId: string, seq: number): Answer | null {
  const answer = last?.by === agentId ? other : last
  return answer !== null && answer.seq > seq ? answer : null
}
