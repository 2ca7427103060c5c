// A line's window counts from an earlier time than it did.
import { noChanges } from '../no-changes.ts'
import type { Changes } from '../records.ts'
import type { WindowPlace } from '../store.ts'
import type { Database } from './database.ts'
import { flushWhere } from './flush.ts'
import { toConversation } from './rows.ts'
import { touched, withoutConflict } from './write.ts'

/** Killed in the middle, the same call again does the rest. */
export async function closeWindow(db: Database, { orgId, ...place }: WindowPlace, at: number, heardBy: number): Promise<Changes> {
  const line = await db.lines.findOne({ orgId, ...('lineId' in place ? { _id: place.lineId } : place) })
  if (!line) return noChanges(orgId)
  // What is not copied yet would tell of the window that was.
  await flushWhere(db, { orgId, contactId: line.contactId })
  const counts = { $gt: at, $lte: heardBy }
  await db.lines.updateOne({ _id: line._id, orgId, lastInboundAt: counts }, { $set: { lastInboundAt: at } })
  // The client wrote since: a thread that does not show it yet will.
  if (await db.lines.findOne({ _id: line._id, orgId, lastInboundAt: { $gt: heardBy } })) return noChanges(orgId)
  const shown = await db.conversations.find({ orgId, lineId: line._id }, { projection: { _id: 1 } }).toArray()
  const told = await Promise.all(
    shown.map(({ _id }) =>
      withoutConflict(() =>
        db.conversations.findOneAndUpdate(
          { _id, orgId, lineId: line._id, lastInboundAt: counts },
          [{ $set: { lastInboundAt: at, ...touched(db.clock.now()) } }],
          { returnDocument: 'after' },
        ),
      ),
    ),
  )
  return { ...noChanges(orgId), conversations: told.filter((doc) => doc !== null).map(toConversation) }
}
