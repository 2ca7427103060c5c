// Raises an agent's read cursor, each part by itself, never down. Answers the cursor of before.
import type { Reading } from '../../rules/reading.ts'
import type { Database } from './database.ts'
import type { ReaderDoc } from './documents.ts'
import { findOrInsert, repeat } from './write.ts'

type Place = Pick<ReaderDoc, 'orgId' | 'agentId' | 'conversationId'>

export function raiseReading(db: Database, place: Place, { readSeq, readCount }: Reading): Promise<ReaderDoc> {
  const _id = `${place.orgId}|${place.agentId}|${place.conversationId}`
  const rises = { $or: [{ $gt: [readSeq, '$readSeq'] }, { $gt: [readCount, '$readCount'] }] }
  const raised = {
    readSeq: { $max: ['$readSeq', readSeq] },
    readCount: { $max: ['$readCount', readCount] },
    changedAt: { $cond: [rises, '$$NOW', '$changedAt'] },
  }
  return repeat(async () => {
    const found = await db.readers.findOneAndUpdate({ _id, orgId: place.orgId }, [{ $set: raised }], { returnDocument: 'before' })
    if (!found) await findOrInsert(db, db.readers, { _id }, () => ({ _id, ...place, readCount: 0, readSeq: 0, changedAt: new Date(0) }))
    return found ?? undefined
  })
}
