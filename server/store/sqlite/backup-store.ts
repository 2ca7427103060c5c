// A copy of the database as it is at one moment, also while a server writes to it.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'
import { checkPages } from './inspect-file.ts'
import { checkSchema } from './migrations.ts'

/** The version that the copy names itself. */
export interface BackedUp {
  schemaVersion: number
  counts: Record<'contacts' | 'conversations' | 'coordinations' | 'messages', number>
}

/** In one step: between steps another process may write, and SQLite would begin again each time. */
const ALL_PAGES = 2_000_000_000

/**
 * Copies `file` to `target`, which appears only when it is whole: one file, with all its pages looked at. It opens like
 * any other database.
 *
 * @throws DomainError `unavailable` when `file` is no Hilo database or damaged, `conflict` when `target` is there already.
 */
export async function backupStore(file: string, target: string): Promise<BackedUp> {
  if (!existsSync(file)) throw new DomainError('unavailable', `There is no database at ${file}.`)
  if (existsSync(target)) throw new DomainError('conflict', `${target} exists already. Give a new file name for the backup.`)
  mkdirSync(dirname(target), { recursive: true })
  const part = `${target}.part`
  rmSync(part, { force: true })
  const source = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    checkSchema(source, file)
    await backup(source, part, { rate: ALL_PAGES })
    const found = describe(part, file)
    renameSync(part, target)
    return found
  } finally {
    source.close()
    for (const end of ['', '-wal', '-shm', '-journal']) rmSync(part + end, { force: true })
  }
}

/** Also makes it a single file: the write-ahead log comes back with the first server that opens it. */
function describe(copy: string, file: string): BackedUp {
  const db = new DatabaseSync(copy)
  try {
    db.exec('PRAGMA journal_mode = DELETE')
    checkPages(db, file)
    const count = (table: string) => Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n ?? 0)
    return {
      schemaVersion: checkSchema(db, file),
      counts: {
        contacts: count('contacts'),
        conversations: count('conversations'),
        coordinations: count('coordinations'),
        messages: count('messages'),
      },
    }
  } finally {
    db.close()
  }
}
