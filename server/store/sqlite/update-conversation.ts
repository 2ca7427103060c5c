// Changes state, assignee, tags and record. Filing into a record that has a thread already joins the two.
import { patchConversation } from '../../rules/conversation.ts'
import type { AgentRead, Changes, ConversationPatch, OwnConversationState, Viewer } from '../records.ts'
import { deskOf, findConversation, loadConversation, saveConversation, saveDesk, setFacts } from './conversation-row.ts'
import { changed } from './changed.ts'
import { joinConversation } from './join-conversation.ts'
import { fileLine } from './line-row.ts'
import { type ConversationRow, type MessageRow, toConversation, toMessage, toOwnConversation } from './rows.ts'
import { inScope, loadOwn, visible } from './scope.ts'
import type { Sqlite } from './sqlite.ts'

/** Of a filed conversation, as many of the newest messages are told of as a screen may show. */
export const TOLD_MESSAGES = 100

export function updateConversation(
  sql: Sqlite,
  viewer: Viewer,
  id: string,
  patch: ConversationPatch,
): Promise<{ conversation: OwnConversationState; changes: Changes; reads: AgentRead[] } | null> {
  return sql.write(() => {
    let row = loadConversation(sql, viewer.orgId, id)
    if (!visible(row, viewer)) return null
    if (patch.coordinationId !== undefined && !inScope(viewer.scope, patch.coordinationId)) return null
    const changes = changed(viewer.orgId)
    const reads: AgentRead[] = []
    if (patch.coordinationId !== undefined && patch.coordinationId !== row.coordination_id)
      row = file(sql, row, patch.coordinationId, changes, reads)
    const filed = changes.left.length > 0
    if (apply(sql, row, patch) || filed) {
      saveConversation(sql, row)
      const fresh = loadConversation(sql, viewer.orgId, row.id)
      if (fresh) changes.conversations.push(toConversation(fresh))
    }
    const own = loadOwn(sql, viewer, row.id)
    return own ? { conversation: toOwnConversation(own), changes, reads } : null
  })
}

export function snoozeEnds(sql: Sqlite, now: number, limit: number): { orgId: string; conversationId: string }[] {
  return sql.all(
    `SELECT org_id AS orgId, id AS conversationId FROM conversations INDEXED BY conversations_snoozed
     WHERE snoozed_until IS NOT NULL AND snoozed_until <= ? ORDER BY snoozed_until, id LIMIT ?`,
    now,
    limit,
  )
}

/** Writes assignee and tags, leaves the rest in the row for the caller to save. Answers whether anything changed. */
function apply(sql: Sqlite, row: ConversationRow, patch: ConversationPatch): boolean {
  const before = deskOf(row)
  const change = patchConversation(before, patch)
  if (change === null) return false
  setFacts(row, { ...before, ...change })
  if (change.assignee !== undefined || change.tags !== undefined) saveDesk(sql, row, { ...before, ...change })
  return true
}

function file(sql: Sqlite, row: ConversationRow, coordinationId: string | null, changes: Changes, reads: AgentRead[]): ConversationRow {
  const place = { orgId: row.org_id, channel: row.channel, sender: row.sender, contactId: row.contact_id, coordinationId }
  const target = findConversation(sql, place)
  const from = row.coordination_id
  noteDeparture(sql, row.org_id, row.id, from, coordinationId, target !== undefined)
  if (target) {
    changes.left.push({ conversationId: row.id, from })
    reads.push(...joinConversation(sql, row, target))
  } else {
    changes.left.push({ conversationId: row.id, from, to: coordinationId })
    row.coordination_id = coordinationId
    row.hint_id = null
    sql.run('UPDATE conversations SET coordination_id = ?, hint_id = NULL WHERE id = ?', coordinationId, row.id)
    sql.run(
      'UPDATE messages SET coordination_id = ?, rev = rev + 1, feed = ? WHERE conversation_id = ?',
      coordinationId,
      sql.turn(),
      row.id,
    )
  }
  const there = target ?? row
  fileLine(sql, there.line_id, coordinationId)
  const told = sql.all<MessageRow>(
    'SELECT * FROM messages WHERE conversation_id = ? AND seq IS NOT NULL AND feed = ? ORDER BY seq DESC LIMIT ?',
    there.id,
    sql.turn(),
    TOLD_MESSAGES,
  )
  const planned = sql.all<MessageRow>(
    "SELECT * FROM messages INDEXED BY messages_by_feed WHERE conversation_id = ? AND feed = ? AND status = 'scheduled' ORDER BY id LIMIT ?",
    there.id,
    sql.turn(),
    TOLD_MESSAGES,
  )
  changes.messages.push(...[...told.reverse(), ...planned].map(toMessage))
  return there
}

/** For callers with a scope, who cannot see from what remains that something went. */
export function noteDeparture(
  sql: Sqlite,
  orgId: string,
  conversationId: string,
  from: string | null,
  to: string | null,
  erased: boolean,
): void {
  sql.run(
    'INSERT INTO departures (feed, org_id, conversation_id, from_record, to_record, erased) VALUES (?, ?, ?, ?, ?, ?)',
    sql.turn(),
    orgId,
    conversationId,
    from,
    to,
    erased ? 1 : 0,
  )
}
