// An agent's unread messages of a conversation: the stores count it, and the widget between two answers of the server.

/** The inbound messages that this agent has not read. An answer, whoever's, counts as reading. */
export function unreadOf({ inboundCount, answeredCount }: { inboundCount: number; answeredCount: number }, readCount: number): number {
  return Math.max(0, inboundCount - Math.max(answeredCount, readCount))
}
