// What a caller has not read, as absolute numbers.
import type { Unread } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { RecordUnread, Viewer } from '../store/records.ts'

/** @param coordinationIds records to count one by one; those outside the scope are left out. */
export async function readUnread(parts: Pick<Parts, 'store'>, caller: Viewer, coordinationIds: string[] | null): Promise<Unread> {
  const [numbers] = await parts.store.unread([caller])
  if (numbers === undefined) throw new Error('the store counted nobody')
  const { version, total, conversations, awaitingReply } = numbers
  if (coordinationIds === null) return { version, total, conversations, awaitingReply }
  const { badges, waiting } = toBadges(await parts.store.unreadByCoordination(caller, coordinationIds))
  return { version, total, conversations, awaitingReply, byCoordination: badges, waitingByCoordination: waiting }
}

/** As they are told: each record's unread, and since when a client waits where one does. */
export function toBadges(numbers: Readonly<Record<string, RecordUnread>>): {
  badges: Record<string, number>
  waiting: Record<string, string>
} {
  const badges: Record<string, number> = {}
  const waiting: Record<string, string> = {}
  for (const [id, { unread, awaitingSince }] of Object.entries(numbers)) {
    badges[id] = unread
    if (awaitingSince !== null) waiting[id] = new Date(awaitingSince).toISOString()
  }
  return { badges, waiting }
}
