// A new attempt of a failed message, or of one that nobody can tell about: a new message, linked to the old one.
import type { Message } from '../../shared/model.ts'
import { DomainError } from '../../shared/problems.ts'
import { countParts } from '../../shared/segments.ts'
import type { Caller, Parts } from '../parts.ts'
import type { Organization } from '../organizations.ts'
import type { EnterChecks, Lane, OwnConversationState } from '../store/records.ts'
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

/** Who sends it, and how soon: by hand it is the agent's own, of many each keeps its author and goes with a campaign's pace. */
export interface RetryHow {
  author: Message['author'] | 'same'
  lane: Lane
}

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
  { author, lane }: RetryHow = { author: { type: 'agent', id: caller.agentId, name: caller.name }, lane: 0 },
): Promise<{ message: Message; conversation: OwnConversationState; created: boolean }> {
  const { store, clock } = parts
  const { own, old, conversation, content, files, needsWindow, leftMs } = await prepareRetry(parts, caller, id)
  if (old.status === 'unconfirmed') {
    const given = await changeMessage(parts, caller.orgId, id, giveUp(unsettled, clock.now()))
    // Another agent may have answered in the same moment: then it has failed, and both get the same new message.
    if (given?.message.status !== 'failed') throw new DomainError('not_retryable', 'The message went out meanwhile.')
  }
  const now = clock.now()
  const by = author === 'same' ? old.author : author
  const entered = await store.enter(
    {
      id: parts.newId(),
      orgId: caller.orgId,
      conversationId: conversation.id,
      direction: 'outbound',
      type: old.type,
      author: by,
      ...content,
      media: files,
      replyToId: old.replyToId,
      retryOf: old.id,
      fallbackOf: null,
      clientMessageId: null,
      key: retryKey(old.id),
      askedRecord: old.coordinationId,
      lane,
      sensitive: old.sensitive,
      cost: Math.max(1, countParts(old.channel, content.text)),
      dueAt: null,
      expiresInMs: leftMs,
      createdAt: now,
    },
    checksOf(own, by, now, needsWindow, consentOf(content)),
  )
  if (entered.outcome === 'limited') throw limitReached(entered.until, now)
  if (entered.outcome === 'opted_out') throw hasOptedOut()
  if (entered.outcome === 'closed') throw await windowIsClosed(parts, own.id)
  if (entered.outcome === 'missing' || entered.outcome === 'answered') throw new DomainError('not_found', 'No such conversation.')
  if (entered.outcome === 'created') tell(parts, entered.changes)
  // Also of a repeat: the first one may have ended in between.
  await changeMessage(parts, caller.orgId, id, putAwayMessage)
  return {
    message: entered.message,
    conversation: (await store.conversation(caller, conversation.id)) ?? conversation,
    created: entered.outcome === 'created',
  }
}

/** Each author's messages count towards a limit of their own. */
function checksOf(own: Organization, by: Message['author'], now: number, freeText: boolean, consent: EnterChecks['consent']): EnterChecks {
  const checks = agentChecks(own, now, freeText, consent)
  if (by.type === 'agent' || checks.contactLimit === null) return checks
  return { ...checks, contactLimit: { ...checks.contactLimit, max: own.settings.automatedLimitPerContactHour } }
}

/**
 * What another attempt would say, if it may go now. Nothing is written.
 *
 * @throws DomainError `not_found`, `not_retryable`, `window_closed`, `opted_out`, `no_sender` and those of its template and files.
 */
export async function prepareRetry(parts: Parts, caller: Caller, id: string) {
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
  return { own, old, conversation, content, files, needsWindow: used?.needsWindow ?? true, leftMs }
}
