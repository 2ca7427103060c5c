// The steps of a move and of its undoing, each of which asks whether it was done: they may be repeated, also by several
// at once. A message and the 'moved' line that keeps its place only ever change places, so that no thread gets a gap.
import { type AfterMove, afterMove, filesLine, firstOf, takeMoved, type Unanswered } from '../../rules/conversation.ts'
import { readAnswers } from './answers.ts'
import { blankMessage, recentWith } from './append.ts'
import { completeJoins, depart, finish } from './complete-work.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc, MoveDoc, MovePart, WorkDoc } from './documents.ts'
import { loadConversation } from './flush.ts'
import { lastRecordFields } from './line.ts'
import { takeConversation } from './place.ts'
import { refreshFailures } from './refresh-failures.ts'
import { toPreview } from './rows.ts'
import { stepFields } from './steps.ts'
import { insertOnce, literal, repeat, touched, withoutConflict } from './write.ts'

type Undo = NonNullable<MoveDoc['undo']>

/** Completes a move or its undoing, wherever it stands. */
export async function completeMove(db: Database, orgId: string, moveId: string): Promise<void> {
  const move = await db.moves.findOne({ _id: moveId, orgId })
  if (move?.state === 'moving') {
    for (const part of move.parts) await movePart(db, move, part)
    await db.moves.updateOne({ _id: moveId, orgId, state: 'moving' }, { $set: { state: 'moved' } })
  } else if (move?.state === 'undoing') {
    await completeUndo(db, move)
    await db.moves.updateOne({ _id: moveId, orgId, state: 'undoing' }, { $set: { state: 'undone' } })
  }
}

async function movePart(db: Database, move: MoveDoc, part: MovePart): Promise<void> {
  const { orgId, to } = move
  const workId = `${move._id}|${part.sourceId}`
  const source = await beginLeaving(db, move, part, workId)
  if (!source) return
  const place = await repeat(() => makeRoom(db, move, part, source, workId))
  if (!place) return
  const { target, work } = place
  let ordinal = work.inboundBefore
  for (const [index, one] of part.messages.entries()) {
    const seq = work.firstSeq + index
    if (one.inbound) ordinal++
    const message = await withoutConflict(() =>
      db.messages.findOneAndUpdate(
        { _id: one.id, orgId, conversationId: source._id, seq: one.seq },
        {
          $set: {
            conversationId: target._id,
            coordinationId: to,
            seq,
            ordinal: one.inbound ? ordinal : null,
            arrived: { from: part.from, by: move.by, at: new Date(move.at).toISOString(), undoId: move._id },
          },
          $inc: { rev: 1 },
          $currentDate: { changedAt: true, placedAt: true },
        },
        { returnDocument: 'after' },
      ),
    )
    const there = message ?? (await db.messages.findOne({ _id: one.id, orgId, conversationId: target._id, seq }))
    if (there?.status === 'failed') await refreshFailures(db, there, [source._id])
    if (there)
      await storeLine(
        db,
        one.lineId,
        { _id: source._id, orgId, coordinationId: part.from },
        one,
        there,
        { to, from: part.from, seq: one.seq, undoId: move._id },
        move,
      )
    // Somebody else took it away in this moment: its seq here stays whole.
    else await storeLine(db, `${workId}|${index}`, target, { seq, ordinal: one.inbound ? ordinal : null }, source, null, move)
  }
  await depart(db, { _id: workId, orgId, conversationId: source._id, from: part.from, to, gone: false })
  await showLatest(db, orgId, target._id)
  await showLatest(db, orgId, source._id)
  await fileLine(db, source, part.from, to)
  // The last step that asks: once the thread says that they left, only marks are taken off.
  await settle(db, source._id, orgId, workId, null)
  await finish(db, target, workId)
  await finish(db, source, workId)
}

/** Marks the thread: until they are gone, whoever meets it completes the move first. Null: they left, or it is no more. */
async function beginLeaving(db: Database, move: MoveDoc, part: MovePart, workId: string): Promise<ConversationDoc | null> {
  const work = { kind: 'leaving', id: workId, moveId: move._id }
  const mine = { _id: part.sourceId, orgId: move.orgId, recent: { $ne: workId }, gone: { $exists: false } }
  await withoutConflict(() =>
    db.conversations.updateOne({ ...mine, 'work.id': { $ne: workId } }, [
      { $set: { work: { $concatArrays: ['$work', [literal(work)]] }, pendingSince: { $ifNull: ['$pendingSince', '$$NOW'] } } },
    ]),
  )
  return db.conversations.findOne(mine)
}

