// The log of what the host was told, and telling it once more.
import type { z } from 'zod'
import { DomainError } from '../../shared/problems.ts'
import type { delivery as shape } from '../../shared/webhook-requests.ts'
import type { Parts } from '../parts.ts'
import { replayed } from '../rules/delivery.ts'
import type { Delivery, Page, PageRequest } from '../store/records.ts'
import { findWebhook } from './save-webhook.ts'

type Shown = z.output<typeof shape>
type LogParts = Pick<Parts, 'store' | 'clock'>

const iso = (at: number) => new Date(at).toISOString()

function show({ id, type, about, at, state, attempts, dueAt, answer, createdAt }: Delivery): Shown {
  return {
    ...{ id, type, about, at: iso(at), state, attempts },
    dueAt: dueAt === null ? null : iso(dueAt),
    answer: answer && { ...answer, at: iso(answer.at) },
    createdAt: iso(createdAt),
  }
}

export async function listDeliveries(parts: LogParts, orgId: string, name: string, page: PageRequest): Promise<Page<Shown>> {
  await findWebhook(parts, orgId, name)
  const { items, nextCursor } = await parts.store.deliveries(orgId, name, page)
  return { items: items.map(show), nextCursor }
}

/** @throws DomainError `not_found`. */
export async function replayDelivery({ store, clock }: LogParts, orgId: string, name: string, id: string): Promise<Shown> {
  const now = clock.now()
  const found = await store.changeDelivery(orgId, id, ({ webhook }) => (webhook === name ? replayed(now) : null), now)
  if (found === null || found.webhook !== name) throw new DomainError('not_found', 'This webhook has no such delivery.')
  return show(found)
}
