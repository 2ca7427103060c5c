// What is told to the host's webhooks.
import type mongoose from 'mongoose'
import { newDelivery } from '../../rules/delivery.ts'
import type { Delivery, DeliveryDraft, DeliveryRule, Page, PageRequest } from '../records.ts'
import type { Database } from './database.ts'
import type { DeliveryDoc } from './documents.ts'
import { readPosition, writePosition } from './position.ts'
import { insertOnce, repeat } from './write.ts'

export const toDelivery = ({ delivery }: Pick<DeliveryDoc, 'delivery'>): Delivery => JSON.parse(delivery) as Delivery

export function docOfDelivery(orgId: string, delivery: Delivery): DeliveryDoc {
  const { id, webhook, key, dueAt, rev, createdAt } = delivery
  return { _id: id, orgId, webhook, key, rev, createdAt, delivery: JSON.stringify(delivery), ...(dueAt === null ? {} : { dueAt }) }
}

export async function addDeliveries(db: Database, orgId: string, drafts: readonly DeliveryDraft[], now: number): Promise<number> {
  const added = await Promise.all(
    drafts.map(async (draft) => {
      const key = { orgId, webhook: draft.webhook, key: draft.key }
      return (await insertOnce(db.deliveries, docOfDelivery(orgId, newDelivery(draft, now)), key)).inserted
    }),
  )
  return added.filter(Boolean).length
}

export async function waitingDeliveries(db: Database, orgId: string, webhook: string, limit: number): Promise<Delivery[]> {
  const waiting = { orgId, webhook, dueAt: { $exists: true } }
  return (await db.deliveries.find(waiting).sort({ dueAt: 1 }).limit(limit).toArray()).map(toDelivery)
}

export async function delivery(db: Database, orgId: string, id: string): Promise<Delivery | null> {
  const found = await db.deliveries.findOne({ _id: id, orgId })
  return found && toDelivery(found)
}

export function changeDelivery(db: Database, orgId: string, id: string, decide: DeliveryRule, now: number): Promise<Delivery | null> {
  return repeat(async () => {
    const before = await delivery(db, orgId, id)
    const patch = before && decide(before)
    if (!before || !patch) return before
    const after: Delivery = { ...before, ...patch, rev: before.rev + 1, updatedAt: now }
    const { matchedCount } = await db.deliveries.replaceOne({ _id: id, orgId, rev: before.rev }, docOfDelivery(orgId, after))
    return matchedCount === 1 ? after : undefined
  })
}

export async function deliveries(db: Database, orgId: string, webhook: string, { cursor, limit }: PageRequest): Promise<Page<Delivery>> {
  const from = readPosition(cursor)
  const [at, id] = from ?? []
  const older = { $or: [{ createdAt: { $lt: at } }, { createdAt: at, _id: { $lt: id } }] }
  const filter = { orgId, webhook, ...(from ? older : {}) } as mongoose.mongo.Filter<DeliveryDoc>
  const docs = await db.deliveries
    .find(filter)
    .sort({ createdAt: -1, _id: -1 })
    .limit(limit + 1)
    .toArray()
  const items = docs.slice(0, limit)
  const last = docs.length > limit ? items.at(-1) : undefined
  return { items: items.map(toDelivery), nextCursor: last ? writePosition([last.createdAt, last._id]) : null }
}

export async function deleteDeliveries(db: Database, orgId: string, webhook: string, before: number, limit: number): Promise<number> {
  const old = db.deliveries.find({ orgId, webhook, createdAt: { $lt: before } }, { projection: { _id: 1 } })
  const ids = (await old.sort({ createdAt: 1, _id: 1 }).limit(limit).toArray()).map(({ _id }) => _id)
  return ids.length === 0 ? 0 : (await db.deliveries.deleteMany({ _id: { $in: ids }, orgId })).deletedCount
}
