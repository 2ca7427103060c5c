// Whom a round comes to, and whom it knows to be answered.
import { expect, test } from 'vitest'
import { answeredBy, stillToCome } from '../../widget/panel/round/go-on.ts'
import { conversation } from '../widget-panel/fixtures/sample.ts'

const EARLY = '2026-11-30T10:00:00.000Z'
const LATE = '2026-11-30T11:00:00.000Z'
const waiting = (id: string, awaitingReplySince: string) => ({ ...conversation({ id, name: id }), awaitingReplySince })

test.each([
  ['nobody was passed', {}, ['a', 'b']],
  ['passed: not again', { a: EARLY }, ['b']],
  ['passed, and wrote again since', { a: '2026-11-30T09:00:00.000Z', b: LATE }, ['a']],
  ['all passed', { a: EARLY, b: LATE }, []],
])('%s', (_what, passed, ids) => {
  expect(stillToCome([waiting('a', EARLY), waiting('b', LATE)], passed).map(({ id }) => id)).toEqual(ids)
})

test.each([
  ['a colleague wrote last', { direction: 'outbound', author: { type: 'agent', id: 'beto', name: 'Beto Paz' } }, 'Beto Paz'],
  ['the agent wrote last', { direction: 'outbound', author: { type: 'agent', id: 'me', name: 'Ana' } }, undefined],
  ['the client wrote last', { direction: 'inbound', author: { type: 'contact', id: 'c', name: 'Sofía' } }, undefined],
  ['an automatic message went last', { direction: 'outbound', author: { type: 'automation', id: null, name: '' } }, undefined],
] as const)('%s', (_what, last, by) => {
  expect(answeredBy(conversation({ id: 'a', name: 'Sofía', last }), 'me')).toBe(by)
  expect(answeredBy(undefined, 'me')).toBeUndefined()
})