/** The seqs that the target keeps for what comes in. Null: it was done already. Undefined: look again. */
async function makeRoom(
  db: Database,
  move: MoveDoc,
  part: MovePart,
  source: ConversationDoc,
  workId: string,
): Promise<{ target: ConversationDoc; work: Extract<WorkDoc, { kind: 'moving' }> } | null | undefined> {
  const { orgId, to } = move
  const [line, contact] = await Promise.all([
    db.lines.findOne({ _id: source.lineId, orgId }),
    db.contacts.findOne({ _id: source.contactId, orgId }),
  ])
  if (!line || !contact) throw new Error(`Conversation ${source._id} has lost its line or contact.`)
  const { doc } = await takeConversation(db, line, contact, to, move.at)
  const known = doc.work.find((work) => work.id === workId)
  if (known?.kind === 'moving') return { target: doc, work: known }
  if (doc.recent.includes(workId)) return null
  if (doc.gone) {
    await loadConversation(db, { _id: doc._id, orgId })
    return undefined
  }
  const target = await withoutConflict(() =>
    db.conversations.findOneAndUpdate(
      { _id: doc._id, orgId, coordinationId: to, gone: { $exists: false }, recent: { $ne: workId } },
      [
        {
          $set: {
            work: {
              $concatArrays: [
                '$work',
                [
                  {
                    kind: 'moving',
                    id: literal(workId),
                    sourceId: null,
                    moveId: literal(move._id),
                    firstSeq: { $add: ['$lastSeq', 1] },
                    inboundBefore: '$inboundCount',
                  },
                ],
              ],
            },
            recent: recentWith(workId),
            pendingSince: { $ifNull: ['$pendingSince', '$$NOW'] },
            ...stepFields(takeMoved(part.messages)),
            ...touched(db.clock.now()),
          },
        },
      ],
      { returnDocument: 'after' },
    ),
  )
  const work = target?.work.find((one) => one.id === workId)
  return target && work?.kind === 'moving' ? { target, work } : undefined
}

interface Moved {
  to: string | null
  from: string | null
  seq: number
  undoId: string | null
}

/** The line on a place that a message left, which counts on where it was a client's; without `moved` a hidden one, for a place that was never taken. */
async function storeLine(
  db: Database,
  id: string,
  place: Pick<ConversationDoc, '_id' | 'orgId' | 'coordinationId'>,
  { seq, ordinal }: { seq: number; ordinal: number | null },
  like: Pick<MessageDoc, '_id' | 'lineId' | 'contactId' | 'channel' | 'sender'>,
  moved: Moved | null,
  by: Pick<MoveDoc, 'by' | 'at'>,
): Promise<void> {
  const line: MessageDoc = {
    ...blankMessage,
    _id: id,
    orgId: place.orgId,
    conversationId: place._id,
    lineId: like.lineId,
    contactId: like.contactId,
    coordinationId: place.coordinationId,
    seq,
    ordinal,
    key: id,
    direction: 'internal',
    type: 'moved',
    channel: like.channel,
    sender: like.sender,
    author: { type: 'agent', id: by.by.id, name: by.by.name },
    text: '',
    moved: moved && { to: moved.to, from: moved.from, messages: [{ id: like._id, seq: moved.seq }], undoId: moved.undoId },
    status: 'received',
    createdAt: by.at,
    queuedAt: by.at,
    enteredAt: null,
    entry: 0,
    changedAt: new Date(await db.now()),
    ...(moved ? {} : { hidden: true as const }),
  }
  await insertOnce(db.messages, line, { $or: [{ _id: id }, { orgId: place.orgId, conversationId: place._id, seq }] })
}

/** A move out of the unfiled thread, or back into it, makes its record the line's last one. */
async function fileLine(db: Database, { orgId, lineId }: ConversationDoc, from: string | null, to: string | null): Promise<void> {
  if (!filesLine(from, to)) return
  const at = await db.now()
  await withoutConflict(() => db.lines.updateOne({ _id: lineId, orgId }, [{ $set: lastRecordFields(to, at) }]))
}

/** A thread that messages went from, or came back to: changed once for this step, by what stands there unanswered then. */
async function settle(
  db: Database,
  conversationId: string,
  orgId: string,
  stepId: string,
  back: { waits: Unanswered | null } | null,
): Promise<void> {
  await repeat(async () => {
    const doc = await db.conversations.findOne({ _id: conversationId, orgId, recent: { $ne: stepId } })
    if (!doc) return true
    if (await completeJoins(db, doc)) return undefined
    const first = firstOf([await firstUnanswered(db, doc), back?.waits ?? null])
    const after: AfterMove = { first, isEmpty: doc.lastMessage === null, cameBack: back !== null }
    const changed = await withoutConflict(() =>
      db.conversations.updateOne({ _id: conversationId, orgId, rev: doc.rev, recent: { $ne: stepId } }, [
        { $set: { ...stepFields(afterMove(after)), recent: recentWith(stepId), ...touched(db.clock.now()) } },
      ]),
    )
    return changed.matchedCount > 0 ? true : undefined
  })
  await showLatest(db, orgId, conversationId)
}

/** The first of a client's messages that stands in a thread unanswered. */
async function firstUnanswered(db: Database, { _id, orgId, answeredCount, pending }: ConversationDoc): Promise<Unanswered | null> {
  const [stored] = await db.messages
    .find({ orgId, conversationId: _id, direction: 'inbound', ordinal: { $gt: answeredCount }, hidden: { $exists: false } })
    .sort({ seq: 1 })
    .limit(1)
    .toArray()
  const waiting = pending.filter((message) => message.direction === 'inbound' && (message.ordinal ?? 0) > answeredCount)
  return firstOf([...(stored ? [stored] : []), ...waiting].map(({ ordinal, createdAt }) => ({ ordinal: ordinal ?? 0, createdAt })))
}

