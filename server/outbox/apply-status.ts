// A status from Twilio, by callback or from its list: merged, told to those who look, and the line goes on.
import type { Parts } from '../parts.ts'
import { eraseText } from '../rules/message.ts'
import { changeMessage } from './change-message.ts'
import type { StatusApplied, StatusReport } from '../store/records.ts'

/**
 * Durable before it resolves. Repeats and lower statuses change nothing and tell nobody.
 *
 * @throws DomainError `unavailable` when the store cannot be reached.
 */
export async function applyStatus(parts: Parts, report: StatusReport): Promise<StatusApplied> {
  const applied = await parts.store.applyStatus(report)
  if (applied.outcome !== 'applied') return applied
  const { message, changes } = applied
  // The row of an agent's last message shows its tick to everybody; the bubble only to those who have it open.
  parts.publish.changes(changes, { messages: 'viewers', conversations: message.author.type === 'agent' ? 'all' : 'viewers' })
  if (applied.released) parts.dispatch.release(applied.lineId)
  parts.dispatch.settle(message.id)
  if (message.sensitive && message.text !== '' && ['delivered', 'read', 'failed'].includes(message.status))
    await changeMessage(parts, report.orgId, message.id, eraseText, { messages: 'viewers', conversations: 'all' })
  return applied
}
