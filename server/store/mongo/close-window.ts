// A line's window counts from an earlier time than it did.
import { noChanges } from '../no-changes.ts'
import type { Changes } from '../records.ts'
import type { WindowPlace } from '../store.ts'
import type { Database } from './database.ts'
import { flushWhere } from './flush.ts'
import { toConversation } from './rows.ts'
import { touched, withoutConflict } from './write.ts'

/** Killed in the middle, the same call again does the rest. */
export async function closeWindow(db: Database, { orgId, channel, sender, key }: WindowPlace, at: number): Promise<Changes> {
  const place = { orgId, channel, sender, key }
  const line = await db.lines.findOne(place)
  if (!line) return noChanges(orgId)
  // What is not copied yet would tell of the window that was.
  await flushWhere(db, { orgId, contactId: line.contactId })
  await db.lines.updateOne({ ...place, lastInboundAt: { $gt: at } }, { $set: { lastInboundAt: at } })
  const shown = await db.conversations.find({ orgId, lineId: line._id }, { projection: { _id: 1 } }).toArray()
  const told = await Promise.all(
    shown.map(({ _id }) =>
      withoutConflict(() =>
        db.conversations.findOneAndUpdate(
          { _id, orgId, lineId: line._id, lastInboundAt: { $gt: at } },
          [{ $set: { lastInboundAt: at, ...touched(db.clock.now()) } }],
          { returnDocument: 'after' },
        ),
      ),
    ),
  )
  return { ...noChanges(orgId), conversations: told.filter((doc) => doc !== null).map(toConversation) }
}
