// Finding out about a message whose answer never came (invariant 3). Looked up in Twilio's list after 3, 15 and 60 s;
// not there: sent again once. Unconfirmed a second time, an agent's asks its author, an automated one fails; after
// 15 minutes either fails, and its line goes on.
import type { Parts } from '../parts.ts'
import type { Claim } from '../store/records.ts'
import { expired, unsettled } from './failures.ts'
import { findInList } from './find-in-list.ts'

/** Since it became unconfirmed, ms. */
const LOOKS_AT = [3_000, 15_000, 60_000]
const GIVE_UP_MS = 15 * 60_000
const LATE_LOOK_MS = 60_000

export type Finding = { next: 'go'; looks: number } | { next: 'wait'; ms: number; looks: number }

/**
 * One step: `looks` is how many were made (0: the first wait has not begun). After a restart it begins anew, the 15
 * minutes do not.
 */
export async function settleUnconfirmed(parts: Parts, claim: Claim, looks: number): Promise<Finding> {
  const { store, clock, publish, dispatch, log } = parts
  const { message } = claim
  if (looks === 0) return { next: 'wait', ms: LOOKS_AT[0] ?? 0, looks: 1 }
  const audience = { messages: 'viewers', conversations: 'all' } as const

  const found = await findInList(parts, claim).catch((error: unknown) => {
    log.warn({ messageId: message.id, err: error }, 'Twilio’s list could not be read')
    return undefined
  })
  if (found) {
    const { twilioSid, status, failure } = found
    const applied = await store.accepted(claim, { twilioSid, status, at: clock.now(), failure })
    if (applied.outcome === 'applied') publish.changes(applied.changes, audience)
    dispatch.settle(message.id)
    return { next: 'go', looks: 0 }
  }
  const now = clock.now()
  if (now - claim.firstClaimedAt >= GIVE_UP_MS) return fail(unsettled)
  // A list that could not be read says nothing: the same look again, soon.
  if (found === undefined) return { next: 'wait', ms: 5_000, looks }
  if (looks < LOOKS_AT.length) return { next: 'wait', ms: (LOOKS_AT[looks] ?? 0) - (LOOKS_AT[looks - 1] ?? 0), looks: looks + 1 }

  if (claim.attempt === 1) {
    if (message.expiresAt !== null && Date.parse(message.expiresAt) <= now) return fail(expired)
    log.warn({ messageId: message.id }, 'Not in Twilio’s list after 60 s: sent again')
    publish.changes(await store.sendAgain(claim, now), audience)
    return { next: 'go', looks: 0 }
  }
  if (message.author.type !== 'agent') return fail(unsettled)
  // The author was asked by the message's state; Twilio is still looked at, in case it turns up.
  return { next: 'wait', ms: LATE_LOOK_MS, looks }

  async function fail(failure: typeof unsettled): Promise<Finding> {
    publish.changes(await store.fail(claim, failure, clock.now()), audience)
    dispatch.settle(message.id)
    return { next: 'go', looks: 0 }
  }
}
