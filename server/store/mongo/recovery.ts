// How far an organization has been compared with the provider's list, and the sent messages that may still change.
import type { RecoveryState, SentState } from '../records.ts'
import type { Database } from './database.ts'
import type { MessageDoc } from './documents.ts'
import { insertOnce } from './write.ts'

export async function recovery(db: Database, orgId: string, now: number): Promise<RecoveryState> {
  const made = { _id: orgId, startedAt: now, position: now, statusesAt: now }
  const { startedAt, position, statusesAt } =
    (await db.recoveries.findOne({ _id: orgId })) ?? (await insertOnce(db.recoveries, made, { _id: orgId })).document
  return { startedAt, position, statusesAt }
}

export async function advanceRecovery(db: Database, orgId: string, to: { position?: number; statusesAt?: number }): Promise<void> {
  await db.recoveries.updateOne({ _id: orgId }, { $max: { position: to.position ?? 0, statusesAt: to.statusesAt ?? 0 } })
}

type SentDoc = Pick<MessageDoc, '_id' | 'twilioSid' | 'status' | 'price' | 'claimedAt'>
const projection = { twilioSid: 1, status: 1, price: 1, claimedAt: 1 }

/** A message with a SID was claimed, and so is flushed. */
export async function sentStates(db: Database, orgId: string, sids: readonly string[]): Promise<SentState[]> {
  if (sids.length === 0) return []
  const found = await db.messages.find<SentDoc>({ orgId, twilioSid: { $in: [...sids] }, direction: 'outbound' }, { projection }).toArray()
  return found.flatMap(toState)
}

export async function incompleteSends(
  db: Database,
  orgId: string,
  range: { from: number; to: number; after: Pick<SentState, 'claimedAt' | 'id'> | null; limit: number },
): Promise<SentState[]> {
  const { from, to, after, limit } = range
  const found = await db.messages
    .find<SentDoc>(
      {
        orgId,
        $and: [
          { claimedAt: { $gt: 0 } },
          { claimedAt: { $gt: from, $lte: to } },
          after === null ? {} : { $or: [{ claimedAt: { $gt: after.claimedAt } }, { claimedAt: after.claimedAt, _id: { $gt: after.id } }] },
          { $or: [{ price: null }, { status: { $nin: ['read', 'failed', 'canceled'] } }] },
        ],
        twilioSid: { $gt: '' },
      },
      { projection },
    )
    .sort({ claimedAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  return found.flatMap(toState)
}

function toState({ _id, twilioSid, status, price, claimedAt }: SentDoc): SentState[] {
  return twilioSid === null ? [] : [{ id: _id, twilioSid, status, priced: price !== null, claimedAt: claimedAt ?? 0 }]
}
