// Moves messages to another record's thread and back. The move's document is the commit point; what follows from it is
// completed here, or by whoever meets what a killed process left.
import type { Message } from '../../../shared/model.ts'
import type { Changes, Viewer } from '../records.ts'
import { completeMove } from './complete-move.ts'
import { noChanges } from '../no-changes.ts'
import type { Database } from './database.ts'
import type { ConversationDoc, MessageDoc, MoveDoc, MovePart } from './documents.ts'
import { loadConversation } from './flush.ts'
import { holding } from './leases.ts'
import { findMessage } from './messages.ts'
import { holdsLine, toConversation, toMessage } from './rows.ts'
import { scopeHolds } from './show.ts'

type UndoItem = NonNullable<MoveDoc['undo']>['items'][number]

interface By {
  id: string
  name: string
}

export async function moveMessages(
  db: Database,
  viewer: Viewer,
  ids: readonly string[],
  coordinationId: string | null,
  by: By,
  now: number,
): Promise<{ moved: Message[]; undoId: string; changes: Changes } | null> {
  const { orgId, scope } = viewer
  if (!scopeHolds(scope, coordinationId)) return null
  return oneAtATime(db, orgId, async () => {
    // Read in here: another move may just have taken them elsewhere.
    const messages: MessageDoc[] = []
    for (const id of new Set(ids)) {
      const message = await findMessage(db, orgId, id)
      if (!message || message.seq === null || message.type === 'moved' || holdsLine(message)) return null
      if (!scopeHolds(scope, message.coordinationId)) return null
      messages.push(message)
    }
    const parts = await partsOf(db, messages, coordinationId)
    const move: MoveDoc = { _id: db.newId(), orgId, state: 'moving', to: coordinationId, parts, by, at: now, undo: null }
    await db.moves.insertOne(move)
    await completeMove(db, orgId, move._id)
    const moved = await read(
      db,
      orgId,
      messages.map((message) => message._id),
    )
    const places = await read(
      db,
      orgId,
      parts.flatMap((part) => part.messages.map((one) => one.lineId)),
    )
    const conversations = await touchedBy(db, orgId, [...parts.map((part) => part.sourceId), ...moved.map((one) => one.conversationId)])
    const changed = parts.length === 0 ? [] : [...moved, ...places].map(toMessage)
    return {
      moved: moved.map(toMessage),
      undoId: move._id,
      changes: { ...noChanges(orgId), conversations: parts.length === 0 ? [] : conversations.map(toConversation), messages: changed },
    }
  })
}

/** Moves are rare: one at a time in an organization, over all processes. */
function oneAtATime<T>(db: Database, orgId: string, task: () => Promise<T>): Promise<T> {
  return db.lock(`moves|${orgId}`, () => holding(db, orgId, 'moves', task))
}

/** By the conversation that they leave, each in the order of its thread; those that are there already stay. */
async function partsOf(db: Database, messages: readonly MessageDoc[], to: string | null): Promise<MovePart[]> {
  const parts: MovePart[] = []
  for (const [sourceId, own] of Map.groupBy(messages, (message) => message.conversationId)) {
    const source = await loadConversation(db, { _id: sourceId })
    if (!source || source.coordinationId === to) continue
    const ordered = own.toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    parts.push({
      sourceId,
      from: source.coordinationId,
      messages: ordered.map((message) => ({
        id: message._id,
        seq: message.seq ?? 0,
        ordinal: message.ordinal,
        lineId: db.newId(),
        inbound: message.direction === 'inbound',
        unanswered: message.direction === 'inbound' && (message.ordinal ?? 0) > source.answeredCount,
        person: message.direction === 'inbound' || (message.direction === 'outbound' && message.author.type === 'agent'),
        createdAt: message.createdAt,
      })),
    })
  }
  return parts
}

