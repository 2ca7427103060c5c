// Finding out about a message whose answer never came (invariant 3). Looked up in Twilio's list after 3, 15 and 60 s;
// not there: sent again once. Unconfirmed a second time, an agent's asks its author, an automated one fails; after
// 15 minutes either fails, and its line goes on.
import type { Parts } from '../parts.ts'
import { failAttempt, sendAgain } from '../rules/message.ts'
import type { Claim } from '../store/records.ts'
import { changeMessage } from './change-message.ts'
import { unsettled } from './failures.ts'
import { findInList } from './find-in-list.ts'
import { keepAnswer } from './keep-answer.ts'
import type { Look } from './lines.ts'

/** Since it became unconfirmed, ms. */
const LOOKS_AT = [3_000, 15_000, 60_000]
const GIVE_UP_MS = 15 * 60_000
const LATE_LOOK_MS = 60_000

/** How long a callback or an agent's answer that another process took may stay unnoticed. */
const RECHECK_MS = 5_000

/** `looks`: made by then. */
type Finding = { next: 'go' } | { next: 'wait'; ms: number; looks: number }

/**
 * One step towards finding out; `line.look` remembers how far it is with this attempt. The answer is how long to wait
 * before the next step; null: it is settled, the line goes on. After a restart, or in another process, the looks begin
 * anew and so are later than they had to be, never earlier; the 15 minutes do not begin anew.
 */
export async function pursueUnconfirmed(parts: Parts, claim: Claim, line: { look: Look | null }): Promise<number | null> {
  const of = `${claim.message.id}|${claim.claimedAt}`
  if (line.look?.of !== of) line.look = { of, made: 0, leftMs: 0 }
  const { look } = line
  if (look.leftMs <= 0) {
    const found = await settle(parts, claim, look.made)
    if (found.next === 'go') {
      line.look = null
      return null
    }
    look.made = found.looks
    look.leftMs = found.ms
  }
  const stepMs = Math.min(look.leftMs, RECHECK_MS)
  look.leftMs -= stepMs
  return stepMs
}

/** `looks`: how many were made; 0: the first wait has not begun. */
async function settle(parts: Parts, claim: Claim, looks: number): Promise<Finding> {
  const { clock, log } = parts
  const { message } = claim
  if (looks === 0) return { next: 'wait', ms: LOOKS_AT[0] ?? 0, looks: 1 }

  const found = await findInList(parts, claim).catch((error: unknown) => {
    log.warn({ messageId: message.id, err: error }, 'Twilio’s list could not be read')
    return undefined
  })
  if (found) {
    await keepAnswer(parts, claim, found)
    return { next: 'go' }
  }
  const now = clock.now()
  if (now - claim.firstClaimedAt >= GIVE_UP_MS) return fail(unsettled)
  // A list that could not be read says nothing: the same look again, soon.
  if (found === undefined) return { next: 'wait', ms: 5_000, looks }
  if (looks < LOOKS_AT.length) return { next: 'wait', ms: (LOOKS_AT[looks] ?? 0) - (LOOKS_AT[looks - 1] ?? 0), looks: looks + 1 }

  if (claim.attempt === 1) {
    log.warn({ messageId: message.id }, 'Not in Twilio’s list after 60 s: sent again')
    await changeMessage(parts, claim.orgId, message.id, sendAgain(claim))
    return { next: 'go' }
  }
  if (message.author.type !== 'agent') return fail(unsettled)
  // The author was asked by the message's state; Twilio is still looked at, in case it turns up.
  return { next: 'wait', ms: LATE_LOOK_MS, looks }

  async function fail(failure: typeof unsettled): Promise<Finding> {
    await changeMessage(parts, claim.orgId, message.id, failAttempt(claim, failure, clock.now()))
    return { next: 'go' }
  }
}
