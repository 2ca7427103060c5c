// The message log as a table. Written page by page; nothing holds the whole of it.
import type { Message } from '../../shared/model.ts'
import type { Page } from '../store/records.ts'

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
function textCell(value: string | null): string {
  if (value === null || value === '') return ''
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const columns: Record<string, (message: Message) => string> = {
  id: (m) => m.id,
  createdAt: (m) => m.createdAt,
  direction: (m) => m.direction,
  channel: (m) => m.channel,
  type: (m) => m.type,
  status: (m) => m.status,
  authorType: (m) => m.author.type,
  author: (m) => textCell(m.author.name),
  text: (m) => textCell(m.text),
  conversationId: (m) => m.conversationId,
  coordinationId: (m) => textCell(m.coordinationId),
  twilioSid: (m) => textCell(m.twilioSid),
  errorCode: (m) => String(m.error?.code ?? ''),
  error: (m) => textCell(m.error?.message ?? null),
  sentAt: (m) => m.sentAt ?? '',
  deliveredAt: (m) => m.deliveredAt ?? '',
  readAt: (m) => m.readAt ?? '',
  failedAt: (m) => m.failedAt ?? '',
  price: (m) => String(m.price?.amount ?? ''),
  currency: (m) => m.price?.currency ?? '',
}

const rowOf = (cells: readonly string[]) => `${cells.join(',')}\r\n`

/** Lines of CSV (RFC 4180), the header first. What is wrong with the request is thrown before the first line. */
export async function* messagesAsCsv(page: (cursor: string | null) => Promise<Page<Message>>): AsyncGenerator<string> {
  const cells = Object.values(columns)
  let lines = rowOf(Object.keys(columns))
  for (let cursor: string | null = null; ; lines = '') {
    const { items, nextCursor }: Page<Message> = await page(cursor)
    yield lines + items.map((message) => rowOf(cells.map((cell) => cell(message)))).join('')
    if (nextCursor === null) return
    cursor = nextCursor
  }
}
