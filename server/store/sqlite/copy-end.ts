// A database as one end of a copy. The lock is held: no server runs on it, and none can start.
import type { StoreParts } from '../open-store.ts'
import type { CopyEnd } from '../copy-end.ts'
import { readCopied } from './copy-read.ts'
import { writeCopied } from './copy-write.ts'
import { copyMark, openFile } from './open.ts'

const withOrganizations = [
  'contacts',
  'coordinations',
  'recoveries',
  'agents',
  'push_subscriptions',
  'templates',
  'settings',
  'deliveries',
  'campaigns',
  'leases',
  'callbacks',
]

/** @throws DomainError `unavailable` with what to do: a server runs on it, newer schema, damaged file, no permission. */
export function openSqliteCopy(file: string, parts: StoreParts): CopyEnd {
  const { sql, close } = openFile({ file, ...parts })
  return {
    id: sql.storeId,
    servers: async () => 0,
    organizations: async () =>
      sql
        .all<{ org_id: string }>(`${withOrganizations.map((table) => `SELECT org_id FROM ${table}`).join(' UNION ')} ORDER BY org_id`)
        .map((row) => row.org_id),
    read: async (kind, orgId, after, limit) => readCopied(sql, kind, orgId, after, limit),
    write: (kind, orgId, rows) => writeCopied(sql, kind, orgId, rows),
    mark: async () => copyMark(sql),
    setMark: (mark) =>
      sql.write(() => {
        sql.run("INSERT INTO kept (name, value) VALUES ('copy', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", mark)
      }),
    now: async () => parts.clock.now(),
    close,
  }
}
