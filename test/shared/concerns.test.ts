// Whose conversations call an agent.
import { expect, test } from 'vitest'
import { concerns } from '../../shared/concerns.ts'

test.each([
  ['all', 'me', true],
  ['all', null, true],
  ['all', 'other', true],
  ['mine_or_unassigned', 'me', true],
  ['mine_or_unassigned', null, true],
  ['mine_or_unassigned', 'other', false],
  ['mine', 'me', true],
  ['mine', null, false],
  ['mine', 'other', false],
  // A server from before the setting.
  [undefined, 'other', true],
] as const)('who wants to hear of %s: of %s’s conversation %s', (notifyOf, assignee, heard) => {
  expect(concerns(notifyOf, assignee, 'me')).toBe(heard)
})
