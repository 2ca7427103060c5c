// Agents, their settings, their browsers' push subscriptions, and values that are kept once.
import { createHash } from 'node:crypto'
import { chosenSettings, defaultSettings } from '../agent-defaults.ts'
import type { AgentPatch, AgentRecord, PushSubscription } from '../records.ts'
import type { Database } from './database.ts'
import type { AgentDoc } from './documents.ts'
import { findOrInsert, insertOnce } from './write.ts'

export const agentKey = (orgId: string, id: string) => `${orgId}|${id}`
/** An endpoint may be longer than an index entry. */
export const pushKey = (orgId: string, endpoint: string) => `${orgId}|${createHash('sha256').update(endpoint).digest('base64url')}`

export const toAgent = (doc: AgentDoc): AgentRecord => ({
  id: doc.agentId,
  name: doc.name,
  presence: doc.presence,
  settings: chosenSettings(defaultSettings, doc.settings),
  seenAt: doc.seenAt,
})

export async function agent(db: Database, orgId: string, id: string): Promise<AgentRecord | null> {
  const doc = await db.agents.findOne({ _id: agentKey(orgId, id), orgId })
  return doc && toAgent(doc)
}

export async function agents(db: Database, orgId: string, seenSince: number, limit: number): Promise<AgentRecord[]> {
  const found = await db.agents
    .find({ orgId, seenAt: { $gte: seenSince } })
    .sort({ seenAt: -1, agentId: 1 })
    .limit(limit)
    .toArray()
  return found.map(toAgent)
}

export async function seeAgents(db: Database, orgId: string, seen: { id: string; name: string }[], now: number): Promise<AgentRecord[]> {
  const records: AgentRecord[] = []
  for (const { id, name } of seen) {
    const _id = agentKey(orgId, id)
    const known = await db.agents.findOneAndUpdate({ _id, orgId }, { $set: { name }, $max: { seenAt: now } }, { returnDocument: 'after' })
    records.push(toAgent(known ?? (await findOrInsert(db, db.agents, { _id }, () => newAgent(orgId, { id, name }, now)))))
  }
  return records
}

const newAgent = (orgId: string, { id, name }: { id: string; name: string }, now: number): AgentDoc => ({
  _id: agentKey(orgId, id),
  orgId,
  agentId: id,
  name,
  presence: 'online',
  settings: {},
  seenAt: now,
})

export async function updateAgent(
  db: Database,
  orgId: string,
  who: { id: string; name: string },
  patch: AgentPatch,
  now: number,
): Promise<AgentRecord> {
  const _id = agentKey(orgId, who.id)
  await findOrInsert(db, db.agents, { _id }, () => newAgent(orgId, who, now))
  const settings = Object.entries(patch.settings ?? {}).filter(([, value]) => value !== undefined)
  const after = await db.agents.findOneAndUpdate(
    { _id, orgId },
    {
      $set: {
        name: who.name,
        ...(patch.presence === undefined ? {} : { presence: patch.presence }),
        ...Object.fromEntries(settings.map(([name, value]) => [`settings.${name}`, value])),
      },
      $max: { seenAt: now },
      $currentDate: { changedAt: true },
    },
    { returnDocument: 'after' },
  )
  if (!after) throw new Error(`Agent ${who.id} is gone.`)
  return toAgent(after)
}

export async function savePush(db: Database, subscription: PushSubscription): Promise<void> {
  const _id = pushKey(subscription.orgId, subscription.endpoint)
  const kept = { ...subscription, expiresAt: new Date(subscription.expiresAt), scope: subscription.scope && [...subscription.scope] }
  const { inserted } = await insertOnce(db.pushSubscriptions, { _id, ...kept }, { _id })
  if (!inserted) await db.pushSubscriptions.updateOne({ _id, orgId: subscription.orgId }, { $set: kept })
}

export async function deletePush(db: Database, orgId: string, endpoint: string): Promise<void> {
  await db.pushSubscriptions.deleteOne({ _id: pushKey(orgId, endpoint), orgId })
}

export async function pushSubscriptions(db: Database, orgId: string, now: number): Promise<PushSubscription[]> {
  const found = await db.pushSubscriptions.find({ orgId, expiresAt: { $gt: new Date(now) } }).toArray()
  return found.map(({ _id, expiresAt, ...one }) => ({ ...one, expiresAt: expiresAt.getTime() }))
}

export async function keepFirst(db: Database, name: string, value: string): Promise<string> {
  return (await findOrInsert(db, db.kept, { _id: name }, () => ({ _id: name, value }))).value
}
