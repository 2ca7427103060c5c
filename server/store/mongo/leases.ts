// Leases by the database's clock: one holder of a name at a time, and a fence that rises with each new one.
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database.ts'
import { insertOnce, literal, repeat } from './write.ts'

export async function takeLease(
  db: Database,
  orgId: string,
  name: string,
  holder: string,
  ttlMs: number,
): Promise<{ fence: number } | null> {
  const _id = `${orgId}|${name}`
  const mine = { $eq: ['$leaseBy', literal(holder)] }
  const over = { $lte: ['$leaseUntil', '$$NOW'] }
  const free = { $or: [{ $eq: ['$leaseBy', null] }, over, mine] }
  return repeat<{ fence: number } | null>(async () => {
    const lease = await db.leases.findOneAndUpdate(
      { _id, orgId },
      [
        {
          $set: {
            leaseBy: { $cond: [free, literal(holder), '$leaseBy'] },
            leaseUntil: { $cond: [free, { $add: ['$$NOW', ttlMs] }, '$leaseUntil'] },
            fence: { $cond: [free, { $cond: [mine, '$fence', { $add: ['$fence', 1] }] }, '$fence'] },
          },
        },
      ],
      { returnDocument: 'after' },
    )
    if (lease) return lease.leaseBy === holder ? { fence: lease.fence } : null
    await insertOnce(db.leases, { _id, orgId, leaseBy: null, leaseUntil: new Date(0), fence: 0 }, { _id })
    return undefined
  })
}

export async function releaseLease(db: Database, orgId: string, name: string, holder: string): Promise<void> {
  await db.leases.updateOne({ _id: `${orgId}|${name}`, orgId, leaseBy: holder }, { $set: { leaseBy: null, leaseUntil: new Date(0) } })
}

/** Longer than any one write; what a killed process held is free after it. */
const HELD_MS = 10_000

/** Runs `task` while no other process runs one under this name. */
export async function holding<T>(db: Database, orgId: string, name: string, task: () => Promise<T>): Promise<T> {
  const holder = db.newId()
  for (let delayMs = 2; !(await takeLease(db, orgId, name, holder, HELD_MS)); delayMs = Math.min(2 * delayMs, 100))
    await wait(delayMs + Math.random() * delayMs)
  try {
    return await task()
  } finally {
    await releaseLease(db, orgId, name, holder)
  }
}
