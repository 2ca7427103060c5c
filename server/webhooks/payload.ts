// What the host is told: the event, and the thing as it is when it is told. Sensitive texts never leave.
import type { Parts } from '../parts.ts'
import { presentBroadcast } from '../present.ts'
import { hideSensitive } from '../rules/hide-sensitive.ts'
import type { Delivery, Viewer } from '../store/records.ts'
import { showMessage } from '../team/show-message.ts'
import { seesAll } from '../store/sees-all.ts'

export type PayloadParts = Pick<Parts, 'store' | 'organizationOf' | 'clock' | 'mediaUrl' | 'previewUrl'>

/** Null: what it tells of is no more. */
export async function payloadOf(parts: PayloadParts, orgId: string, { type, at, about }: Delivery): Promise<object | null> {
  const { store } = parts
  const viewer: Viewer = seesAll(orgId)
  const event = (data: object) => ({ type, timestamp: new Date(at).toISOString(), data })
  const conversationOf = async (id: string) => {
    const found = await store.conversation(viewer, id)
    return found && presentBroadcast(parts, orgId, found)
  }
  const recordOf = async (id: string | null) => (id === null ? null : await store.coordination(viewer, id))
  if (about.kind === 'coordination') {
    const coordination = await recordOf(about.id)
    return coordination && event({ coordination })
  }
  if (about.kind === 'conversation') {
    const conversation = await conversationOf(about.id)
    return conversation && event({ conversation, coordination: await recordOf(conversation.coordinationId) })
  }
  const found = await store.message(viewer, about.id)
  if (found === null) return null
  const message = hideSensitive(showMessage(parts, found, false))
  const [conversation, coordination] = await Promise.all([conversationOf(found.conversationId), recordOf(found.coordinationId)])
  const action = type === 'action' && found.button ? { action: { payload: found.button.payload, text: found.button.text } } : {}
  return event({ ...action, message, conversation, coordination })
}
