// Everything that changed for a caller since a cursor: after a gap, or where WebSockets do not pass.
import type { SyncAnswer } from '../../shared/events.ts'
import type { Parts } from '../parts.ts'
import { presentOwn } from '../present.ts'
import type { Viewer } from '../store/records.ts'
import { readUnread } from './read-unread.ts'

/** Conversations of a full answer: the first of the list. */
const FULL_PAGE = 100

export async function readSync(parts: Parts, caller: Viewer, since: string | null): Promise<SyncAnswer> {
  const { cursor, conversations, removed, full } = await parts.store.sync(caller, since, FULL_PAGE)
  const unread = await readUnread(parts, caller, null)
  return { cursor, conversations: conversations.map((state) => presentOwn(parts, caller.orgId, state)), removed, unread, full }
}
