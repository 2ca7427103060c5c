// Moves messages to another record's thread and back. A message and the 'moved' line that keeps its place only ever
// change places, so that no thread gets a gap, whatever happened to the threads meanwhile.
import type { Message } from '../../../shared/model.ts'
import { isOpen } from '../../../shared/status.ts'
import { afterMove, filesLine, firstOf, takeMoved, type Unanswered } from '../../rules/conversation.ts'
import type { Changes, ConversationState, Viewer } from '../records.ts'
import { changed } from './changed.ts'
import {
  findConversation,
  loadConversation,
  makeConversation,
  previewLast,
  refreshFailures,
  saveConversation,
  takeSteps,
} from './conversation-row.ts'
import { fileLine } from './line-row.ts'
import { insertMessage, messageById } from './message-row.ts'
import { type ConversationRow, type Extra, iso, type MessageRow, parsed, toConversation, toMessage } from './rows.ts'
import { inScope } from './scope.ts'
import type { Sqlite } from './sqlite.ts'
import { noteDeparture } from './update-conversation.ts'

interface By {
  id: string
  name: string
}

export function moveMessages(
  sql: Sqlite,
  viewer: Viewer,
  ids: string[],
  coordinationId: string | null,
  by: By,
  now: number,
): Promise<{ moved: Message[]; undoId: string; changes: Changes } | null> {
  return sql.write(() => {
    const { orgId, scope } = viewer
    if (!inScope(scope, coordinationId)) return null
    const rows: MessageRow[] = []
    for (const id of new Set(ids)) {
      const row = messageById(sql, orgId, id)
      if (!row || !inScope(scope, row.coordination_id) || row.seq === null || row.type === 'moved') return null
      if (isOpen(row.status, row.twilio_sid)) return null
      rows.push(row)
    }
    rows.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    const undoId = sql.newId()
    sql.run('INSERT INTO moves (id, org_id) VALUES (?, ?)', undoId, orgId)
    const threads = holdThreads(sql, orgId)
    const places: MessageRow[] = []
    for (const row of rows) {
      const source = threads.get(row.conversation_id)
      if (source.coordination_id === coordinationId) continue
      const target = threads.find(source, coordinationId, now)
      places.push(moveOne(sql, row, source, target, { undoId, by, now }))
      threads.left.add(source.id)
      if (filesLine(source.coordination_id, coordinationId)) fileLine(sql, source.line_id, coordinationId)
      noteDeparture(sql, orgId, source.id, source.coordination_id, coordinationId, false)
    }
    const conversations = threads.save()
    return {
      moved: rows.map(toMessage),
      undoId,
      changes: changed(orgId, { conversations, messages: places.length === 0 ? [] : [...rows, ...places].map(toMessage) }),
    }
  })
}

function moveOne(
  sql: Sqlite,
  row: MessageRow,
  source: ConversationRow,
  target: ConversationRow,
  move: { undoId: string; by: By; now: number },
): MessageRow {
  const old = { seq: row.seq ?? 0, ordinal: row.ordinal }
  const inbound = row.direction === 'inbound'
  const unanswered = inbound && row.ordinal > source.answered_count
  const person = inbound || (row.direction === 'outbound' && row.author_type === 'agent')
  takeSteps(target, takeMoved([{ inbound, unanswered, person, createdAt: row.created_at }]))
  setPlace(sql, row, { conversation: target, seq: target.last_seq, ordinal: target.inbound_count })
  for (const thread of [source, target]) refreshFailures(sql, thread, row)
  setArrived(sql, row, { from: source.coordination_id, by: { id: move.by.id, name: move.by.name }, at: iso(move.now), undoId: move.undoId })
  const extra: Extra = {
    moved: { to: target.coordination_id, from: source.coordination_id, messages: [{ id: row.id, seq: old.seq }], undoId: move.undoId },
  }
  const place = insertMessage(sql, {
    id: sql.newId(),
    org_id: row.org_id,
    conversation_id: source.id,
    coordination_id: source.coordination_id,
    seq: old.seq,
    ordinal: old.ordinal,
    direction: 'internal',
    type: 'moved',
    channel: row.channel,
    author_type: 'agent',
    author_id: move.by.id,
    author_name: move.by.name,
    text: '',
    extra: JSON.stringify(extra),
    status: 'received',
    created_at: move.now,
  })
  sql.run('INSERT INTO moved_messages (move_id, message_id, place_id) VALUES (?, ?, ?)', move.undoId, row.id, place.id)
  return place
}

