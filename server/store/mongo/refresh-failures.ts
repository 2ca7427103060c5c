// Lists or unlists a message among the failures of its conversation, whatever wrote it meanwhile: the message is read after the
// last write once more, so that the list ends as the message did.
import { listFailure } from '../../rules/failures.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { literal, repeat, touched } from './write.ts'

/** `elsewhere`: conversations that it left. Answers its conversation as this changed it; null: nothing had to change there. */
export async function refreshFailures(
  db: Database,
  { _id, orgId }: Pick<MessageDoc, '_id' | 'orgId'>,
  elsewhere: readonly string[] = [],
): Promise<ConversationDoc | null> {
  let changed: ConversationDoc | null = null
  await repeat(async () => {
    const message = await db.messages.findOne({ _id, orgId })
    if (!message) return true
    const { conversationId, rev, putAway = false } = message
    for (const id of new Set([...elsewhere, conversationId])) {
      const doc = await db.conversations.findOne({ _id: id, orgId }, { projection: { failures: 1, rev: 1 } })
      const failures = doc && listFailure(doc.failures ?? [], { ...message, id: _id, putAway }, id === conversationId)
      if (!failures) continue
      const after = await db.conversations.findOneAndUpdate(
        { _id: id, orgId, rev: doc.rev },
        [{ $set: { failures: literal(failures), ...touched(db.clock.now()) } }],
        { returnDocument: 'after', projection: { recent: 0, pending: 0 } },
      )
      if (!after) return undefined
      if (id === conversationId) changed = { ...after, recent: [], pending: [] }
    }
    const now = await db.messages.findOne({ _id, orgId }, { projection: { rev: 1 } })
    return now?.rev === rev ? true : undefined
  })
  return changed
}
