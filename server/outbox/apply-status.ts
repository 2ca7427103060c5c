// A status from Twilio, by callback or from its list: merged, told to those who look, and the line goes on.
import type { Parts } from '../parts.ts'
import { eraseSpent } from '../rules/message.ts'
import { tell } from '../tell.ts'
import { changeMessage } from './change-message.ts'
import { heedClosedWindow } from './heed-closed-window.ts'
import { fallBack, fallBackFrom } from './fall-back.ts'
import { heedOptOut } from './heed-opt-out.ts'
import type { StatusApplied, StatusReport } from '../store/records.ts'

/**
 * Durable before it resolves. Repeats and lower statuses change nothing and tell nobody.
 *
 * @throws DomainError `unavailable` when the store cannot be reached.
 */
export async function applyStatus(parts: Parts, report: StatusReport): Promise<StatusApplied> {
  if (report.status === 'failed') await fallBackFrom(parts, report)
  const applied = await parts.store.applyStatus(report)
  // Also after a repeat: the first may have ended in between.
  if (applied.outcome !== 'held') {
    await heedClosedWindow(parts, report.orgId, applied.message)
    await heedOptOut(parts, report.orgId, applied.message)
    if (applied.message.status === 'failed') await fallBack(parts, report.orgId, applied.message, applied.message.error)
  }
  if (applied.outcome !== 'applied') return applied
  const { message } = applied
  tell(parts, applied.changes)
  if (message.sensitive && message.text !== '') await changeMessage(parts, report.orgId, message.id, eraseSpent(parts.clock.now()))
  return applied
}
