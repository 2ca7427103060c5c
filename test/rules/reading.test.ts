import { describe, expect, test } from 'vitest'
import { joinReading, readUpTo, seqToRead } from '../../server/rules/reading.ts'
import { unreadOf } from '../../shared/unread.ts'

describe('unread', () => {
  test.each([
    ['nothing read, nothing answered', 5, 0, 0, 5],
    ['some of it read', 5, 0, 2, 3],
    ['answered, read less: an answer counts as reading', 5, 4, 2, 1],
    ['read more than was answered', 5, 2, 5, 0],
    ['a cursor beyond what is there, after a move took messages away', 3, 0, 5, 0],
  ])('%s', (_what, inboundCount, answeredCount, readCount, expected) => {
    expect(unreadOf({ inboundCount, answeredCount }, readCount)).toBe(expected)
  })
})

describe('a cursor', () => {
  test('ends at the last message', () => {
    expect([seqToRead({ lastSeq: 7 }, 9), seqToRead({ lastSeq: 7 }, 6)]).toEqual([7, 6])
  })
  test.each([
    ['rises', { readSeq: 2, readCount: 1 }, { readSeq: 5, readCount: 3 }, { readSeq: 5, readCount: 3 }],
    ['never falls', { readSeq: 5, readCount: 3 }, { readSeq: 2, readCount: 1 }, null],
    ['stays where it is told the same', { readSeq: 5, readCount: 3 }, { readSeq: 5, readCount: 3 }, null],
    ['keeps a count that is higher', { readSeq: 4, readCount: 3 }, { readSeq: 5, readCount: 1 }, { readSeq: 5, readCount: 3 }],
    ['rises in each part alone', { readSeq: 5, readCount: 1 }, { readSeq: 4, readCount: 3 }, { readSeq: 5, readCount: 3 }],
  ])('%s', (_what, before, upTo, expected) => {
    expect(readUpTo(before, upTo)).toEqual(expected)
  })
})

describe('a cursor in a thread to which another one is joined', () => {
  const joined = { lastSeq: 6, inboundCount: 4, answeredCount: 2 }
  test.each([
    [
      'goes as far in what came, where all was read',
      { readSeq: 6, readCount: 4 },
      { readSeq: 3, readCount: 2 },
      { readSeq: 9, readCount: 6 },
    ],
    ['stays where something was not read', { readSeq: 4, readCount: 3 }, { readSeq: 3, readCount: 2 }, null],
    ['stays where nothing was read of what came', { readSeq: 6, readCount: 4 }, { readSeq: 0, readCount: 0 }, null],
  ])('%s', (_what, here, there, expected) => {
    expect(joinReading(here, there, joined)).toEqual(expected)
  })
  test('goes on, too, where all was answered and nothing read', () => {
    const answered = { ...joined, answeredCount: 4 }
    expect(joinReading({ readSeq: 0, readCount: 0 }, { readSeq: 3, readCount: 2 }, answered)).toEqual({ readSeq: 9, readCount: 6 })
  })
})
