// Compares one client's view with the server: rows, messages, reading, totals; both ways, field by field.
import type { Message, OwnConversation, Unread } from '../../shared/model.ts'
import type { Seen } from './client-view.ts'
import { canonical, createDifferences, type Difference } from './difference.ts'

export interface ViewSides {
  agent: string
  seen: Seen
  stored: readonly Message[]
  rows: readonly OwnConversation[]
  unread: Unread
}

export function compareView({ agent, seen, stored, rows, unread }: ViewSides): Difference[] {
  const { all, differ } = createDifferences()
  for (const row of rows) {
    const { unread: _unread, readCount, readSeq, ...broadcast } = row
    const held = seen.conversations.get(row.id)
    if (held === undefined || canonical(held) !== canonical(broadcast))
      differ('view of a row', `${agent} ${row.id}: rev ${held?.rev} instead of ${row.rev}`)
    const cursor = seen.cursors.get(row.id)
    if (cursor !== undefined && (cursor.readCount !== readCount || cursor.readSeq !== readSeq))
      differ('view of reading', `${agent} ${row.id}: ${cursor.readSeq} instead of ${readSeq}`)
  }
  for (const held of seen.conversations.keys())
    if (!rows.some((row) => row.id === held)) differ('a row is seen that is gone', `${agent} ${held}`)
  for (const one of stored) {
    const held = seen.messages.get(one.id)
    // A message without a place in a thread is told to whoever looks in that moment, and else read from the log.
    if (one.seq === null) continue
    if (held === undefined || canonical(held) !== canonical(one))
      differ('view of a message', `${agent} ${one.id}: ${held?.status} rev ${held?.rev} instead of ${one.status} rev ${one.rev}`)
  }
  const ids = new Set(stored.map((one) => one.id))
  for (const id of seen.messages.keys()) if (!ids.has(id)) differ('seen, not stored', `${agent} ${id}`)
  for (const field of ['total', 'conversations', 'awaitingReply'] as const)
    if (seen.unread?.[field] !== unread[field])
      differ(`view of unread: ${field}`, `${agent}: ${seen.unread?.[field]} instead of ${unread[field]}`)
  return all
}
