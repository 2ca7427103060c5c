// A new campaign: a draft until it is started, unless it is a bulk send, which is started as it is made.
import { createHash } from 'node:crypto'
import type { BulkBody, CampaignBody } from '../../shared/campaigns.ts'
import { DomainError } from '../../shared/problems.ts'
import { senderFor } from '../outbox/target.ts'
import type { Caller, Parts } from '../parts.ts'
import { type Campaign, start } from '../rules/campaign.ts'
import { noCounts } from '../rules/recipient.ts'
import { draftRecipient } from './draft-recipient.ts'
import { demandTemplates } from './see-templates.ts'

type Made = Pick<
  Campaign,
  'name' | 'channel' | 'purpose' | 'text' | 'templates' | 'variables' | 'audience' | 'maxPerSecond' | 'firstSlice'
> & {
  from: string | undefined
  startAt: string | undefined
  key: string | null
  /** What it was asked with. */
  asked: string | null
}

function newCampaign(parts: Parts, caller: Caller, { from, startAt, key, ...made }: Made): Campaign {
  const id = parts.newId()
  const now = parts.clock.now()
  // Known before anything is kept.
  const sender = senderFor(parts.organizationOf(caller.orgId), made.channel, from)
  const counts = made.templates.length > 1 ? [noCounts, noCounts] : [noCounts]
  return {
    ...{ id, key: key ?? id, status: 'draft', pause: null, ...made, from: from === undefined ? null : sender, startAt: startAt ?? null },
    ...{ looked: false, listing: made.audience.type === 'upload' ? null : { cursor: null }, seen: [], counts },
    ...{ createdBy: { id: caller.agentId, name: caller.name }, createdAt: now, startedAt: null, endedAt: null, lookAt: null },
    ...{ rev: 1, updatedAt: now },
  }
}

/** @throws DomainError `no_sender`, `conflict` where its `clientMessageId` was used for something else. */
export async function createCampaign(parts: Parts, caller: Caller, body: CampaignBody): Promise<{ created: boolean; campaign: Campaign }> {
  const {
    name,
    channel,
    purpose,
    text = null,
    template,
    templateB,
    variables,
    audience,
    maxPerSecond,
    firstSlice,
    from,
    startAt,
    clientMessageId,
  } = body
  const templates = [template, templateB].filter((one) => one !== undefined)
  const made = { name, channel, purpose, text, templates, variables, audience, maxPerSecond, firstSlice, from, startAt }
  const key = keyOf(caller, 'campaign', clientMessageId)
  return keepOnce(parts, caller, newCampaign(parts, caller, { ...made, key, asked: digestOf(body) }))
}

export interface BulkSent {
  campaign: Campaign
  accepted: number
  rejected: { to: string; code: 'invalid_phone'; detail: string }[]
}

/**
 * The same `clientBatchId` of the same agent again gives the first campaign, and lists and starts what a killed process did not.
 *
 * @throws DomainError `no_sender`, `template_not_approved`, `conflict` where it was used for something else.
 */
export async function sendBulk(parts: Parts, caller: Caller, body: BulkBody): Promise<BulkSent> {
  const { channel, purpose, text = null, template, from, clientBatchId } = body
  const own = parts.organizationOf(caller.orgId)
  const ready = own.senders.readiness(channel)
  if (!ready.ready) throw new DomainError('no_sender', ready.reason)
  const made = newCampaign(parts, caller, {
    ...{ name: body.name ?? text?.slice(0, 60) ?? template?.name ?? '', channel, purpose, text, templates: template ? [template] : [] },
    ...{ variables: {}, audience: { type: 'upload' }, maxPerSecond: 1000, firstSlice: null, from, startAt: undefined },
    ...{ key: keyOf(caller, 'bulk', clientBatchId), asked: digestOf(body) },
  })
  const seen = await demandTemplates(parts, own, made)
  const { campaign } = await keepOnce(parts, caller, made)
  const wanted = body.to.map((one) => (typeof one === 'string' ? { to: one } : one))
  const drafts = wanted.map((one) => draftRecipient(parts, own, campaign, one))
  const rejected = drafts.flatMap(({ to, skipped }) => (skipped ? [{ to, code: 'invalid_phone' as const, detail: skipped.detail }] : []))
  if (campaign.status === 'draft') await parts.store.listRecipients(own.id, campaign.id, drafts)
  const started = await parts.store.changeCampaign(own.id, campaign.id, start(seen, parts.clock.now()), parts.clock.now())
  parts.campaigns.changed()
  const accepted = new Set(drafts.filter(({ skipped }) => skipped === null).map(({ key }) => key)).size
  return { campaign: started?.campaign ?? campaign, accepted, rejected }
}

async function keepOnce(parts: Parts, { orgId }: Caller, made: Campaign): Promise<{ created: boolean; campaign: Campaign }> {
  const kept = await parts.store.addCampaign(orgId, made)
  if (!kept.created && kept.campaign.asked !== made.asked)
    throw new DomainError('conflict', 'This id was used before, for another send. Give a new one an id of its own.')
  return kept
}

/** The agent's id is the host's, and may hold the sign that separates. */
const keyOf = ({ agentId }: Caller, kind: string, id: string | undefined): string | null =>
  id === undefined ? null : `${kind}|${agentId.replaceAll('%', '%25').replaceAll('|', '%7C')}|${id}`

const digestOf = (body: object): string => createHash('sha256').update(JSON.stringify(body)).digest('base64url')
