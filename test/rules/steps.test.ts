import { expect, test } from 'vitest'
import { applySteps, type Step } from '../../server/rules/steps.ts'

test.each<[string, unknown, Step<unknown>, unknown]>([
  ['set', 1, { set: null }, null],
  ['add', 1, { add: 2 }, 3],
  ['the latest', 5, { latest: 4 }, 5],
  ['the latest', 5, { latest: 6 }, 6],
  ['the latest, where there is none', null, { latest: 4 }, 4],
  ['the earliest', 5, { earliest: 6 }, 5],
  ['the earliest', 5, { earliest: 4 }, 4],
  ['the earliest, where there is none', null, { earliest: 6 }, 6],
  ['only where there is none', null, { orElse: 4 }, 4],
  ['only where there is none', 0, { orElse: 4 }, 0],
  ['what another was', 5, { same: 'other' }, 9],
])('a step: %s', (_, value, step, expected) => {
  expect(applySteps({ value, other: 9 }, { value: step })).toEqual({ value: expected, other: 9 })
})

test('steps see what was before, whatever their order', () => {
  const before = { count: 1, answered: 0 }
  expect(applySteps(before, { count: { add: 1 }, answered: { same: 'count' } })).toEqual({ count: 2, answered: 1 })
  expect(before).toEqual({ count: 1, answered: 0 })
})
