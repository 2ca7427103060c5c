// Campaigns and recipients for tests, whole, with what a test says of them.
import { createIds } from '../../server/ids.ts'
import type { Campaign } from '../../server/rules/campaign.ts'
import { noCounts, type RecipientDraft } from '../../server/rules/recipient.ts'
import { MORNING } from './builders.ts'

const newId = createIds(() => Date.now())

export function campaignDraft(over: Partial<Campaign> = {}): Campaign {
  const id = over.id ?? newId()
  return {
    ...{ id, key: id, asked: null, name: 'Noviembre', status: 'draft', pause: null, channel: 'whatsapp', from: null, purpose: 'marketing' },
    ...{ text: null, templates: [{ name: 'promo' }], variables: {}, audience: { type: 'upload' }, maxPerSecond: 80, startAt: null },
    ...{ firstSlice: null, looked: false, listing: null, seen: [], counts: [noCounts], createdBy: { id: 'boss', name: 'Jefa' } },
    ...{ createdAt: MORNING, startedAt: null, endedAt: null, lookAt: null, rev: 1, updatedAt: MORNING, ...over },
  }
}

export const recipientDraft = (to: string, over: Partial<RecipientDraft> = {}): RecipientDraft => ({
  ...{ id: newId(), key: to, to, name: null, coordinationId: null, variables: {}, text: null, arm: 0 },
  ...{ zone: 'America/Argentina/Buenos_Aires', dueAt: MORNING, skipped: null, ...over },
})
