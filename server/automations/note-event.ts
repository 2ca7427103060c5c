// Shows in a record's thread what happened to the record: a line, once.
import type { Message } from '../../shared/model.ts'
import type { Organization } from '../organizations.ts'
import type { Parts } from '../parts.ts'
import type { PendingEvent, PlannedRecord } from '../rules/record-plan.ts'
import { tell } from '../tell.ts'
import { itemKey } from './enter-item.ts'
import { seesAll } from '../store/sees-all.ts'

/** They say nothing that the thread does not show. */
const unseen: readonly string[] = ['coordination.created', 'message.received']

/** Null: there is no thread to show it in. */
export async function noteEvent(
  parts: Parts,
  own: Organization,
  { id: coordinationId }: PlannedRecord['record'],
  { type, key, data, at, by, rule }: PendingEvent,
): Promise<Message | null> {
  // Of a run, the message itself is seen.
  if (unseen.includes(type) || rule !== undefined) return null
  const { store } = parts
  const filter = { coordinationId, automated: true, sort: 'activity' } as const
  const [thread] = (await store.conversations(seesAll(own.id), filter, { cursor: null, limit: 1 })).items
  if (thread === undefined) return null
  const entered = await store.enter(
    {
      ...{ id: parts.newId(), orgId: own.id, conversationId: thread.id, direction: 'internal', type: 'event', text: '' },
      ...{ author: by ?? { type: 'system', id: null, name: '' }, template: null, content: null, replyToId: null, retryOf: null },
      event: { name: 'record', type, ...(data && Object.keys(data).length > 0 ? { data } : {}) },
      ...{ fallbackOf: null, clientMessageId: null, key: itemKey(coordinationId, `event|${key}`), askedRecord: coordinationId, lane: 0 },
      ...{ sensitive: false, cost: 0, dueAt: null, expiresInMs: null, createdAt: Math.max(at, parts.clock.now()) },
    },
    { ifNoAnswerSince: null, consent: null, openWindow: false, contactLimit: null },
  )
  if (entered.outcome === 'created') tell(parts, entered.changes)
  return 'message' in entered ? entered.message : null
}
