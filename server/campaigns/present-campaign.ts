// A campaign and its recipients as callers see them.
import type { CampaignRecipient, CampaignShown } from '../../shared/campaigns.ts'
import type { Campaign } from '../rules/campaign.ts'
import { nextAction, outcomeOf, type RecipientSeen, sumOf } from '../rules/recipient.ts'
import type { Counts } from './count-campaign.ts'

const iso = (time: number | null): string | null => (time === null ? null : new Date(time).toISOString())

export function presentCampaign(campaign: Campaign, counts: Counts = campaign.counts): CampaignShown {
  const { id, name, status, pause, channel, purpose, text, variables, audience, maxPerSecond, startAt, firstSlice, createdBy, rev } =
    campaign
  const [template = null, templateB = null] = campaign.templates
  return {
    ...{ id, name, status, pause, channel, purpose, text, template, templateB, variables, audience, maxPerSecond, startAt, firstSlice },
    ...{ listing: campaign.listing !== null, counts: sumOf(counts), ...(templateB === null ? {} : { arms: [...counts] }) },
    ...{ createdBy, createdAt: new Date(campaign.createdAt).toISOString(), startedAt: iso(campaign.startedAt) },
    ...{ endedAt: iso(campaign.endedAt), rev },
  }
}

export function presentRecipient(seen: RecipientSeen, campaign: Campaign): CampaignRecipient {
  const { id, to, name, coordinationId, arm, detail, dueAt, messageId } = seen.recipient
  const outcome = outcomeOf(seen, campaign.status)
  const error = outcome.status === 'failed' ? seen.error : null
  return {
    ...{ id, to, name, coordinationId, arm, ...outcome, detail, error, action: nextAction(outcome, error), dueAt: iso(dueAt), messageId },
    answered: seen.answered,
  }
}
