// Puts a backed-up database in the place of the one that is there, which is kept beside it.
import { copyFileSync, existsSync, linkSync, renameSync, rmSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import { inspectFile } from './inspect-file.ts'

/**
 * Looks at the copy and gives it a name of its own, so that no client takes its own older or newer state for this one's:
 * their cursors are of another store, and they load everything again.
 *
 * @throws DomainError `unavailable` when it is damaged, newer or no Hilo database.
 */
export function renameStore(copy: string): void {
  inspectFile(copy, undefined, Number.POSITIVE_INFINITY)
  const db = new DatabaseSync(copy)
  try {
    db.prepare('UPDATE feed SET store_id = ? WHERE one = 1').run(randomBytes(6).toString('base64url'))
  } finally {
    db.close()
  }
}

/**
 * To be called with the lock of `file` held. At every moment `file` is either the old database, whole, or the new one.
 * The present file stays as `kept`.
 */
export function replaceStore(copy: string, file: string, kept: string): void {
  if (existsSync(file)) {
    foldLog(file)
    // Whatever could not be folded in belongs to the old one, and would spoil the new one.
    for (const end of ['-wal', '-shm']) if (existsSync(file + end)) renameSync(file + end, kept + end)
    try {
      linkSync(file, kept)
    } catch {
      // A file system without hard links.
      copyFileSync(file, kept)
    }
  } else for (const end of ['-wal', '-shm']) rmSync(file + end, { force: true })
  renameSync(copy, file)
}

/** Brings the write-ahead log that a killed server left into the file; one that is damaged keeps it as it is. */
function foldLog(file: string): void {
  if (!existsSync(`${file}-wal`)) return
  try {
    const db = new DatabaseSync(file, { timeout: 2000 })
    try {
      db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } finally {
      db.close()
    }
  } catch {
    // Kept beside, with its log.
  }
}
