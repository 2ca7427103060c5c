// What is told to the host's webhooks.
import { newDelivery } from '../../rules/delivery.ts'
import type { Delivery, DeliveryDraft, DeliveryRule, Page, PageRequest } from '../records.ts'
import { readCursor, writeCursor } from './paging.ts'
import type { Sqlite } from './sqlite.ts'

export interface DeliveryRow {
  id: string
  org_id: string
  webhook: string
  key: string
  due_at: number | null
  created_at: number
  delivery: string
}

export const toDelivery = ({ delivery }: Pick<DeliveryRow, 'delivery'>): Delivery => JSON.parse(delivery) as Delivery

export const rowOfDelivery = (orgId: string, delivery: Delivery): DeliveryRow => ({
  ...{ id: delivery.id, org_id: orgId, webhook: delivery.webhook, key: delivery.key },
  ...{ due_at: delivery.dueAt, created_at: delivery.createdAt, delivery: JSON.stringify(delivery) },
})

export function addDeliveries(sql: Sqlite, orgId: string, drafts: readonly DeliveryDraft[], now: number): Promise<number> {
  return sql.write(() => {
    let added = 0
    for (const draft of drafts) {
      const { id, org_id, webhook, key, due_at, created_at, delivery } = rowOfDelivery(orgId, newDelivery(draft, now))
      added += sql.run(
        `INSERT INTO deliveries (id, org_id, webhook, key, due_at, created_at, delivery) VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (org_id, webhook, key) DO NOTHING`,
        ...[id, org_id, webhook, key, due_at, created_at, delivery],
      )
    }
    return added
  })
}

export function waitingDeliveries(sql: Sqlite, orgId: string, webhook: string, limit: number): Delivery[] {
  return sql
    .all<DeliveryRow>(
      `SELECT * FROM deliveries INDEXED BY deliveries_due WHERE org_id = ? AND webhook = ? AND due_at IS NOT NULL
       ORDER BY due_at LIMIT ?`,
      ...[orgId, webhook, limit],
    )
    .map(toDelivery)
}

export function delivery(sql: Sqlite, orgId: string, id: string): Delivery | null {
  const row = sql.get<DeliveryRow>('SELECT * FROM deliveries WHERE id = ? AND org_id = ?', id, orgId)
  return row ? toDelivery(row) : null
}

export function changeDelivery(sql: Sqlite, orgId: string, id: string, decide: DeliveryRule, now: number): Promise<Delivery | null> {
  return sql.write(() => {
    const before = delivery(sql, orgId, id)
    const patch = before && decide(before)
    if (!before || !patch) return before
    const after: Delivery = { ...before, ...patch, rev: before.rev + 1, updatedAt: now }
    sql.run('UPDATE deliveries SET due_at = ?, delivery = ? WHERE id = ?', after.dueAt, JSON.stringify(after), id)
    return after
  })
}

export function deliveries(sql: Sqlite, orgId: string, webhook: string, { cursor, limit }: PageRequest): Page<Delivery> {
  const from = readCursor(cursor, ['number', 'string'])
  const rows = sql.all<DeliveryRow>(
    `SELECT * FROM deliveries INDEXED BY deliveries_by_time WHERE org_id = ? AND webhook = ?
     ${from ? 'AND (created_at, id) < (?, ?)' : ''} ORDER BY created_at DESC, id DESC LIMIT ?`,
    ...[orgId, webhook, ...(from ?? []), limit + 1],
  )
  const items = rows.slice(0, limit)
  const last = rows.length > limit ? items.at(-1) : undefined
  return { items: items.map(toDelivery), nextCursor: last ? writeCursor([last.created_at, last.id]) : null }
}

export function deleteDeliveries(sql: Sqlite, orgId: string, webhook: string, before: number, limit: number): Promise<number> {
  return sql.write(() =>
    sql.run(
      `DELETE FROM deliveries WHERE id IN (SELECT id FROM deliveries INDEXED BY deliveries_by_time
       WHERE org_id = ? AND webhook = ? AND created_at < ? ORDER BY created_at LIMIT ?)`,
      ...[orgId, webhook, before, limit],
    ),
  )
}