/** Shows the last message that went in or out, and knows who answered, after places changed. */
async function showLatest(db: Database, orgId: string, conversationId: string): Promise<void> {
  await repeat(async () => {
    const doc = await db.conversations.findOne({ _id: conversationId, orgId })
    if (!doc) return true
    if (await completeJoins(db, doc)) return undefined
    const [stored] = await db.messages
      .find({ orgId, conversationId, direction: { $in: ['inbound', 'outbound'] }, hidden: { $exists: false } })
      .sort({ seq: -1 })
      .limit(1)
      .toArray()
    const pending = doc.pending.findLast((message) => message.direction !== 'internal')
    const last = (pending?.seq ?? 0) > (stored?.seq ?? 0) ? pending : stored
    const shown = last ? toPreview(last, last.seq ?? 0) : null
    const before = doc.lastMessage
    const isShown = shown?.id === before?.id && shown?.seq === before?.seq && shown?.status === before?.status
    const { last: lastAnswer, other: otherAnswer } = await readAnswers(db, doc)
    const isKnown = lastAnswer?.id === doc.lastAnswer?.id && otherAnswer?.id === doc.otherAnswer?.id
    if (isShown && isKnown) return true
    const after = await db.conversations.updateOne({ _id: conversationId, orgId, rev: doc.rev }, [
      {
        $set: {
          lastMessage: literal(shown),
          lastAnswer: literal(lastAnswer),
          otherAnswer: literal(otherAnswer),
          ...touched(db.clock.now()),
        },
      },
    ])
    return after.matchedCount > 0 ? true : undefined
  })
}

/** Out of the way first: a place is unique. */
async function changePlaces(db: Database, orgId: string, item: Undo['items'][number], undo: Undo): Promise<void> {
  const { id, lineId, ordinal, placeOrdinal = null, place, back } = item
  const aside = -back.seq
  await db.messages.updateOne(
    { _id: lineId, orgId, conversationId: back.conversationId, seq: back.seq },
    { $set: { seq: aside, hidden: true } },
  )
  await withoutConflict(() =>
    db.messages.updateOne(
      { _id: id, orgId, conversationId: place.conversationId, seq: place.seq },
      { $set: { ...back, ordinal }, $unset: { arrived: '' }, $inc: { rev: 1 }, $currentDate: { changedAt: true, placedAt: true } },
    ),
  )
  // Somebody else took it away in this moment: then its line stays where it was.
  if (!(await db.messages.findOne({ _id: id, orgId, conversationId: back.conversationId, seq: back.seq }, { projection: { _id: 1 } }))) {
    await db.messages.updateOne({ _id: lineId, orgId, seq: aside }, { $set: { seq: back.seq }, $unset: { hidden: '' } })
    return
  }
  await refreshFailures(db, { _id: id, orgId }, [place.conversationId])
  const moved = { to: back.coordinationId, from: place.coordinationId, messages: [{ id, seq: place.seq }], undoId: null }
  await withoutConflict(() =>
    db.messages.updateOne(
      { _id: lineId, orgId, conversationId: back.conversationId, seq: aside },
      {
        $set: { ...place, ordinal: placeOrdinal, moved, 'author.id': undo.by.id, 'author.name': undo.by.name },
        $unset: { hidden: '' },
        $inc: { rev: 1 },
        $currentDate: { changedAt: true },
      },
    ),
  )
}

async function completeUndo(db: Database, move: MoveDoc): Promise<void> {
  const { orgId, undo } = move
  if (!undo) return
  for (const item of undo.items) await changePlaces(db, orgId, item, undo)
  const threads = Map.groupBy(undo.items, (item) => item.place.conversationId)
  for (const [conversationId, items] of threads) {
    const stepId = `${move._id}|undo|${conversationId}`
    await showLatest(db, orgId, conversationId)
    await settle(db, conversationId, orgId, stepId, null)
    for (const { back, place } of items)
      await depart(db, {
        _id: `${stepId}|${back.conversationId}`,
        orgId,
        conversationId,
        from: place.coordinationId,
        to: back.coordinationId,
        gone: false,
      })
  }
  for (const [conversationId, items] of Map.groupBy(undo.items, (item) => item.back.conversationId)) {
    const waits = firstOf(
      items.map(({ unanswered, ordinal, createdAt }) => (unanswered && createdAt ? { ordinal: ordinal ?? 0, createdAt } : null)),
    )
    await settle(db, conversationId, orgId, `${move._id}|back|${conversationId}`, { waits })
    const [item] = items
    const home = await db.conversations.findOne({ _id: conversationId, orgId })
    if (item && home) await fileLine(db, home, item.place.coordinationId, item.back.coordinationId)
  }
}
