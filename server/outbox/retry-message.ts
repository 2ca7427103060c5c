// A new attempt of a failed message, or of one that nobody can tell about: a new message, linked to the old one.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { countParts } from '../../shared/segments.ts'
import type { Caller, Parts } from '../parts.ts'
import type { OwnConversationState } from '../store/records.ts'
import { agentChecks, hasOptedOut, limitReached, mayLeave, windowIsClosed } from './refusals.ts'
import { useTemplate } from '../templates/use-template.ts'
import { recipientOf } from './target.ts'
import { giveUp, putAwayMessage } from '../rules/message.ts'
import { filesOf } from '../rules/media.ts'
import { consentOf } from '../rules/opt-out.ts'
import { tell } from '../tell.ts'
import { changeMessage } from './change-message.ts'
import { unsettled } from './failures.ts'
import { mayBeFetched, mayGo } from './files.ts'

/** Of all who want another attempt of a message one gets it. */
export const retryKey = (id: string): string => `retry|${id}`

/**
 * An `unconfirmed` one fails first (`unsettled`), so that its line goes on. The same message retried twice gives the
 * same new message.
 *
 * @throws DomainError `not_found`, `not_retryable`, `window_closed`, `opted_out`, `no_sender`, `limit_reached`.
 */
export async function retryMessage(
  parts: Parts,
  caller: Caller,
  id: string,
): Promise<{ message: Message; conversation: OwnConversationState }> {
  const { store, clock } = parts
  const own = parts.organizationOf(caller.orgId)
  const old = await store.message(caller, id)
  const conversation = old === null ? null : await store.conversation(caller, old.conversationId)
  if (old === null || conversation === null) throw new DomainError('not_found', 'No such message.')
  if (old.direction !== 'outbound' || (old.status !== 'failed' && old.status !== 'unconfirmed'))
    throw new DomainError('not_retryable', `A message that is ${old.status} cannot be sent again.`)
  await mayLeave(parts, own, { ...conversation, address: conversation.contact.address }, old.template === undefined ? clock.now() : null)
  const target = { ...conversation, phone: conversation.contact.phone, contactName: conversation.contact.name }
  const used = old.template && (await useTemplate(parts, own, old.channel, old.template, recipientOf(caller, target, clock.now())))
  const content = used?.filled ?? { text: old.text, template: null, content: null, ...(old.marketing ? { marketing: true as const } : {}) }
  const files = filesOf((old.media.length > 0 ? await store.messageMedia(old.id) : null)?.items ?? [])
  if (files.length > 0) mayBeFetched(parts)
  mayGo({ ...target, address: conversation.contact.address }, files)
  if (content.text === '' && files.length === 0) throw new DomainError('not_retryable', 'Its text was erased.')
  const leftMs = old.expiresAt === null ? null : Date.parse(old.expiresAt) - clock.now()
  if (leftMs !== null && leftMs <= 0) throw new DomainError('not_retryable', 'Its time is over. Send a new message.')

  if (old.status === 'unconfirmed') {
    const given = await changeMessage(parts, caller.orgId, id, giveUp(unsettled, clock.now()))
    // Another agent may have answered in the same moment: then it has failed, and both get the same new message.
    if (given?.message.status !== 'failed') throw new DomainError('not_retryable', 'The message went out meanwhile.')
  }
  const cost = Math.max(1, countParts(old.channel, content.text))
  const now = clock.now()
  const entered = await store.enter(
    {
      id: parts.newId(),
      orgId: caller.orgId,
      conversationId: conversation.id,
      direction: 'outbound',
      type: old.type,
      author: { type: 'agent', id: caller.agentId, name: caller.name },
      ...content,
      media: files,
      replyToId: old.replyToId,
      retryOf: old.id,
      fallbackOf: null,
      clientMessageId: null,
      key: retryKey(old.id),
      askedRecord: old.coordinationId,
      lane: 0,
      sensitive: old.sensitive,
      cost,
      dueAt: null,
      expiresInMs: leftMs,
      createdAt: now,
    },
    agentChecks(own, now, used?.needsWindow ?? true, consentOf(content)),
  )
  if (entered.outcome === 'limited') throw limitReached(entered.until, now)
  if (entered.outcome === 'opted_out') throw hasOptedOut()
  if (entered.outcome === 'closed') throw await windowIsClosed(parts, own.id)
  if (entered.outcome === 'missing' || entered.outcome === 'answered') throw new DomainError('not_found', 'No such conversation.')
  if (entered.outcome === 'created') tell(parts, entered.changes)
  // Also of a repeat: the first one may have ended in between.
  await changeMessage(parts, caller.orgId, id, putAwayMessage)
  return { message: entered.message, conversation: (await store.conversation(caller, conversation.id)) ?? conversation }
}
