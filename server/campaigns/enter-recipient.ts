// Enters the message of one recipient, checked once more in the step that enters it, once under its key: who was killed before it
// noted so finds it entered.
import { optedOut } from '../outbox/failures.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { Campaign } from '../rules/campaign.ts'
import { consentOf } from '../rules/opt-out.ts'
import type { Recipient, Settled } from '../rules/recipient.ts'
import type { Draft } from '../store/records.ts'
import { tell } from '../tell.ts'
import { type Prepared, prepareRecipient } from './prepare-recipient.ts'

const HOUR_MS = 3600_000
/** What Twilio takes as the life of a message. */
const LIFE_MS = 10 * HOUR_MS
/** Where its thread went away in between. */
const AGAIN_MS = 1_000

export const recipientKey = (campaignId: string, recipientId: string): string => `campaign|${campaignId}|${recipientId}`

export type Entering = Settled | Extract<Prepared, { outcome: 'stopped' }>

export async function enterRecipient(parts: Parts, own: Organization, campaign: Campaign, recipient: Recipient): Promise<Entering> {
  const { store, clock } = parts
  const { id } = recipient
  const key = recipientKey(campaign.id, id)
  const before = await store.findByKey(own.id, key)
  if (before !== null) return { id, state: 'entered', messageId: before.message.id }
  const now = clock.now()
  const prepared = await prepareRecipient(parts, own, campaign, recipient, now)
  if (prepared.outcome === 'stopped') return prepared
  if (prepared.outcome === 'later') return { id, state: 'pending', dueAt: prepared.at }
  if (prepared.outcome === 'skipped') return { id, state: 'skipped', reason: prepared.reason, detail: prepared.detail }
  const { target, content } = prepared
  const draft: Draft = {
    ...{ id: parts.newId(), orgId: own.id, conversationId: await target.conversationId(), direction: 'outbound', ...content.words },
    ...(campaign.purpose === 'marketing' ? { marketing: true as const } : {}),
    author: { type: 'campaign', id: campaign.id, name: campaign.name },
    ...{ replyToId: null, retryOf: null, fallbackOf: null, clientMessageId: null, key, askedRecord: target.coordinationId },
    ...{ lane: 2, sensitive: false, dueAt: null, expiresInMs: LIFE_MS, createdAt: now },
  }
  const entered = await store.enter(draft, {
    ...{ ifNoAnswerSince: null, consent: consentOf(draft), openWindow: content.needsWindow },
    contactLimit: { max: own.settings.automatedLimitPerContactHour, since: now - HOUR_MS },
  })
  switch (entered.outcome) {
    case 'created':
      tell(parts, entered.changes)
      return { id, state: 'entered', messageId: entered.message.id }
    case 'repeated':
      return { id, state: 'entered', messageId: entered.message.id }
    case 'limited':
      return { id, state: 'pending', dueAt: Math.max(entered.until, now + AGAIN_MS) }
    case 'opted_out':
      return { id, state: 'skipped', reason: 'opted_out', detail: optedOut.message }
    case 'closed':
      return { id, state: 'skipped', reason: 'window', detail: 'More than 24 hours since the client’s last message.' }
    default:
      return { id, state: 'pending', dueAt: now + AGAIN_MS }
  }
}
