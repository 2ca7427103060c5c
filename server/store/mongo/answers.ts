// Who answered a thread, as server/rules/conversation.ts says. Appending does not read first: there the rules stand as a
// condition and as fields of the update.
import { type Answer, type Answers, latestAnswers, type ThreadMessage } from '../../rules/conversation.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { literal } from './write.ts'

export const answersOf = ({ lastAnswer, otherAnswer }: Pick<ConversationDoc, 'lastAnswer' | 'otherAnswer'>): Answers => ({
  last: lastAnswer,
  other: otherAnswer,
})

/** `unseenAnswer` finds none, as a condition on the conversation. */
export function noUnseenAnswer(agentId: string, seq: number) {
  return {
    $and: [
      { $or: [{ lastAnswer: null }, { 'lastAnswer.by': agentId }, { 'lastAnswer.seq': { $lte: seq } }] },
      { $or: [{ 'lastAnswer.by': { $ne: agentId } }, { otherAnswer: null }, { 'otherAnswer.seq': { $lte: seq } }] },
    ],
  }
}

/** `afterAnswer`, as pipeline fields. */
export const answerFields = (by: string, id: string, seq: unknown) => ({
  lastAnswer: { by: literal(by), id: literal(id), seq },
  otherAnswer: { $cond: [{ $eq: ['$lastAnswer.by', literal(by)] }, '$otherAnswer', '$lastAnswer'] },
})

/** Answers that come along with a thread that is joined to this one are the latest there. */
export function joinedAnswerFields({ last, other }: Answers): Record<string, unknown> {
  if (last === null) return {}
  const behind = ({ by, id, seq }: Answer) => ({ by: literal(by), id: literal(id), seq: { $add: ['$lastSeq', seq] } })
  const before = answerFields(last.by, last.id, 0).otherAnswer
  return { lastAnswer: behind(last), otherAnswer: other === null ? before : behind(other) }
}

const BATCH = 50

/** Read from the thread, after messages of it changed places. */
export async function readAnswers(db: Database, doc: ConversationDoc): Promise<Answers> {
  const pending = doc.pending.toReversed().map((message) => seenAs(message, false))
  for (const thread = [...pending]; ; ) {
    const before = thread.at(-1)?.seq
    const found = await db.messages
      .find({ orgId: doc.orgId, conversationId: doc._id, ...(before === undefined ? {} : { seq: { $lt: before } }), direction: 'outbound' })
      .sort({ seq: -1 })
      .limit(BATCH)
      .toArray()
    const moved = await movedHere(
      db,
      doc.orgId,
      found.map((message) => message._id),
    )
    thread.push(...found.map((message) => seenAs(message, moved.has(message._id))))
    const answers = latestAnswers(thread)
    if (answers.other !== null || found.length < BATCH) return answers
  }
}

const seenAs = ({ _id, seq, direction, author, status, claimedAt }: MessageDoc, wasMoved: boolean): ThreadMessage => ({
  id: _id,
  seq: seq ?? 0,
  direction,
  authorType: author.type,
  authorId: author.id,
  status,
  claimedAt,
  wasMoved,
})

/** Of these, those that a move took where they are, and that was not undone. */
async function movedHere(db: Database, orgId: string, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set()
  const moves = await db.moves
    .find(
      { orgId, 'parts.messages.id': { $in: [...ids] }, state: { $in: ['moving', 'moved'] } },
      { projection: { 'parts.messages.id': 1 } },
    )
    .toArray()
  return new Set(moves.flatMap((move) => move.parts.flatMap((part) => part.messages.map((message) => message.id))))
}
