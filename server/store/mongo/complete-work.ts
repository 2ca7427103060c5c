// Completes what a conversation began and what goes over several documents: being filed, being joined to another,
// taking messages in. Every step asks whether it was done, so that it may be repeated, also by several at once.
import { answersOf, joinedAnswerFields } from './answers.ts'
import { recentWith } from './append.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, WorkDoc } from './documents.ts'
import { takeJoined } from '../../rules/conversation.ts'
import { lineOfJoined } from '../../rules/line.ts'
import { joinReading } from '../../rules/reading.ts'
import { clearMark, copyPending, loadConversation } from './flush.ts'
import { lastRecordFields, shownLine } from './line.ts'
import { completeMove } from './complete-move.ts'
import { takeConversation } from './place.ts'
import { refreshFailures } from './refresh-failures.ts'
import { raiseReading } from './raise-reading.ts'
import { stepFields } from './steps.ts'
import { insertOnce, literal, literals, type Pipeline, repeat, touched, withoutConflict } from './write.ts'

export async function completeWork(db: Database, doc: ConversationDoc): Promise<void> {
  if (doc.gone) await join(db, doc)
  await completeJoins(db, doc)
  for (const work of doc.work) {
    if (isJoin(work)) continue
    if (work.kind === 'filed') await completeFiling(db, doc, work)
    else await completeMove(db, doc.orgId, work.moveId ?? '')
    await finish(db, doc, work.id)
  }
}

type Join = Extract<WorkDoc, { kind: 'moving' }> & { sourceId: string }
const isJoin = (work: WorkDoc): work is Join => work.kind === 'moving' && work.sourceId !== null

/**
 * What is being joined to a thread already counts there: its messages come first, before anybody reads the thread to say who
 * answered or who waits. True: there was something, read it again.
 */
export async function completeJoins(db: Database, doc: Pick<ConversationDoc, '_id' | 'orgId' | 'work'>): Promise<boolean> {
  const joins = doc.work.filter(isJoin)
  for (const { id, sourceId } of joins) {
    const source = await db.conversations.findOne({ _id: sourceId, orgId: doc.orgId })
    if (source?.gone) await join(db, source)
    await finish(db, doc, id)
  }
  return joins.length > 0
}

/** Takes a piece of work off its conversation. */
export async function finish(db: Database, doc: Pick<ConversationDoc, '_id' | 'orgId'>, workId: string): Promise<void> {
  await withoutConflict(() =>
    db.conversations.updateOne({ _id: doc._id, orgId: doc.orgId }, [
      { $set: { work: { $filter: { input: '$work', as: 'work', cond: { $ne: ['$$work.id', workId] } } } } },
      clearMark,
    ] as Pipeline),
  )
}

/** For those with a scope, who cannot see from what remains that something went. Stamped by the database's clock. */
export async function depart(
  db: Database,
  departure: { _id: string; orgId: string; conversationId: string; from: string | null; to: string | null; gone: boolean },
): Promise<void> {
  await insertOnce(db.departures, { ...departure, changedAt: null }, { _id: departure._id })
  await db.departures.updateOne({ _id: departure._id, changedAt: null }, { $currentDate: { changedAt: true } })
}

async function completeFiling(db: Database, doc: ConversationDoc, work: Extract<WorkDoc, { kind: 'filed' }>): Promise<void> {
  const { orgId, _id: conversationId } = doc
  const { id, from, to, at } = work
  const stale = { orgId, conversationId, coordinationId: { $ne: to } }
  const follow = { $set: { coordinationId: to }, $inc: { rev: 1 }, $currentDate: { changedAt: true, placedAt: true } } as const
  await withoutConflict(() => db.messages.updateMany(stale, follow))
  await withoutConflict(() => db.scheduled.updateMany(stale, follow))
  await withoutConflict(() => db.lines.updateOne({ _id: doc.lineId, orgId }, [{ $set: lastRecordFields(to, at) }]))
  await depart(db, { _id: id, orgId, conversationId, from, to, gone: false })
}

