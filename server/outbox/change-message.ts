// Changes a message by a rule and tells of it.
import type { Parts } from '../parts.ts'
import type { MessageRule } from '../rules/message.ts'
import { isSettled } from '../rules/what-follows.ts'
import type { MessageChanged } from '../store/records.ts'
import { tell } from '../tell.ts'

/** Null: there is no such message. */
export async function changeMessage(
  parts: Pick<Parts, 'store' | 'publish' | 'dispatch' | 'others'>,
  orgId: string,
  id: string,
  rule: MessageRule,
): Promise<MessageChanged | null> {
  const done = await parts.store.changeMessage(orgId, id, rule)
  if (done?.changed) tell(parts, done.changes)
  // Another process ended it, and told its own.
  else if (done && isSettled(done.message)) parts.dispatch.settle(id)
  return done
}
