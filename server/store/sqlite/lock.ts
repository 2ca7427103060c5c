// One server per database: `<db>.lock` is held in an exclusive transaction for the life of the process. The kernel
// drops the lock with the process, also after SIGKILL, so there is no stale lock to clean up.
import { DatabaseSync } from 'node:sqlite'
import { DomainError } from '../../../shared/problems.ts'

/** @throws DomainError `unavailable` when another server holds it. */
export function lockStore(file: string): () => void {
  const path = `${file}.lock`
  const lock = new DatabaseSync(path, { timeout: 0 })
  try {
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode !== 5) throw error
    throw new DomainError(
      'unavailable',
      `Another Hilo server is running on ${file}. Stop it first, or give this one another DATABASE_URL.`,
      {
        cause: error,
      },
    )
  }
  return () => {
    if (lock.isOpen) lock.close()
  }
}
