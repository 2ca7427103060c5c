// Leases: one holder of a name at a time, and a fence that rises with each new holder.
import type { Sqlite } from './sqlite.ts'

interface LeaseRow {
  holder: string | null
  held_until: number
  fence: number
}

export function takeLease(sql: Sqlite, orgId: string, name: string, holder: string, ttlMs: number): Promise<{ fence: number } | null> {
  return sql.write(() => {
    const now = sql.clock.now()
    const lease = sql.get<LeaseRow>('SELECT holder, held_until, fence FROM leases WHERE org_id = ? AND name = ?', orgId, name)
    if (lease && lease.holder !== null && lease.holder !== holder && lease.held_until > now) return null
    const fence = lease?.holder === holder ? lease.fence : (lease?.fence ?? 0) + 1
    sql.run(
      `INSERT INTO leases (org_id, name, holder, held_until, fence) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (org_id, name) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until, fence = excluded.fence`,
      orgId,
      name,
      holder,
      now + ttlMs,
      fence,
    )
    return { fence }
  })
}

export function releaseLease(sql: Sqlite, orgId: string, name: string, holder: string): Promise<void> {
  return sql.write(() => {
    sql.run('UPDATE leases SET holder = NULL, held_until = 0 WHERE org_id = ? AND name = ? AND holder = ?', orgId, name, holder)
  })
}
