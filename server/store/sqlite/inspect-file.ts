// A look at a database before anything is written to it: a file that is not ours, newer or damaged is left as it is.
import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'
import { checkSchema, type Migration } from './migrations.ts'

/** Up to this size all pages are looked at, about a millisecond each megabyte; a start must not take longer for more. */
const CHECKED_BYTES = 64 * 1024 * 1024

/**
 * Does nothing where there is no file yet. Reads only.
 *
 * @throws DomainError `unavailable` with what to do, or SQLite's own error for what cannot be read at all.
 */
export function inspectFile(file: string, migrations?: readonly Migration[], checkedBytes = CHECKED_BYTES): void {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  if (size === 0) return
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    checkSchema(db, file, migrations?.at(-1)?.version)
    if (size <= checkedBytes) checkPages(db, file)
  } finally {
    db.close()
  }
}

/** @throws DomainError `unavailable` when a page of the file is not what it must be. */
export function checkPages(db: DatabaseSync, file: string): void {
  const [found] = db.prepare('PRAGMA quick_check(1)').all() as { quick_check: string }[]
  if (found?.quick_check === 'ok') return
  throw new DomainError(
    'unavailable',
    `The database ${file} is damaged. It was left as it is: keep it, and restore a backup (npm run hilo -- restore).`,
    { cause: new Error(found?.quick_check) },
  )
}
