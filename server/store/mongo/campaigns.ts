// Campaigns: one of a key, changed by rules.
import type mongoose from 'mongoose'
import type { Campaign, CampaignRule } from '../../rules/campaign.ts'
import type { Page, PageRequest } from '../records.ts'
import type { Database } from './database.ts'
import type { CampaignDoc } from './documents.ts'
import { readPosition, writePosition } from './position.ts'
import { insertOnce, repeat } from './write.ts'

export const toCampaign = ({ campaign }: Pick<CampaignDoc, 'campaign'>): Campaign => JSON.parse(campaign) as Campaign

export function docOfCampaign(orgId: string, campaign: Campaign): CampaignDoc {
  const { id, key, lookAt, rev, createdAt } = campaign
  return { _id: id, orgId, key, rev, createdAt, campaign: JSON.stringify(campaign), ...(lookAt === null ? {} : { lookAt }) }
}

export async function addCampaign(db: Database, orgId: string, draft: Campaign): Promise<{ created: boolean; campaign: Campaign }> {
  const { inserted, document } = await insertOnce(db.campaigns, docOfCampaign(orgId, draft), { orgId, key: draft.key })
  return { created: inserted, campaign: toCampaign(document) }
}

export async function campaign(db: Database, orgId: string, id: string): Promise<Campaign | null> {
  const found = await db.campaigns.findOne({ _id: id, orgId })
  return found && toCampaign(found)
}

export async function campaigns(db: Database, orgId: string, { cursor, limit }: PageRequest): Promise<Page<Campaign>> {
  const from = readPosition(cursor)
  const [at, id] = from ?? []
  const older = { $or: [{ createdAt: { $lt: at } }, { createdAt: at, _id: { $lt: id } }] }
  const filter = { orgId, ...(from ? older : {}) } as mongoose.mongo.Filter<CampaignDoc>
  const docs = await db.campaigns
    .find(filter)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray()
  const items = docs.slice(0, limit)
  const last = docs.length > limit ? items.at(-1) : undefined
  return { items: items.map(toCampaign), nextCursor: last ? writePosition([last.createdAt, last._id]) : null }
}

export function changeCampaign(
  db: Database,
  orgId: string,
  id: string,
  decide: CampaignRule,
  now: number,
): Promise<{ changed: boolean; campaign: Campaign } | null> {
  return repeat(async () => {
    const before = await campaign(db, orgId, id)
    if (before === null) return null
    const patch = decide(before)
    if (patch === null) return { changed: false, campaign: before }
    const after: Campaign = { ...before, ...patch, rev: before.rev + 1, updatedAt: now }
    const { matchedCount } = await db.campaigns.replaceOne({ _id: id, orgId, rev: before.rev }, docOfCampaign(orgId, after))
    return matchedCount === 1 ? { changed: true, campaign: after } : undefined
  })
}

export async function dueCampaigns(db: Database, now: number, limit: number): Promise<{ orgId: string; campaign: Campaign }[]> {
  const due = await db.campaigns
    .find({ lookAt: { $lte: now } })
    .sort({ lookAt: 1 })
    .limit(limit)
    .toArray()
  return due.map((doc) => ({ orgId: doc.orgId, campaign: toCampaign(doc) }))
}
