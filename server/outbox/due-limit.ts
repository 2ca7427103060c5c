// What agents may send one contact in an hour, for messages that come due: those count by when they entered, which the
// log does not date, so this process remembers its own.
import type { Parts } from '../parts.ts'

const HOUR_MS = 3600_000

export interface DueLimit {
  /** Whether this contact got as many messages of agents within the last hour as allowed. */
  reached(orgId: string, contactId: string): Promise<boolean>
  /** A scheduled message for this contact just entered. */
  entered(contactId: string): void
}

export function createDueLimit({ store, clock, config }: Pick<Parts, 'store' | 'clock' | 'config'>): DueLimit {
  const max = config.sendLimitPerContactHour
  const enteredAt = new Map<string, number[]>()

  function recent(contactId: string): number[] {
    const since = clock.now() - HOUR_MS
    const times = (enteredAt.get(contactId) ?? []).filter((time) => time > since)
    if (times.length === 0) enteredAt.delete(contactId)
    else enteredAt.set(contactId, times)
    return times
  }

  return {
    async reached(orgId, contactId) {
      let count = recent(contactId).length
      const filter = { contactId, direction: 'outbound', authorType: 'agent', from: clock.now() - HOUR_MS } as const
      for (let cursor: string | null = null; count < max; ) {
        const page = await store.messageLog({ orgId, agentId: '', scope: null }, filter, { cursor, limit: 100 })
        count += page.items.filter((message) => message.dueAt === null).length
        cursor = page.nextCursor
        if (cursor === null) break
      }
      return count >= max
    },
    entered(contactId) {
      for (const known of enteredAt.keys()) recent(known)
      enteredAt.set(contactId, [...recent(contactId), clock.now()])
    },
  }
}
