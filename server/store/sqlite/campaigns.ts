// Campaigns: one of a key, changed by rules.
import type { Campaign, CampaignRule } from '../../rules/campaign.ts'
import type { Page, PageRequest } from '../records.ts'
import { readCursor, writeCursor } from './paging.ts'
import type { Sqlite } from './sqlite.ts'

export interface CampaignRow {
  id: string
  org_id: string
  key: string
  look_at: number | null
  created_at: number
  campaign: string
}

export const toCampaign = ({ campaign }: Pick<CampaignRow, 'campaign'>): Campaign => JSON.parse(campaign) as Campaign

export const rowOfCampaign = (orgId: string, campaign: Campaign): CampaignRow => ({
  ...{ id: campaign.id, org_id: orgId, key: campaign.key, look_at: campaign.lookAt },
  ...{ created_at: campaign.createdAt, campaign: JSON.stringify(campaign) },
})

export function addCampaign(sql: Sqlite, orgId: string, draft: Campaign): Promise<{ created: boolean; campaign: Campaign }> {
  return sql.write(() => {
    const before = sql.get<CampaignRow>('SELECT * FROM campaigns WHERE org_id = ? AND key = ?', orgId, draft.key)
    if (before) return { created: false, campaign: toCampaign(before) }
    const { id, org_id, key, look_at, created_at, campaign } = rowOfCampaign(orgId, draft)
    sql.run(
      'INSERT INTO campaigns (id, org_id, key, look_at, created_at, campaign) VALUES (?, ?, ?, ?, ?, ?)',
      ...[id, org_id, key, look_at, created_at, campaign],
    )
    return { created: true, campaign: draft }
  })
}

export function campaign(sql: Sqlite, orgId: string, id: string): Campaign | null {
  const row = sql.get<CampaignRow>('SELECT * FROM campaigns WHERE id = ? AND org_id = ?', id, orgId)
  return row ? toCampaign(row) : null
}

export function campaigns(sql: Sqlite, orgId: string, { cursor, limit }: PageRequest): Page<Campaign> {
  const from = readCursor(cursor, ['number', 'string'])
  const rows = sql.all<CampaignRow>(
    `SELECT * FROM campaigns INDEXED BY campaigns_by_time WHERE org_id = ?
     ${from ? 'AND (created_at, id) < (?, ?)' : ''} ORDER BY created_at DESC, id DESC LIMIT ?`,
    ...[orgId, ...(from ?? []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items: items.map(toCampaign), nextCursor: last ? writeCursor([last.created_at, last.id]) : null }
}

export function changeCampaign(
  sql: Sqlite,
  orgId: string,
  id: string,
  decide: CampaignRule,
  now: number,
): Promise<{ changed: boolean; campaign: Campaign } | null> {
  return sql.write(() => {
    const before = campaign(sql, orgId, id)
    if (before === null) return null
    const patch = decide(before)
    if (patch === null) return { changed: false, campaign: before }
    const after: Campaign = { ...before, ...patch, rev: before.rev + 1, updatedAt: now }
    sql.run('UPDATE campaigns SET look_at = ?, campaign = ? WHERE id = ?', after.lookAt, JSON.stringify(after), id)
    return { changed: true, campaign: after }
  })
}

export const dueCampaigns = (sql: Sqlite, now: number, limit: number): { orgId: string; campaign: Campaign }[] =>
  sql
    .all<CampaignRow>('SELECT * FROM campaigns INDEXED BY campaigns_due WHERE look_at <= ? ORDER BY look_at LIMIT ?', now, limit)
    .map((row) => ({ orgId: row.org_id, campaign: toCampaign(row) }))
