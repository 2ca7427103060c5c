// Lists as CSV, the header first, written page by page: nothing holds the whole of it.
import type { ListedOptOut, Page, TextPage } from '../store/records.ts'
import { addressCell, type Columns, headLine, linesOf, textCell } from '../rules/text-table.ts'

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

export const optOutsAsCsv = (page: (cursor: string | null) => Promise<Page<ListedOptOut>>): AsyncGenerator<string> =>
  asCsv(optOutColumns, async (cursor) => {
    const { items, nextCursor } = await page(cursor)
    return { text: linesOf(optOutColumns, items), nextCursor }
  })

/** What is wrong with the request is thrown before the first line. */
export async function* asCsv(columns: Columns<never>, page: (cursor: string | null) => Promise<TextPage>): AsyncGenerator<string> {
  let head = headLine(columns)
  for (let cursor: string | null = null; ; head = '') {
    const { text, nextCursor }: TextPage = await page(cursor)
    yield head + text
    if (nextCursor === null) return
    cursor = nextCursor
    // Whoever waits for the store, or for a socket, goes in between.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
