import { describe, expect, test } from 'vitest'
import { readList, readOptedOut, readTime } from '../../server/rules/import-values.ts'

describe('what people write in cells', () => {
  test.each([
    ['', null],
    ['No', null],
    ['NÃO', null],
    ['0', null],
    ['Sí', 'all'],
    ['x', 'all'],
    [' TRUE ', 'all'],
    ['Promociones', 'marketing'],
    ['quizás', undefined],
  ])('opted out: %j is %s', (cell, scope) => {
    expect(readOptedOut(cell)).toBe(scope)
  })
  test.each([
    ['vip, nuevo;vip', ['vip', 'nuevo']],
    ['a|b\nc', ['a', 'b', 'c']],
    [' ; ', []],
  ])('several: %j', (cell, parts) => {
    expect(readList(cell)).toEqual(parts)
  })
  test.each([
    ['2026-03-02', '2026-03-02T00:00:00.000Z'],
    ['2026-03-02T18:00:00-03:00', '2026-03-02T21:00:00.000Z'],
    ['2026-03-02 18:00', '2026-03-02T18:00:00.000Z'],
    ['2026-03-02T18:00:00.123456Z', '2026-03-02T18:00:00.000Z'],
    ['2/3/2026', '2026-03-02T00:00:00.000Z'],
    ['31.12.2025', '2025-12-31T00:00:00.000Z'],
    ['31/2/2026', null],
    ['2026-02-30', null],
    ['2026-13-01', null],
    ['2026-03-02T25:00', null],
    ['3/13/2026', null],
    ['2/3/26', null],
    ['yesterday', null],
  ])('a time: %j is %s', (cell, expected) => {
    const at = readTime(cell)
    expect(at === null ? null : new Date(at).toISOString()).toBe(expected)
  })
})
