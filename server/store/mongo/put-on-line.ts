// A thread goes over one line at a time: the one that its client last wrote on, or that an agent chose.
import type { Database } from './database.ts'
import type { ConversationDoc, LineDoc } from './documents.ts'
import { copyPending, hasPending, loadConversation } from './flush.ts'
import { shownLine } from './line.ts'
import { refreshShown } from './place.ts'
import { literals, repeat, touched } from './write.ts'

/**
 * With nothing pending, on the `rev` that was read: what was appended on the line of before is in its queue by then. Null: it
 * is on this line already, or no more.
 */
export async function putOnLine(
  db: Database,
  { _id, orgId }: Pick<ConversationDoc, '_id' | 'orgId'>,
  line: LineDoc,
): Promise<ConversationDoc | null> {
  const put = await repeat<ConversationDoc | null>(async () => {
    const current = await loadConversation(db, { _id, orgId })
    if (!current || current.lineId === line._id) return null
    await settleLine(db, line)
    const shown = shownLine((await db.lines.findOne({ _id: line._id, orgId })) ?? line)
    const set = {
      lineId: line._id,
      ...literals(shown),
      ...touched(db.clock.now()),
    }
    const after = await db.conversations.findOneAndUpdate({ _id, orgId, rev: current.rev, gone: { $exists: false } }, [{ $set: set }], {
      returnDocument: 'after',
    })
    return after ?? undefined
  })
  if (!put) return null
  await settleLine(db, line)
  return refreshShown(db, put)
}

/** Its window and record are those of every message appended so far. Work is left alone: it may be what needs this line. */
export async function settleLine(db: Database, line: Pick<LineDoc, '_id' | 'orgId'>): Promise<void> {
  await copyPending(db, await db.conversations.find({ orgId: line.orgId, lineId: line._id, ...hasPending }).toArray())
}
