// Sensitive messages that still say something: few, since nearly all are delivered in a moment.
import type { Database } from './database.ts'
import { flushWhere } from './flush.ts'

export async function sensitiveTexts(db: Database, after: string | null, limit: number): Promise<{ orgId: string; id: string }[]> {
  await flushWhere(db, { 'pending.sensitive': true })
  const docs = await db.messages
    .find({ sensitive: true, text: { $gt: '' }, ...(after === null ? {} : { _id: { $gt: after } }) }, { projection: { orgId: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray()
  return docs.map(({ _id, orgId }) => ({ orgId, id: _id }))
}