/** All messages of a conversation go to the record's thread, in their order; then it is no more. */
async function join(db: Database, source: ConversationDoc): Promise<void> {
  const { gone, orgId } = source
  if (!gone) return
  const place = await repeat(() => makeRoom(db, source, gone))
  if (place) {
    const { target, work } = place
    const moved: Pipeline = [
      {
        $set: {
          conversationId: target._id,
          coordinationId: literal(gone.to),
          seq: { $add: ['$seq', work.firstSeq - 1] },
          ordinal: { $cond: [{ $gt: ['$ordinal', 0] }, { $add: ['$ordinal', work.inboundBefore] }, null] },
          rev: { $add: ['$rev', 1] },
          changedAt: '$$NOW',
          placedAt: '$$NOW',
        },
      },
    ]
    await withoutConflict(() => db.messages.updateMany({ orgId, conversationId: source._id }, moved))
    const left = await db.conversations.findOne({ _id: source._id, orgId }, { projection: { failures: 1 } })
    for (const { messageId } of left?.failures ?? []) await refreshFailures(db, { _id: messageId, orgId })
    await withoutConflict(() =>
      db.scheduled.updateMany(
        { orgId, conversationId: source._id },
        { $set: { conversationId: target._id, coordinationId: gone.to }, $inc: { rev: 1 }, $currentDate: { changedAt: true } },
      ),
    )
    await withoutConflict(() => db.lines.updateOne({ _id: source.lineId, orgId }, [{ $set: lastRecordFields(gone.to, gone.at) }]))
    await depart(db, { _id: gone.id, orgId, conversationId: source._id, from: source.coordinationId, to: gone.to, gone: true })
    await joinReaders(db, source, target._id, work)
    await db.readers.deleteMany({ orgId, conversationId: source._id })
    // The source goes before the work does: as long as it is there, somebody may still make room for it.
    await db.conversations.deleteOne({ _id: source._id, orgId })
    await finish(db, target, gone.id)
  } else await db.conversations.deleteOne({ _id: source._id, orgId })
}

async function joinReaders(
  db: Database,
  { _id: conversationId, orgId }: ConversationDoc,
  targetId: string,
  { firstSeq, inboundBefore, answeredBefore = 0 }: Extract<WorkDoc, { kind: 'moving' }>,
): Promise<void> {
  const joined = { lastSeq: firstSeq - 1, inboundCount: inboundBefore, answeredCount: answeredBefore }
  for (const there of await db.readers.find({ orgId, conversationId }).toArray()) {
    const { agentId } = there
    const here = await db.readers.findOne({ orgId, agentId, conversationId: targetId })
    const after = joinReading(here ?? { readSeq: 0, readCount: 0 }, there, joined)
    if (after) await raiseReading(db, { orgId, agentId, conversationId: targetId }, after)
  }
}

/** The seqs that the target keeps for what comes in. Null: it was done already. Undefined: look again. */
async function makeRoom(db: Database, source: ConversationDoc, gone: NonNullable<ConversationDoc['gone']>) {
  const { orgId } = source
  const [line, contact] = await Promise.all([
    db.lines.findOne({ _id: source.lineId, orgId }),
    db.contacts.findOne({ _id: source.contactId, orgId }),
  ])
  if (!line || !contact) throw new Error(`Conversation ${source._id} has lost its line or contact.`)
  const { doc } = await takeConversation(db, line, contact, gone.to, db.clock.now())
  const known = doc.work.find((work) => work.id === gone.id)
  if (known?.kind === 'moving') return { target: doc, work: known }
  if (doc.recent.includes(gone.id)) return null
  if (doc.gone) {
    await loadConversation(db, { _id: doc._id, orgId })
    return undefined
  }
  const { lineId, ...shown } = lineOfJoined(doc, source)
  const changesLine = lineId !== doc.lineId
  // As where any thread goes to another line: what was appended on the one of before is in its queue first.
  if (changesLine && doc.pending.length > 0) {
    await copyPending(db, [doc])
    return undefined
  }
  const last = source.lastMessage
  const target = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      {
        _id: doc._id,
        orgId,
        coordinationId: gone.to,
        gone: { $exists: false },
        recent: { $ne: gone.id },
        ...(changesLine ? { rev: doc.rev } : {}),
      },
      [
        {
          $set: {
            work: {
              $concatArrays: [
                '$work',
                [
                  {
                    kind: 'moving',
                    id: literal(gone.id),
                    sourceId: literal(source._id),
                    moveId: null,
                    firstSeq: { $add: ['$lastSeq', 1] },
                    inboundBefore: '$inboundCount',
                    answeredBefore: '$answeredCount',
                  },
                ],
              ],
            },
            recent: recentWith(gone.id),
            pendingSince: { $ifNull: ['$pendingSince', '$$NOW'] },
            ...stepFields(takeJoined(source)),
            lastEnteredAt: { $max: ['$lastEnteredAt', source.lastEnteredAt] },
            ...(last
              ? { lastMessage: { $mergeObjects: [literal(last), { seq: { $add: ['$lastSeq', last.seq] }, rev: last.rev + 1 }] } }
              : {}),
            ...(changesLine ? { lineId, ...literals(shownLine(shown)) } : {}),
            ...joinedAnswerFields(answersOf(source)),
            ...touched(db.clock.now()),
          },
        },
      ],
      { returnDocument: 'after' },
    ),
  )
  const work = target?.work.find((one) => one.id === gone.id)
  return target && work?.kind === 'moving' ? { target, work } : undefined
}
