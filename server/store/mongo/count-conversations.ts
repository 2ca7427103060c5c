// How many conversations stand under each filter of the inbox: counted to a hundred, since nobody reads more.
import type { InboxCounts } from '../../../shared/model.ts'
import type { Viewer } from '../records.ts'
import type { Database } from './database.ts'
import { inScope } from './show.ts'

const MOST = 100

export async function countConversations(db: Database, { orgId, agentId, scope }: Viewer): Promise<InboxCounts> {
  const count = (query: Record<string, unknown>) => db.conversations.countDocuments({ orgId, ...query, ...inScope(scope) }, { limit: MOST })
  // Word for word what their partial indexes hold.
  const isOpen = { status: 'open', activityAt: { $gt: 0 } }
  const [open, awaiting, mine, unassigned, unfiled, failed, snoozed] = await Promise.all([
    count(isOpen),
    countClients(db, { orgId, awaitingSince: { $gt: 0 }, status: 'open', ...inScope(scope) }),
    count({ ...isOpen, 'assignee.id': agentId }),
    count({ ...isOpen, 'assignee.id': null }),
    scope === null ? count({ ...isOpen, coordinationId: null }) : 0,
    count({ 'failures.0': { $exists: true } }),
    count({ status: 'snoozed', activityAt: { $gt: 0 } }),
  ])
  return { open, awaiting, mine, unassigned, unfiled, failed, snoozed }
}

async function countClients(db: Database, query: Record<string, unknown>): Promise<number> {
  const clients = await db.conversations.aggregate([{ $match: query }, { $group: { _id: '$contactId' } }, { $limit: MOST }]).toArray()
  return clients.length
}
