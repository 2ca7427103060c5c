// Lists as tables: the message log, opt-outs. Written page by page; nothing holds the whole of it.
import type { Message } from '../../shared/model.ts'
import type { ListedOptOut, Page } from '../store/records.ts'

/** Text that a spreadsheet would take for a formula gets an apostrophe in front. */
function textCell(value: string | null): string {
  if (value === null || value === '') return ''
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

type Columns<Item> = Record<string, (item: Item) => string>

const messageColumns: Columns<Message> = {
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

/** A number with its plus is no formula, and whoever imports it wants it as it is. */
const addressCell = (value: string | null): string => (/^\+?\d+$/.test(value ?? '') ? (value ?? '') : textCell(value))

const optOutColumns: Columns<ListedOptOut> = {
  channel: (one) => one.channel,
  sender: (one) => addressCell(one.sender),
  address: (one) => addressCell(one.contact.address),
  phone: (one) => addressCell(one.contact.phone),
  name: (one) => textCell(one.contact.name),
  contactId: (one) => one.contact.id,
  scope: (one) => one.scope,
  since: (one) => one.since,
  source: (one) => one.source,
}

type Pages<Item> = (cursor: string | null) => Promise<Page<Item>>

export const messagesAsCsv = (page: Pages<Message>): AsyncGenerator<string> => asCsv(messageColumns, page)
export const optOutsAsCsv = (page: Pages<ListedOptOut>): AsyncGenerator<string> => asCsv(optOutColumns, page)

/** Lines of CSV (RFC 4180), the header first. What is wrong with the request is thrown before the first line. */
async function* asCsv<Item>(columns: Columns<Item>, page: Pages<Item>): AsyncGenerator<string> {
  const cells = Object.values(columns)
  let lines = rowOf(Object.keys(columns))
  for (let cursor: string | null = null; ; lines = '') {
    const { items, nextCursor }: Page<Item> = await page(cursor)
    yield lines + items.map((item) => rowOf(cells.map((cell) => cell(item)))).join('')
    if (nextCursor === null) return
    cursor = nextCursor
  }
}
