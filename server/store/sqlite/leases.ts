// Leases on dispatching a sender: one holder at a time, and a fence that rises with each new holder.
import type { Sqlite } from './sqlite.ts'

interface LeaseRow {
  holder: string | null
  held_until: number
  fence: number
}

export function leaseSender(sql: Sqlite, orgId: string, sender: string, holder: string, ttlMs: number): Promise<{ fence: number } | null> {
  return sql.write(() => {
    const now = sql.clock.now()
    const lease = sql.get<LeaseRow>('SELECT holder, held_until, fence FROM sender_leases WHERE org_id = ? AND sender = ?', orgId, sender)
    if (lease && lease.holder !== null && lease.holder !== holder && lease.held_until > now) return null
    const fence = lease?.holder === holder ? lease.fence : (lease?.fence ?? 0) + 1
    sql.run(
      `INSERT INTO sender_leases (org_id, sender, holder, held_until, fence) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (org_id, sender) DO UPDATE SET holder = excluded.holder, held_until = excluded.held_until, fence = excluded.fence`,
      orgId,
      sender,
      holder,
      now + ttlMs,
      fence,
    )
    return { fence }
  })
}

export function releaseSender(sql: Sqlite, orgId: string, sender: string, holder: string): Promise<void> {
  return sql.write(() => {
    sql.run('UPDATE sender_leases SET holder = NULL, held_until = 0 WHERE org_id = ? AND sender = ? AND holder = ?', orgId, sender, holder)
  })
}