/** In the order of the ids, as they are now. */
async function read(db: Database, orgId: string, ids: readonly string[]): Promise<MessageDoc[]> {
  const found = await db.messages.find({ _id: { $in: [...ids] }, orgId }).toArray()
  const byId = new Map(found.map((message) => [message._id, message]))
  return ids.flatMap((id) => byId.get(id) ?? []).toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
}

async function touchedBy(db: Database, orgId: string, ids: readonly string[]): Promise<ConversationDoc[]> {
  const found: ConversationDoc[] = []
  for (const id of new Set(ids)) {
    const doc = await loadConversation(db, { _id: id, orgId })
    if (doc) found.push(doc)
  }
  return found
}

/** Puts them back on their old places; once. Each changes places with its line, wherever the two are by now. */
export async function undoMove(
  db: Database,
  viewer: Viewer,
  undoId: string,
  by: By,
  now: number,
): Promise<{ outcome: 'undone'; moved: Message[]; changes: Changes } | { outcome: 'done_before' | 'missing' }> {
  const { orgId, scope } = viewer
  return oneAtATime(db, orgId, async () => {
    await completeMove(db, orgId, undoId)
    const move = await db.moves.findOne({ _id: undoId, orgId })
    if (!move) return { outcome: 'missing' }
    const items: UndoItem[] = []
    let movedOn = false
    for (const one of move.parts.flatMap((part) => part.messages)) {
      const [message, line] = await Promise.all([findMessage(db, orgId, one.id), db.messages.findOne({ _id: one.lineId, orgId })])
      if (!message || !line || message.seq === null || line.seq === null) {
        movedOn = true
        continue
      }
      if (!scopeHolds(scope, message.coordinationId) || !scopeHolds(scope, line.coordinationId)) return { outcome: 'missing' }
      const { conversationId, seq, coordinationId } = message
      const there = await db.conversations.findOne({ _id: conversationId, orgId }, { projection: { answeredCount: 1 } })
      const back = { conversationId: line.conversationId, seq: line.seq, coordinationId: line.coordinationId }
      items.push({
        id: one.id,
        lineId: one.lineId,
        // Its line's; of before lines kept theirs, that of the time when it left.
        ordinal: line.ordinal ?? one.ordinal,
        placeOrdinal: message.ordinal,
        inbound: one.inbound,
        unanswered: one.inbound && (message.ordinal ?? 0) > (there?.answeredCount ?? 0),
        createdAt: message.createdAt,
        place: { conversationId, seq, coordinationId },
        back,
      })
    }
    if (move.state !== 'moved' || movedOn || (await movedSince(db, move))) return { outcome: 'done_before' }
    const begun = await db.moves.findOneAndUpdate(
      { _id: undoId, orgId, state: 'moved' },
      { $set: { state: 'undoing', undo: { by, at: now, items } } },
      { returnDocument: 'after' },
    )
    if (!begun) return { outcome: 'done_before' }
    await completeMove(db, orgId, undoId)
    const moved = await read(
      db,
      orgId,
      items.map((item) => item.id),
    )
    const lines = await read(
      db,
      orgId,
      items.map((item) => item.lineId),
    )
    const conversations = await touchedBy(
      db,
      orgId,
      items.flatMap((item) => [item.place.conversationId, item.back.conversationId]),
    )
    return {
      outcome: 'undone',
      moved: moved.map(toMessage),
      changes: { ...noChanges(orgId), conversations: conversations.map(toConversation), messages: [...moved, ...lines].map(toMessage) },
    }
  })
}

/** Whether one of them was moved once more, later: then this move is no longer the one to undo. */
async function movedSince(db: Database, move: MoveDoc): Promise<boolean> {
  const ids = move.parts.flatMap((part) => part.messages.map((one) => one.id))
  const later = await db.moves.findOne({
    orgId: move.orgId,
    _id: { $gt: move._id },
    'parts.messages.id': { $in: ids },
    state: { $in: ['moving', 'moved'] },
  })
  return later !== null
}
