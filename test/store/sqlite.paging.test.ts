// How far one page looks.
import { expect, test } from 'vitest'
import { scan } from '../../server/store/sqlite/paging.ts'

test.each([
  ['the rows end', 9, 100, { kept: [3, 6], last: null, scanned: 8 }],
  ['the page is full', 2, 100, { kept: [3, 6], last: 6, scanned: 6 }],
  ['it looked at as many as it may', 9, 5, { kept: [3], last: 5, scanned: 5 }],
  ['both at once', 2, 6, { kept: [3, 6], last: 6, scanned: 6 }],
])('a page goes on from the last row that it looked at, where %s', (_why, limit, budget, expected) => {
  function* rows() {
    for (let row = 1; row <= 8; row++) yield row
  }
  expect(scan(rows(), limit, budget, (row) => row % 3 === 0)).toEqual(expected)
})
