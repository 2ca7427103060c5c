// A conversation's preview shows the state of its last message. The message is written first, marked `echo`; then the
// preview; marks are taken off in bulk. Killed in between, the sweep finds the mark and completes it.
import { closesLine } from '../../rules/message.ts'
import type { Changes } from '../records.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc } from './documents.ts'
import { refreshFailures } from './refresh-failures.ts'
import { toConversation, toMessage, toPreview } from './rows.ts'
import { type Changed, literal, withoutConflict, writeTogether } from './write.ts'

/** Brings the preview up to this state of the message; null: it shows another message, or as much already. */
export async function refreshPreview(db: Database, message: MessageDoc): Promise<ConversationDoc | null> {
  const { _id, orgId, conversationId, rev, status, seq } = message
  if (seq === null) return null
  const shown = toPreview(message, seq)
  const updatedAt = db.clock.now()
  const differs = {
    $or: [
      { $ne: ['$lastMessage.status', status] },
      { $ne: ['$lastMessage.text', { $literal: shown.text }] },
      { $ne: ['$lastMessage.type', shown.type] },
      { $ne: [{ $ifNull: ['$lastMessage.attachment', null] }, literal(shown.attachment)] },
      { $ne: ['$lastMessage.author.name', { $literal: shown.author.name }] },
    ],
  }
  const before = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id: conversationId, orgId, 'lastMessage.id': _id, 'lastMessage.rev': { $lt: rev } },
      [
        {
          $set: {
            'lastMessage.status': status,
            'lastMessage.text': { $literal: shown.text },
            'lastMessage.type': shown.type,
            'lastMessage.attachment': literal(shown.attachment),
            'lastMessage.author.name': { $literal: shown.author.name },
            'lastMessage.rev': rev,
            rev: { $cond: [differs, { $add: ['$rev', 1] }, '$rev'] },
            changedAt: { $cond: [differs, '$$NOW', '$changedAt'] },
            updatedAt: { $cond: [differs, updatedAt, '$updatedAt'] },
          },
        },
      ],
      { returnDocument: 'before' },
    ),
  )
  const last = before?.lastMessage
  if (!before || !last) return null
  const { type, text, attachment, author } = shown
  const isAlike = last.status === status && last.text === text && last.type === type && last.author.name === author.name
  if (isAlike && JSON.stringify(last.attachment ?? null) === JSON.stringify(attachment)) return null
  return { ...before, lastMessage: { ...last, status, type, text, attachment, author, rev }, rev: before.rev + 1, updatedAt }
}

/**
 * The same for several, each with its conversation as it was read. The answers are in their order: what each
 * conversation is now, or null where nothing of it changed.
 */
export async function refreshPreviews(
  db: Database,
  shown: readonly { message: MessageDoc; doc: ConversationDoc }[],
): Promise<(ConversationDoc | null)[]> {
  const updatedAt = db.clock.now()
  const preview = (message: MessageDoc) => toPreview(message, message.seq ?? 0)
  const all = await writeTogether(
    db.conversations,
    shown.map(({ message, doc: { _id, orgId, rev } }) => ({
      filter: { _id, orgId, rev, 'lastMessage.id': message._id },
      update: {
        $set: { lastMessage: toPreview(message, message.seq ?? 0), updatedAt },
        $inc: { rev: 1 },
        $currentDate: { changedAt: true },
      },
    })),
  )
  if (all) return shown.map(({ message, doc }) => ({ ...doc, lastMessage: preview(message), updatedAt, rev: doc.rev + 1 }))
  return Promise.all(
    shown.map(async ({ message }) => {
      const { _id, orgId, conversationId, rev } = message
      return (
        (await refreshPreview(db, message)) ??
        db.conversations.findOne({ _id: conversationId, orgId, 'lastMessage.id': _id, 'lastMessage.rev': rev })
      )
    }),
  )
}

/** The line that goes on by this change, if any. */
export const releasedBy = ({ before, after }: Changed): string[] => (closesLine(before, after) ? [after.lineId] : [])

/** It did, or it had. */
export const hasFailed = ({ before, after }: Changed): boolean => before.status === 'failed' || after.status === 'failed'

/** The changes to tell after a change of this message: itself, and the conversation that shows it. */
export async function previewMessage(db: Database, changed: Changed): Promise<Changes> {
  const message = changed.after
  const shown = await refreshPreview(db, message)
  const doc = (hasFailed(changed) ? await refreshFailures(db, message) : null) ?? shown
  db.previewed(message._id, message.rev)
  return {
    ...noChanges(message.orgId, 'progress'),
    conversations: doc ? [toConversation(doc)] : [],
    messages: [toMessage(message)],
    released: releasedBy(changed),
  }
}

/** Completes the previews of messages that a killed process left marked. */
export async function refreshStalePreviews(db: Database, olderThan: Date): Promise<number> {
  const stale = await db.messages
    .find({ echo: true, changedAt: { $lt: olderThan } })
    .limit(500)
    .toArray()
  for (const message of stale) {
    await refreshPreview(db, message)
    await refreshFailures(db, message)
    await db.messages.updateOne({ _id: message._id, rev: message.rev }, { $unset: { echo: '' } })
  }
  return stale.length
}
