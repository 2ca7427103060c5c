// Changes a message by a rule and tells whom it concerns.
import type { Audience, Parts } from '../parts.ts'
import type { MessageRule } from '../rules/message.ts'
import type { MessageChanged } from '../store/records.ts'

/** Null: there is no such message. */
export async function changeMessage(
  { store, publish }: Pick<Parts, 'store' | 'publish'>,
  orgId: string,
  id: string,
  rule: MessageRule,
  audience: Audience,
): Promise<MessageChanged | null> {
  const done = await store.changeMessage(orgId, id, rule)
  if (done?.changed) publish.changes(done.changes, audience)
  return done
}