export function undoMove(
  sql: Sqlite,
  viewer: Viewer,
  undoId: string,
  by: By,
  now: number,
): Promise<{ outcome: 'undone'; moved: Message[]; changes: Changes } | { outcome: 'done_before' | 'missing' }> {
  return sql.write(() => {
    const { orgId, scope } = viewer
    const move = sql.get<{ undone_at: number | null }>('SELECT undone_at FROM moves WHERE id = ? AND org_id = ?', undoId, orgId)
    if (!move) return { outcome: 'missing' }
    const pairs = sql
      .all<{ id: number; message_id: string; place_id: string }>(
        'SELECT id, message_id, place_id FROM moved_messages WHERE move_id = ? ORDER BY id',
        undoId,
      )
      .map((pair) => ({ id: pair.id, message: messageById(sql, orgId, pair.message_id), place: messageById(sql, orgId, pair.place_id) }))
    for (const { message, place } of pairs)
      if (!message || !place || !inScope(scope, message.coordination_id) || !inScope(scope, place.coordination_id))
        return { outcome: 'missing' }
    if (move.undone_at !== null || pairs.some(({ id, message }) => movedSince(sql, message?.id ?? '', id)))
      return { outcome: 'done_before' }
    sql.run('UPDATE moves SET undone_at = ? WHERE id = ?', now, undoId)
    const threads = holdThreads(sql, orgId)
    const moved: MessageRow[] = []
    const places: MessageRow[] = []
    for (const { message, place } of pairs) {
      if (!message || !place) continue
      const here = threads.get(place.conversation_id)
      const there = threads.get(message.conversation_id)
      const waits = message.direction === 'inbound' && message.ordinal > there.answered_count
      swap(sql, message, place, here, there, by)
      setArrived(sql, message, undefined)
      threads.left.add(there.id)
      threads.back(here.id, waits ? { ordinal: message.ordinal, createdAt: message.created_at } : null)
      if (filesLine(there.coordination_id, here.coordination_id)) fileLine(sql, here.line_id, here.coordination_id)
      noteDeparture(sql, orgId, there.id, there.coordination_id, here.coordination_id, false)
      moved.push(message)
      places.push(place)
    }
    const conversations = threads.save()
    return {
      outcome: 'undone',
      moved: moved.map(toMessage),
      changes: changed(orgId, { conversations, messages: [...moved, ...places].map(toMessage) }),
    }
  })
}

/** Whether it was moved once more, later: then this move is no longer the one to undo. */
function movedSince(sql: Sqlite, messageId: string, after: number): boolean {
  return (
    sql.get(
      `SELECT 1 FROM moved_messages n JOIN moves v ON v.id = n.move_id
       WHERE n.message_id = ? AND n.id > ? AND v.undone_at IS NULL LIMIT 1`,
      messageId,
      after,
    ) !== undefined
  )
}

function swap(sql: Sqlite, message: MessageRow, place: MessageRow, here: ConversationRow, there: ConversationRow, by: By): void {
  const seat = { conversation: there, seq: message.seq ?? 0, ordinal: message.ordinal }
  const home = { conversation: here, seq: place.seq ?? 0, ordinal: place.ordinal }
  // Out of the way first: a place is unique.
  sql.run('UPDATE messages SET seq = NULL WHERE id = ?', place.id)
  setPlace(sql, message, home)
  for (const thread of [here, there]) refreshFailures(sql, thread, message)
  const extra: Extra = {
    moved: { to: here.coordination_id, from: there.coordination_id, messages: [{ id: message.id, seq: seat.seq }], undoId: null },
  }
  place.extra = JSON.stringify(extra)
  place.author_id = by.id
  place.author_name = by.name
  sql.run('UPDATE messages SET extra = ?, author_id = ?, author_name = ? WHERE id = ?', place.extra, by.id, by.name, place.id)
  setPlace(sql, place, seat)
}

