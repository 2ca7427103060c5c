// Faults of lists: rows, columns, whose a row is, what a merge keeps.
import type { FaultyFile } from './fault.ts'

export const importFaults: FaultyFile[] = [
  {
    file: 'server/rules/import-contact.ts',
    suites: ['test/rules/import-contact.test.ts'],
    faults: [
      { name: 'a list takes a number over', find: 'if (ids.length > 1)', replace: 'if (ids.length > 9)' },
      { name: 'a list takes a client id over', find: 'known.externalId !== draft.externalId)', replace: 'false)' },
      { name: 'a list undoes what an agent corrected', find: " && known.nameSource !== 'agent'", replace: '' },
      {
        name: 'another form of a number is another number',
        find: 'keys.includes(normalisedAddress(one.address))',
        replace: 'keys[0] === one.address',
      },
    ],
  },
  {
    file: 'shared/import-columns.ts',
    suites: ['test/shared/import-columns.test.ts'],
    faults: [
      { name: 'of two columns with one name the first counts', find: 'if (twice !== undefined)', replace: 'if (twice === null)' },
      { name: 'a column is two fields', find: ' && !taken.has(index)) return index', replace: ') return index' },
    ],
  },
  {
    file: 'server/rules/merge-contact.ts',
    suites: ['test/rules/merge-contact.test.ts'],
    faults: [
      {
        name: 'two clients of the host become one',
        find: 'into.externalId !== from.externalId) return null',
        replace: 'false) return null',
      },
      { name: 'undone, the other’s number stays', find: '!isTheirs(one)', replace: 'true' },
    ],
  },
  {
    file: 'server/imports/read-cells.ts',
    suites: ['test/imports/read-table.test.ts'],
    faults: [
      {
        name: 'an open quote takes the next row along',
        find: "'cells' in whole ? { row: whole, more } : { row: openQuote, more: 0 }",
        replace: '{ row: whole, more }',
      },
      { name: 'a cell ends with the piece', find: "read === 'goes on' && !isLast", replace: "read === 'goes on' && isLast" },
    ],
  },
]
