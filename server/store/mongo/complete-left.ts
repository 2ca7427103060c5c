// Completes what processes that were killed left half done, as far as it is older than a moment.
import { completeMove } from './complete-move.ts'
import { movedByOlder, tellContact } from './contacts.ts'
import { completeSave } from './save-coordinations.ts'
import type { Database } from './database.ts'
import { flush, flushWhere } from './flush.ts'
import { refreshStalePreviews } from './preview.ts'

/** A part of it; answers how much that was. */
export async function completeLeft(db: Database, before: { pending: Date; tasks: Date }): Promise<number> {
  const pending = await db.conversations
    .find({ pendingSince: { $lte: before.pending } })
    .limit(200)
    .toArray()
  if (pending.length > 0) await flush(db, pending)
  let done = pending.length + (await refreshStalePreviews(db, before.pending))
  for (const state of ['moving', 'undoing'] as const)
    for (const move of await db.moves.find({ state }).limit(20).toArray()) {
      await completeMove(db, move.orgId, move._id)
      done++
    }
  for (const task of await db.tasks
    .find({ at: { $lte: before.tasks } })
    .limit(20)
    .toArray()) {
    if (task.records !== null) await completeSave(db, task)
    const contact = task.contactId === null ? null : await db.contacts.findOne({ _id: task.contactId, orgId: task.orgId })
    if (contact) await tellContact(db, contact, task.moved ?? movedByOlder(contact))
    await db.tasks.deleteOne({ _id: task._id })
    done++
  }
  return done
}

/** All of it, where no process is at work. */
export async function completeAll(db: Database): Promise<void> {
  const now = new Date((await db.now()) + 1)
  while ((await completeLeft(db, { pending: now, tasks: now })) > 0);
  while ((await flushWhere(db, {})) > 0);
}
