// A client's message about a record is an event of the record, where a rule waits for it.
import type { Message } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import { addEvent } from '../rules/record-plan.ts'

const RECEIVED = 'message.received'
const MOST_CHARS = 500

/** Kept before it resolves; the plan loop answers. A repeat is the same event. */
export async function noteReceived(parts: Parts, orgId: string, message: Message): Promise<void> {
  const { id, coordinationId, channel, type, text, button, recovered, createdAt } = message
  // What was missed while Hilo was away is for people.
  if (coordinationId === null || recovered) return
  if (!parts.organizationOf(orgId).listensTo.has(RECEIVED)) return
  const data = { text: text.slice(0, MOST_CHARS), type, channel, ...(button ? { payload: button.payload } : {}) }
  const event = { type: RECEIVED, key: `${RECEIVED}|${id}`, at: Date.parse(createdAt), data, channel }
  const planned = await parts.store.changePlan(orgId, coordinationId, addEvent(event))
  if (planned !== null) parts.automations.planned()
}
