// Agents, their settings, their browsers' push subscriptions, and values that are kept once.
import type { AgentSettings, Presence } from '../../../shared/model.ts'
import { chosenSettings, defaultSettings } from '../agent-defaults.ts'
import type { AgentPatch, AgentRecord, PushSubscription } from '../records.ts'
import { parsed } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export interface AgentRow {
  id: string
  name: string
  presence: Presence
  settings: string
  seen_at: number
}

export const toAgent = (row: AgentRow): AgentRecord => ({
  id: row.id,
  name: row.name,
  presence: row.presence,
  settings: chosenSettings(defaultSettings, JSON.parse(row.settings) as Partial<AgentSettings>),
  seenAt: row.seen_at,
})

export function agent(sql: Sqlite, orgId: string, id: string): AgentRecord | null {
  const row = sql.get<AgentRow>('SELECT id, name, presence, settings, seen_at FROM agents WHERE org_id = ? AND id = ?', orgId, id)
  return row ? toAgent(row) : null
}

export function agents(sql: Sqlite, orgId: string, seenSince: number, limit: number): AgentRecord[] {
  return sql
    .all<AgentRow>(
      'SELECT id, name, presence, settings, seen_at FROM agents WHERE org_id = ? AND seen_at >= ? ORDER BY seen_at DESC, id LIMIT ?',
      orgId,
      seenSince,
      limit,
    )
    .map(toAgent)
}

function see(sql: Sqlite, orgId: string, { id, name }: { id: string; name: string }, now: number): AgentRecord {
  const row = sql.get<AgentRow>(
    `INSERT INTO agents (org_id, id, name, seen_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (org_id, id) DO UPDATE SET name = excluded.name, seen_at = max(seen_at, excluded.seen_at)
     RETURNING id, name, presence, settings, seen_at`,
    orgId,
    id,
    name,
    now,
  )
  if (!row) throw new Error(`Agent ${id} is gone.`)
  return toAgent(row)
}

export function seeAgents(sql: Sqlite, orgId: string, seen: { id: string; name: string }[], now: number): Promise<AgentRecord[]> {
  return sql.write(() => seen.map((one) => see(sql, orgId, one, now)))
}

export function updateAgent(
  sql: Sqlite,
  orgId: string,
  who: { id: string; name: string },
  patch: AgentPatch,
  now: number,
): Promise<AgentRecord> {
  return sql.write(() => {
    const before = see(sql, orgId, who, now)
    const after = {
      ...before,
      presence: patch.presence ?? before.presence,
      settings: chosenSettings(before.settings, patch.settings ?? {}),
    }
    sql.run(
      'UPDATE agents SET presence = ?, settings = ?, feed = ? WHERE org_id = ? AND id = ?',
      after.presence,
      JSON.stringify(after.settings),
      sql.turn(),
      orgId,
      who.id,
    )
    return after
  })
}

export function savePush(sql: Sqlite, one: PushSubscription): Promise<void> {
  return sql.write(() => {
    sql.run(
      `INSERT INTO push_subscriptions (org_id, endpoint, agent_id, p256dh, auth, scope, locale, page, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (org_id, endpoint) DO UPDATE SET agent_id = excluded.agent_id, p256dh = excluded.p256dh, auth = excluded.auth,
         scope = excluded.scope, locale = excluded.locale, page = excluded.page, expires_at = excluded.expires_at`,
      one.orgId,
      one.endpoint,
      one.agentId,
      one.p256dh,
      one.auth,
      one.scope === null ? null : JSON.stringify(one.scope),
      one.locale,
      one.page,
      one.expiresAt,
    )
  })
}

export function deletePush(sql: Sqlite, orgId: string, endpoint: string): Promise<void> {
  return sql.write(() => {
    sql.run('DELETE FROM push_subscriptions WHERE org_id = ? AND endpoint = ?', orgId, endpoint)
  })
}

export function pushSubscriptions(sql: Sqlite, orgId: string, now: number): PushSubscription[] {
  return sql.all<PushRow>(`${selectPush} WHERE org_id = ? AND expires_at > ?`, orgId, now).map((row) => ({ ...toPush(row), orgId }))
}

export const selectPush =
  'SELECT endpoint, agent_id AS agentId, p256dh, auth, scope, locale, page, expires_at AS expiresAt FROM push_subscriptions'
export type PushRow = Omit<PushSubscription, 'orgId' | 'scope'> & { scope: string | null }
export const toPush = (row: PushRow): Omit<PushSubscription, 'orgId'> => ({ ...row, scope: parsed<string[]>(row.scope) })

export function keepFirst(sql: Sqlite, name: string, value: string): Promise<string> {
  return sql.write(() => {
    sql.run('INSERT INTO kept (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING', name, value)
    return sql.get<{ value: string }>('SELECT value FROM kept WHERE name = ?', name)?.value ?? value
  })
}
