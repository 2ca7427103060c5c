// A copy of the database as it is at one moment, also while a server writes to it.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'
import { checkSchema } from './migrations.ts'

/** In one step: between steps another process may write, and SQLite would begin again each time. */
const ALL_PAGES = 2_000_000_000

/**
 * Copies `file` to `target`, which appears only when it is whole. The copy opens like any other database.
 *
 * @throws DomainError `unavailable` when `file` is no Hilo database, `conflict` when `target` is there already.
 */
export async function backupStore(file: string, target: string): Promise<{ pages: number }> {
  if (!existsSync(file)) throw new DomainError('unavailable', `There is no database at ${file}.`)
  if (existsSync(target)) throw new DomainError('conflict', `${target} exists already. Give a new file name for the backup.`)
  mkdirSync(dirname(target), { recursive: true })
  const part = `${target}.part`
  rmSync(part, { force: true })
  const source = new DatabaseSync(file, { readOnly: true, timeout: 2000 })
  try {
    checkSchema(source, file)
    const pages = await backup(source, part, { rate: ALL_PAGES })
    renameSync(part, target)
    return { pages }
  } finally {
    source.close()
    rmSync(part, { force: true })
  }
}
