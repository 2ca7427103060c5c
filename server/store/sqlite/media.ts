// What messages came with: kept in the message's row, looked for by when the next item is to be fetched.
import { type MediaItem, mediaDueAt } from '../../rules/media.ts'
import type { MessageMedia } from '../records.ts'
import { type MessageRow, mediaOf, toMessage } from './rows.ts'
import type { Sqlite } from './sqlite.ts'

/** The columns of a message's items. */
export function mediaColumnsOf(media: readonly MediaItem[]): Pick<MessageRow, 'media' | 'media_due'> {
  return { media: media.length === 0 ? null : JSON.stringify(media), media_due: mediaDueAt(media) }
}

export function saveMedia(sql: Sqlite, { media, media_due, id }: MessageRow): void {
  sql.run('UPDATE messages SET media = ?, media_due = ? WHERE id = ?', media, media_due, id)
}

const toMessageMedia = (row: MessageRow): MessageMedia => ({ orgId: row.org_id, message: toMessage(row), items: mediaOf(row) })

export function mediaToFetch(sql: Sqlite, limit: number): MessageMedia[] {
  return sql
    .all<MessageRow>('SELECT * FROM messages INDEXED BY messages_media_due WHERE media_due IS NOT NULL ORDER BY media_due LIMIT ?', limit)
    .map(toMessageMedia)
}

export function messageMedia(sql: Sqlite, messageId: string): MessageMedia | null {
  const row = sql.get<MessageRow>('SELECT * FROM messages WHERE id = ?', messageId)
  return row ? toMessageMedia(row) : null
}

/** Of these hashes, those that a message names. */
export function namedFiles(sql: Sqlite, hashes: readonly string[]): Set<string> {
  const named = sql.all<{ hash: string }>(
    'SELECT DISTINCT hash FROM named_files WHERE hash IN (SELECT value FROM json_each(?))',
    JSON.stringify(hashes),
  )
  return new Set(named.map(({ hash }) => hash))
}
