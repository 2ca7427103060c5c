// Prepares statements, and knows of each which tables it writes to: SQLite itself says so, to the authorizer.
import { constants, type DatabaseSync, type StatementSync } from 'node:sqlite'

const writing = new Set([constants.SQLITE_INSERT, constants.SQLITE_UPDATE, constants.SQLITE_DELETE])

export interface Prepared {
  statement: StatementSync
  /** Empty: it only reads, or begins and ends transactions. */
  writes: readonly string[]
}

export function createPrepare(db: DatabaseSync): (text: string) => Prepared {
  const tables = new Set<string>()
  db.setAuthorizer((action, table) => {
    if (writing.has(action) && table !== null) tables.add(table)
    return constants.SQLITE_OK
  })
  return (text) => {
    tables.clear()
    const statement = db.prepare(text)
    return { statement, writes: [...tables] }
  }
}
