// Whether another attempt of a failed message is worth its while, among many. One that an agent asks for by hand is tried whatever
// it failed of.
import type { FailureAction, FailureReason } from '../../shared/model.ts'
import type { FailedFacts } from './log-filter.ts'

/** `permanent`: it would fail again. `done`: it was sent again, or an agent put it away. */
export type NotAgain = 'not_failed' | 'done' | 'permanent' | 'expired' | 'erased'

/** What was not this message's fault can be mended for all of them; then they may go. */
const mendable: readonly FailureReason[] = ['account', 'sender', 'sandbox', 'carrier', 'rate', 'expired', 'unsettled', 'unknown']

function isPermanent(reason: FailureReason, action: FailureAction): boolean {
  if (action === 'fix_number' || action === 'try_sms') return true
  // Whether the window is open by now, or the template can go, is seen as each is tried.
  return action === 'none' && !mendable.includes(reason)
}

/** Null: it may be tried. */
export function whyNotAgain({ direction, status, error, putAway, text, hasMedia, expiresAt }: FailedFacts, now: number): NotAgain | null {
  if (direction !== 'outbound' || status !== 'failed') return 'not_failed'
  if (putAway) return 'done'
  if (error !== null && isPermanent(error.reason, error.action)) return 'permanent'
  if (expiresAt !== null && expiresAt <= now) return 'expired'
  return text === '' && !hasMedia ? 'erased' : null
}
