// What a caller has not read, as absolute numbers.
import type { Unread } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { Viewer } from '../store/records.ts'

/** @param coordinationIds records to count one by one; those outside the scope are left out. */
export async function readUnread(parts: Pick<Parts, 'store'>, caller: Viewer, coordinationIds: string[] | null): Promise<Unread> {
  const [numbers] = await parts.store.unread([caller])
  if (numbers === undefined) throw new Error('the store counted nobody')
  const { version, total, conversations, awaitingReply } = numbers
  if (coordinationIds === null) return { version, total, conversations, awaitingReply }
  const byCoordination = await parts.store.unreadByCoordination(caller, coordinationIds)
  return { version, total, conversations, awaitingReply, byCoordination }
}
