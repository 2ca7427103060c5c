// A message that was taken from the provider's list, when its webhook comes after all: what only that tells is added.
// Place, time and record stay; nothing is counted again.
import { addMedia } from '../../rules/media.ts'
import { isShownAlike } from '../../rules/shown-media.ts'
import type { InboundMessage, Received } from '../records.ts'
import { changed } from './changed.ts'
import { findContact } from './contact-row.ts'
import { conversationState, touchConversations } from './conversation-row.ts'
import { type LineRow, sayOnLine } from './line-row.ts'
import { mediaColumnsOf, saveMedia } from './media.ts'
import { conversationsOf, conversationsOnLine, extraOf, identityOf, quoted, takeContact } from './receive.ts'
import { mediaOf, type MessageRow, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

export function enrich(sql: Sqlite, inbound: InboundMessage, row: MessageRow): Received {
  const { orgId } = inbound
  const now = sql.clock.now()
  const known = findContact(sql, orgId, inbound.keys)
  const taken = known && takeContact(sql, identityOf(inbound), known, now)

  const before = { type: row.type, text: row.text, media: mediaOf(row) }
  row.type = inbound.type
  row.text = inbound.text || row.text
  row.extra = extraOf(inbound)
  row.forwarded = inbound.forwarded ? 1 : 0
  row.reply_to_id = (taken && quoted(sql, inbound, taken.contact.id)?.id) ?? null
  row.author_name = taken?.contact.name ?? row.author_name
  Object.assign(row, mediaColumnsOf(addMedia(row.id, before.media, inbound.media, inbound.createdAt)))
  row.listed = 0
  row.rev++
  row.feed = sql.turn()
  sql.run(
    `UPDATE messages SET type = ?, text = ?, extra = ?, forwarded = ?, reply_to_id = ?, author_name = ?, listed = 0, rev = ?, feed = ?
     WHERE id = ?`,
    row.type,
    row.text,
    row.extra,
    row.forwarded,
    row.reply_to_id,
    row.author_name,
    row.rev,
    row.feed,
    row.id,
  )
  saveMedia(sql, row)
  const shows =
    sql.get('SELECT 1 FROM conversations WHERE last_message_id = ?1 AND id = ?2', row.id, row.conversation_id) !== undefined &&
    (before.type !== row.type || before.text !== row.text || !isShownAlike(before.media, mediaOf(row)) || taken?.renamed)
  const line =
    inbound.said && sql.get<LineRow>('SELECT * FROM lines WHERE id = (SELECT line_id FROM conversations WHERE id = ?)', row.conversation_id)
  const isOut = line && inbound.said && sayOnLine(sql, line, inbound.said, row.created_at)
  const ids = new Set([
    ...(isOut ? conversationsOnLine(sql, line.contact_id, line.id) : []),
    ...(taken?.renamed ? conversationsOf(sql, taken.contact.id) : []),
    ...(shows ? [row.conversation_id] : []),
  ])
  const conversations = touchConversations(sql, orgId, [...ids])
  const message = toMessage(row)
  return {
    outcome: 'enriched',
    message,
    conversation: conversationState(sql, orgId, row.conversation_id),
    changes: changed(orgId, { conversations, messages: [message] }),
  }
}
