// The rules of reading a conversation: a cursor of each agent, which only rises.
import type { Conversation } from '../../shared/model.ts'

export interface Reading {
  /** Up to this message. */
  readSeq: number
  /** The inbound messages up to there. */
  readCount: number
}

/** Nobody reads what is not there yet. */
export function seqToRead({ lastSeq }: Pick<Conversation, 'lastSeq'>, asked: number): number {
  return Math.min(asked, lastSeq)
}

/** The cursor after reading up to there. Null: it is there already. */
export function readUpTo(before: Reading, upTo: Reading): Reading | null {
  const after = { readSeq: Math.max(before.readSeq, upTo.readSeq), readCount: Math.max(before.readCount, upTo.readCount) }
  return after.readSeq > before.readSeq || after.readCount > before.readCount ? after : null
}

/** A thread at the moment in which another one is joined to it: what comes stands behind. */
export interface Joined {
  lastSeq: number
  inboundCount: number
  answeredCount: number
}

/** The cursor in a joined thread: who had read all of it has read as far in what came. Null: it stays. */
export function joinReading(here: Reading, there: Reading, joined: Joined): Reading | null {
  const { lastSeq, inboundCount, answeredCount } = joined
  if (Math.max(answeredCount, here.readCount) < inboundCount) return null
  return readUpTo(here, { readSeq: lastSeq + there.readSeq, readCount: inboundCount + there.readCount })
}
