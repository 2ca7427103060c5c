// How many conversations stand under each filter of the inbox: counted to a hundred, since nobody reads more.
import type { InboxCounts } from '../../../shared/model.ts'
import type { Viewer } from '../records.ts'
import { scopeCondition } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

const MOST = 100

export function countConversations(sql: Sqlite, viewer: Viewer): InboxCounts {
  const scope = scopeCondition(viewer.scope, 'c.coordination_id')
  const count = (index: string, condition: string, ...values: string[]) =>
    sql.get<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT 1 FROM conversations c INDEXED BY ${viewer.scope === null ? index : 'conversations_by_record'}
       WHERE c.org_id = ?${scope.sql} AND ${condition} LIMIT ${MOST})`,
      viewer.orgId,
      ...scope.values,
      ...values,
    )?.n ?? 0
  const current = (condition: string, ...values: string[]) =>
    count('conversations_current', `c.status <> 'closed' AND c.activity_at IS NOT NULL AND ${condition}`, ...values)
  const clients = () =>
    sql.get<{ n: number }>(
      `SELECT count(*) AS n FROM (SELECT DISTINCT c.contact_id FROM conversations c
       INDEXED BY ${viewer.scope === null ? 'conversations_waiting' : 'conversations_by_record'}
       WHERE c.org_id = ?${scope.sql} AND c.awaiting_since IS NOT NULL AND c.status = 'open' LIMIT ${MOST})`,
      viewer.orgId,
      ...scope.values,
    )?.n ?? 0
  return {
    open: current("c.status = 'open'"),
    awaiting: clients(),
    mine: current("c.status = 'open' AND c.assignee_id = ?", viewer.agentId),
    unassigned: current("c.status = 'open' AND c.assignee_id IS NULL"),
    unfiled: current("c.status = 'open' AND c.coordination_id IS NULL"),
    failed: count('conversations_failed', "c.failures <> '[]'"),
    snoozed: current("c.status = 'snoozed'"),
  }
}