/** The line in the thread that it came to. */
function setArrived(sql: Sqlite, row: MessageRow, arrived: Extra['arrived']): void {
  const { arrived: _before, ...rest } = parsed<Extra>(row.extra) ?? {}
  const extra: Extra = { ...rest, ...(arrived && { arrived }) }
  row.extra = Object.keys(extra).length === 0 ? null : JSON.stringify(extra)
  sql.run('UPDATE messages SET extra = ? WHERE id = ?', row.extra, row.id)
}

/** The first of a client's messages that stands in a thread unanswered. */
function firstUnanswered(sql: Sqlite, row: ConversationRow): Unanswered | null {
  const first = sql.get<Unanswered>(
    `SELECT ordinal, created_at AS createdAt FROM messages INDEXED BY messages_by_seq
     WHERE conversation_id = ? AND seq IS NOT NULL AND direction = 'inbound' AND ordinal > ? ORDER BY seq LIMIT 1`,
    row.id,
    row.answered_count,
  )
  return first ?? null
}

function setPlace(sql: Sqlite, row: MessageRow, place: { conversation: ConversationRow; seq: number; ordinal: number }): void {
  row.conversation_id = place.conversation.id
  row.coordination_id = place.conversation.coordination_id
  row.seq = place.seq
  row.ordinal = place.ordinal
  row.rev++
  row.feed = sql.turn()
  sql.run(
    'UPDATE messages SET conversation_id = ?, coordination_id = ?, seq = ?, ordinal = ?, rev = ?, feed = ? WHERE id = ?',
    row.conversation_id,
    row.coordination_id,
    row.seq,
    row.ordinal,
    row.rev,
    row.feed,
    row.id,
  )
}

/** The conversations that a move touches, changed in memory and saved once at its end. */
function holdThreads(sql: Sqlite, orgId: string) {
  const held = new Map<string, ConversationRow>()
  const left = new Set<string>()
  const cameBack = new Map<string, Unanswered | null>()
  return {
    /** Those that a message was taken away from. */
    left,
    /** A message came back to its thread, as unanswered as it was where it had been. */
    back(id: string, waits: Unanswered | null): void {
      cameBack.set(id, firstOf([cameBack.get(id) ?? null, waits]))
    },
    get(id: string): ConversationRow {
      const row = held.get(id) ?? loadConversation(sql, orgId, id)
      if (!row) throw new Error(`Conversation ${id} is missing`)
      held.set(id, row)
      return row
    },
    /** The same contact's and sender's thread about that record. */
    find(source: ConversationRow, coordinationId: string | null, now: number): ConversationRow {
      for (const row of held.values())
        if (
          row.coordination_id === coordinationId &&
          row.contact_id === source.contact_id &&
          row.channel === source.channel &&
          row.sender === source.sender
        )
          return row
      const place = { orgId, channel: source.channel, sender: source.sender, contactId: source.contact_id, coordinationId }
      const row = findConversation(sql, place) ?? makeConversation(sql, place, source.line_id, now)
      held.set(row.id, row)
      return row
    },
    save(): ConversationState[] {
      return [...held.values()].map((row) => {
        previewLast(sql, row)
        if (left.has(row.id) || cameBack.has(row.id)) {
          const first = firstOf([firstUnanswered(sql, row), cameBack.get(row.id) ?? null])
          takeSteps(row, afterMove({ first, isEmpty: row.last_message_id === null, cameBack: cameBack.has(row.id) }))
        }
        saveConversation(sql, row)
        return toConversation(row)
      })
    },
  }
}
