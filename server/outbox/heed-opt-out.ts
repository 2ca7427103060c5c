// The provider refused a message because its client wants none, where we did not know: then it is so here, too, and nothing else is tried.
import type { Failure, Message } from '../../shared/model.ts'
import { sayOptOut } from '../inbox/opt-out.ts'
import type { Parts } from '../parts.ts'
import { refusedFor } from '../rules/opt-out.ts'
import type { Claim } from '../store/records.ts'
import { seesAll } from '../store/sees-all.ts'

/** Of a message on its way out. A client who wrote START after it left is in again. */
export async function heedRefusal(parts: Parts, { orgId, lineId, message, claimedAt }: Claim, failure: Failure | null): Promise<void> {
  const said = refusedFor(message, failure)
  if (said !== null) await sayOptOut(parts, { orgId, lineId, conversationId: message.conversationId }, said, claimedAt)
}

/** Of a message that went out before. */
export async function heedOptOut(parts: Parts, orgId: string, message: Message): Promise<void> {
  const said = message.status === 'failed' ? refusedFor(message, message.error) : null
  if (said === null) return
  const thread = await parts.store.conversation(seesAll(orgId), message.conversationId)
  if (thread === null) return
  const { id: conversationId, lineId } = thread
  await sayOptOut(parts, { orgId, lineId, conversationId }, said, Date.parse(message.sentAt ?? message.createdAt))
}
