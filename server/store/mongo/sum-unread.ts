// Unread numbers where very many conversations are unanswered: sums of the database's own, less what each agent has read of
// them. Counting them one by one is faster for few: most cursors are of threads in which nothing waits.
import { unreadOf } from '../../../shared/unread.ts'
import type { Scope, UnreadNumbers, Viewer } from '../records.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, ReaderDoc } from './documents.ts'
import { inScope, scopeHolds } from './show.ts'

type Sums = Pick<UnreadNumbers, 'total' | 'conversations' | 'awaitingReply'>
type ReadThread = Pick<ConversationDoc, 'coordinationId' | 'inboundCount' | 'answeredCount'> & Pick<ReaderDoc, 'readCount'>

/** All of one organization. */
export function sumUnread(db: Database, viewers: readonly Viewer[], version: number): Promise<UnreadNumbers[]> {
  const sums = new Map<string, Promise<Sums>>()
  const reads = new Map<string, Promise<ReadThread[]>>()
  return Promise.all(
    viewers.map(async ({ orgId, agentId, scope }) => {
      const unanswered = await once(sums, scope === null ? '' : JSON.stringify(scope.toSorted()), () => sumUnanswered(db, orgId, scope))
      const numbers = { version, ...unanswered }
      for (const thread of await once(reads, agentId, () => findRead(db, orgId, agentId))) {
        if (!scopeHolds(scope, thread.coordinationId)) continue
        const left = unreadOf(thread, thread.readCount)
        numbers.total -= unreadOf(thread, 0) - left
        if (left === 0) numbers.conversations--
      }
      return numbers
    }),
  )
}

function once<T>(known: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const answer = known.get(key) ?? ask()
  known.set(key, answer)
  return answer
}

async function sumUnanswered(db: Database, orgId: string, scope: Scope): Promise<Sums> {
  const [sums] = await db.conversations
    .aggregate<Sums>([
      { $match: { orgId, unanswered: { $gt: 0 }, ...inScope(scope) } },
      {
        $group: {
          _id: null,
          total: { $sum: '$unanswered' },
          conversations: { $sum: 1 },
          awaitingReply: { $sum: { $cond: [{ $gt: ['$awaitingSince', 0] }, 1, 0] } },
        },
      },
      { $project: { _id: 0 } },
    ])
    .toArray()
  return sums ?? { total: 0, conversations: 0, awaitingReply: 0 }
}

/** The unanswered threads of which this agent has read more than was answered. */
function findRead(db: Database, orgId: string, agentId: string): Promise<ReadThread[]> {
  return db.readers
    .aggregate<ReadThread>([
      { $match: { orgId, agentId } },
      { $lookup: { from: db.conversations.collectionName, localField: 'conversationId', foreignField: '_id', as: 'thread' } },
      { $unwind: '$thread' },
      { $match: { 'thread.unanswered': { $gt: 0 }, $expr: { $gt: ['$readCount', '$thread.answeredCount'] } } },
      {
        $project: {
          _id: 0,
          readCount: 1,
          coordinationId: '$thread.coordinationId',
          inboundCount: '$thread.inboundCount',
          answeredCount: '$thread.answeredCount',
        },
      },
    ])
    .toArray()
}
