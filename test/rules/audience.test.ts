import { expect, test } from 'vitest'
import { hearsOfMessage, hearsOfRow, holds } from '../../server/rules/audience.ts'
import type { Changes } from '../../server/store/records.ts'
import type { Message } from '../../shared/model.ts'

const ana = { type: 'agent', id: 'ana', name: 'Ana' } as const
const machine = { type: 'automation', id: 'reminder', name: 'Recordatorio' } as const
const client = { type: 'contact', id: null, name: 'Luis' } as const

const message = (more: Partial<Message>) =>
  ({ id: 'm', conversationId: 'k', seq: 3, direction: 'outbound', author: ana, status: 'queued', ...more }) as Message

const planned = { seq: null, status: 'scheduled' } as const
const table: [string, Partial<Message>, Changes['news'], message: 'all' | 'viewers', row: 'all' | 'viewers'][] = [
  ['a client’s message', { direction: 'inbound', author: client, status: 'received' }, 'other', 'all', 'all'],
  ['what an agent sends', {}, 'entered', 'all', 'all'],
  ['what an agent sends, sensitive', { sensitive: true, text: '' }, 'entered', 'all', 'all'],
  ['a note', { direction: 'internal', type: 'note', status: 'received' }, 'entered', 'all', 'all'],
  ['the note of a move', { direction: 'internal', type: 'moved', status: 'received' }, 'other', 'all', 'all'],
  ['an agent’s message that is filed or moved', { status: 'delivered' }, 'other', 'all', 'all'],
  ['an automated message that is filed or moved', { author: machine, status: 'read' }, 'other', 'all', 'all'],
  ['what an agent plans', planned, 'entered', 'viewers', 'all'],
  ['a plan that is filed', planned, 'other', 'viewers', 'all'],
  ['a plan that is taken back', { ...planned, status: 'canceled' }, 'progress', 'viewers', 'all'],
  ['a plan that enters', { dueAt: '2026-01-01T10:00:00.000Z' }, 'entered', 'all', 'all'],
  ['a plan that may not go', { status: 'failed', dueAt: '2026-01-01T10:00:00.000Z' }, 'entered', 'all', 'all'],
  ['an agent’s message that is taken back', { status: 'canceled' }, 'progress', 'all', 'all'],
  ['an agent’s message that is claimed', { status: 'sending' }, 'progress', 'viewers', 'all'],
  ['an agent’s message that waits again', { status: 'queued' }, 'progress', 'viewers', 'all'],
  ['an agent’s message that nobody can tell about', { status: 'unconfirmed' }, 'progress', 'viewers', 'all'],
  ['an agent’s message that arrived', { status: 'delivered' }, 'progress', 'viewers', 'all'],
  ['an agent’s message that failed', { status: 'failed' }, 'progress', 'viewers', 'all'],
  ['an agent’s sensitive message whose text is erased', { status: 'delivered', sensitive: true, text: '' }, 'progress', 'viewers', 'all'],
  ['what a machine writes', { author: machine }, 'entered', 'viewers', 'viewers'],
  ['a machine’s message that arrived', { author: machine, status: 'delivered' }, 'progress', 'viewers', 'viewers'],
  ['a machine’s message that failed', { author: machine, status: 'failed' }, 'progress', 'viewers', 'all'],
  ['a machine’s message that is taken back', { author: machine, status: 'canceled' }, 'progress', 'viewers', 'viewers'],
]

test.each(table)('%s', (_, more, news, ofMessage, ofRow) => {
  const told = message(more)
  expect(hearsOfMessage(told, news)).toBe(ofMessage)
  expect(hearsOfRow({ id: 'k' }, { news, messages: [told] })).toBe(ofRow)
})

test('a row without messages is for all: an assignment, a state, a name', () => {
  expect(hearsOfRow({ id: 'k' }, { news: 'other', messages: [] })).toBe('all')
})

test('a row is for all where people and machines wrote, and where only another thread got a machine’s message', () => {
  const both = [message({ author: machine }), message({})]
  expect(hearsOfRow({ id: 'k' }, { news: 'entered', messages: both })).toBe('all')
  expect(hearsOfRow({ id: 'k' }, { news: 'entered', messages: [message({ author: machine, conversationId: 'other' })] })).toBe('all')
})

test('a token that names its records hears of those alone, and of nothing unfiled', () => {
  const scope = new Set(['ev-1'])
  expect([holds(scope, 'ev-1'), holds(scope, 'ev-2'), holds(scope, null)]).toEqual([true, false, false])
  expect([holds(null, 'ev-1'), holds(null, null)]).toEqual([true, true])
})
