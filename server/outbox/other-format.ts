// A recording that WhatsApp could not take goes once more by itself, in the other format that the browser recorded it in.
import type { Failure, Message } from '../../shared/model.ts'
import type { Parts } from '../parts.ts'
import { consentOf } from '../rules/opt-out.ts'
import { otherFormat, triedOtherwise } from '../rules/other-format.ts'
import { tell } from '../tell.ts'
import { changeMessage } from './change-message.ts'
import { retryKey } from './retry-message.ts'

/**
 * Called as `fallBack` is: before the failure is written down, and again by whoever finds it. It goes under the key of an agent's
 * retry, so that of all who want another attempt one gets it.
 */
export async function sendOtherFormat(parts: Parts, orgId: string, message: Message, failure: Failure | null): Promise<void> {
  const { store, clock } = parts
  if (failure === null || message.media.length !== 1) return
  const now = clock.now()
  const file = otherFormat(message, failure, (await store.messageMedia(message.id))?.items ?? [], now)
  if (file === null) return
  const entered = await store.enter(
    {
      ...{ id: parts.newId(), orgId, conversationId: message.conversationId, direction: 'outbound', type: 'media' },
      ...{ author: message.author, text: message.text, template: null, content: null, media: [file] },
      ...{ replyToId: message.replyToId, retryOf: message.id, fallbackOf: null, clientMessageId: null, key: retryKey(message.id) },
      ...{ askedRecord: message.coordinationId, lane: 0, sensitive: false, cost: 1, dueAt: null },
      expiresInMs: message.expiresAt === null ? null : Date.parse(message.expiresAt) - now,
      createdAt: now,
    },
    { ifNoAnswerSince: null, consent: consentOf(message), openWindow: true, contactLimit: null },
  )
  if (entered.outcome !== 'created' && entered.outcome !== 'repeated') return
  if (entered.outcome === 'created') tell(parts, entered.changes)
  await changeMessage(parts, orgId, message.id, triedOtherwise)
}
