// Erases what an organization's messages said once they are older than it keeps them: a few at a time, from where the last night ended.
import { setImmediate as nextTurn } from 'node:timers/promises'
import { changeMessage } from '../outbox/change-message.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import { eraseOld, keptSince } from '../rules/retention.ts'
import type { Setting } from '../store/records.ts'
import { seesAll } from '../store/sees-all.ts'

/** More in one turn would hold up sockets. */
const A_TURN = 50
const DAY_MS = 24 * 3600_000
/** A message may be stored, or end, so long after it was written. */
const OVERLAP_MS = 8 * DAY_MS
/** What was planned for long is older when it goes: then all of them are looked at once more. */
const WHOLE_EVERY_MS = 30 * DAY_MS

export interface ErasedState {
  /** When it was done last. */
  ranAt: number
  /** All that was written by then is erased, and of that what was looked at as a whole. */
  through: number
  wholeAt: number
}

export function erasedState(setting: Setting | null): ErasedState | null {
  const { ranAt, through, wholeAt } = setting?.value ?? {}
  return typeof ranAt === 'number' && typeof through === 'number' && typeof wholeAt === 'number' ? { ranAt, through, wholeAt } : null
}

/** Answers what is to be kept of it, and how many were erased; ends early where `closed`, and says so by null. */
export async function eraseMessages(
  parts: Parts,
  own: Organization,
  { through, wholeAt }: ErasedState,
  closed: () => boolean,
): Promise<{ state: ErasedState; erased: number } | null> {
  const now = parts.clock.now()
  const since = keptSince(own.settings, now)
  if (since === null) return { state: { ranAt: now, through, wholeAt }, erased: 0 }
  const isWhole = wholeAt <= now - WHOLE_EVERY_MS
  const range = { from: isWhole ? 0 : through - OVERLAP_MS, to: since }
  let erased = 0
  let cursor: string | null = null
  do {
    if (closed()) return null
    const page = await parts.store.messageLog(seesAll(own.id), range, { cursor, limit: A_TURN })
    const old = page.items.filter((message) => message.erased !== true)
    const done = await Promise.all(old.map(({ id }) => changeMessage(parts, own.id, id, eraseOld)))
    erased += done.filter((one) => one?.changed).length
    cursor = page.nextCursor
    await nextTurn()
  } while (cursor !== null)
  return { state: { ranAt: now, through: Math.max(through, since), wholeAt: isWhole ? now : wholeAt }, erased }
}
