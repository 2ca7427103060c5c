// The export as a spreadsheet reads it: no cell that others wrote is a formula.
import { expect, it } from 'vitest'
import type { Message } from '../../shared/model.ts'
import { messagesAsCsv } from '../../server/http/csv.ts'

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
    sentAt: null,
    deliveredAt: null,
    readAt: null,
    failedAt: null,
    price: null,
  }) as Message

it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\tx', '\r=1'])('every cell that somebody wrote and that begins as %j is text', async (cell) => {
  let csv = ''
  for await (const part of messagesAsCsv(async () => ({ items: [message(cell)], nextCursor: null }))) csv += part
  // Author, text, record, SID, error.
  expect(csv.split(`'${cell}`)).toHaveLength(6)
  expect(csv.split(cell)).toHaveLength(6)
})
