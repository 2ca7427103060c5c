// Faults in the copy between databases: what is left out, what is taken twice, what is not compared.
import type { FaultyFile } from './fault.ts'

const suites = ['test/store/copy.test.ts']

export const copyFaults: FaultyFile[] = [
  {
    file: 'server/store/copy-rows.ts',
    suites,
    faults: [
      {
        name: 'a copy into a database that holds something else',
        find: 'if (known !== null || kept.rows.length > 0 || (await target.organizations()).length > 0)',
        replace: 'if (known !== null)',
        cases: 'is refused by a target',
      },
      {
        name: 'after a kill it goes on behind the page that it was at',
        find: 'if (rows.length > 0) await target.write(kind, orgId, rows)\n      if (next !== null) await target.setMark',
        replace: 'if (next !== null) await target.setMark',
        cases: 'that is killed',
      },
    ],
  },
  {
    file: 'server/store/compare-copies.ts',
    suites,
    faults: [
      {
        name: 'what is in a message is not compared',
        find: 'open.hash.update(textOf(row))',
        replace: 'textOf(row)',
        cases: 'a text that was changed',
      },
      {
        name: 'how many there are is not compared',
        find: 'if (source.rows !== target.rows) return',
        replace: 'if (source.rows !== target.rows) return null\n  if (source.rows < 0) return',
        cases: 'a message that was dropped',
      },
    ],
  },
  {
    file: 'server/store/sqlite/copy-write.ts',
    suites,
    faults: [
      {
        name: 'what enters after a copy goes before what was open',
        find: 'if (isNew && sending?.place) sql.run',
        replace: 'if (isNew && sending?.place === -1) sql.run',
        cases: 'goes on as the source',
      },
    ],
  },
  {
    file: 'server/store/mongo/sync.ts',
    suites,
    faults: [
      {
        name: 'a cursor of the database that was copied is taken',
        find: 'cursor.time >= db.madeAt &&',
        replace: '',
        cases: 'MongoDB to MongoDB goes on as the source',
      },
    ],
  },
]
