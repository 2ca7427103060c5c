// A caller's unread messages, as absolute numbers.
import type { Badges } from '../../shared/events.ts'
import type { Unread } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import { countBadges } from './count-badges.ts'
import type { RecordUnread, Viewer } from '../store/records.ts'

/** @param coordinationIds records, and clients by `phone:` and their number, to count one by one; those outside the scope are left out. */
export async function readUnread(
  parts: Pick<Parts, 'store' | 'organizationOf'>,
  caller: Viewer,
  coordinationIds: string[] | null,
): Promise<Unread> {
  const [numbers] = await parts.store.unread([caller])
  if (numbers === undefined) throw new Error('the store counted nobody')
  const { version, total, conversations, awaitingReply } = numbers
  if (coordinationIds === null) return { version, total, conversations, awaitingReply }
  const { badges, waiting, unfiled, unfiledSince } = toBadges(await countBadges(parts, caller, coordinationIds))
  return {
    version,
    total,
    conversations,
    awaitingReply,
    byCoordination: badges,
    waitingByCoordination: waiting,
    unfiledByCoordination: unfiled,
    unfiledSinceByCoordination: unfiledSince,
  }
}

/** As they are told: each record's unread; where its client waits since when; and where something of him is unfiled how much, since when. */
export function toBadges(numbers: Readonly<Record<string, RecordUnread>>): Badges {
  const told: Badges = { badges: {}, waiting: {}, unfiled: {}, unfiledSince: {} }
  for (const [id, { unread, awaitingSince, unfiled, unfiledSince }] of Object.entries(numbers)) {
    told.badges[id] = unread
    if (awaitingSince !== null) told.waiting[id] = new Date(awaitingSince).toISOString()
    if (unfiled > 0) told.unfiled[id] = unfiled
    if (unfiledSince !== null) told.unfiledSince[id] = new Date(unfiledSince).toISOString()
  }
  return told
}
