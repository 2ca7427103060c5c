// "Somebody is writing", shown to the client where the provider offers it and the operator wants it: on WhatsApp, under the client's
// last message, which is marked read with it.
import type { Parts } from '../parts.ts'
import type { ConversationState, Viewer } from '../store/records.ts'

/** WhatsApp shows it for up to 25 s. */
const EVERY_MS = 20_000
/** How far back the client's last message is looked for. */
const LOOK_BACK = 50
const MAX_REMEMBERED = 1000

export interface Typing {
  /** Returns at once; a provider that cannot show it is no fault of the agent's. */
  show(viewer: Viewer, conversation: ConversationState): void
}

export function createTyping(parts: Pick<Parts, 'store' | 'organizationOf' | 'clock' | 'log'>): Typing {
  const shownAt = new Map<string, number>()

  async function tell(viewer: Viewer, conversation: ConversationState): Promise<void> {
    const page = await parts.store.messages(viewer, conversation.id, { limit: LOOK_BACK })
    const newest = page?.items.findLast((message) => message.direction === 'inbound' && message.twilioSid !== null)
    if (!newest?.twilioSid) return
    const { gateway } = parts.organizationOf(viewer.orgId)
    await gateway.showTyping({ channel: conversation.channel, inboundSid: newest.twilioSid })
  }

  return {
    show(viewer, conversation) {
      if (conversation.channel !== 'whatsapp' || !parts.organizationOf(viewer.orgId).settings.twilioTyping) return
      const now = parts.clock.elapsed()
      const before = shownAt.get(conversation.id)
      if (before !== undefined && now - before < EVERY_MS) return
      if (shownAt.size >= MAX_REMEMBERED) for (const [id, at] of shownAt) if (now - at >= EVERY_MS) shownAt.delete(id)
      shownAt.set(conversation.id, now)
      tell(viewer, conversation).catch((error: unknown) => parts.log.warn({ err: error }, 'The typing sign could not be shown'))
    },
  }
}
