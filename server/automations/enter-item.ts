// Enters one message of a plan, checked once more in the moment in which it goes: by the first channel that takes it, once under its
// key. What may not go is kept as canceled, with the reason, and never enters.
import type { Coordination, Failure, Message } from '../../shared/model.ts'
import { textsOf } from '../../shared/known-values.ts'
import { DomainError } from '../../shared/problems.ts'
import { type Content, contentOf } from '../outbox/content.ts'
import { automatedLimited, expired, noSender, optedOut, templateRefused, windowClosed } from '../outbox/failures.ts'
import { mayLeave } from '../outbox/refusals.ts'
import { recipientOf, targetOf } from '../outbox/target.ts'
import type { Organization } from '../organizations.ts'
import type { Caller, Parts } from '../parts.ts'
import { channelsOf, type PlannedItem } from '../rules/automation.ts'
import type { PendingEvent } from '../rules/record-plan.ts'
import { consentOf } from '../rules/opt-out.ts'
import type { Draft } from '../store/records.ts'
import { tell } from '../tell.ts'
import { phoneOf, templateOf } from './gather-facts.ts'

const HOUR_MS = 3600_000
/** What Twilio takes as the life of a message. */
const LONGEST_MS = 10 * HOUR_MS

export const itemKey = (coordinationId: string, key: string): string => `auto|${encodeURIComponent(coordinationId)}|${key}`

/** As it entered, now or before, or was kept as canceled. Null: the client cannot be written to by any of the channels. */
export async function enterItem(
  parts: Parts,
  own: Organization,
  record: Coordination,
  item: Pick<PlannedItem, 'rule' | 'key' | 'dueAt' | 'missed'>,
  { event, graceMs }: { event: Pick<PendingEvent, 'channel' | 'data'> | null; graceMs: number },
): Promise<Message | null> {
  const { rule } = item
  const caller: Caller = {
    ...{ orgId: own.id, agentId: '', scope: null, name: record.agent?.name ?? '', role: 'service', expiresAt: Number.MAX_SAFE_INTEGER },
  }
  const key = itemKey(record.id, item.key)
  let why: Refused | null = null
  for (const channel of channelsOf(record, rule, event?.channel ?? null)) {
    const now = parts.clock.now()
    const wanted = { channel, to: phoneOf(record, channel), coordinationId: record.id, name: record.contact.name }
    const target = await targetOf(parts, caller, wanted).catch(notTaken)
    if (target === null) continue
    const refused = (failure: Failure) => {
      why ??= { failure, conversationId: target.conversationId }
    }
    const draft = async (
      words: Pick<Draft, 'type' | 'text' | 'template' | 'content' | 'cost'> & { marketing?: true | undefined },
      code: Content['code'],
    ): Promise<Draft> => ({
      ...{ id: parts.newId(), orgId: own.id, conversationId: await target.conversationId(), direction: 'outbound', ...words },
      ...(rule.purpose === 'marketing' ? { marketing: true as const } : {}),
      author: { type: 'automation', id: rule.name, name: rule.name },
      ...{
        replyToId: null,
        retryOf: null,
        fallbackOf: null,
        clientMessageId: null,
        key,
        askedRecord: record.id,
        // Somebody waits for a code.
        lane: code === null ? 1 : 0,
        sensitive: code !== null,
      },
      ...{ dueAt: item.dueAt, expiresInMs: Math.min(code?.livesMs ?? LONGEST_MS, Math.max(60_000, graceMs)), createdAt: now },
    })
    try {
      if (item.missed) {
        refused(expired)
        break
      }
      await mayLeave(parts, own, target, null)
      const to = { ...recipientOf(caller, target, now), data: textsOf(event?.data ?? {}) }
      const { words, needsWindow, code } = await contentOf(parts, own, channel, { template: templateOf(rule) }, to)
      const whole = await draft(words, code)
      const entered = await parts.store.enter(whole, {
        ...{ ifNoAnswerSince: null, consent: consentOf(whole), openWindow: needsWindow },
        contactLimit: { max: own.settings.automatedLimitPerContactHour, since: now - HOUR_MS },
      })
      if (entered.outcome === 'created') tell(parts, entered.changes)
      if (entered.outcome === 'created' || entered.outcome === 'repeated') return entered.message
      if (entered.outcome === 'limited') refused(automatedLimited)
      else if (entered.outcome === 'opted_out') refused(optedOut)
      else refused(windowClosed)
    } catch (error) {
      const failure = failureOf(error)
      if (failure === null) throw error
      refused(failure)
    }
  }
  return why && keepCanceled(parts, own, record, item, key, why)
}

interface Refused {
  failure: Failure
  conversationId: () => Promise<string>
}

/** Another of our channels may take it. */
function notTaken(error: unknown): null {
  if (error instanceof DomainError && (error.code === 'invalid_phone' || error.code === 'no_sender')) return null
  throw error
}

function failureOf(error: unknown): Failure | null {
  if (!(error instanceof DomainError)) return null
  switch (error.code) {
    case 'opted_out':
      return optedOut
    case 'no_sender':
      return noSender(error.message)
    case 'template_not_approved':
    case 'template_variables_missing':
    case 'validation_failed':
      return templateRefused(error.message)
    case 'invalid_phone':
      return noSender(error.message)
    default:
      return null
  }
}

async function keepCanceled(
  parts: Parts,
  own: Organization,
  record: Coordination,
  { rule, dueAt }: Pick<PlannedItem, 'rule' | 'dueAt'>,
  key: string,
  { failure, conversationId }: Refused,
): Promise<Message | null> {
  const kept = await parts.store.schedule({
    ...{ id: parts.newId(), orgId: own.id, conversationId: await conversationId(), direction: 'outbound', type: 'template', text: '' },
    ...{ author: { type: 'automation', id: rule.name, name: rule.name }, template: { ...templateOf(rule), variables: {} }, content: null },
    ...{ replyToId: null, retryOf: null, fallbackOf: null, clientMessageId: null, key, askedRecord: record.id, lane: 1, sensitive: false },
    ...{ cost: 0, dueAt, expiresInMs: null, createdAt: parts.clock.now(), canceled: failure },
  })
  if (kept.outcome === 'created') tell(parts, kept.changes)
  return 'message' in kept ? kept.message : null
}
