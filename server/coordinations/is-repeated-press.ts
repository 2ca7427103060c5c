// A button that is pressed again says nothing new; one that is pressed after another does.
import type { Message } from '../../shared/model.ts'
import type { Store } from '../store/store.ts'
import { seesAll } from '../store/sees-all.ts'

/** How many messages the client may have between the two. */
const BACK = 50

/** Whether the last button that the client pressed of the same message is this one. */
export async function isRepeatedPress(store: Pick<Store, 'messages'>, orgId: string, message: Message): Promise<boolean> {
  const { button, replyToId, seq } = message
  if (button === undefined || replyToId === null || seq === null) return false
  const viewer = seesAll(orgId)
  const before = await store.messages(viewer, message.conversationId, { before: seq, limit: BACK })
  const last = before?.items.findLast((one) => one.button !== undefined && one.replyToId === replyToId)
  return last?.button?.payload === button.payload
}
