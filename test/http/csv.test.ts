// The export as a spreadsheet reads it: no cell that others wrote is a formula.
import { expect, it } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { asCsv } from '../../server/http/csv.ts'
import { messageColumns } from '../../server/rules/log-table.ts'
import { linesOf } from '../../server/rules/text-table.ts'

const message = (cell: string): Message =>
  ({
    id: 'm',
    createdAt: '',
    direction: 'outbound',
    channel: 'sms',
    type: 'text',
    status: 'failed',
    author: { type: 'agent', id: 'ana', name: cell },
    text: cell,
    conversationId: 'c',
    coordinationId: cell,
    twilioSid: cell,
    error: { code: 30008, reason: 'carrier', message: cell, action: 'retry' },
    retryOf: null,
    dueAt: null,
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failedAt: null,
    price: null,
  }) as Message

const columns = messageColumns('en')

async function csvOf(...pages: Message[][]): Promise<string> {
  const page = async (cursor: string | null) => {
    const at = Number(cursor ?? 0)
    return { text: linesOf(columns, pages[at] ?? []), nextCursor: at + 1 < pages.length ? String(at + 1) : null }
  }
  let csv = ''
  for await (const part of asCsv(columns, page)) csv += part
  return csv
}

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])('every cell that somebody wrote and that begins as %j is text', async (cell) => {
  const csv = await csvOf([message(cell)])
  // Author, text, record, SID, error.
  expect(csv.split(`'${cell}`)).toHaveLength(6)
  expect(csv.split(cell)).toHaveLength(6)
})

it.each(['a,b', 'a\nb', 'a\rb', 'a"b'])('a cell with %j in it is one cell of one row', async (cell) => {
  const csv = await csvOf([message(cell)])
  expect(csv.split(`"${cell.replaceAll('"', '""')}"`)).toHaveLength(6)
})

it('a log of several pages is one table: the header once, each row in its order', async () => {
  const rows = (await csvOf([message('a'), message('b')], [message('c')], [])).split('\r\n')
  expect(rows.map((row) => row.split(',')[8])).toEqual(['text', 'a', 'b', 'c', undefined])
})
