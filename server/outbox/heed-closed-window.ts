// The provider refused free text because the window is closed, where we took it for open: then it is closed here, too, so that the
// next one is a template and what is planned does not run into the same.
import { WINDOW_MS } from '../../shared/window.ts'
import type { Failure, Message } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import type { Claim } from '../store/records.ts'
import { tell } from '../tell.ts'
import { seesAll } from '../store/sees-all.ts'

/** Ours have no code. A template needs no window. */
const saysClosed = ({ template }: Pick<Message, 'template'>, failure: Failure | null): boolean =>
  template === undefined && failure?.reason === 'window' && failure.code !== null

async function close(parts: Parts, orgId: string, lineId: string, heardBy: number): Promise<void> {
  tell(parts, await parts.store.closeWindow({ orgId, lineId }, parts.clock.now() - WINDOW_MS, heardBy))
}

/** Of a message on its way out. A client who wrote after it left has opened the window again. */
export async function closeRefusedWindow(parts: Parts, claim: Claim, failure: Failure | null): Promise<void> {
  if (saysClosed(claim.message, failure)) await close(parts, claim.orgId, claim.lineId, claim.claimedAt)
}

/** Of a message that went out before. */
export async function heedClosedWindow(parts: Parts, orgId: string, message: Message): Promise<void> {
  if (message.status !== 'failed' || !saysClosed(message, message.error)) return
  const thread = await parts.store.conversation(seesAll(orgId), message.conversationId)
  if (thread !== null) await close(parts, orgId, thread.lineId, Date.parse(message.dueAt ?? message.createdAt))
}
