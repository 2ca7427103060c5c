// Statuses, errors and prices of sent messages, where no callback brought them: each message is asked for when it has
// reached certain ages and is not complete. Twilio prices a message some minutes after it left.
import { statusRank, statusRises } from '../../shared/status.ts'
import type { Parts } from '../parts.ts'
import { takePrice } from '../rules/message.ts'
import type { SentState } from '../store/records.ts'
import { applyStatus } from './apply-status.ts'
import { changeMessage } from './change-message.ts'
import type { ListedMessage } from './gateway.ts'
import { insist } from './insist.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** Since it was claimed. At first only what has not arrived; from the second on also what has no price or may be read. */
const AGES: readonly { ms: number; onlyUnderWay: boolean }[] = [
  { ms: 30_000, onlyUnderWay: true },
  { ms: 5 * MINUTE_MS, onlyUnderWay: false },
  { ms: HOUR_MS, onlyUnderWay: false },
  { ms: 24 * HOUR_MS, onlyUnderWay: false },
]
/** A message that became due longer ago is not looked at any more. */
const LONGEST_MS = 48 * HOUR_MS
/** How often it is written down how far it has come. */
const KEEP_MS = 5 * MINUTE_MS
const PAGE = 100
const AT_ONCE = 5
/** So many in a row: Twilio is away, not one message at fault. */
const MOST_FAILURES = 5

/**
 * Each call looks at everything that reached one of the ages since the last one. Done twice at once it does no harm. A
 * clock that was set back is noticed: what is kept lies in its future then, and what this process remembers counts.
 *
 * @throws when Twilio or the store is away: the same ones are due next time.
 */
export function createStatusCompletion(parts: Parts, orgId: string, pause: (ms: number) => Promise<void>): () => Promise<void> {
  let done: number | null = null
  return async () => {
    const now = parts.clock.now()
    const { statusesAt } = await parts.store.recovery(orgId, now)
    const last = Math.max(0, ...[done ?? 0, statusesAt].filter((time) => time <= now))
    await lookAtAges(parts, orgId, { from: Math.max(last, now - LONGEST_MS), to: now }, pause)
    done = now
    // An idle server writes rarely; what is looked at again after a restart does no harm.
    if (now - statusesAt >= KEEP_MS) await parts.store.advanceRecovery(orgId, { statusesAt: now })
  }
}

async function lookAtAges(
  parts: Parts,
  orgId: string,
  span: { from: number; to: number },
  pause: (ms: number) => Promise<void>,
): Promise<void> {
  const { store, log } = parts
  const { gateway } = parts.organizationOf(orgId)
  let failures = 0

  async function look(state: SentState): Promise<void> {
    const listed = await insist(() => gateway.fetchSent(state.twilioSid), pause).then(
      (found) => {
        failures = 0
        return found
      },
      (error: unknown) => {
        if (++failures >= MOST_FAILURES) throw error
        log.warn({ messageId: state.id, err: error }, 'A message could not be looked up at Twilio')
        return null
      },
    )
    if (listed !== null) await completeStatus(parts, orgId, state, listed)
  }

  for (const { ms, onlyUnderWay } of AGES) {
    for (let after: SentState | null = null; ; ) {
      const page: SentState[] = await store.incompleteSends(orgId, { from: span.from - ms, to: span.to - ms, after, limit: PAGE })
      const due = onlyUnderWay ? page.filter((one) => statusRank(one.status) <= statusRank('sent')) : page
      for (let start = 0; start < due.length; start += AT_ONCE) await Promise.all(due.slice(start, start + AT_ONCE).map(look))
      after = page.at(-1) ?? null
      if (page.length < PAGE) break
    }
  }
}

/** One of our messages as Twilio shows it, merged like a callback. */
export async function completeStatus(parts: Parts, orgId: string, state: SentState, listed: ListedMessage): Promise<void> {
  const rises = statusRises(state.status, listed.status)
  const price = state.priced ? null : listed.price
  if (!rises) {
    if (price !== null) await changeMessage(parts, orgId, state.id, takePrice(price))
    return
  }
  const now = parts.clock.now()
  const { twilioSid, status, failure, sentAt, updatedAt } = listed
  const report = { orgId, messageId: null, twilioSid }
  if (state.status === 'sending' && sentAt !== null && statusRank(status) > statusRank('sent'))
    await applyStatus(parts, { ...report, status: 'sent', failure: null, at: Math.min(sentAt, now) })
  // The date of its last change is the nearest to that of its status.
  const at = !Number.isNaN(updatedAt) ? Math.min(Math.max(updatedAt, sentAt ?? 0), now) : now
  await applyStatus(parts, { ...report, status, failure, at, ...(price === null ? {} : { price }) })
}
