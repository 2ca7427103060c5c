// What supervisors do with a campaign: name its recipients, start it, pause it, let it go on, cancel it.
import type { RecipientInput } from '../../shared/campaigns.ts'
import { DomainError } from '../../shared/problems.ts'
import type { Caller, Parts } from '../parts.ts'
import { cancel, type Campaign, type CampaignRule, pause, resume, start } from '../rules/campaign.ts'
import { draftRecipient } from './draft-recipient.ts'
import { demandTemplates } from './see-templates.ts'

/** @throws DomainError `not_found`. */
export async function findCampaign({ store }: Pick<Parts, 'store'>, { orgId }: Pick<Caller, 'orgId'>, id: string): Promise<Campaign> {
  const found = await store.campaign(orgId, id)
  if (found === null) throw new DomainError('not_found', 'There is no such campaign.')
  return found
}

export type Step = 'start' | 'pause' | 'resume' | 'cancel'

const refusals: Record<Step, string> = {
  start: 'Only a draft is started',
  pause: 'Only a campaign that runs or is scheduled is paused',
  resume: 'Only a paused campaign goes on',
  cancel: 'It has ended',
}

/** @throws DomainError `not_found`, `conflict` where its state does not have this step, `no_sender`, `template_not_approved`. */
export async function changeCampaign(parts: Parts, caller: Caller, id: string, step: Step): Promise<Campaign> {
  const { store, clock } = parts
  const before = await findCampaign(parts, caller, id)
  const rule = await ruleOf(parts, before, caller, step)
  const done = await store.changeCampaign(caller.orgId, id, rule, clock.now())
  if (done === null) throw new DomainError('not_found', 'There is no such campaign.')
  if (!done.changed) throw refusal(step, done.campaign)
  parts.campaigns.changed()
  return done.campaign
}

const refusal = (step: Step, { status }: Campaign) => new DomainError('conflict', `${refusals[step]}: this one is ${status}.`)

async function ruleOf(parts: Parts, campaign: Campaign, { orgId }: Caller, step: Step): Promise<CampaignRule> {
  const now = parts.clock.now()
  if (step === 'pause') return pause('asked', '')
  if (step === 'cancel') return cancel(now)
  const from = step === 'start' ? 'draft' : 'paused'
  if (campaign.status !== from) throw refusal(step, campaign)
  const own = parts.organizationOf(orgId)
  const ready = own.senders.readiness(campaign.channel)
  if (!ready.ready) throw new DomainError('no_sender', ready.reason)
  const seen = await demandTemplates(parts, own, campaign)
  if (step === 'resume') return resume(seen, now)
  if (campaign.audience.type === 'upload' && (await parts.store.nextRecipientAt(orgId, campaign.id)) === null)
    throw new DomainError('validation_failed', 'It has nobody to send to. Give it recipients first.', {
      issues: [{ path: 'recipients', message: 'are none that can be written to' }],
    })
  return start(seen, now)
}

export interface Listed {
  /** New ones; who was listed before stays as before. */
  added: number
  rejected: { index: number; to: string; code: 'invalid_phone'; detail: string }[]
}

/** @throws DomainError `not_found`, `conflict`. */
export async function listRecipients(parts: Parts, caller: Caller, id: string, wanted: readonly RecipientInput[]): Promise<Listed> {
  const campaign = await findCampaign(parts, caller, id)
  mayList(campaign)
  const own = parts.organizationOf(caller.orgId)
  const drafts = wanted.map((one) => draftRecipient(parts, own, campaign, one))
  const added = await parts.store.listRecipients(own.id, id, drafts)
  const rejected = drafts.flatMap(({ to, skipped }, index) =>
    skipped ? [{ index, to, code: 'invalid_phone' as const, detail: skipped.detail }] : [],
  )
  return { added, rejected }
}

/** @throws DomainError `conflict`. */
export function mayList({ status, audience }: Campaign): void {
  if (audience.type !== 'upload')
    throw new DomainError('conflict', `Its audience is "${audience.type}": recipients are brought to one of type "upload".`)
  if (status !== 'draft') throw new DomainError('conflict', `Recipients are brought to a draft: this one is ${status}.`)
}
